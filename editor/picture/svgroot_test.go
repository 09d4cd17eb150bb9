package picture

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

// TestSVGPlaces draws a square that is red and shows where it lies, in parts of the picture's
// width and height: x0, y0, x1, y1.
func TestSVGPlaces(t *testing.T) {
	const plain = `xmlns="http://www.w3.org/2000/svg"`
	for name, c := range map[string]struct {
		root, square string
		size         image.Point
		red          [4]float64
	}{
		"the plane begins elsewhere": {`<svg ` + plain + ` viewBox="0 -960 960 960">`, "0 -960 480 480", image.Pt(2048, 2048), [4]float64{0, 0, 0.5, 0.5}},
		"and is scaled down":         {`<svg ` + plain + ` width="10" height="10" viewBox="-5000 -5000 10000 10000">`, "0 0 5000 5000", image.Pt(2048, 2048), [4]float64{0.5, 0.5, 1, 1}},
		"another shape":              {`<svg ` + plain + ` width="50" height="50" viewBox="0 0 100 200">`, "0 0 100 200", image.Pt(2048, 2048), [4]float64{0.25, 0, 0.75, 1}},
		"at the end":                 {`<svg ` + plain + ` width="50" height="50" viewBox="0 0 100 200" preserveAspectRatio="xMaxYMin meet">`, "0 0 100 200", image.Pt(2048, 2048), [4]float64{0.5, 0, 1, 1}},
		"stretched":                  {`<svg ` + plain + ` width="50" height="50" viewBox="0 0 100 200" preserveAspectRatio="none">`, "0 0 50 200", image.Pt(2048, 2048), [4]float64{0, 0, 0.5, 1}},
		"cut off":                    {`<svg ` + plain + ` width="50" height="50" viewBox="0 0 100 200" preserveAspectRatio="xMidYMax slice">`, "0 150 100 50", image.Pt(2048, 2048), [4]float64{0, 0.5, 1, 1}},
		"percent":                    {`<svg ` + plain + ` width="100%" height="100%" viewBox="0 0 40 20">`, "0 0 20 20", image.Pt(2048, 1024), [4]float64{0, 0, 0.5, 1}},
		"one length":                 {`<svg ` + plain + ` width="40mm" viewBox="0 0 40 20">`, "0 0 20 20", image.Pt(2048, 1024), [4]float64{0, 0, 0.5, 1}},
		"lengths with units":         {`<svg ` + plain + ` width="1in" height="48px">`, "0 0 48 48", image.Pt(2048, 1024), [4]float64{0, 0, 0.5, 1}},
		"a large one":                {`<svg ` + plain + ` width="4000" height="1000" viewBox="0 0 4 1">`, "0 0 2 1", image.Pt(4000, 1000), [4]float64{0, 0, 0.5, 1}},
		"a tag that ends itself":     {`<svg ` + plain + ` height='20' width='40'><svg/>`, "0 0 20 20", image.Pt(2048, 1024), [4]float64{0, 0, 0.5, 1}},
		"a part of the plane":        {`<svg ` + plain + ` viewBox="0 0 40 20">`, "10% 5% 50% 90%", image.Pt(2048, 1024), [4]float64{0.1, 0.05, 0.6, 0.95}},
		"a long beginning":           {`<?xml version="1.0"?><!-- ` + strings.Repeat("a licence > ", 200) + ` --><!DOCTYPE svg [<!ENTITY s "x"> ]><svg ` + plain + ` viewBox="0 0 40 20">`, "0 0 20 20", image.Pt(2048, 1024), [4]float64{0, 0, 0.5, 1}},
		"entities":                   {`<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY ns "http://www.w3.org/2000/svg"> <!ENTITY w '40'>]><svg xmlns="&ns;" viewBox="0 0 &w; 20">`, "0 0 20 20", image.Pt(2048, 1024), [4]float64{0, 0, 0.5, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Decode([]byte(c.root+rect(c.square)+`</svg>`), DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Pix.Rect.Size(); got != c.size {
				t.Fatalf("it is %v, want %v", got, c.size)
			}
			const off = 0.02 // edges are soft
			for y := 0.05; y < 1; y += 0.1 {
				for x := 0.05; x < 1; x += 0.1 {
					inside := x > c.red[0]+off && x < c.red[2]-off && y > c.red[1]+off && y < c.red[3]-off
					if outside := x < c.red[0]-off || x > c.red[2]+off || y < c.red[1]-off || y > c.red[3]+off; inside == outside {
						continue
					}
					got := p.Pix.NRGBAAt(int(x*float64(c.size.X)), int(y*float64(c.size.Y)))
					if red := got.A == 255 && got.R == 255 && got.G == 0; red != inside {
						t.Fatalf("at %.2f, %.2f it is %v", x, y, got)
					}
				}
			}
		})
	}
	prefixed := `<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><s:rect width="10" height="10" fill="red"/></s:svg>`
	if p, err := Decode([]byte(prefixed), DefaultLimits); err != nil || p.Pix.Pix[0] != 255 {
		t.Errorf("names with a prefix: %v", err)
	}
	if _, err := Decode([]byte(`<!DOCTYPE html><html><svg viewBox="0 0 1 1"/></html>`), DefaultLimits); err == nil {
		t.Error("a page is taken for a drawing")
	}
}

func rect(numbers string) string {
	n := strings.Fields(numbers)
	return fmt.Sprintf(`<rect x="%s" y="%s" width="%s" height="%s" fill="#ff0000"/>`, n[0], n[1], n[2], n[3])
}

// TestSVGTellsWhatIsMissing notes what is left out.
func TestSVGTellsWhatIsMissing(t *testing.T) {
	told := func(body string) bool {
		t.Helper()
		p, err := Decode([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">`+body+`</svg>`), DefaultLimits)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		return p.Meta.Has(Undrawn)
	}
	for _, whole := range []string{
		`<rect width="5" height="5"/>`,
		`<defs><rect id="a" width="5" height="5"/></defs><use href="#a"/>`,
		`<use href="#a"/><g id="a"><rect width="5" height="5"/></g>`,
		`<defs><clipPath id="c"><rect/></clipPath></defs><g clip-path="url(#c)"/>`,
		`<svg viewBox="0 0 2 2"/>`,
		`<text></text><text display="none">words</text><text visibility="hidden">words</text>`,
		`<defs><text>words</text><filter id="f"/><pattern id="p"/><marker id="m"/></defs>`,
		`<style>rect:hover { fill: red } @font-face { font-family: x }</style><rect width="5" height="5"/>`,
		`<metadata>all of it</metadata><title>a title</title><defs><style/></defs><g/>`,
	} {
		if told(whole) {
			t.Errorf("%s is said to be shown in part", whole)
		}
	}
	for _, part := range []string{
		`<use href="other.svg#a"/>`,
		`<text>words</text>`,
		`<switch><foreignObject/></switch>`,
		`<image href="a.png" width="5" height="5"/>`,
		`<style>rect:nth-child(2) { fill: red }</style><rect width="5" height="5"/>`,
		`<style>@media print { rect { fill: red } }</style><rect width="5" height="5"/>`,
		`<pattern id="p"/><rect width="5" height="5" fill="url(#p)"/>`,
		`<path d="M0 0h3" marker-end="url(#m)"/>`,
		`<g style="mix-blend-mode: multiply"><rect width="5" height="5"/></g>`,
		`<rect width="5" height="5" filter="url(#f)"/>`,
		`<clipPath id="c"><text>words</text></clipPath><rect width="5" height="5" clip-path="url(#c)"/>`,
		`<mask id="m"><image href="a.png"/></mask><rect width="5" height="5" mask="url(#m)"/>`,
		`<symbol id="s"><text>words</text></symbol><use href="#s"/>`,
	} {
		if !told(part) {
			t.Errorf("%s is shown in part without a word", part)
		}
	}
}

// TestSVGStrokes draws lines and dashes as wide and long as they are in the drawing, however
// large it and what they lie in is shown.
func TestSVGStrokes(t *testing.T) {
	for name, body := range map[string]string{
		"plain":       `<path d="M0 5H10" stroke="#ff0000" stroke-width="2" fill="none"/>`,
		"in a style":  `<g style="stroke:#ff0000;stroke-width:2;fill-opacity:0"><path d="M0 5H10"/></g>`,
		"scaled":      `<g transform="scale(4)"><path d="M0 1.25H2.5" stroke="#ff0000" stroke-width="0.5"/></g>`,
		"turned":      `<path transform="rotate(90 5 5) translate(0 0)" d="M5 0V10" stroke="#ff0000" stroke-width="2"/>`,
		"two of them": `<g stroke="#ff0000" stroke-width="1"><path d="M0 4.5H10"/><path d="M0 5.5H10"/></g>`,
	} {
		p, err := Decode([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">`+body+`</svg>`), DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		red := 0
		for y := range svgSide {
			if c := p.Pix.NRGBAAt(svgSide/2, y); c.A == 255 && c.R == 255 {
				red++
			}
		}
		if want := svgSide / 5; red < want-2 || red > want+2 {
			t.Errorf("%s: the line is %d pixels wide, want %d", name, red, want)
		}
	}
	for _, half := range []string{`opacity="50%"`, `style="fill:#f00;fill-opacity: 50%"`, `fill-opacity='0.5'`} {
		p, err := Decode([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" `+half+`/></svg>`), DefaultLimits)
		if err != nil || p.Pix.Pix[3] < 126 || p.Pix.Pix[3] > 129 {
			t.Errorf("%s: %v", half, err)
		}
	}
	p, err := Decode([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><g stroke="#ff0000" stroke-width="2" stroke-dasharray="2 2"><path d="M0 2H10"/><path d="M0 8H10"/></g></svg>`), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range []int{2, 8} {
		for x := range 5 {
			if got := p.Pix.NRGBAAt((2*x+1)*svgSide/10, y*svgSide/10).A; (got == 255) != (x%2 == 0) {
				t.Errorf("dash %d at height %d: alpha %d", x, y, got)
			}
		}
	}
}

// TestSVGGradientsOfOthers has gradients take their stops of others, which come before or
// after them, end themselves or not, and go round.
func TestSVGGradientsOfOthers(t *testing.T) {
	const stops = `<stop offset="0" stop-color="#ff0000"/><stop offset="1" stop-color="#ff0000"/>`
	for name, defs := range map[string]string{
		"before":       `<linearGradient id="s">` + stops + `</linearGradient><linearGradient id="g" xlink:href="#s"/>`,
		"after":        `<linearGradient id="g" x1="0" xlink:href="#s" /><linearGradient id="s">` + stops + `</linearGradient>`,
		"of another":   `<radialGradient id="g" href="#m"></radialGradient><linearGradient id="m" href='#s'/><linearGradient id="s">` + stops + `</linearGradient>`,
		"by styles":    `<linearGradient id="s"><stop style="stop-color:#ff0000;stop-opacity:1;" offset="0"/><stop offset="1" style='stop-color: #ff0000'/></linearGradient><linearGradient id="g" href="#s"/>`,
		"of their own": `<linearGradient id="g" href="#g">` + stops + `</linearGradient>`,
	} {
		body := `<defs>` + defs + `</defs><rect width="10" height="10" fill="url(#g)"/>`
		p, err := Decode([]byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">`+body+`</svg>`), DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if c := p.Pix.NRGBAAt(1000, 1000); c.R < 250 || c.G > 5 || c.A < 250 {
			t.Errorf("%s: %v", name, c)
		}
	}
	round := `<defs><linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/></defs><rect width="10" height="10" fill="url(#a)"/>`
	if _, err := Decode([]byte(`<svg viewBox="0 0 10 10">`+round+`</svg>`), DefaultLimits); err != nil {
		t.Error(err)
	}
}
