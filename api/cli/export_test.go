package cli_test

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/editor/picture"
)

func TestExportWritesCopies(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := plate(t, dir)
	before, err := os.ReadFile(photo)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		name string
		size image.Point
	}{
		{[]string{"-long", "80"}, "plate-80.png", image.Pt(80, 60)},
		{[]string{"-long=80"}, "plate-80-2.png", image.Pt(80, 60)},
		{[]string{"-percent", "50", "-format", "jpeg", "-quality", "80", "-sharpen", "soft", "-name", "{name} {height}"}, "plate 60.jpg", image.Pt(80, 60)},
		{[]string{"-width", "320", "-enlarge", "-out", filepath.Join(dir, "large", "ones")}, "large/ones/plate-320.png", image.Pt(320, 240)},
		{[]string{"-height", "60", "-srgb", "-name", "flat"}, "flat.png", image.Pt(80, 60)},
		{[]string{"-short", "30", "-name", "small"}, "small.png", image.Pt(40, 30)},
		{[]string{"-percent", "200", "-enlarge", "-name", "twice"}, "twice.png", image.Pt(320, 240)},
		{[]string{"-width", "320"}, "plate-160.png", image.Pt(160, 120)},
		{[]string{"-size", "50x100", "-name", "{n:3}"}, "001.png", image.Pt(50, 100)},
		{[]string{"-size", "50x100", "-name", "{n:3}"}, "002.png", image.Pt(50, 100)},
		{[]string{"-preset", "jpeg 2048 PX", "-long", "40"}, "plate-40.jpg", image.Pt(40, 30)},
	} {
		want := filepath.Join(dir, filepath.FromSlash(c.name))
		o := run(context.Background(), append(append([]string{"export"}, c.args...), photo)...)
		if o.status != cli.ExitDone || strings.TrimSpace(o.stdout) != want {
			t.Errorf("%q: it ends with %d, %q, %q", c.args, o.status, o.stdout, o.stderr)
			continue
		}
		p, err := picture.Open(want, picture.DefaultLimits)
		if err != nil || p.Size() != c.size {
			t.Errorf("%q: %v, %v", c.args, p, err)
		}
	}
	if after, err := os.ReadFile(photo); err != nil || string(after) != string(before) {
		t.Error("the picture itself is another one")
	}
}

func TestExportRefusesWhatItDoesNotUnderstand(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := plate(t, dir)
	for _, args := range [][]string{
		{},
		{"-long", "0", photo},
		{"-long", "x", photo},
		{"-percent", "1000", photo},
		{"-long", "10", "-short", "10", photo},
		{"-format", "exe", photo},
		{"-sharpen", "much", photo},
		{"-sharpen", "nonesoft", photo},
		{"-preset", "nothing", photo},
		{"-quality", "101", photo},
		{"-size", "10", photo},
		{"-size", "10x0", photo},
		{"-size", "10x10", "-long", "10", photo},
		{"-name", strings.Repeat("long", 70), photo},
		{"-out", filepath.Join(dir, "copies.png"), photo},
		{"-out", filepath.Join(dir, "copies.heic"), photo},
		{"-huge", photo},
		{"-format", "png", "-quality", "50", photo},
		{"-enlarge", photo},
		{"-enlarge", "-percent", "50", photo},
		{"-percent", "200", photo},
		{"-name", "{bogus}", photo},
		{"-name", "{n:99999}", photo},
		{"-name", "../../evil", photo},
		{"-name", `..\evil`, photo},
		{filepath.Join(dir, "none.png")},
	} {
		if o := run(context.Background(), append([]string{"export"}, args...)...); o.status != cli.ExitInput || o.stderr == "" {
			t.Errorf("%q: it ends with %d, %q", args, o.status, o.stderr)
		}
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Error("something was written:", list)
	}
}

// TestExportGoesOnAfterAFailure: a picture that fails doesn't stop the others, and the exit
// status reports it.
func TestExportGoesOnAfterAFailure(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := plate(t, dir)
	broken := filepath.Join(dir, "broken.png")
	if err := os.WriteFile(broken, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := run(context.Background(), "export", "-name", "{name}-{n:2}", photo, broken, filepath.Join(dir, "none.png"), photo)
	want := filepath.Join(dir, "plate-01.png") + "\n" + filepath.Join(dir, "plate-04.png") + "\n"
	if o.status != cli.ExitTrouble || o.stdout != want || !strings.Contains(o.stderr, "broken.png") || !strings.Contains(o.stderr, "none.png") {
		t.Errorf("it ends with %d, %q, %q", o.status, o.stdout, o.stderr)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if o := run(ended, "export", photo, photo); o.status != cli.ExitInterrupted || o.stdout != "" {
		t.Errorf("interrupted: %d, %q", o.status, o.stdout)
	}
}
