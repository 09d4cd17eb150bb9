// Package oklab converts colours to OKLab, in which distances are about as large as
// people see them, fast enough for whole pictures: to about a millionth.
package oklab

import "math"

// FromSRGB converts sRGB channels of 0 to 255 to OKLab (Ottosson, "A perceptual
// color space for image processing", 2020): lightness, 0 to 1,
// and two opponent axes of about -0.4 to 0.4.
func FromSRGB(r, g, b float32) (float32, float32, float32) {
	r, g, b = linear(r), linear(g), linear(b)
	l := cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return 0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s
}

// linear is sRGB's transfer function (IEC 61966-2-1), between levels all but straight.
func linear(v float32) float32 {
	i := min(int(v), 254)
	return transfer[i] + (v-float32(i))*(transfer[i+1]-transfer[i])
}

var transfer = func() (t [256]float32) {
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = float32(v / 12.92)
		} else {
			t[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return t
}()

// cbrt is the cube root of numbers from 0 to 1, to about a millionth: a guess from the exponent,
// made better by Halley's method twice.
func cbrt(v float32) float32 {
	if v < 1e-9 {
		return 0
	}
	r := math.Float32frombits(math.Float32bits(v)/3 + 0x2a514067)
	for range 2 {
		c := r * r * r
		r *= (c + 2*v) / (2*c + v)
	}
	return r
}
