package apitest

import (
	"image"
	"math"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// models are services that make a whole new picture, as instruction models do. Without
// a mask they recolour by words (Recolour).
var models = []Scenario{
	{Name: "recolours", About: "makes what has one colour of the prompt another one, whatever the mask", play: checked((*Exchange).usual), edit: Recolour},
	{Name: "drifts", About: "the picture comes back moved and zoomed a little", play: checked((*Exchange).usual), edit: after(drifted)},
	{Name: "crops", About: "a square from the middle of the picture comes back", play: checked((*Exchange).usual), edit: after(cropped), size: image.Pt(1024, 1024)},
	{Name: "boxes", About: "the picture comes back smaller, in black bars", play: checked((*Exchange).usual), edit: after(boxed)},
	{Name: "relights", About: "the picture comes back brighter and warmer", play: checked((*Exchange).usual), edit: after(relit)},
	{Name: "moves-all", About: "drifts and relights, and takes no notice of the mask", play: checked((*Exchange).usual), edit: func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
		return relit(drifted(Recolour(img, nil, prompt, n)))
	}},
}

// after is Edit, or Recolour where there is no mask and nothing transparent, and
// then what a model does to the whole picture.
func after(do func(*image.NRGBA) *image.NRGBA) func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
	return func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
		if mask == nil && !anyClear(img) {
			return do(Recolour(img, nil, prompt, n))
		}
		return do(Edit(img, mask, prompt, n))
	}
}

func anyClear(img *image.NRGBA) bool {
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] == 0 {
			return true
		}
	}
	return false
}

// hues are the colours that Recolour knows, in degrees.
var hues = map[string]float64{"red": 0, "orange": 30, "yellow": 55, "green": 120, "blue": 220, "purple": 285, "pink": 330}

// Recolour returns a picture in which what has the first colour of the prompt has the
// last one, a little more of it with each variant; where the prompt names one colour alone, all
// that has any colour.
func Recolour(img, _ *image.NRGBA, prompt string, n int) *image.NRGBA {
	var from, to float64
	named := 0
	for _, word := range strings.FieldsFunc(strings.ToLower(prompt), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if hue, ok := hues[word]; ok {
			if to = hue; named == 0 {
				from = hue
			}
			named++
		}
	}
	out := image.NewNRGBA(image.Rectangle{Max: img.Rect.Size()})
	copy(out.Pix, img.Pix)
	for i := 0; i+3 < len(out.Pix) && named > 0; i += 4 {
		p := out.Pix[i : i+3]
		hue, chroma := hueOf(p)
		off := math.Abs(math.Mod(hue-from+540, 360) - 180)
		if chroma < 40 || named > 1 && off > 25+2*float64(n) {
			continue
		}
		paint(p, to, chroma)
	}
	return out
}

// hueOf returns the hue of a colour in degrees and how strong it is, 0 to 255.
func hueOf(p []uint8) (hue, chroma float64) {
	r, g, b := float64(p[0]), float64(p[1]), float64(p[2])
	chroma = max(r, g, b) - min(r, g, b)
	return math.Mod(math.Atan2(math.Sqrt(3)*(g-b), 2*r-g-b)*180/math.Pi+360, 360), chroma
}

// paint gives a colour another hue, as strong and about as bright.
func paint(p []uint8, hue, chroma float64) {
	grey := (2*float64(p[0]) + 5*float64(p[1]) + float64(p[2])) / 8
	var c [3]float64
	for ch := range c {
		c[ch] = math.Cos((hue - 120*float64(ch)) * math.Pi / 180)
	}
	own := (2*c[0] + 5*c[1] + c[2]) / 8
	for ch := range c {
		p[ch] = uint8(min(max(grey+chroma*2/3*(c[ch]-own), 0), 255))
	}
}

// drifted moves a picture by (5.3, -3.1) thousandths of its longer side and zooms it by 1.2 %.
func drifted(img *image.NRGBA) *image.NRGBA {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	const zoom = 1.012
	side := max(w, h) / 1000
	return transformed(img, f64.Aff3{zoom, 0, w/2*(1-zoom) + 5.3*side, 0, zoom, h/2*(1-zoom) - 3.1*side}, img)
}

// cropped returns the square in the middle of a picture.
func cropped(img *image.NRGBA) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	side := min(w, h)
	out := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.Draw(out, out.Rect, img, image.Pt((w-side)/2, (h-side)/2), draw.Src)
	return out
}

// boxed returns a picture a sixth smaller, in black bars.

func boxed(img *image.NRGBA) *image.NRGBA {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	const zoom = 1 - 2.0/12
	return transformed(img, f64.Aff3{zoom, 0, w / 2 * (1 - zoom), 0, zoom, h / 2 * (1 - zoom)}, image.Black)
}

// transformed moves a picture over what is there then.
func transformed(img *image.NRGBA, m f64.Aff3, over image.Image) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: img.Rect.Size()})
	draw.Draw(out, out.Rect, over, image.Point{}, draw.Src)
	draw.CatmullRom.Transform(out, m, img, img.Rect, draw.Over, nil)
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 255
	}
	return out
}

// relit makes a picture brighter and warmer.
func relit(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: img.Rect.Size()})
	var tables [3][256]uint8
	for ch, gain := range [3]float64{1.06, 1.03, 0.98} {
		for v := range 256 {
			tables[ch][v] = uint8(min(255*gain*math.Pow(float64(v)/255, 0.95)+0.5, 255))
		}
	}
	for i, v := range img.Pix {
		if out.Pix[i] = v; i%4 < 3 {
			out.Pix[i] = tables[i%4][v]
		}
	}
	return out
}

// Answer returns what a scenario's edit makes of a picture.
func Answer(scenario string, img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
	if edit := find(scenario).edit; edit != nil {
		return edit(img, mask, prompt, n)
	}
	return Edit(img, mask, prompt, n)
}
