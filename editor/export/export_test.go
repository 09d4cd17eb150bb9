package export

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

func TestSizeOfACopy(t *testing.T) {
	size := image.Pt(4000, 3000)
	for _, c := range []struct {
		p    Preset
		want image.Point
	}{
		{Preset{}, size},
		{Preset{Bound: Long, Size: 2048}, image.Pt(2048, 1536)},
		{Preset{Bound: Short, Size: 1500}, image.Pt(2000, 1500)},
		{Preset{Bound: Width, Size: 1000}, image.Pt(1000, 750)},
		{Preset{Bound: Height, Size: 1000}, image.Pt(1333, 1000)},
		{Preset{Bound: Percent, Size: 50}, image.Pt(2000, 1500)},
		{Preset{Bound: Long, Size: 8000}, size},
		{Preset{Bound: Long, Size: 8000, Enlarge: true}, image.Pt(8000, 6000)},
		{Preset{Bound: Long, Size: 1}, image.Pt(1, 1)},
		{Preset{Bound: Exact, Size: 1080, Tall: 1350}, image.Pt(1080, 1350)},
		{Preset{Bound: Exact, Size: 6000, Tall: 6000}, image.Pt(3000, 3000)},
		{Preset{Bound: Exact, Size: 8000, Tall: 1000}, image.Pt(4000, 500)},
		{Preset{Bound: Exact, Size: 6000, Tall: 6000, Enlarge: true}, image.Pt(6000, 6000)},
		{Preset{Bound: Exact, Size: MaxSide, Tall: MaxSide, Enlarge: true}, image.Pt(20000, 20000)},
		{Preset{Bound: Long, Size: MaxSide, Enlarge: true}, image.Pt(23094, 17321)},
	} {
		if got := c.p.SizeOf(size); got != c.want {
			t.Errorf("%+v: %v, not %v", c.p, got, c.want)
		}
	}
}

// However a picture is shaped and whatever is asked for, a copy is one that can be made.
func TestACopyIsNeverTooLarge(t *testing.T) {
	for _, size := range []image.Point{{1, 20000}, {20000, 1}, {20000, 20000}, {1, 1}, {40000, 10}} {
		for _, b := range Bounds() {
			for _, n := range []int{1, 100, MaxPercent, MaxSide} {
				got := (Preset{Bound: b, Size: n, Enlarge: true}).SizeOf(size)
				if b == Own && got != size {
					t.Errorf("%v became %v", size, got)
				}
				most := max(int64(size.X)*int64(size.Y), picture.DefaultLimits.MaxPixels)
				if got.X < 1 || got.Y < 1 || int64(got.X)*int64(got.Y) > most+int64(got.X+got.Y) || max(got.X, got.Y) > max(MaxSide, size.X, size.Y) {
					t.Errorf("%v, %s %d: %v", size, b, n, got)
				}
			}
		}
	}
}

// Another bound means the same size.
func TestRebind(t *testing.T) {
	size := image.Pt(4000, 3000)
	p := Preset{Bound: Long, Size: 2000}
	for _, c := range []struct {
		to   Bound
		want int
	}{{Short, 1500}, {Width, 2000}, {Exact, 2000}, {Height, 1500}, {Percent, 50}, {Long, 2000}} {
		p.Rebind(c.to, size)
		if p.Bound != c.to || p.Size != c.want || p.SizeOf(size) != image.Pt(2000, 1500) {
			t.Errorf("%s: %+v", c.to, p)
		}
	}
	if p.Rebind(Own, size); p.SizeOf(size) != size {
		t.Errorf("own: %+v", p)
	}
}

func TestNamesAndFolders(t *testing.T) {
	day := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for template, want := range map[string]string{
		"": "lake-800", "{name}": "lake", "{date} {name} {width}x{height}": "2026-11-27 lake 800x600", "{preset}/{name}?": "weblake", "...": "lake",
		"{n}": "7", "{name}_{n:3}": "lake_007", "{n:1}{n:9}": "7000000007", "{n:0}": "{n0}", "{n:10}": "{n10}",
	} {
		p := Preset{Name: "web", Template: template}
		if got := p.FileName("lake", day, image.Pt(800, 600), 7); got != want {
			t.Errorf("%q makes %q, not %q", template, got, want)
		}
	}
	beside := filepath.Join(t.TempDir(), "photos")
	away := filepath.Join(t.TempDir(), "web")
	for folder, want := range map[string]string{"": beside, "small": filepath.Join(beside, "small"), away: away} {
		if got := (Preset{Folder: folder}).FolderOf(beside); got != want {
			t.Errorf("%q is %q, not %q", folder, got, want)
		}
	}
}

// Whatever a hand wrote becomes a preset that can be used.
func TestRepair(t *testing.T) {
	p := Preset{Bound: "area", Size: -3, Sharpen: "very", Format: "exe", Quality: 1000}
	p.Repair()
	if p != (Preset{Size: -3, Format: Source, Quality: 90, Template: UsualTemplate}) {
		t.Errorf("it is %+v", p)
	}
	for _, p := range Presets() {
		as := p
		if as.Repair(); as != p {
			t.Errorf("%+v became %+v", p, as)
		}
	}
	huge := Preset{Bound: Percent, Size: 1 << 30, Format: "png", Quality: 1}
	if huge.Repair(); huge.Size != MaxPercent {
		t.Error("percent:", huge.Size)
	}
}

func noise(w, h int, seed uint64) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
	}
	return img
}

// slow is the definition of sharpened, pixel by pixel.
func slow(img *image.NRGBA, amount float64) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	luma := func(c color.NRGBA) float64 { return 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B) }
	clamp := func(v, n int) int { return max(0, min(n-1, v)) }
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			own := img.NRGBAAt(x, y)
			low, high, sum, weights := luma(own), luma(own), 0.0, 0.0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					c := img.NRGBAAt(clamp(x+dx, img.Rect.Dx()), clamp(y+dy, img.Rect.Dy()))
					weight := float64([]int{1, 2, 1}[dx+1]*[]int{1, 2, 1}[dy+1]) * float64(c.A)
					if c.A == 0 {
						continue
					}
					sum, weights = sum+weight*luma(c), weights+weight
					low, high = min(low, luma(c)), max(high, luma(c))
				}
			}
			add := 0.0
			if own.A > 0 {
				add = min(high+overshoot, max(low-overshoot, luma(own)+amount*(luma(own)-sum/weights))) - luma(own)
			}
			up := func(v uint8) uint8 { return uint8(max(0, min(255, float64(v)+add+0.5))) }
			out.SetNRGBA(x, y, color.NRGBA{up(own.R), up(own.G), up(own.B), own.A})
		}
	}
	return out
}

// The fast filter is the definition, within one of 255 for rounding.
func TestSharpened(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		img := noise(1+r.IntN(40), 1+r.IntN(40), seed)
		for _, s := range Degrees()[1:] {
			got, want := sharpened(img, s.amount()), slow(img, float64(s.amount()))
			for i := range got.Pix {
				if d := int(got.Pix[i]) - int(want.Pix[i]); d < -1 || d > 1 {
					t.Fatalf("%v %s: %d is %d, not %d", img.Rect, s, i, got.Pix[i], want.Pix[i])
				}
			}
		}
	}
	flat := image.NewNRGBA(image.Rect(0, 0, 9, 9))
	for i := range flat.Pix {
		flat.Pix[i] = 120
	}
	if got := sharpened(flat, Strong.amount()); !bytes.Equal(got.Pix, flat.Pix) {
		t.Error("a flat picture is another one")
	}
}

// A copy in sRGB has its numbers converted once, and nothing in its file says that they
// mean something else; the picture itself stays as it is.
func TestCopyInSRGB(t *testing.T) {
	img := noise(8, 8, 3)
	before := bytes.Clone(img.Pix)
	m := picture.Metadata{Format: "png", Space: colour.AdobeRGB()}
	m.ICC = m.Space.Profile()
	got, carried := Preset{SRGB: true}.Render(img, m)
	if !bytes.Equal(got.Pix, m.Space.SRGB(img).Pix) || carried.ICC != nil || carried.Space != nil {
		t.Error("it is not sRGB")
	}
	if !bytes.Equal(img.Pix, before) || m.ICC == nil {
		t.Error("the picture has changed")
	}
	if got, carried = (Preset{}).Render(img, m); !bytes.Equal(got.Pix, before) || carried.ICC == nil {
		t.Error("without a wish it is another picture")
	}
}

// An exact size is filled from the middle of the picture, in its own proportions.
func TestExactSizeIsCropped(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 80, 40))
	for y := range 40 {
		for x := range 80 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(3 * x), uint8(6 * y), 0, 255})
		}
	}
	for _, c := range []struct {
		p    Preset
		want image.Rectangle // of the picture
		size image.Point
	}{
		{Preset{Bound: Exact, Size: 20, Tall: 20}, image.Rect(20, 0, 60, 40), image.Pt(20, 20)},
		{Preset{Bound: Exact, Size: 40, Tall: 10}, image.Rect(0, 10, 80, 30), image.Pt(40, 10)},
		{Preset{Bound: Exact, Size: 400, Tall: 400}, image.Rect(20, 0, 60, 40), image.Pt(40, 40)},
		{Preset{Bound: Exact, Size: 80, Tall: 80, Enlarge: true}, image.Rect(20, 0, 60, 40), image.Pt(80, 80)},
		{Preset{Bound: Exact, Size: 40, Tall: 20}, image.Rect(0, 0, 80, 40), image.Pt(40, 20)},
	} {
		got, _ := c.p.Render(img, picture.Metadata{})
		part := image.NewNRGBA(image.Rectangle{Max: c.want.Size()})
		for y := range part.Rect.Dy() {
			copy(part.Pix[y*part.Stride:][:part.Stride], img.Pix[img.PixOffset(c.want.Min.X, c.want.Min.Y+y):])
		}
		if want := picture.Resize(part, c.size); got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%+v: %v is another part than %v", c.p, got.Rect, c.want)
		}
	}
}

// Running numbers count from a picture's place, up to the first name that is free, and a
// name that the system can't have is refused before anything is made.
func TestRunningNumbers(t *testing.T) {
	dir := t.TempDir()
	of := Original{Pixels: func() *image.NRGBA { return noise(4, 4, 1) }, Size: image.Pt(4, 4), Folder: dir, Name: "lake"}
	p := Preset{Format: "png", Template: "{n:3}"}
	for _, c := range []struct {
		number int
		want   string
	}{{0, "001.png"}, {1, "002.png"}, {2, "003.png"}, {7, "007.png"}, {1000, "1000.png"}} {
		of.Number = c.number
		if got, err := p.Save(t.Context(), of, time.Time{}); err != nil || filepath.Base(got) != c.want {
			t.Errorf("from %d: %s, %v", c.number, got, err)
		}
	}
	p.Template, p.Folder = strings.Repeat("long", 70), "made"
	if _, err := p.Save(t.Context(), of, time.Time{}); !errors.Is(err, file.ErrName) || file.IsThere(filepath.Join(dir, "made")) {
		t.Error("a name that is too long:", err)
	}
}

// FileName replaces all placeholders that there are, and leaves others.
func TestEachPlaceholderIsReplaced(t *testing.T) {
	p := Preset{Name: "web"}
	for _, place := range Placeholders() {
		p.Template = "a " + place
		if got := p.FileName("photo", time.Now(), image.Pt(3, 4), 7); strings.ContainsAny(got, "{}") || got == "a" {
			t.Errorf("%s: %q", place, got)
		}
	}
	p.Template = "{other}{{name}} {n:4}"
	if got := p.FileName("{n}", time.Now(), image.Pt(3, 4), 7); got != "{other}{{n}} 0007" {
		t.Errorf("%q", got)
	}
}

// Unknown finds what isn't replaced, and nothing that is.
func TestUnknownPlaceholders(t *testing.T) {
	for template, want := range map[string]string{
		"{name}-{date} {width}x{height} {preset}{n}{n:9}": "", "plain } { name": "",
		"{bogus}": "{bogus}", "{n:99999}": "{n:99999}", "{n:0}": "{n:0}", "{}-{name}": "{}", "{Name}": "{Name}",
	} {
		if got := Unknown(template); got != want {
			t.Errorf("%q: %q, not %q", template, got, want)
		}
	}
}
