package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"
)

// page is a TIFF picture of random samples.
type page struct {
	size           image.Point
	samples, bytes int // of a pixel, of a sample
	photometric    uint16
	extra          []uint16
	rows           int // to a strip, 0 for tiles of 16x16
	planar         uint16
	values         [][]uint16 // by pixel and sample
}

func (p *page) fill(r *rand.Rand) {
	p.values = make([][]uint16, p.size.X*p.size.Y)
	for i := range p.values {
		p.values[i] = make([]uint16, p.samples)
		for s := range p.values[i] {
			p.values[i][s] = uint16(r.Uint32()) >> (16 - 8*p.bytes)
		}
		if slices.Equal(p.extra, []uint16{extraPremultiplied}) { // no colour is above its alpha
			for s := range 3 {
				p.values[i][s] = min(p.values[i][s], p.values[i][3])
			}
		}
	}
}

// encode writes the page uncompressed.
func (p *page) encode() []byte {
	d := newTIFFDirectory(nil)
	d.next = 8
	var (
		data            []byte
		offsets, counts []uint32
	)
	block := image.Pt(p.size.X, p.rows)
	if p.rows == 0 {
		block = image.Pt(16, 16)
	}
	groups := [][]int{{}} // the samples that are stored together
	for s := range p.samples {
		if p.planar == planarSeparate {
			groups = append(groups[:s], []int{s})
		} else {
			groups[0] = append(groups[0], s)
		}
	}
	for _, group := range groups {
		for y0 := 0; y0 < p.size.Y; y0 += block.Y {
			for x0 := 0; x0 < p.size.X; x0 += block.X {
				from := len(data)
				for y := y0; y < y0+block.Y && (p.rows == 0 || y < p.size.Y); y++ {
					for x := x0; x < x0+block.X; x++ {
						for _, s := range group {
							v := uint16(0) // what pads a tile
							if x < p.size.X && y < p.size.Y {
								v = p.values[y*p.size.X+x][s]
							}
							if p.bytes == 1 {
								data = append(data, uint8(v))
							} else {
								data = binary.LittleEndian.AppendUint16(data, v)
							}
						}
					}
				}
				offsets, counts = append(offsets, uint32(8+from)), append(counts, uint32(len(data)-from))
			}
		}
	}
	d.next += int64(len(data))
	d.shorts(tagBits, slices.Repeat([]uint16{uint16(8 * p.bytes)}, p.samples)...)
	d.longs(256, uint32(p.size.X))
	d.longs(257, uint32(p.size.Y))
	d.shorts(259, 1)
	d.shorts(tagPhotometric, p.photometric)
	d.shorts(tagSamples, uint16(p.samples))
	d.shorts(tagPlanar, p.planar)
	if p.rows == 0 {
		d.longs(322, 16)
		d.longs(323, 16)
		d.longs(tagTileOffsets, offsets...)
		d.longs(tagTileCounts, counts...)
	} else {
		d.longs(278, uint32(p.rows))
		d.longs(tagStripOffsets, offsets...)
		d.longs(tagStripCounts, counts...)
	}
	if p.extra != nil {
		d.shorts(tagExtraSamples, p.extra...)
	}
	directory := d.bytes()
	return slices.Concat(binary.LittleEndian.AppendUint32([]byte("II*\x00"), uint32(d.next)), data, d.values, directory)
}

// want is the slow meaning of the page.
func (p *page) want() *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: p.size})
	for i, v := range p.values {
		x, y := i%p.size.X, i/p.size.X
		if p.bytes == 2 {
			c := color.NRGBA64{v[0], v[1], v[2], 0xffff}
			if p.samples == 4 && p.extra[0] == extraStraight {
				c.A = v[3]
			}
			one := image.NewNRGBA64(image.Rect(0, 0, 1, 1))
			one.SetNRGBA64(0, 0, c)
			out.SetNRGBA(x, y, FromImage(one).NRGBAAt(0, 0))
			continue
		}
		b := [4]uint8{3: 255}
		for s := range v {
			b[s] = uint8(v[s])
		}
		switch {
		case p.photometric == photometricCMYK:
			out.Set(x, y, color.CMYK{b[0], b[1], b[2], b[3]})
		case p.samples == 3 || p.extra[0] == extraAnything:
			out.SetNRGBA(x, y, color.NRGBA{b[0], b[1], b[2], 255})
		case p.extra[0] == extraPremultiplied:
			out.Set(x, y, color.RGBA{b[0], b[1], b[2], b[3]})
		default:
			out.SetNRGBA(x, y, color.NRGBA{b[0], b[1], b[2], b[3]})
		}
	}
	return out
}

func TestTIFFColours(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	kinds := map[string]page{
		"RGB":           {samples: 3, bytes: 1, photometric: photometricRGB},
		"RGB and alpha": {samples: 4, bytes: 1, photometric: photometricRGB, extra: []uint16{extraStraight}},
		"premultiplied": {samples: 4, bytes: 1, photometric: photometricRGB, extra: []uint16{extraPremultiplied}},
		"RGB and more":  {samples: 4, bytes: 1, photometric: photometricRGB, extra: []uint16{extraAnything}},
		"CMYK":          {samples: 4, bytes: 1, photometric: photometricCMYK},
		"deep":          {samples: 3, bytes: 2, photometric: photometricRGB},
		"deep, alpha":   {samples: 4, bytes: 2, photometric: photometricRGB, extra: []uint16{extraStraight}},
		"deep and more": {samples: 4, bytes: 2, photometric: photometricRGB, extra: []uint16{extraAnything}},
	}
	for name, p := range kinds {
		for _, p.planar = range []uint16{1, planarSeparate} {
			for _, p.rows = range []int{0, 3, 100} {
				for _, p.size = range []image.Point{{1, 1}, {5, 7}, {40, 33}} {
					t.Run(fmt.Sprint(name, p.planar, p.rows, p.size), func(t *testing.T) {
						p.fill(r)
						got, err := Decode(p.encode(), Limits{})
						if err != nil {
							t.Fatal(err)
						}
						equal(t, got.Pix, p.want())
						if got.Meta.Has(Deep) != (p.bytes == 2) {
							t.Errorf("deep = %v", got.Meta.Has(Deep))
						}
					})
				}
			}
		}
	}
}

func TestUnsupportedFeaturesAreNamed(t *testing.T) {
	const logLuv = 32845
	p := page{samples: 3, bytes: 1, photometric: logLuv, planar: 1, size: image.Pt(5, 7), rows: 3}
	p.fill(rand.New(rand.NewPCG(19, 20)))
	_, err := Decode(p.encode(), Limits{})
	var unsupported *UnsupportedError
	if !errors.As(err, &unsupported) || !errors.Is(err, ErrNotPicture) || unsupported.Format != "tiff" {
		t.Errorf("err = %v, want *UnsupportedError", err)
	}
}

// TestFurtherPages tells of pages that aren't shown, not of smaller copies.
func TestFurtherPages(t *testing.T) {
	p := page{samples: 3, bytes: 1, photometric: photometricRGB, planar: 1, size: image.Pt(5, 7), rows: 3}
	p.fill(rand.New(rand.NewPCG(21, 22)))
	one := p.encode()
	for _, c := range []struct {
		subfile uint16
		want    bool
	}{{0, true}, {1, false}} {
		// A second directory of one entry, NewSubfileType, behind the file.
		data := bytes.Clone(one)
		at := int(binary.LittleEndian.Uint32(data[4:]))
		end := at + 2 + 12*int(binary.LittleEndian.Uint16(data[at:]))
		binary.LittleEndian.PutUint32(data[end:], uint32(len(data)))
		data = append(data, 1, 0, 0xfe, 0, 4, 0, 1, 0, 0, 0, byte(c.subfile), 0, 0, 0, 0, 0, 0, 0)
		got, err := Decode(data, Limits{})
		if err != nil || got.Meta.Has(Pages) != c.want {
			t.Errorf("subfile %d: %v, %v", c.subfile, got, err)
		}
	}
}

// Values of tags that only these tests write.
const (
	photometricGrey    = 1
	photometricCMYK    = 5
	planarSeparate     = 2
	extraAnything      = 0
	extraPremultiplied = 1
)

// TestTransparentInks opens CMYK with alpha.
func TestTransparentInks(t *testing.T) {
	p := page{samples: 5, bytes: 1, photometric: photometricCMYK, extra: []uint16{extraStraight}, planar: 1, size: image.Pt(2, 1), rows: 1}
	p.values = [][]uint16{{255, 0, 0, 0, 128}, {0, 0, 0, 255, 0}}
	got, err := Decode(p.encode(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := got.Pix.NRGBAAt(0, 0), got.Pix.NRGBAAt(1, 0); a != (color.NRGBA{0, 255, 255, 128}) || b != (color.NRGBA{}) || !got.Meta.Has(Inks) {
		t.Errorf("%v, %v, notes %v", a, b, got.Meta.Notes)
	}
}
