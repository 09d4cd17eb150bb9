// Package aligntest makes answers as services send them from photos, with a
// motion, colours, noise and changed content that are known. It is for tests
// and for the quality tables alone.
package aligntest

import (
	"bytes"
	"image"
	"image/jpeg" // the photos
	_ "image/jpeg"
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Scene is a photo of which a part is sent. The photo is finer than what is
// sent, so that a moved answer is as sharp as one that did not move.
type Scene struct {
	photo *image.NRGBA
	scale float64 // pixels of the photo a pixel that is sent
	at    image.Point
	// Size is the size of what is sent.
	Size image.Point
}

// Drift is what a service does to what it was sent. The zero value does nothing.
type Drift struct {
	// X and Y are a shift in sent pixels, Zoom a part (0.01: 1 % larger), Turn degrees.
	X, Y, Zoom, Turn float64
	// Bend is the height in pixels of a smooth wave over the picture.
	Bend float64
	// Gain and Gamma are of all channels, Cast of each; 0 is none.
	Gain, Gamma float64
	Cast        [3]float64
	// Noise is a spread in levels; JPEG a quality, 0 for none.
	Noise float64
	JPEG  int
	// Replaced is which part of the picture outside Keep shows something else.
	Replaced float64
	// Keep, unless nil, is where nothing is replaced.
	Keep *image.Alpha
	Seed uint64
}

// Read decodes a photo of a folder.
func Read(folder, name string) (*image.NRGBA, error) {
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, err
	}
	return NRGBA(img), nil
}

// NRGBA returns an opaque picture in the form that the editor has it.
func NRGBA(img image.Image) *image.NRGBA {
	b := img.Bounds()
	out := image.NewNRGBA(image.Rectangle{Max: b.Size()})
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, b, a := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			copy(out.Pix[y*out.Stride+4*x:], []uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)})
		}
	}
	return out
}

// NewScene sends size pixels of a photo, whose pixels are scale times as fine, from a point of the photo on.
func NewScene(photo *image.NRGBA, at, size image.Point, scale float64) *Scene {
	return &Scene{photo: photo, at: at, Size: size, scale: scale}
}

// Sent returns what is sent.
func (s *Scene) Sent() *image.NRGBA {
	return s.sample(func(x, y float64) (float64, float64) { return x, y })
}

// Place leads from a place in what is sent to the one in the answer, both in
// continuous pixels.
func (s *Scene) Place(d Drift) func(x, y float64) (float64, float64) {
	w, h := float64(s.Size.X), float64(s.Size.Y)
	sin, cos := math.Sincos(d.Turn * math.Pi / 180)
	z := 1 + d.Zoom
	return func(x, y float64) (float64, float64) {
		if d.Bend != 0 {
			x, y = x+d.Bend*math.Sin(2*math.Pi*y/h+1), y+d.Bend*math.Cos(2*math.Pi*x/w)
		}
		x, y = x-w/2, y-h/2
		return w/2 + z*(cos*x-sin*y) + d.X, h/2 + z*(sin*x+cos*y) + d.Y
	}
}

// Answer returns what comes back: instead of what was sent, of content (which may be Sent's, edited, or nil
// for the photo itself), moved and treated as d says.
func (s *Scene) Answer(d Drift) *image.NRGBA {
	back := s.back(d)
	out := s.sample(back)
	s.replace(out, d, back)
	return d.Treat(out)
}

// back is the inverse of Place.
func (s *Scene) back(d Drift) func(x, y float64) (float64, float64) {
	place := s.Place(d)
	return func(x, y float64) (float64, float64) {
		// By fixed point: the motion is near identity.
		px, py := x, y
		for range 12 {
			gx, gy := place(px, py)
			px, py = px+(x-gx), py+(y-gy)
		}
		return px, py
	}
}

// replace lays round pieces of the mirrored photo over a part of a picture.
func (s *Scene) replace(img *image.NRGBA, d Drift, back func(x, y float64) (float64, float64)) {
	if d.Replaced <= 0 {
		return
	}
	r := rand.New(rand.NewPCG(d.Seed, 77))
	w, h := s.Size.X, s.Size.Y
	done := make([]bool, w*h) // or to be kept
	left := w * h
	for i := range done {
		x, y := back(float64(i%w)+0.5, float64(i/w)+0.5)
		if at := image.Pt(int(x), int(y)); d.Keep != nil && at.In(d.Keep.Rect) && d.Keep.AlphaAt(at.X, at.Y).A != 0 {
			done[i] = true
			left--
		}
	}
	photo := s.photo.Rect.Size()
	for n, want := 0, int(d.Replaced*float64(left)); n < want; {
		cx, cy := r.Float64()*float64(w), r.Float64()*float64(h)
		rx, ry := (0.05+0.12*r.Float64())*float64(w), (0.05+0.12*r.Float64())*float64(h)
		ox, oy := r.IntN(w), r.IntN(h)
		for y := max(int(cy-ry), 0); y < min(int(cy+ry), h) && n < want; y++ {
			for x := max(int(cx-rx), 0); x < min(int(cx+rx), w); x++ {
				if math.Hypot((float64(x)-cx)/rx, (float64(y)-cy)/ry) > 1 || done[y*w+x] {
					continue
				}
				done[y*w+x] = true
				n++
				px, py := photo.X-1-(x+ox)%photo.X, photo.Y-1-(y+oy)%photo.Y
				copy(img.Pix[y*img.Stride+4*x:][:4], s.photo.Pix[py*s.photo.Stride+4*px:])
			}
		}
	}
}

// Treat returns a picture in other colours, with noise and as a JPEG.
func (d Drift) Treat(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	r := rand.New(rand.NewPCG(d.Seed, 99))
	for i, v := range img.Pix {
		ch := i % 4
		if ch == 3 {
			out.Pix[i] = v
			continue
		}
		x := float64(v) / 255
		if d.Gamma != 0 {
			x = math.Pow(x, d.Gamma)
		}
		if d.Gain != 0 {
			x *= d.Gain
		}
		if d.Cast[ch] != 0 {
			x *= d.Cast[ch]
		}
		x *= 255
		if d.Noise != 0 {
			x += d.Noise * r.NormFloat64()
		}
		out.Pix[i] = uint8(math.Round(min(max(x, 0), 255)))
	}
	if d.JPEG == 0 {
		return out
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: d.JPEG}); err != nil {
		panic(err) // a buffer never fails
	}
	back, err := jpeg.Decode(&b)
	if err != nil {
		panic(err) // what was just written
	}
	return NRGBA(back)
}

// sample returns the photo where f leads to from the pixels of what is sent,
// by a Lanczos filter of the sent pixels' width.
func (s *Scene) sample(f func(x, y float64) (float64, float64)) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: s.Size})
	width := max(s.scale, 1)
	n := int(math.Ceil(3 * width))
	const phases = 256
	var table [phases + 1][]float64
	for p := range table {
		w, sum := make([]float64, 2*n), 0.0
		for i := range w {
			w[i] = lanczos((float64(i-n+1) - float64(p)/phases) / width)
			sum += w[i]
		}
		for i := range w {
			w[i] /= sum
		}
		table[p] = w
	}
	weights := func(at float64) (first int, w []float64) {
		i := math.Floor(at - 0.5)
		return int(i) - n + 1, table[int((at-0.5-i)*phases+0.5)]
	}
	bound := func(v, n int) int { return min(max(v, 0), n-1) }
	line := func(y int) {
		for x := range s.Size.X {
			u, v := f(float64(x)+0.5, float64(y)+0.5)
			i0, wx := weights(float64(s.at.X) + u*s.scale)
			j0, wy := weights(float64(s.at.Y) + v*s.scale)
			var c [3]float64
			for j, wj := range wy {
				row := s.photo.Pix[bound(j0+j, s.photo.Rect.Dy())*s.photo.Stride:]
				for i, wi := range wx {
					p := row[4*bound(i0+i, s.photo.Rect.Dx()):]
					w := wi * wj
					c[0], c[1], c[2] = c[0]+w*float64(p[0]), c[1]+w*float64(p[1]), c[2]+w*float64(p[2])
				}
			}
			to := out.Pix[y*out.Stride+4*x:][:4]
			for ch := range 3 {
				to[ch] = uint8(math.Round(min(max(c[ch], 0), 255)))
			}
			to[3] = 255
		}
	}
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		group.Go(func() {
			for y := k; y < s.Size.Y; y += workers {
				line(y)
			}
		})
	}
	group.Wait()
	return out
}

func lanczos(x float64) float64 {
	if x == 0 {
		return 1
	}
	if math.Abs(x) >= 3 {
		return 0
	}
	a := math.Pi * x
	return 3 * math.Sin(a) * math.Sin(a/3) / (a * a)
}

// Colour returns the photo's colour, 0 to 255, at a place in what is sent.
func (s *Scene) Colour(x, y float64) (c [3]float64) {
	size := s.photo.Rect.Size()
	px := min(max(int(float64(s.at.X)+x*s.scale), 0), size.X-1)
	py := min(max(int(float64(s.at.Y)+y*s.scale), 0), size.Y-1)
	p := s.photo.Pix[py*s.photo.Stride+4*px:]
	return [3]float64{float64(p[0]), float64(p[1]), float64(p[2])}
}

// Edited returns the scene with f applied to each colour of its photo. Places are in what is sent.
func (s *Scene) Edited(f func(c [3]float64, x, y float64) [3]float64) *Scene {
	out := *s
	out.photo = image.NewNRGBA(s.photo.Rect)
	for y := range s.photo.Rect.Dy() {
		for x := range s.photo.Rect.Dx() {
			p, to := s.photo.Pix[y*s.photo.Stride+4*x:][:4], out.photo.Pix[y*out.photo.Stride+4*x:][:4]
			c := f([3]float64{float64(p[0]), float64(p[1]), float64(p[2])},
				(float64(x-s.at.X)+0.5)/s.scale, (float64(y-s.at.Y)+0.5)/s.scale)
			for ch := range 3 {
				to[ch] = uint8(math.Round(min(max(c[ch], 0), 255)))
			}
			to[3] = 255
		}
	}
	return &out
}
