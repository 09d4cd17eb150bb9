package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/colour"
)

// EXIF's tags for the colour space: 2 and R03 mean Adobe RGB (DCF 2.0, 5.2).
const (
	tagColorSpace   = 0xa001
	tagInteropIndex = 0x0001
)

// SRGB returns the pixels in sRGB: Pix itself where its space is sRGB, else new ones.
func (p *Picture) SRGB() *image.NRGBA { return p.Meta.Space.SRGB(p.Pix) }

// AsSRGB returns the metadata for the pixels converted to sRGB: without entries that give
// another colour space.
func (m Metadata) AsSRGB() Metadata {
	m.ICC, m.Space, m.Chunks = nil, nil, slices.DeleteFunc(slices.Clone(m.Chunks), func(c Chunk) bool { return c.Kind != "tIME" })
	if adobeRGB(m.EXIF) {
		m.EXIF = bytes.Clone(m.EXIF)
		first, _ := firstIFD(m.EXIF)
		at, _ := first.value(tagEXIF)
		if exif, ok := ifdAt(first.data, first.order, at); ok {
			exif.saySRGB()
		}
	}
	return m
}

// saySRGB sets the colour space in an EXIF directory to sRGB (EXIF 2.32, ColorSpace; DCF 2.0,
// R98).
func (d ifd) saySRGB() {
	if e, ok := d.find(tagColorSpace); ok {
		e.setNumber(1)
	}
	at, ok := d.value(tagInterop)
	if !ok {
		return
	}
	if interop, ok := ifdAt(d.data, d.order, at); ok {
		if index, ok := interop.find(tagInteropIndex); ok {
			copy(index.data[index.at+8:], "R98")
		}
	}
}

// understand sets Space: from PNG's cICP, a profile, PNG's sRGB or gAMA and cHRM, or EXIF, in
// that order. For HEIF, Space was set from a box. A profile for another colour model is dropped.
func (m *Metadata) understand() {
	if c := m.chunk("cICP"); len(c) >= 4 {
		if c[2] == 0 && c[3] == 1 { // else it isn't full-range RGB
			m.Space = colour.Coded(int(c[0]), int(c[1]))
			return
		}
	}
	var err error
	switch model := colour.ModelOf(m.ICC); {
	case model == colour.RGB:
		m.Space, err = colour.FromICC(m.ICC)
	case model == colour.Grey && m.Grey:
		m.Space, err = colour.FromGreyICC(m.ICC)
	default:
		m.ICC = nil
	}
	if m.ICC != nil && err == nil || m.Space != nil {
		return
	}
	m.Space = m.told()
}

// told returns the space of a picture without a profile.
func (m *Metadata) told() *colour.Space {
	if m.chunk("sRGB") != nil {
		return nil
	}
	if gamma := m.chunk("gAMA"); len(gamma) >= 4 || m.chunk("cHRM") != nil {
		return m.gamma(gamma)
	}
	if adobeRGB(m.EXIF) {
		return colour.AdobeRGB()
	}
	return nil
}

// gamma reads gAMA and cHRM (PNG specification, 11.3.2), whose values are in 1/100000.
func (m *Metadata) gamma(gamma []byte) *colour.Space {
	part := func(b []byte, i int) float64 { return float64(binary.BigEndian.Uint32(b[4*i:])) / 1e5 }
	g := 0.0
	if len(gamma) >= 4 {
		g = part(gamma, 0)
	}
	var p *colour.Primaries
	if c := m.chunk("cHRM"); len(c) >= 32 && !m.Grey {
		at := func(i int) [2]float64 { return [2]float64{part(c, 2*i), part(c, 2*i+1)} }
		p = &colour.Primaries{White: at(0), Red: at(1), Green: at(2), Blue: at(3)}
	}
	return colour.Gamma(g, p)
}

// chunk returns the payload of a PNG file's chunk, nil for none.
func (m *Metadata) chunk(kind string) []byte {
	for _, c := range m.Chunks {
		if c.Kind == kind {
			return c.Payload
		}
	}
	return nil
}

// adobeRGB reports whether an EXIF block gives Adobe RGB.
func adobeRGB(block []byte) bool {
	first, ok := firstIFD(block)
	if !ok {
		return false
	}
	at, ok := first.value(tagEXIF)
	if !ok {
		return false
	}
	exif, ok := ifdAt(first.data, first.order, at)
	if !ok {
		return false
	}
	const plain, adobe = 1, 2
	space, ok := exif.value(tagColorSpace)
	if ok && (space == plain || space == adobe) {
		return space == adobe
	}
	if at, ok = exif.value(tagInterop); !ok {
		return false
	}
	interop, ok := ifdAt(first.data, first.order, at)
	if !ok {
		return false
	}
	index, ok := interop.find(tagInteropIndex)
	return ok && string(interop.data[index.at+8:index.at+11]) == "R03"
}

// profile returns what is written as the profile of a picture: the file's own where it is
// of the right kind, else one of its space where the file has no other way to tell it.
func (m *Metadata) profile(format Format, grey bool) []byte {
	switch model := colour.ModelOf(m.ICC); {
	case model == colour.Grey && !grey, model == colour.RGB && grey, len(m.ICC) == 0:
	default:
		return m.ICC
	}
	if format == PNG && len(m.ICC) == 0 && (m.chunk("cICP") != nil || m.chunk("gAMA") != nil || m.chunk("cHRM") != nil) {
		return nil
	}
	if grey {
		return nil // it has a profile of colours only where that is sRGB
	}
	return m.Space.Profile()
}

// staysGrey reports whether a picture that was grey can be written as grey: a grey file can't
// have a profile for RGB.
func (m *Metadata) staysGrey() bool {
	return m.Grey && (m.Space == nil || colour.ModelOf(m.ICC) == colour.Grey || m.chunk("gAMA") != nil)
}

// inksOf returns the conversion of a CMYK picture by its file's profile, nil without a usable
// one.
func inksOf(profile []byte) *colour.Inks {
	if colour.ModelOf(profile) != colour.CMYK {
		return nil
	}
	k, err := colour.FromInksICC(profile)
	if err != nil {
		return nil
	}
	return k
}
