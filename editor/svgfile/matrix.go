package svgfile

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// matrix brings (x, y) to (a*x + c*y + e, b*x + d*y + f).
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// times returns what does n first and m after it.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b, m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// scale returns by how much lengths grow in the mean: the square root of how much areas do.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// inverse returns what undoes m; ok is false where nothing does.
func (m matrix) inverse() (inv matrix, ok bool) {
	det := m.a*m.d - m.b*m.c
	if det == 0 || math.IsNaN(det) || math.IsInf(det, 0) || math.IsInf(1/det, 0) {
		return identity, false
	}
	return matrix{
		m.d / det, -m.b / det, -m.c / det, m.a / det,
		(m.c*m.f - m.d*m.e) / det, (m.b*m.e - m.a*m.f) / det,
	}, true
}

func move(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }

// transforms are the functions of the attribute transform, and how many numbers each takes.
var transforms = map[string]struct {
	least, most int
	of          func(n []float64) matrix
}{
	"matrix":     {6, 6, func(n []float64) matrix { return matrix{n[0], n[1], n[2], n[3], n[4], n[5]} }},
	"translate":  {1, 2, func(n []float64) matrix { return move(n[0], second(n, 0)) }},
	"translatex": {1, 1, func(n []float64) matrix { return move(n[0], 0) }},
	"translatey": {1, 1, func(n []float64) matrix { return move(0, n[0]) }},
	"scale":      {1, 2, func(n []float64) matrix { return matrix{a: n[0], d: second(n, n[0])} }},
	"scalex":     {1, 1, func(n []float64) matrix { return matrix{a: n[0], d: 1} }},
	"scaley":     {1, 1, func(n []float64) matrix { return matrix{a: 1, d: n[0]} }},
	"skewx":      {1, 1, func(n []float64) matrix { return matrix{1, 0, math.Tan(n[0] * math.Pi / 180), 1, 0, 0} }},
	"skewy":      {1, 1, func(n []float64) matrix { return matrix{1, math.Tan(n[0] * math.Pi / 180), 0, 1, 0, 0} }},
	"rotate":     {1, 3, rotate},
}

func second(n []float64, or float64) float64 {
	if len(n) > 1 {
		return n[1]
	}
	return or
}

func rotate(n []float64) matrix {
	s, c := math.Sincos(n[0] * math.Pi / 180)
	m := matrix{c, s, -s, c, 0, 0}
	if len(n) == 3 {
		return move(n[1], n[2]).times(m).times(move(-n[1], -n[2]))
	}
	return m
}

// readTransform reads a list of transforms; ok is false where it is none.
func readTransform(s string) (m matrix, ok bool) {
	m = identity
	for s = strings.TrimLeft(s, " \t\r\n,"); s != ""; s = strings.TrimLeft(s, " \t\r\n,") {
		name, rest, found := strings.Cut(s, "(")
		args, after, closed := strings.Cut(rest, ")")
		f, known := transforms[strings.ToLower(strings.TrimSpace(name))]
		n := numbersOf(args)
		if !found || !closed || !known || len(n) < f.least || len(n) > f.most || f.most == 3 && len(n) == 2 {
			return identity, false
		}
		m, s = m.times(f.of(n)), after
	}
	return m, true
}

// numbersOf reads numbers with commas or blanks or nothing between them, and with the units of
// style sheets for pixels and angles; nil where there is something else.
func numbersOf(s string) (list []float64) {
	for {
		s = strings.TrimLeftFunc(s, func(c rune) bool { return c == ',' || unicode.IsSpace(c) })
		if s == "" {
			return list
		}
		v, rest, ok := number(s)
		if !ok {
			return nil
		}
		for unit, scale := range map[string]float64{"px": 1, "deg": 1, "rad": 180 / math.Pi, "turn": 360, "grad": 0.9} {
			if after, found := strings.CutPrefix(rest, unit); found {
				v, rest = v*scale, after
				break
			}
		}
		list, s = append(list, v), rest
	}
}

// digits returns where the digits from i on end, behind a sign.
func digits(s string, i int, sign bool) int {
	if sign && i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// numeral returns where the number at the front of a text ends, 0 without.
func numeral(s string) int {
	i := digits(s, 0, true)
	any := i > 0 && s[i-1] >= '0'
	if i < len(s) && s[i] == '.' {
		end := digits(s, i+1, false)
		any, i = any || end > i+1, end
	}
	if !any {
		return 0
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		if end := digits(s, i+1, true); end > i+1 && s[end-1] >= '0' {
			i = end
		}
	}
	return i
}

// number takes a number from the front of a text.
func number(s string) (v float64, rest string, ok bool) {
	i := numeral(s)
	if i == 0 {
		return 0, s, false
	}
	v, err := strconv.ParseFloat(s[:i], 64)
	const far = 1e12 // beyond it nothing is seen
	return min(max(v, -far), far), s[i:], err == nil || errors.Is(err, strconv.ErrRange)
}
