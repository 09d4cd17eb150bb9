package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// rich returns a document with all that a project can hold: a JPEG as its
// original, an extended canvas, a mask, results with raw answers and without, painted, mixed and hidden ones.
func rich(t testing.TB) document.Project {
	t.Helper()
	original := encoded(t, random(300, 200, 1), picture.Encoding{Format: "jpeg", Quality: 80})
	base, err := picture.Decode(original, picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	d := document.Open(document.NewState(base), document.Source{Name: "照片.jpg", Bytes: original})
	paint(d, image.Rect(60, 50, 120, 100))
	first := d.AddResult(made(d.State(), 3, 2))
	if err := d.Extend(16, 0, 0, 9); err != nil {
		t.Fatal(err)
	}
	d.SetMask("step.rectangle", box(d.State().Size, image.Rect(150, 60, 220, 110)), d.State().Bounds())
	s := d.State()
	plan, err := region.NewPlan(s.Mask, region.Limits{Square: true, Sizes: []image.Point{{X: 256, Y: 256}}}, region.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	raw := encoded(t, random(256, 256, 5), picture.Encoding{Format: "png"})
	pix, err := picture.Decode(raw, picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	b := region.DefaultBlend()
	b.Opacity = 0.7
	v, err := document.NewVariant(nil, 4, pix.Pix, raw, nil, "a red hat")
	if err != nil {
		t.Fatal(err)
	}
	v.Method = "pieces"
	v = v.Moving(align.Motion{
		Finding: align.Moved, Sent: plan.Send, Answer: v.Size(), Affine: [6]float64{1.01, 0.002, 3, -0.002, 1.01, -2.5}, Seen: [4]float64{0, 0, 256, 256},
		Field: &align.Field{Cols: 2, Rows: 2, V: [][2]float32{{0.5, 0}, {0, 0}, {0, -0.25}, {0, 0}}}, Shift: 4.2, Zoom: 0.01,
	})
	v.Pieces = []region.Piece{{Window: image.Rect(0, 0, 64, 64), Answer: image.Pt(64, 64), Box: image.Rect(20, 10, 40, 30)}}
	second := d.AddResult(document.NewResult(s, document.Edit{ID: "7", Prompt: "帽子", Plan: plan, Mask: s.Mask, Blend: b}, []*document.Variant{v}, 0))
	d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: first}, mask.Subtract(covered(d, first), box(s.Size, image.Rect(80, 60, 100, 80))))
	d.Paint("step.brush", document.Target{Kind: document.ResultMix, Result: first, Variant: 2}, box(s.Size, image.Rect(90, 50, 110, 70)))
	paint(d, image.Rect(5, 5, 30, 30))
	d.SetVisible(accept(t, d, 9), false)
	d.Rename(second, "a hat")
	paint(d, image.Rect(3, 4, 50, 60))
	d.SetLines(document.StepGuide, [][]image.Point{{image.Pt(-7, 80), image.Pt(310, 91)}, {image.Pt(3, 4), image.Pt(5, 6), image.Pt(7, 9)}})
	return document.Project{State: d.State(), Source: d.Source(), Settings: json.RawMessage(`{"prompt":"一只猫"}`)}
}

func encoded(t testing.TB, img *image.NRGBA, e picture.Encoding) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := picture.Encode(&out, img, e); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func written(t testing.TB, p document.Project) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := document.WriteProject(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func read(data []byte) (document.Project, error) {
	return document.ReadProject(bytes.NewReader(data), int64(len(data)), picture.DefaultLimits)
}

// checkEqual compares all that a project holds.
func checkEqual(t testing.TB, got, want document.Project) {
	t.Helper()
	if got.Source.Name != want.Source.Name || !bytes.Equal(got.Source.Bytes, want.Source.Bytes) {
		t.Error("the original file is not the same")
	}
	if !bytes.Equal(got.Settings, want.Settings) {
		t.Errorf("settings = %s, want %s", got.Settings, want.Settings)
	}
	if !same(got.State, want.State) || got.State.Offset != want.State.Offset {
		t.Fatal("the state is not the same")
	}
	if !reflect.DeepEqual(got.State.Lines, want.State.Lines) {
		t.Errorf("guide lines = %v, want %v", got.State.Lines, want.State.Lines)
	}
	for i, w := range want.State.Results {
		g := got.State.Results[i]
		ok := g.Edit == w.Edit && g.Name == w.Name && g.Plan == w.Plan && g.Blend == w.Blend && g.Canvas == w.Canvas && g.Hidden == w.Hidden &&
			g.Chosen == w.Chosen && g.Mask.Equal(w.Mask) && g.Sent.Equal(w.Sent) && g.Changed() == w.Changed() && len(g.Variants) == len(w.Variants)
		for k := range w.Variants {
			a, b := g.Variants[k], w.Variants[k]
			ok = ok && a.Index == b.Index && reflect.DeepEqual(a.Motion, b.Motion) && slices.Equal(a.Pieces, b.Pieces) && a.RevisedPrompt == b.RevisedPrompt && a.Method == b.Method && bytes.Equal(a.Encoded(), b.Encoded()) && bytes.Equal(a.Pixels().Pix, b.Pixels().Pix)
			was, _ := want.State.Coverage(document.Target{Kind: document.ResultMix, Result: w.ID, Variant: k})
			is, _ := got.State.Coverage(document.Target{Kind: document.ResultMix, Result: g.ID, Variant: k})
			ok = ok && is.Equal(was)
		}
		if !ok {
			t.Errorf("result %d is not the same", i+1)
		}
	}
}

func TestProjectComesBackWhole(t *testing.T) {
	p := rich(t)
	path := filepath.Join(t.TempDir(), "a"+document.ProjectExtension)
	if err := document.SaveProject(t.Context(), path, p, file.Nothing); err != nil {
		t.Fatal(err)
	}
	if err := document.SaveProject(t.Context(), path, p, file.Nothing); !errors.Is(err, file.ErrExists) {
		t.Errorf("saving over it unasked: %v", err)
	}
	got, err := document.OpenProject(path, picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, got, p)
	if d := got.Document(); d.Modified() || d.Source().Name != p.Source.Name {
		t.Error("the opened document is modified or has lost its source")
	}

	// A picture that never was a file.
	d := opened(70, 50, 3)
	paint(d, image.Rect(1, 2, 3, 4))
	p = document.Project{State: d.State()}
	if got, err = read(written(t, p)); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, got, p)
}

// repacked returns the archive with its parts changed by edit; nil drops a part.
func repacked(t testing.TB, data []byte, edit func(name string, content []byte) []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if content = edit(f.Name, content); content == nil {
			continue
		}
		o, err := w.Create(f.Name) // deflated, as another program would
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func inManifest(from, to string) func(string, []byte) []byte {
	return func(name string, b []byte) []byte {
		if name == "project.json" {
			return []byte(strings.ReplaceAll(string(b), from, to))
		}
		return b
	}
}

func TestProjectThatCannotBeReadSaysWhy(t *testing.T) {
	p := rich(t)
	data := written(t, p)
	unchanged := repacked(t, data, func(_ string, b []byte) []byte { return b })
	got, err := read(unchanged)
	if err != nil {
		t.Fatalf("packed by another program: %v", err)
	}
	checkEqual(t, got, p)

	var newer *document.NewerError
	if _, err := read(repacked(t, data, inManifest(`"version": 2`, `"version": 3`))); !errors.As(err, &newer) || newer.Version != 3 {
		t.Errorf("a newer version: %v", err)
	}
	for what, c := range map[string]struct {
		data []byte
		want error
	}{
		"text":               {[]byte("hello"), document.ErrNotProject},
		"another archive":    {repacked(t, data, func(string, []byte) []byte { return nil }), document.ErrNotProject},
		"cut off":            {data[:len(data)/2], document.ErrNotProject},
		"a part is missing":  {repacked(t, data, func(n string, b []byte) []byte { return drop(n, "results/1/weight.png", b) }), document.ErrDamaged},
		"no original":        {repacked(t, data, func(n string, b []byte) []byte { return drop(n, "original.jpg", b) }), document.ErrDamaged},
		"empty canvas":       {repacked(t, data, inManifest(`"x": 316`, `"x": -316`)), document.ErrDamaged},
		"smaller canvas":     {repacked(t, data, inManifest(`"x": 316`, `"x": 200`)), document.ErrDamaged},
		"impossible opacity": {repacked(t, data, inManifest(`"opacity": 0.7`, `"opacity": 7`)), document.ErrDamaged},
		"no such variant":    {repacked(t, data, inManifest(`"chosen": 0`, `"chosen": 3`)), document.ErrDamaged},
		"no variants":        {repacked(t, data, inManifest(`"variants"`, `"others"`)), document.ErrDamaged},
		"a mix of nothing":   {repacked(t, data, inManifest(`"variant": 2`, `"variant": 9`)), document.ErrDamaged},
		"a huge variant":     {repacked(t, data, inManifest(`"index": 0`, `"index": 0, "size": {"x": 99999, "y": 99999}`)), document.ErrDamaged},
		"a line too far":     {repacked(t, data, inManifest(`-7,`, `-700000000,`)), document.ErrDamaged},
		"no line":            {repacked(t, data, inManifest(`"lines": [`, `"lines": [[[1, 2]],`)), document.ErrDamaged},
		"no JSON":            {repacked(t, data, inManifest(`{`, `[`)), document.ErrNotProject},
	} {
		if _, err := read(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	var tooLarge *document.SizeError
	if _, err := document.ReadProject(bytes.NewReader(data), int64(len(data)), picture.Limits{MaxPixels: 1000}); !errors.As(err, &tooLarge) {
		t.Errorf("over the limit: %v", err)
	}
}

func drop(name, dropped string, b []byte) []byte {
	if name == dropped {
		return nil
	}
	return b
}

func TestProjectBombIsRefused(t *testing.T) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, _ := w.Create("project.json")
	zeros := make([]byte, 1<<20)
	for range 24 {
		f.Write(zeros)
	}
	w.Close()
	if _, err := read(out.Bytes()); !errors.Is(err, document.ErrDamaged) {
		t.Errorf("24 MB of zeros in %d KB: %v", out.Len()>>10, err)
	}
}

func FuzzReadProject(f *testing.F) {
	f.Add(written(f, rich(f)))
	d := opened(20, 10, 3)
	paint(d, image.Rect(1, 2, 3, 4))
	f.Add(written(f, document.Project{State: d.State()}))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := document.ReadProject(bytes.NewReader(data), int64(len(data)), picture.Limits{MaxPixels: 1 << 18})
		if err != nil {
			return
		}
		got, err := read(written(t, p))
		if err != nil {
			t.Fatalf("a project that was read cannot be written and read again: %v", err)
		}
		if !same(got.State, p.State) {
			t.Fatal("a project that was read comes back otherwise")
		}
	})
}

// TestAProjectOfTooMuchIsRefused has more patches, or a longer name, than any real project.
func TestAProjectOfTooMuchIsRefused(t *testing.T) {
	data := written(t, rich(t))
	with := func(change func(m map[string]any)) error {
		packed := repacked(t, data, func(name string, b []byte) []byte {
			if name != "project.json" {
				return b
			}
			var m map[string]any
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			change(m)
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			return b
		})
		_, err := document.ReadProject(bytes.NewReader(packed), int64(len(packed)), picture.DefaultLimits)
		return err
	}
	if err := with(func(map[string]any) {}); err != nil {
		t.Fatal(err)
	}
	err := with(func(m map[string]any) {
		one := m["results"].([]any)[0]
		m["results"] = slices.Repeat([]any{one}, document.MaxResults+1)
	})
	var many *document.ManyError
	if !errors.As(err, &many) || many.Results != document.MaxResults+1 {
		t.Errorf("%v, want a ManyError", err)
	}
	err = with(func(m map[string]any) { m["source"].(map[string]any)["name"] = strings.Repeat("n", 5000) })
	if !errors.Is(err, document.ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}

// FuzzManifest puts anything into project.json, beside good parts.
func FuzzManifest(f *testing.F) {
	data := written(f, rich(f))
	repacked(f, data, func(name string, b []byte) []byte {
		if name == "project.json" {
			f.Add(b)
		}
		return b
	})
	f.Fuzz(func(t *testing.T, manifest []byte) {
		packed := repacked(t, data, func(name string, b []byte) []byte {
			if name == "project.json" {
				return append([]byte{}, manifest...)
			}
			return b
		})
		p, err := document.ReadProject(bytes.NewReader(packed), int64(len(packed)), picture.Limits{MaxPixels: 1 << 18})
		if err != nil {
			return
		}
		got, err := read(written(t, p))
		if err != nil {
			t.Fatalf("a project that was read cannot be written and read again: %v", err)
		}
		if !same(got.State, p.State) {
			t.Fatal("a project that was read comes back otherwise")
		}
	})
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		autosaveChild(dir)
		return
	}
	os.Exit(m.Run())
}

// furthest returns the largest difference of two samples of pictures of one size.
func furthest(a, b []byte) int {
	most := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		most = max(most, d, -d)
	}
	return most
}

// TestProjectOfVersion1 opens a project that was written when results were
// patches of one variant: it looks as it did, and can be changed and written as one of today.
func TestProjectOfVersion1(t *testing.T) {
	data, err := os.ReadFile("testdata/version1.overpaint")
	if err != nil {
		t.Fatal(err)
	}
	p, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	want, err := picture.Open("testdata/version1.png", picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	// Its photo is a JPEG, whose pixels decoders round in their own ways.
	if n := furthest(flat(p.State), want.Pix.Pix); n > 2 {
		t.Fatalf("it looks otherwise, by %d levels, in %v", n, apart(flat(p.State), want.Pix.Pix, p.State.Size))
	}
	if p.Source.Name != "照片.jpg" || string(p.Settings) != `{"prompt":"一只猫"}` || len(p.State.Results) != 2 || p.State.Mask.Empty() {
		t.Fatalf("source %q, settings %s, %d results", p.Source.Name, p.Settings, len(p.State.Results))
	}
	low, high := p.State.Results[0], p.State.Results[1]
	if low.Blend.Opacity != 0.5 || low.Blend.Feather != 5 || low.Blend.Match || high.Blend.Opacity != 0.7 || len(low.Variants) != 1 ||
		low.Mask != low.Sent || high.At(image.Pt(80, 50)) != 255 {
		t.Errorf("results %+v, %+v", low.Blend, high.Blend)
	}
	again, err := read(written(t, p))
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, again, p)

	opened := flat(p.State)
	d := p.Document()
	d.SetBlend(low.ID, region.Blend{Opacity: 0})
	d.SetBlend(high.ID, region.Blend{Opacity: 0})
	if !bytes.Equal(flat(d.State()), flat(d.State().Original())) {
		t.Error("with all opacities 0 it is not the original")
	}
	d.SetBlend(low.ID, low.Blend)
	d.SetBlend(high.ID, high.Blend)
	if !bytes.Equal(flat(d.State()), reference(d.State()).Pix) {
		t.Error("changed and changed back it is not what its results say")
	}
	d.Undo()
	d.Undo()
	d.Undo()
	d.Undo()
	if !bytes.Equal(flat(d.State()), opened) {
		t.Error("undone it looks otherwise than when it was opened")
	}
}

// TestVariantsAreStoredOnce counts what is in a project whose results share variants.
func TestVariantsAreStoredOnce(t *testing.T) {
	d := opened(100, 80, 1)
	r := plain(d.State(), image.Rect(10, 10, 60, 60), red, green, blue)
	d.AddResult(r)
	d.AddResult(r)
	z, err := zip.NewReader(bytes.NewReader(written(t, document.Project{State: d.State()})), int64(len(written(t, document.Project{State: d.State()}))))
	if err != nil {
		t.Fatal(err)
	}
	variants, masks := 0, 0
	for _, f := range z.File {
		switch {
		case strings.Contains(f.Name, "variant"):
			variants++
		case strings.Contains(f.Name, "sent") || strings.Contains(f.Name, "mask"):
			masks++
		}
	}
	if variants != 3 || masks != 1 {
		t.Errorf("%d variants and %d masks are stored, want 3 and 1", variants, masks)
	}
}
