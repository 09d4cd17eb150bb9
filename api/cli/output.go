package cli

import (
	"context"
	"fmt"
	"image"
	"path/filepath"
	"strings"

	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// save writes a picture under the first free number from first on behind the name of the
// picture that it was made of, and returns the path. It never writes over a file,
// and what was paid for is saved also after an interrupt.
func save(dir, original string, first int, img *image.NRGBA, e picture.Encoding) (string, error) {
	name := filepath.Base(original)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	return picture.SaveNumbered(context.Background(), func(n int) string { return filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, n)) }, first, img, e)
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
