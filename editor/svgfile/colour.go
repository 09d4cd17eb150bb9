package svgfile

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// readColour reads a colour of CSS; currentColor is that of the argument.
func readColour(s string, current color.NRGBA) (c color.NRGBA, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch {
	case s == "currentcolor":
		return current, true
	case s == "transparent":
		return color.NRGBA{}, true
	case strings.HasPrefix(s, "#"):
		return hexColour(s[1:])
	}
	if name, args, found := strings.Cut(s, "("); found {
		args, _, found = strings.Cut(args, ")")
		return colourFunction(strings.TrimSpace(name), args, found)
	}
	named, ok := colornames.Map[s]
	return color.NRGBA(named), ok
}

func hexColour(s string) (c color.NRGBA, ok bool) {
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return c, false
	}
	part := func(shift int) uint8 { return uint8(v >> shift) }
	digit := func(shift int) uint8 { return uint8(v>>shift&15) * 17 }
	switch len(s) {
	case 3:
		return color.NRGBA{digit(8), digit(4), digit(0), 255}, true
	case 4:
		return color.NRGBA{digit(12), digit(8), digit(4), digit(0)}, true
	case 6:
		return color.NRGBA{part(16), part(8), part(0), 255}, true
	case 8:
		return color.NRGBA{part(24), part(16), part(8), part(0)}, true
	}
	return c, false
}

// colourFunction reads the arguments of rgb, rgba, hsl and hsla.
func colourFunction(name, args string, closed bool) (c color.NRGBA, ok bool) {
	words := strings.FieldsFunc(args, func(r rune) bool { return strings.ContainsRune(",/ \t\r\n", r) })
	if !closed || len(words) < 3 || len(words) > 4 {
		return c, false
	}
	var v [4]float64
	v[3] = 1
	for i, word := range words {
		n, unit, ok := number(word)
		scale, known := map[string]float64{"": 1, "%": 0.01}[unit]
		if hue := i == 0 && unit == "deg"; hue {
			scale, known = 1, true
		}
		if !ok || !known {
			return c, false
		}
		if unit == "%" && i < 3 && strings.HasPrefix(name, "rgb") {
			scale = 2.55
		}
		v[i] = n * scale
	}
	switch name {
	case "hsl", "hsla":
		v[0], v[1], v[2] = fromHSL(v[0], v[1], v[2])
	case "rgb", "rgba":
	default:
		return c, false
	}
	return color.NRGBA{eight(v[0]), eight(v[1]), eight(v[2]), eight(255 * v[3])}, true
}

// fromHSL returns red, green and blue up to 255 by CSS Color 4, section 7.1.
func fromHSL(hue, saturation, light float64) (r, g, b float64) {
	saturation, light = min(max(saturation, 0), 1), min(max(light, 0), 1)
	part := func(n float64) float64 {
		k := math.Mod(n+hue/30, 12)
		if k < 0 {
			k += 12
		}
		return 255 * (light - saturation*min(light, 1-light)*max(-1, min(k-3, 9-k, 1)))
	}
	return part(0), part(8), part(4)
}

// eight rounds to 0 to 255.
func eight(v float64) uint8 { return uint8(min(max(math.Round(v), 0), 255)) }
