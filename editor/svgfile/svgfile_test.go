package svgfile_test

import (
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/svgfile"
)

// drawn returns a drawing of 100x100 pixels.
func drawn(t *testing.T, body string) *image.RGBA {
	t.Helper()
	img, err := read(t, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">`+body+`</svg>`).Draw(image.Pt(100, 100))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func read(t *testing.T, file string) *svgfile.Drawing {
	t.Helper()
	d, err := svgfile.Read([]byte(file))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return d
}

// pixel is a colour, multiplied by alpha, that is wanted at a place.
type pixel struct {
	x, y int
	want color.RGBA
}

var (
	none  = color.RGBA{}
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 128, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	black = color.RGBA{0, 0, 0, 255}
	half  = color.RGBA{0, 0, 128, 128} // of blue
)

func near(a, b color.RGBA, off int) bool {
	for i, v := range [4]uint8{a.R, a.G, a.B, a.A} {
		if d := int(v) - int([4]uint8{b.R, b.G, b.B, b.A}[i]); d > off || d < -off {
			return false
		}
	}
	return true
}

// TestDraw draws what SVG 1.1 and 2 ask for, and looks at a few pixels of it.
func TestDraw(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []pixel
	}{
		"a use of what comes later":         {`<use href="#a" x="50"/><g id="a"><rect width="20" height="20" fill="red"/></g>`, []pixel{{60, 10, red}, {10, 10, red}, {40, 10, none}}},
		"of XLink, and of its style":        {`<defs><rect id="a" width="20" height="20"/></defs><use xlink:href="#a" fill="blue" transform="translate(30)"/>`, []pixel{{40, 10, blue}, {10, 10, none}}},
		"a symbol":                          {`<symbol id="s" viewBox="0 0 10 10"><rect width="10" height="10" fill="red"/></symbol><use href="#s" x="20" y="20" width="40" height="40"/>`, []pixel{{25, 25, red}, {58, 58, red}, {62, 62, none}, {15, 15, none}}},
		"an inner plane, cut off":           {`<svg x="10" y="10" width="50" height="50" viewBox="0 0 10 10"><rect width="90" height="90" fill="red"/></svg>`, []pixel{{12, 12, red}, {58, 58, red}, {62, 30, none}, {5, 5, none}}},
		"and not cut off":                   {`<svg width="50" height="50" overflow="visible"><rect width="90" height="90" fill="red"/></svg>`, []pixel{{80, 80, red}}},
		"a gradient of the plane, turned":   {`<g transform="rotate(90 50 50)"><linearGradient id="g" gradientUnits="userSpaceOnUse" x1="50" x2="50.01" y1="0" y2="0"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient><rect width="100" height="100" fill="url(#g)"/></g>`, []pixel{{50, 20, red}, {20, 20, red}, {50, 80, blue}}},
		"without coordinates":               {`<rect x="50" width="50" height="100" fill="url(#g)"/><linearGradient id="g" gradientUnits="userSpaceOnUse"><stop stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>`, []pixel{{75, 50, color.RGBA{192, 192, 192, 255}}}},
		"of the shape, moved":               {`<linearGradient id="g" gradientTransform="translate(.5)" x2=".001"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient><rect x="20" y="20" width="60" height="60" fill="url(#g)"/>`, []pixel{{30, 50, red}, {70, 50, blue}}},
		"of circles, repeated":              {`<radialGradient id="g" r=".25" spreadMethod="repeat"><stop offset=".5" stop-color="red"/><stop offset=".5" stop-color="blue"/></radialGradient><rect width="100" height="100" fill="url(#g)"/>`, []pixel{{55, 50, red}, {70, 50, blue}, {80, 50, red}, {95, 50, blue}}},
		"from another point on":             {`<radialGradient id="g" fx=".25"><stop offset=".5" stop-color="red"/><stop offset=".5" stop-color="blue"/></radialGradient><rect width="100" height="100" fill="url(#g)"/>`, []pixel{{25, 50, red}, {15, 50, red}, {10, 50, blue}, {60, 50, red}, {65, 50, blue}}},
		"a missing one, and another colour": {`<rect width="50" height="50" fill="url(#no) red"/><rect x="50" width="50" height="50" fill="url(#no)"/>`, []pixel{{20, 20, red}, {70, 20, none}}},
		"holes":                             {`<path fill-rule="evenodd" d="M0 0h90v90h-90zM30 30h30v30h-30z"/><path transform="translate(0 90)" d="M0 0h9v9h-9zM3 3h3v3h-3z"/>`, []pixel{{10, 10, black}, {45, 45, none}, {4, 94, black}}},
		"arcs without blanks":               {`<path d="M10 50a40 40 0 0180 0z"/>`, []pixel{{50, 20, black}, {50, 60, none}, {15, 15, none}}},
		"numbers side by side":              {`<path d="M1e1.5L90-.5.5+90z"/><path d="M50 50l40 0 0 40oops"/>`, []pixel{{20, 20, black}, {80, 60, black}}},
		"smooth curves":                     {`<path d="M0 50Q25 0 50 50T100 50V60H0z"/>`, []pixel{{25, 30, black}, {75, 70, black}, {25, 20, none}, {75, 55, none}, {50, 55, black}}},
		"a group, half seen":                {`<g opacity=".5"><rect width="50" height="50" fill="blue"/><rect x="20" width="50" height="50" fill="blue"/></g>`, []pixel{{30, 20, half}, {10, 20, half}, {60, 20, half}}},
		"a line and its fill":               {`<rect x="20" y="20" width="60" height="60" fill="blue" stroke="blue" stroke-width="20" opacity="50%"/>`, []pixel{{28, 50, half}, {15, 50, half}, {50, 50, half}}},
		"a clip path":                       {`<clipPath id="c"><circle cx="50" cy="50" r="20"/></clipPath><rect width="100" height="100" fill="red" clip-path="url(#c)"/>`, []pixel{{50, 50, red}, {65, 65, none}, {5, 5, none}}},
		"of the shape's box":                {`<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width=".5" height="1"/></clipPath><g clip-path="url(#c)"><rect x="20" width="40" height="40"/></g>`, []pixel{{30, 20, black}, {50, 20, none}}},
		"a mask":                            {`<mask id="m" maskUnits="userSpaceOnUse"><rect width="50" height="100" fill="#fff" fill-opacity=".5"/><rect x="50" width="50" height="100"/></mask><rect width="100" height="100" fill="blue" mask="url(#m)"/>`, []pixel{{20, 20, half}, {70, 20, none}}},
		"a style sheet":                     {`<style>/* a */ g .a, #b { fill: red } rect { fill: blue } rect#b { fill: green !important }</style><rect class="a" width="20" height="20"/><g><rect class="x a" x="30" width="20" height="20"/></g><rect id="b" style="fill:red" x="60" width="20" height="20"/>`, []pixel{{10, 10, blue}, {40, 10, red}, {70, 10, green}}},
		"currentColor":                      {`<g fill="currentColor"><rect color="red" width="20" height="20"/><rect style="color:blue" x="30" width="20" height="20"/></g>`, []pixel{{10, 10, red}, {40, 10, blue}}},
		"what isn't seen":                   {`<g display="none"><rect width="20" height="20"/></g><g visibility="hidden"><rect x="30" width="20" height="20" visibility="visible"/><rect x="60" width="20" height="20"/></g>`, []pixel{{10, 10, none}, {40, 10, black}, {70, 10, none}}},
		"shapes of other elements":          {`<clipPath id="c"><rect width="20" height="20"/></clipPath><symbol><rect x="30" width="20" height="20"/></symbol><marker><rect x="60" width="20" height="20"/></marker>`, []pixel{{10, 10, none}, {40, 10, none}, {70, 10, none}}},
		"a choice":                          {`<switch><rect systemLanguage="xx" width="20" height="20" fill="red"/><rect width="20" height="20" fill="blue"/><rect width="20" height="20" fill="red"/></switch>`, []pixel{{10, 10, blue}}},
		"a line, stretched":                 {`<path transform="scale(1 4)" d="M0 10H100" stroke="red" stroke-width="5"/>`, []pixel{{50, 31, red}, {50, 48, red}, {50, 28, none}, {50, 52, none}}},
		"and as wide as it is":              {`<path transform="scale(1 4)" d="M0 10H100" stroke="red" stroke-width="6" vector-effect="non-scaling-stroke"/>`, []pixel{{50, 40, red}, {50, 35, none}, {50, 45, none}}},
		"a mitre":                           {`<path d="M20 90V20H90" fill="none" stroke="red" stroke-width="20"/>`, []pixel{{12, 12, red}}},
		"a bevel":                           {`<path d="M20 90V20H90" fill="none" stroke="red" stroke-width="20" stroke-linejoin="bevel"/>`, []pixel{{12, 12, none}}},
		"ends":                              {`<path d="M30 20H60" stroke="red" stroke-width="20" stroke-linecap="square"/><path d="M50 70h0" stroke="red" stroke-width="20" stroke-linecap="round"/>`, []pixel{{22, 20, red}, {68, 12, red}, {50, 62, red}, {42, 62, none}}},
		"dashes of a said length":           {`<path d="M0 50H100" pathLength="10" stroke="red" stroke-width="10" stroke-dasharray="2" stroke-dashoffset="-1"/>`, []pixel{{5, 50, none}, {20, 50, red}, {40, 50, none}, {60, 50, red}}},
		"rounded corners":                   {`<rect width="100" height="100" ry="50"/>`, []pixel{{5, 5, none}, {50, 5, black}, {95, 95, none}, {50, 50, black}}},
		"a polygon and its half":            {`<polygon points="0,0 40,0 40,40"/><polyline points="50 0 90 0 90 40 7" fill="red"/>`, []pixel{{35, 10, black}, {10, 30, none}, {85, 10, red}}},
		"the line first":                    {`<rect x="20" y="20" width="60" height="60" fill="red" stroke="blue" stroke-width="20" paint-order="stroke"/>`, []pixel{{25, 50, red}, {15, 50, blue}}},
		"transforms in styles":              {`<rect style="transform: translate(50px, 0) rotate(90deg)" width="20" height="20"/>`, []pixel{{40, 10, black}, {60, 10, none}}},
		"around a point":                    {`<rect transform="scale(.5)" transform-origin="100% 50%" width="100" height="100"/>`, []pixel{{60, 30, black}, {40, 50, none}}},
		"colours":                           {`<rect width="20" height="20" fill="rgb(0 0 100% / 50%)"/><rect x="30" width="20" height="20" fill="hsl(240, 100%, 50%)"/><rect x="60" width="20" height="20" fill="#00F8"/>`, []pixel{{10, 10, half}, {40, 10, blue}, {70, 10, color.RGBA{0, 0, 136, 136}}}},
	} {
		t.Run(name, func(t *testing.T) {
			img := drawn(t, c.body)
			for _, p := range c.want {
				if got := img.RGBAAt(p.x, p.y); !near(got, p.want, 2) {
					t.Errorf("at %d, %d: %v, want %v", p.x, p.y, got, p.want)
				}
			}
		})
	}
}

// TestUnitsOfFonts measures by the font of the element and by that of the root, in
// attributes, in properties and in the drawing's own size.
func TestUnitsOfFonts(t *testing.T) {
	d := read(t, `<svg font-size="20" width="5rem" height="5em"><g font-size="40">`+
		`<rect width="1rem" height="1em"/><path d="M50 70h40" stroke="red" stroke-width=".5rem"/></g>`+
		`<g font-size="2rem"><rect x="2em" width="1em" height="1rem" fill="blue"/></g></svg>`)
	if w, h, _ := d.Size(); w != 100 || h != 100 {
		t.Fatalf("the size is %v x %v", w, h)
	}
	img, err := d.Draw(image.Pt(100, 100))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []pixel{{18, 38, black}, {22, 10, none}, {10, 42, none}, {70, 66, red}, {70, 74, red}, {70, 63, none}, {70, 77, none}, {82, 18, blue}, {98, 10, blue}, {78, 10, none}, {90, 22, none}} {
		if got := img.RGBAAt(p.x, p.y); !near(got, p.want, 2) {
			t.Errorf("at %d, %d: %v, want %v", p.x, p.y, got, p.want)
		}
	}
}

// TestLargeMitres draws the corners of long lines on a large picture.
func TestLargeMitres(t *testing.T) {
	const side = 2000
	for name, body := range map[string]string{
		"lines":  `<path d="M10 10H90V90H10z" fill="none" stroke="red" stroke-width="10"/>`,
		"curves": `<path d="M10 10C20 10 80 10 90 10C90 20 90 80 90 90C80 90 20 90 10 90C10 80 10 20 10 10z" fill="none" stroke="red" stroke-width="10"/>`,
		"skewed": `<g transform="matrix(1 0 -.3 1 20 0)"><rect x="15" y="10" width="75" height="80" fill="none" stroke="red" stroke-width="10"/></g>`,
	} {
		img, err := read(t, `<svg viewBox="0 0 100 100">`+body+`</svg>`).Draw(image.Pt(side, side))
		if err != nil {
			t.Fatal(err)
		}
		corners := []image.Point{{6, 6}, {94, 6}, {94, 94}, {6, 94}}
		if name == "skewed" {
			corners = []image.Point{{30, 6}, {112, 6}, {86, 94}, {4, 94}}
		}
		for _, c := range corners {
			if c.X < 100 && !near(img.RGBAAt(c.X*side/100, c.Y*side/100), red, 2) {
				t.Errorf("%s: no corner at %v", name, c)
			}
		}
	}
}

// TestSize finds the size of drawings that don't say all of it.
func TestSize(t *testing.T) {
	for root, want := range map[string][2]float64{
		`<svg width="40" height="20">`:                         {40, 20},
		`<svg width="40" viewBox="0 0 20 30">`:                 {40, 60},
		`<svg viewBox="5 5 20 30">`:                            {20, 30},
		`<svg width="100%" height="100%" viewBox="0 0 20 30">`: {20, 30},
		`<svg width="80">`:                                     {80, 50},
		`<svg height="80">`:                                    {70, 80},
		`<svg>`:                                                {70, 50},
	} {
		d := read(t, root+`<rect x="10" y="20" width="60" height="30"/><defs><rect width="900" height="900"/></defs></svg>`)
		if w, h, ok := d.Size(); !ok || w != want[0] || h != want[1] {
			t.Errorf("%s: %v x %v, %v", root, w, h, ok)
		}
	}
	if _, _, ok := read(t, `<svg/>`).Size(); ok {
		t.Error("a drawing of nothing has a size")
	}
}

// TestRound draws what refers to itself as far as it makes sense, and tells of it.
func TestRound(t *testing.T) {
	for name, body := range map[string]string{
		"a group":     `<g id="a"><rect width="5" height="5"/><use href="#a"/></g>`,
		"two uses":    `<defs><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></defs><use href="#a"/>`,
		"a clip path": `<clipPath id="c" clip-path="url(#c)"><rect width="5" height="5"/></clipPath><rect width="9" height="9" clip-path="url(#c)"/>`,
		"a mask":      `<mask id="m"><rect width="5" height="5" mask="url(#m)"/></mask><rect width="9" height="9" mask="url(#m)"/>`,
	} {
		d := read(t, `<svg viewBox="0 0 10 10">`+body+`</svg>`)
		if _, err := d.Draw(image.Pt(50, 50)); err != nil || !d.Partly() {
			t.Errorf("%s: %v, told %v", name, err, d.Partly())
		}
	}
	drawn(t, `<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/><rect width="9" height="9" fill="url(#a)"/>`)
}

// TestTooMuch refuses drawings that would take for ever.
func TestTooMuch(t *testing.T) {
	const budget = 100_000_000
	var uses strings.Builder
	for c := 'a'; c < 'z'; c++ {
		uses.WriteString(`<g id="` + string(c) + `">` + strings.Repeat(`<use href="#`+string(c+1)+`"/>`, 10) + `</g>`)
	}
	for name, file := range map[string]string{
		"ten to the power of 25": `<svg viewBox="0 0 9 9">` + uses.String() + `</svg>`,
		"rules times elements":   `<svg viewBox="0 0 9 9"><style>` + strings.Repeat(`a b{fill:red}`, 10_000) + `</style>` + strings.Repeat(`<g class="a"/>`, 20_000) + `</svg>`,
		"a long path again and again": `<svg viewBox="0 0 9 9"><path id="a" d="M0 0` + strings.Repeat(`c9e4 0 9 9 0 9e4`, 20_000) + `"/>` +
			strings.Repeat(`<use href="#a"/>`, 1000) + `</svg>`,
		"groups in groups": `<svg>` + strings.Repeat(`<g>`, 600) + strings.Repeat(`</g>`, 600) + `</svg>`,
	} {
		if _, err := svgfile.ReadWithin([]byte(file), budget); !errors.Is(err, svgfile.ErrTooMuch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	within := func(file string) *svgfile.Drawing {
		d, err := svgfile.ReadWithin([]byte(file), budget)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	stops := `<svg viewBox="0 0 9 9"><linearGradient id="a">` + strings.Repeat(`<stop/>`, 20_000) + `</linearGradient>` +
		strings.Repeat(`<path d="M0 0h1v1" fill="url(#a)"/>`, 1000) + `</svg>`
	if _, err := within(stops).Draw(image.Pt(50, 50)); !errors.Is(err, svgfile.ErrTooMuch) {
		t.Errorf("many stops for many shapes: %v", err)
	}
	layers := `<svg viewBox="0 0 9 9">` + strings.Repeat(`<g opacity=".9">`, 100) + strings.Repeat(`</g>`, 100) + `</svg>`
	if _, err := within(layers).Draw(image.Pt(50, 50)); !errors.Is(err, svgfile.ErrTooMuch) {
		t.Errorf("layers upon layers: %v", err)
	}
}

// TestSelectorsOfDeepElements compares style sheets with elements that lie deep in others: each of the
// many ways in which ancestors could be those of a selector isn't tried.
func TestSelectorsOfDeepElements(t *testing.T) {
	deep := func(sheet string) pixel {
		img := drawn(t, `<style>`+sheet+`{fill:red}</style><g class="x">`+strings.Repeat(`<g>`, 400)+`<g class="y"><rect width="100" height="100"/></g>`+
			strings.Repeat(`</g>`, 400)+`</g>`)
		return pixel{50, 50, img.RGBAAt(50, 50)}
	}
	for sheet, want := range map[string]color.RGBA{
		strings.Repeat("g ", 19) + "rect":         red,
		".z " + strings.Repeat("g ", 18) + "rect": black,
		".x g g>.y>rect":                          red,
		".x>.y rect":                              black,
		".x>g g g>rect":                           red,
		".y>g>rect":                               black,
		"svg>.x>" + strings.Repeat("g>", 10) + "g .y>rect":    red,
		".x>" + strings.Repeat("g ", 15) + ".x " + "g rect":   black,
		"g>.x " + strings.Repeat("g ", 10) + ".y>g>g>g .rect": black,
	} {
		if got := deep(sheet); got.want != want {
			t.Errorf("%s: %v, want %v", sheet, got.want, want)
		}
	}
}
