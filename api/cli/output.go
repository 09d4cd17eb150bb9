package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"

	"overpaint/api"
	"overpaint/editor/file"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// save writes a picture under the next free number behind the name of the
// picture that it was made of, and returns the path. It never writes over a file.
func save(dir, original string, img *image.NRGBA, e picture.Encoding) (string, error) {
	name := filepath.Base(original)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	for n := 1; ; n++ {
		path := filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, n))
		if _, err := os.Lstat(path); err == nil {
			continue // quicker than encoding the picture in vain
		}
		err := picture.Save(path, img, e, false)
		if !errors.Is(err, file.ErrExists) {
			return path, err
		}
	}
}

// words returns what is kept in a PNG's text: how the picture was made, and
// nothing about the person, the connection or the key.
func words(engine string, r *api.Request, index int) map[string]string {
	settings := map[string]any{"engine": engine, "variant": index + 1}
	if r.N > 0 {
		settings["n"] = r.N
	}
	if r.Size != (image.Point{}) {
		settings["size"] = api.SizeName(r.Size)
	}
	if engine == api.Builtin().ID {
		settings["seed"] = r.Seed
	}
	for name, value := range r.Options {
		settings[name] = value
	}
	raw, err := json.Marshal(settings)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	t := map[string]string{"Software": "Overpaint", "Settings": string(raw)}
	if r.Prompt != "" {
		t["Prompt"] = strings.ReplaceAll(r.Prompt, "\x00", "")
	}
	if r.Model != "" {
		t["Model"] = strings.ReplaceAll(r.Model, "\x00", "")
	}
	return t
}

// outside counts the pixels of a saved file that differ from the original
// outside the mask and its feather. It reads the file again: what counts is
// what is on the disk.
func outside(path string, original *image.NRGBA, touched *mask.Mask) (int64, error) {
	p, err := picture.Open(path, picture.Limits{MaxPixels: int64(original.Rect.Dx()) * int64(original.Rect.Dy())})
	if err != nil {
		return 0, err
	}
	if p.Size() != original.Rect.Size() {
		return 0, fmt.Errorf("cli: %s has %v pixels, not %v", path, p.Size(), original.Rect.Size())
	}
	var changed int64
	width := original.Rect.Dx()
	for y := range original.Rect.Dy() {
		a := original.Pix[y*original.Stride:][:4*width]
		b := p.Pix.Pix[y*p.Pix.Stride:][:4*width]
		if string(a) == string(b) {
			continue
		}
		for x := range width {
			if string(a[4*x:4*x+4]) != string(b[4*x:4*x+4]) && touched.At(x, y) == 0 {
				changed++
			}
		}
	}
	return changed, nil
}
