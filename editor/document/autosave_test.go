package document_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
)

func startAutosave(t testing.TB, dir string, d *document.Document, o document.AutosaveOptions) *document.Autosave {
	t.Helper()
	a, err := document.StartAutosave(dir, d, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func recovered(t testing.TB, dir string) []*document.Recovered {
	t.Helper()
	list, err := document.Recover(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// files returns the names of all files under dir with their times of change.
func files(t testing.TB, dir string) map[string]time.Time {
	t.Helper()
	all := map[string]time.Time{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		all[path] = info.ModTime()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAutosaveIsOfferedAfterACrashAndGoneAfterAClose(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := filepath.Join(t.TempDir(), "autosave")
	if list := recovered(t, dir); len(list) != 0 {
		t.Fatal("something is recovered from a folder that is not there")
	}
	p := rich(t)
	d := p.Document()
	a := startAutosave(t, dir, d, document.AutosaveOptions{Delay: time.Hour, Settings: func() json.RawMessage { return p.Settings }})
	if err := a.Flush(); err != nil {
		t.Fatal(err)
	}
	paint(d, image.Rect(70, 70, 90, 90))
	p.State = d.State()
	if err := a.Flush(); err != nil {
		t.Fatal(err)
	}
	if list := recovered(t, dir); len(list) != 0 {
		t.Fatal("a document that is still open is offered")
	}
	if err := a.Leave(); err != nil {
		t.Fatal(err)
	}
	list := recovered(t, dir)
	if len(list) != 1 || list[0].Name != p.Source.Name || list[0].Size != p.State.Size || list[0].Saved.IsZero() {
		t.Fatalf("recovered = %+v", list)
	}
	if again := recovered(t, dir); len(again) != 0 {
		t.Error("a document is offered twice at once")
	}
	got, err := list[0].Open(picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, got, p)
	list[0].Release()
	if list = recovered(t, dir); len(list) != 1 {
		t.Fatal("a released document is not offered again")
	}
	if err := list[0].Discard(); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left after Discard: %v", left)
	}

	a = startAutosave(t, dir, d, document.AutosaveOptions{Delay: time.Hour})
	if err := a.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left after Close: %v", left)
	}
	if err := a.Flush(); err == nil {
		t.Error("Flush after Close reports success")
	}
}

func TestAutosaveWritesByItselfAndOnlyWhatChanged(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	p := rich(t)
	d := p.Document()
	written := make(chan error, 100)
	a := startAutosave(t, dir, d, document.AutosaveOptions{Delay: time.Millisecond, Report: func(err error) { written <- err }})
	paint(d, image.Rect(70, 70, 90, 90))
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	before := files(t, dir)
	paint(d, image.Rect(170, 70, 190, 90))
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	after := files(t, dir)
	fresh := 0
	for name, changed := range after {
		if old, ok := before[name]; !ok || !old.Equal(changed) {
			fresh++
		}
	}
	if fresh != 2 || len(after) != len(before) {
		t.Errorf("%d files were written for a stroke, %d before and %d after; want the mask and the index, the old mask gone", fresh, len(before), len(after))
	}
	d.MarkSaved()
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if err := a.Leave(); err != nil {
		t.Fatal(err)
	}
	if list := recovered(t, dir); len(list) != 0 {
		t.Error("a document that was saved is offered")
	}
}

func TestAutosaveReportsErrors(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a folder with files in use can't be removed there")
	}
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	d := opened(50, 50, 1)
	a := startAutosave(t, dir, d, document.AutosaveOptions{Delay: time.Hour})
	defer a.Close()
	paint(d, image.Rect(1, 1, 9, 9))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its folder: %v", err)
	}
	if _, err := document.StartAutosave(filepath.Join(os.DevNull, "x"), d, document.AutosaveOptions{}); err == nil {
		t.Error("a folder that cannot be made is no error")
	}
}

func TestDamagedAutosaveIsKeptAndReported(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "document-1")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "index.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := document.Recover(dir)
	if err == nil || len(list) != 0 {
		t.Errorf("recovered %d, %v", len(list), err)
	}
	if _, err := os.Stat(filepath.Join(folder, "index.json")); err != nil {
		t.Errorf("the damaged document was not kept: %v", err)
	}
}

// childVariable tells the test program to be the child that is killed; its
// value is the folder.
const childVariable = "OVERPAINT_TEST_AUTOSAVE"

// autosaveChild changes a document for ever and prints the number of changes
// that a finished save is known to hold.
func autosaveChild(dir string) {
	d := opened(256, 192, 1)
	out := bufio.NewWriter(os.Stdout)
	a, err := document.StartAutosave(dir, d, document.AutosaveOptions{Delay: time.Hour})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := 1; ; n++ {
		change(d, n)
		if err := a.Flush(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(out, n)
		out.Flush()
	}
}

// change makes the n-th change: the mask tells n, and so do the results.
func change(d *document.Document, n int) {
	s := d.State()
	if n%8 == 0 {
		m := box(s.Size, image.Rect(100, 80, 100+n%50+5, 110))
		plan := planOf(m)
		v := answer(random(plan.Send.X, plan.Send.Y, uint64(n)), nil)
		if len(s.Results) < 4 {
			d.AddResult(document.NewResult(s, document.Edit{Plan: plan, Mask: m, Blend: blendOf(n)}, []*document.Variant{v}, 0))
		} else {
			id := s.Results[n/8%4].ID
			d.Swap(id, v)
			d.SetBlend(id, blendOf(n))
			d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: id}, m)
		}
	}
	d.SetMask("step.rectangle", box(s.Size, image.Rect(0, 0, n%256+1, n/256+1)), s.Bounds())
}

// changeOf returns which change a state was left by.
func changeOf(s *document.State) int {
	b := s.Mask.Bounding()
	return (b.Dy()-1)*256 + b.Dx() - 1
}

// TestKilledDuringAutosave kills a process that saves without a pause, a
// hundred times, and each time opens what it left.
func TestKilledDuringAutosave(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	unfinished := 0
	for i := range 100 {
		dir := filepath.Join(t.TempDir(), strconv.Itoa(i))
		child := exec.Command(program)
		child.Env = append(os.Environ(), childVariable+"="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		known := 0
		hear := func() bool {
			if !lines.Scan() {
				return false
			}
			known, err = strconv.Atoi(strings.TrimSpace(lines.Text()))
			return err == nil
		}
		for range 1 + rnd.IntN(16) {
			if !hear() {
				t.Fatal("the child has ended by itself")
			}
		}
		// A random wait, so that the kill falls anywhere in a save.
		for range rnd.IntN(400_000) {
			rnd.Uint64()
		}
		child.Process.Kill()
		for hear() {
		}
		child.Wait()

		list := recovered(t, dir)
		if len(list) != 1 {
			t.Fatalf("kill %d: %d documents are offered, want 1", i, len(list))
		}
		p, err := list[0].Open(picture.DefaultLimits)
		if err != nil {
			t.Fatalf("kill %d after %d changes: %v", i, known, err)
		}
		n := changeOf(p.State)
		// A change may be several steps, but between them nothing is saved.
		if n != known && n != known+1 {
			t.Fatalf("kill %d: change %d came back, %d was known to be saved", i, n, known)
		}
		want := opened(256, 192, 1)
		for k := 1; k <= n; k++ {
			change(want, k)
		}
		if !same(p.State, want.State()) {
			t.Fatalf("kill %d: the document is not as it was after change %d", i, n)
		}
		if temporary(t, dir) {
			unfinished++
		}
		if err := list[0].Discard(); err != nil {
			t.Fatal(err)
		}
		if left := files(t, dir); len(left) != 0 {
			t.Fatalf("left after Discard: %v", left)
		}
	}
	t.Logf("%d of 100 kills fell into the writing of a file", unfinished)
}

// temporary reports whether a file was being written.
func temporary(t testing.TB, dir string) bool {
	for name := range files(t, dir) {
		if strings.HasSuffix(name, ".tmp") {
			return true
		}
	}
	return false
}
