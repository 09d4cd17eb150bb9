package region

import "math"

// lab is a colour in OKLab (Ottosson, "A perceptual color space for image
// processing", 2020): lightness 0 to 1 and two opponent axes of about -0.4 to 0.4.
type lab [3]float64

// fromSRGB converts sRGB channels of 0 to 255, which need not be whole.
func fromSRGB(r, g, b float64) lab {
	r, g, b = linear(r/255), linear(g/255), linear(b/255)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return lab{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// sRGB converts back. Colours that sRGB does not have come out below 0 or above 255.
func (c lab) sRGB() (r, g, b float64) {
	l := c[0] + 0.3963377774*c[1] + 0.2158037573*c[2]
	m := c[0] - 0.1055613458*c[1] - 0.0638541728*c[2]
	s := c[0] - 0.0894841775*c[1] - 1.2914855480*c[2]
	l, m, s = l*l*l, m*m*m, s*s*s
	return gamma(4.0767416621*l-3.3077115913*m+0.2309699292*s) * 255,
		gamma(-1.2684380046*l+2.6097574011*m-0.3413193965*s) * 255,
		gamma(-0.0041960863*l-0.7034186147*m+1.7076147010*s) * 255
}

// linear and gamma are sRGB's transfer function (IEC 61966-2-1) and its inverse,
// from tables between whose entries they are all but straight.
func linear(v float64) float64 { return interpolate(&linearTable, v) }

// gamma goes on straight beyond 0 and 1. Its table goes by the square root, for
// the function is steep near 0.
func gamma(v float64) float64 {
	switch {
	case v < 0:
		return v * 12.92
	case v > 1:
		return 1 + (v-1)*1.055/2.4
	}
	return interpolate(&gammaTable, math.Sqrt(v))
}

type table [1025]float64

func interpolate(t *table, v float64) float64 {
	v = min(max(v, 0), 1) * float64(len(t)-1)
	i := min(int(v), len(t)-2)
	return t[i] + (v-float64(i))*(t[i+1]-t[i])
}

var linearTable = tabulate(func(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
})

var gammaTable = tabulate(func(root float64) float64 {
	v := root * root
	if v <= 0.0031308 {
		return v * 12.92
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
})

func tabulate(f func(float64) float64) (t table) {
	for i := range t {
		t[i] = f(float64(i) / float64(len(t)-1))
	}
	return t
}
