package svgfile_test

import (
	"errors"
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/svgfile"
)

// FuzzDraw reads and draws damaged drawings: each becomes a picture whose colours are multiplied by
// alpha, the same one each time, or an error.
func FuzzDraw(f *testing.F) {
	for _, body := range []string{
		`<defs><path id="a" d="M1 1h3v4zq1 2 3 4t5 6a3 2 20 1 0 9 9"/></defs><use href="#a" x="2"/>`,
		`<linearGradient id="g" gradientTransform="rotate(20)"><stop offset="1" stop-color="red"/></linearGradient><circle r="4" fill="url(#g)"/>`,
		`<radialGradient id="g" fx="2" href="#h" spreadMethod="reflect"/><rect width="9" height="3" rx="1" stroke="url(#g)" stroke-dasharray="1 2"/>`,
		`<clipPath id="c"><ellipse rx="3" ry="2"/></clipPath><mask id="m"><rect width="5" height="9"/></mask><g clip-path="url(#c)" mask="url(#m)" opacity=".5"><polygon points="0,0 9,9 0 9"/></g>`,
		`<style>g>.a rect:first-child,#b{fill:hsl(20,30%,40%)!important}</style><g><g class="a"><rect width="5mm" height="9%"/></g></g>`,
		`<symbol id="s" viewBox="0 0 2 2" preserveAspectRatio="none"><line x2="2" y2="2" stroke="#f00" stroke-linecap="round"/></symbol><use href="#s" width="9" height="4"/>`,
	} {
		f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">` + body + `</svg>`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const budget = 20_000_000
		d, err := svgfile.ReadWithin(data, budget)
		if err != nil {
			return
		}
		size := image.Pt(32, 24)
		first, err := d.Draw(size)
		if err != nil {
			if !errors.Is(err, svgfile.ErrTooMuch) {
				t.Fatal(err)
			}
			return
		}
		again, err := d.Draw(size)
		if err != nil || string(again.Pix) != string(first.Pix) {
			t.Fatalf("drawn once more it is another picture: %v", err)
		}
		if first.Rect.Size() != size {
			t.Fatalf("of %v", first.Rect)
		}
		for i := 0; i < len(first.Pix); i += 4 {
			if p := first.Pix[i : i+4]; max(p[0], p[1], p[2]) > p[3] {
				t.Fatalf("pixel %d is %v", i/4, p)
			}
		}
	})
}
