package cli_test

import (
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/editor/picture"
)

// keptName makes an edit of two variants and returns the name that the history
// gives it.
func keptName(t *testing.T, b *bench) string {
	t.Helper()
	if o := b.quick("-n", "2", "-prompt", "a red\nhat\x1b[2J"); o.status != 0 {
		t.Fatalf("edit: %+v", o)
	}
	o := run(t.Context(), "history", "list")
	name, _, _ := strings.Cut(o.stdout, " ")
	if o.status != 0 || !strings.Contains(o.stdout, "2/2  ok") || !strings.Contains(o.stdout, "a red hat") ||
		strings.Count(o.stdout, "\n") != 1 || strings.ContainsRune(o.stdout, '\x1b') {
		t.Fatalf("list: %+v", o)
	}
	return name
}

func TestHistoryList(t *testing.T) {
	b := newBench(t)
	if o := run(t.Context(), "history", "list"); o.status != 0 || o.stdout != "" || o.stderr != "" {
		t.Errorf("an empty history: %+v", o)
	}
	name := keptName(t, b)
	for _, c := range []struct {
		args []string
		n    int
	}{
		{nil, 1}, {[]string{"-search", "hat"}, 1}, {[]string{"-search", "cat"}, 0}, {[]string{"-favourites"}, 0}, {[]string{"-limit", "1"}, 1},
	} {
		o := run(t.Context(), append([]string{"history", "list", "-json"}, c.args...)...)
		all := o.events(t)
		if o.status != 0 || len(all) != c.n {
			t.Errorf("%q: %+v", c.args, o)
		}
		if c.n == 1 && (all[0]["name"] != name || all[0]["prompt"] != "a red\nhat\x1b[2J" || len(all[0]["variants"].([]any)) != 2) {
			t.Errorf("%q: %v", c.args, all[0])
		}
	}
}

func TestHistoryShow(t *testing.T) {
	b := newBench(t)
	name := keptName(t, b)
	o := run(t.Context(), "history", "show", name)
	if o.status != 0 || !strings.Contains(o.stdout, "Prompt: a red hat") || !strings.Contains(o.stdout, "Variant 2: ") || !strings.Contains(o.stdout, "saved as ") {
		t.Errorf("%+v", o)
	}
	var shown struct {
		ID       int64
		Variants []struct{ File string }
	}
	o = run(t.Context(), "history", "show", name, "-json")
	if err := json.Unmarshal([]byte(o.stdout), &shown); err != nil || len(shown.Variants) != 2 {
		t.Fatalf("%v: %+v", err, o)
	}
	for _, v := range shown.Variants {
		if _, err := picture.Open(v.File, picture.DefaultLimits); err != nil {
			t.Error(err)
		}
	}
}

// TestHistoryExport exports twice: no file of the first export is replaced.
func TestHistoryExport(t *testing.T) {
	b := newBench(t)
	name := keptName(t, b)
	to := filepath.Join(b.dir, "exported")
	for _, c := range []struct{ suffix string }{{""}, {" (2)"}} {
		o := run(t.Context(), "history", "export", name, "-o", to)
		var want []string
		for _, what := range []string{"-1", "-2", "-canvas", "-mask"} {
			want = append(want, filepath.Join(to, name+what+c.suffix+".png"))
		}
		if o.status != 0 || o.stdout != strings.Join(want, "\n")+"\n" {
			t.Fatalf("%+v, want %q", o, want)
		}
		p, err := picture.Open(want[2], picture.DefaultLimits)
		if err != nil || p.Size() != b.pixels.Rect.Size() {
			t.Errorf("the canvas: %v", err)
		}
		if p, err = picture.Open(want[0], picture.DefaultLimits); err != nil || p.Size() != image.Pt(256, 256) {
			t.Errorf("the variant: %v", err)
		}
	}
	if entries, err := os.ReadDir(to); err != nil || len(entries) != 8 {
		t.Errorf("%d files, %v", len(entries), err)
	}
	o := run(t.Context(), "history", "export", "-json", name, "-out", to)
	if all := o.events(t); len(all) != 4 || all[0]["kind"] != "variant" {
		t.Errorf("%+v", o)
	}
}

func TestHistoryMisused(t *testing.T) {
	newBench(t)
	for _, args := range [][]string{
		{},
		{"forget"},
		{"show"},
		{"show", "a", "b"},
		{"show", "20260310-120000-000000"},
		{"show", "../../x"},
		{"list", "x"},
		{"list", "-nonsense"},
		{"list", "-limit", "many"},
		{"export"},
	} {
		o := run(t.Context(), append([]string{"history"}, args...)...)
		if o.status != cli.ExitInput || o.stdout != "" || !strings.HasPrefix(o.stderr, "overpaint: ") || strings.Contains(o.stderr, "cli.") {
			t.Errorf("%q: %+v", args, o)
		}
	}
	for _, c := range []struct {
		words string
		args  []string
	}{
		{"There is no flag -search.", []string{"show", "-search", "x"}},
		{"There is no flag -nonsense.", []string{"list", "-nonsense"}},
		{"-limit", []string{"list", "-limit", "many"}},
		{"-limit needs a value", []string{"list", "-limit"}},
		{"yesterday isn't expected here", []string{"list", "yesterday"}},
		{"all isn't expected here", []string{"recover", "all"}},
	} {
		if o := run(t.Context(), append([]string{"history"}, c.args...)...); o.status != cli.ExitInput || !strings.Contains(o.stderr, c.words) {
			t.Errorf("%q: %+v", c.args, o)
		}
	}
	if o := run(t.Context(), "history", "list", "-h"); o.status != 0 || !strings.HasPrefix(o.stdout, "overpaint history list") || strings.Contains(o.stdout, "overpaint edit") {
		t.Errorf("-h: %+v", o)
	}
	if !cli.Headless([]string{"history"}) {
		t.Error("history opens the window")
	}
}
