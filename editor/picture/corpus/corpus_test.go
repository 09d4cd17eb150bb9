package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ends, as a variable of the environment, has the process that opens files end at
// the first one.
const ends = "OVERPAINT_CORPUS_ENDS"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "-open" {
		if os.Getenv(ends) != "" {
			os.Exit(3)
		}
		work(os.Stdin, os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// flat returns a picture of one colour.
func flat(w, h int, c color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

// corpora makes a folder of two corpora, and counts what is found in it with programs
// of which one sees all files as a grey picture, and the other opens none.
func corpora(t *testing.T) (table, []file) {
	t.Helper()
	root := t.TempDir()
	var grey, white, moving bytes.Buffer
	for _, err := range []error{
		png.Encode(&grey, flat(40, 30, color.Gray{100})),
		png.Encode(&white, flat(40, 30, color.White)),
		gif.Encode(&moving, flat(40, 30, color.Gray{102}), nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range map[string][]byte{
		"a/1.png": grey.Bytes(), "a/2.png": grey.Bytes(), "a/3.gif": moving.Bytes(), "a/deep/4.png": white.Bytes(),
		"b/cut.png": grey.Bytes()[:20], "b/none.jpg": []byte("text"),
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	files, err := list(root, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := newChild()
	if err != nil {
		t.Fatal(err)
	}
	defer c.end()
	found := table{}
	for _, f := range files {
		found.count(f.corpus, look(c, f))
	}
	return found, files
}

// seeing replaces libvips by a program that opens the files whose names hold a text
// as img, and ImageMagick by one that opens none.
func seeing(t *testing.T, text string, img image.Image) {
	t.Helper()
	saved := references
	t.Cleanup(func() { references = saved })
	references = []reference{
		{"sees", func(path string, _ image.Point) (image.Image, error) {
			if !strings.Contains(path, text) {
				return nil, os.ErrInvalid
			}
			return img, nil
		}},
		{"blind", func(string, image.Point) (image.Image, error) { return nil, os.ErrInvalid }},
	}
}

func TestOutcomes(t *testing.T) {
	seeing(t, "", flat(40, 30, color.Gray{100}))
	found, files := corpora(t)
	if len(files) != 6 {
		t.Fatalf("%d files", len(files))
	}
	a, b := found["a"], found["b"]
	if a == nil || b == nil || a.files != 4 || b.files != 2 {
		t.Fatalf("%+v, %+v", a, b)
	}
	want := [outcomes]int{copied: 1, equalVips: 2, differs: 1}
	if a.counts != want {
		t.Errorf("a: %v, want %v", a.counts, want)
	}
	if want = [outcomes]int{refusedAlone: 2}; b.counts != want {
		t.Errorf("b: %v, want %v", b.counts, want)
	}
}

func TestReasons(t *testing.T) {
	seeing(t, "no such file", nil)
	found, _ := corpora(t)
	if want := ([outcomes]int{copied: 1, alone: 3}); found["a"].counts != want {
		t.Errorf("a: %v, want %v", found["a"].counts, want)
	}
	if want := ([outcomes]int{damaged: 1, noPicture: 1}); found["b"].counts != want {
		t.Errorf("b: %v, want %v", found["b"].counts, want)
	}
	var b bytes.Buffer
	found.print(&b)
	if last := strings.Fields(b.String()[strings.LastIndex(b.String(), "\nall"):]); strings.Join(last, " ") != "all 6 1 0 0 0 0 3 1 0 1 0 0" {
		t.Errorf("the sums are %v", last)
	}
}

// TestTheReaderEnds counts files of which the process dies as crashed, each of them.
func TestTheReaderEnds(t *testing.T) {
	t.Setenv(ends, "1")
	seeing(t, "no such file", nil)
	found, _ := corpora(t)
	if n := found.total().counts[crashed]; n != 5 {
		t.Errorf("%d of 5 files crashed", n)
	}
}

func TestDifference(t *testing.T) {
	a := flat(200, 100, color.Gray{50})
	if d := difference(a, flat(200, 100, color.Gray{52})); !d.equal() || d.mean != 2 {
		t.Errorf("two levels: %v", d)
	}
	b := flat(200, 100, color.Gray{50})
	draw.Draw(b, image.Rect(175, 80, 200, 100), image.NewUniform(color.White), image.Point{}, draw.Src)
	if d := difference(a, b); d.equal() || d.mean > 6 {
		t.Errorf("a corner that is missing: %v", d)
	}
	if d := difference(a, flat(100, 200, color.Gray{50})); d.equal() {
		t.Errorf("turned: %v", d)
	}
	if d := difference(flat(9, 9, color.NRGBA{200, 0, 0, 0}), flat(9, 9, color.White)); !d.equal() {
		t.Errorf("nothing over white: %v", d)
	}
}

// TestVerdicts reads the lines of the file.
func TestVerdicts(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range strings.Split(verdictLines, "\n")[3:] {
		of, words, ok := strings.Cut(line, " ")
		switch {
		case line == "":
		case !ok || len(of) != hashLen || words == "" || seen[of]:
			t.Errorf("%q", line)
		case verdict(of+"00") != words:
			t.Errorf("%s is not found", of)
		}
		seen[of] = line != ""
	}
	if v := verdict(strings.Repeat("0", 64)); v != "" {
		t.Error(v)
	}
}
