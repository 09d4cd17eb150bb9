package colour

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// Model is a profile's colour model.
type Model string

// The models of pictures.
const (
	RGB  Model = "RGB "
	Grey Model = "GRAY"
	CMYK Model = "CMYK"
)

// ErrProfile reports a profile that can't be read or is of another model.
var ErrProfile = errors.New("colour: not a profile that can be used")

// headLength is the length of a profile's header (ICC.1:2022, 7.2).
const headLength = 128

// ModelOf returns a profile's model, "" where the data is no profile or not one for pictures.
// It reads the header: the size at 0, the class at 12, the model at 16, "acsp" at 36.
func ModelOf(profile []byte) Model {
	if len(profile) < headLength || string(profile[36:40]) != "acsp" || int64(binary.BigEndian.Uint32(profile)) > int64(len(profile)) {
		return ""
	}
	switch class := string(profile[12:16]); class {
	case "link", "abst", "nmcl": // between two spaces, within one, names
		return ""
	}
	switch m := Model(profile[16:20]); m {
	case RGB, Grey, CMYK:
		return m
	}
	return ""
}

// read checks that a profile's tags lie within it and are bounded, and parses it.
func read(profile []byte, m Model) (*icc.Profile, error) {
	if ModelOf(profile) != m || len(profile) < headLength+4 {
		return nil, ErrProfile
	}
	const entry = 12
	n := int64(binary.BigEndian.Uint32(profile[headLength:]))
	if n > int64(len(profile)-headLength-4)/entry {
		return nil, ErrProfile
	}
	table := headLength + 4 + n*entry
	for i := range n {
		e := profile[headLength+4+i*entry:]
		at, size := int64(binary.BigEndian.Uint32(e[4:])), int64(binary.BigEndian.Uint32(e[8:]))
		if at < table || at+size > int64(len(profile)) || !bounded(profile[at:at+size]) {
			return nil, ErrProfile
		}
	}
	p, err := icc.DecodeProfile(bytes.NewReader(profile))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	return p, nil
}

// guarded calls f, which reads a profile, and returns ErrProfile where it panics, as the ICC
// library may on a crafted profile.
func guarded[T any](f func() (T, error)) (out T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrProfile, r)
		}
	}()
	return f()
}

// intent is the rendering intent for pictures.
const intent = icc.PerceptualRenderingIntent

// FromICC returns the space that a profile for RGB describes, nil for sRGB. The error
// is ErrProfile. The profile must not be written to any more.
func FromICC(profile []byte) (*Space, error) {
	return known.get(profile, func() (*Space, error) { return guarded(func() (*Space, error) { return fromRGB(profile) }) })
}

func fromRGB(profile []byte) (*Space, error) {
	p, err := read(profile, RGB)
	if err != nil {
		return nil, err
	}
	xyz, err := p.CreateTransformerToPCS(intent, 3, true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	light := func(r, g, b float64) vector {
		x, y, z := xyz.Transform(r, g, b)
		if p.Header.ProfileConnectionSpace == icc.ColorSpaceLab {
			return fromD50.of(labToXYZ(x, y, z))
		}
		return fromD50.of(vector{x, y, z})
	}
	if curves, m, ok := additive(light); ok {
		return newShaped(curves, m, profile)
	}
	pipe, err := p.CreateTransformerToSRGB(intent, true, 3, true, false, true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	to := newGrid(func(r, g, b float64) vector {
		r, g, b = pipe.Transform(r, g, b)
		return vector{255 * r, 255 * g, 255 * b}
	})
	for _, v := range to.points {
		if !finite(v[:]...) {
			return nil, ErrProfile
		}
	}
	pixels := to.table()
	if identity(pixels) {
		return nil, nil
	}
	return newSpace(pixels, func() converter { return to.inverse().table() }, profile), nil
}

// newShaped returns the space of tone curves and a matrix, nil where that is sRGB.
func newShaped(curves *[3][256]float64, m matrix, profile []byte) (*Space, error) {
	inv, ok := m.inverse()
	if !ok {
		return nil, ErrProfile
	}
	to := newShaper(curves, m)
	if identity(to) {
		return nil, nil
	}
	return newSpace(to, func() converter { return newUnshaper(curves, inv) }, profile), nil
}

// labToXYZ converts CIELAB to XYZ, both with the white of D50.
func labToXYZ(l, a, b float64) vector {
	fy := (l + 16) / 116
	f := func(t float64) float64 {
		if t > 6.0/29 {
			return t * t * t
		}
		return 3 * 36.0 / 841 * (t - 4.0/29)
	}
	return vector{0.9642 * f(fy+a/500), f(fy), 0.8249 * f(fy-b/200)}
}

// additive decomposes a conversion to linear light into a curve for each channel, whose
// maximum is 1, and a matrix; ok is false where the conversion isn't additive.
func additive(light func(r, g, b float64) vector) (curves *[3][256]float64, m matrix, ok bool) {
	at := func(c int, v float64) vector {
		in := vector{}
		in[c] = v
		return light(in[0], in[1], in[2])
	}
	black := light(0, 0, 0)
	if !finite(black[:]...) || math.Abs(black[0])+math.Abs(black[1])+math.Abs(black[2]) > 1e-3 {
		return nil, m, false
	}
	curves = new([3][256]float64)
	for c := range 3 {
		full := at(c, 1)
		length := 0.0
		for i := range 3 {
			m[i][c] = full[i]
			length += full[i] * full[i]
		}
		if !finite(length) || length < 1e-9 {
			return nil, m, false
		}
		for v := range 256 {
			p := at(c, float64(v)/255)
			share := (p[0]*full[0] + p[1]*full[1] + p[2]*full[2]) / length
			for i := range 3 {
				if !(math.Abs(p[i]-share*full[i]) < 1e-3) {
					return nil, m, false
				}
			}
			curves[c][v] = share
		}
	}
	for i := range 4 * 4 * 4 {
		r, g, b := i/16*85, i/4%4*85, i%4*85
		got := light(float64(r)/255, float64(g)/255, float64(b)/255)
		want := m.of(vector{curves[0][r], curves[1][g], curves[2][b]})
		for k := range 3 {
			if !(math.Abs(got[k]-want[k]) < 2e-3) {
				return nil, m, false
			}
		}
	}
	return curves, m, true
}

// FromGreyICC returns the space of a grey picture's profile: sRGB's primaries with the
// profile's tone curve. Nil is sRGB; the error is ErrProfile.
func FromGreyICC(profile []byte) (*Space, error) {
	return knownGrey.get(profile, func() (*Space, error) { return guarded(func() (*Space, error) { return fromGrey(profile) }) })
}

func fromGrey(profile []byte) (*Space, error) {
	p, err := read(profile, Grey)
	if err != nil {
		return nil, err
	}
	pipe, err := p.CreateTransformerToSRGB(intent, true, 1, true, false, true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	var curve [256]float64
	for i := range curve {
		var in, out [4]float64
		in[0] = float64(i) / 255
		pipe.TransformGeneral(out[:], in[:])
		curve[i] = linear(min(max(out[1], 0), 1))
		if !finite(out[:3]...) {
			return nil, ErrProfile
		}
	}
	return toned(curve)
}

// toned returns the space of sRGB's primaries with another tone curve, nil for sRGB's own.
func toned(curve [256]float64) (*Space, error) {
	for i := 1; i < len(curve); i++ {
		curve[i] = max(curve[i], curve[i-1])
	}
	return newShaped(&[3][256]float64{curve, curve, curve}, matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, writeProfile(sRGBColumns, [3]tones{curve[:], curve[:], curve[:]}))
}

// FromInksICC returns the conversion that a profile for CMYK describes. The error is ErrProfile.
func FromInksICC(profile []byte) (*Inks, error) {
	return knownInks.get(profile, func() (*Inks, error) { return guarded(func() (*Inks, error) { return fromInks(profile) }) })
}

func fromInks(profile []byte) (*Inks, error) {
	p, err := read(profile, CMYK)
	if err != nil {
		return nil, err
	}
	pipe, err := p.CreateTransformerToSRGB(intent, true, 4, true, false, true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	k := &Inks{points: make([]vector, inkSide*inkSide*inkSide*inkSide)}
	const last = inkSide - 1
	for i := range k.points {
		var in, out [4]float64
		for c, n := 3, i; c >= 0; c, n = c-1, n/inkSide {
			in[c] = float64(n%inkSide) / last
		}
		pipe.TransformGeneral(out[:], in[:])
		if !finite(out[:3]...) {
			return nil, ErrProfile
		}
		k.points[i] = vector{255 * out[0], 255 * out[1], 255 * out[2]}
	}
	k.back = onceMixed(p)
	return k, nil
}
