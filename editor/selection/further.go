package selection

import (
	"context"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

// goOn updates the last answer for further marks. Superpixels near these change more easily than
// distant ones, and a correction of the border changes little else.
func (s *Scene) goOn(ctx context.Context, k *known, a *Answer, f *ways, last *Answer, marks []Mark) error {
	in, out := sides(marks[last.marks:])
	corrects := s.corrects(k, last)
	var stay []float64
	if corrects {
		stay = s.steadily(last, in && !out)
	} else {
		stay = s.staying(marks, last)
	}
	now := slices.Clone(last.inside)
	for i, says := range k.part {
		now[i] = now[i] && says != outside || says == inside
	}
	if err := s.settle(ctx, k, a, now, further, func(i int) float64 { return f.favour[i] + stay[i] }); err != nil {
		return err
	}
	a.keep(k, last, in, out)
	if corrects || out || !k.some[inside] || s.common(a.inside, last.inside) >= trusted {
		return nil
	}
	return s.compare(ctx, k, a, f, &start{last: last, local: slices.Clone(a.inside)}, marks)
}

// corrects reports whether all labels that contradict the last answer lie near its border.
func (s *Scene) corrects(k *known, last *Answer) bool {
	rest := make([]bool, len(last.inside))
	for i, in := range last.inside {
		rest[i] = !in
	}
	depths, gaps := s.depths(last.inside, true), s.depths(rest, false)
	most := float32(0)
	for _, d := range depths {
		most = max(most, d)
	}
	for i, says := range k.part {
		takes := says == outside && last.inside[i] && depths[i] >= shallowIn*most
		adds := says == inside && rest[i] && gaps[i] >= shallowOut*most
		if takes || adds {
			return false
		}
	}
	return true
}

// steadily returns, for each superpixel, a cost in favour of its side in the last answer: positive
// inside, negative outside; all alike, and greater where a correction adds.
func (s *Scene) steadily(last *Answer, adds bool) []float64 {
	stay := make([]float64, len(s.parts))
	for i, in := range last.inside {
		stay[i] = -constant
		if in {
			stay[i] = constant
		}
		if adds {
			stay[i] *= steady
		}
	}
	return stay
}

// start is the start of a comparison after a further stroke inside: the last answer, and local,
// its direct continuation. Further guesses are larger than the last answer.
type start struct {
	last  *Answer
	local []bool
}

// staying returns, for each superpixel, a cost in favour of its side in the last answer: positive
// inside, negative outside. With new marks inside it grows with the distance from these, relative
// to their size. With new marks outside it is less for superpixels inside that are about as far
// from every mark inside as that mark's nearest new one.
func (s *Scene) staying(marks []Mark, last *Answer) []float64 {
	stay := make([]float64, len(s.parts))
	fresh := marks[last.marks:]
	in, out := sides(fresh)
	var reach []float64
	if out && !in {
		reach = reaches(marks, fresh)
	}
	for i, p := range s.parts {
		at := s.place(middle(p.box))
		far := math.Inf(1)
		for _, m := range fresh {
			if d := s.farFrom(m, at); d < far { // false for NaN
				far = d
			}
		}
		stay[i] = constant
		switch {
		case in == out:
		case in:
			stay[i] *= 1 + distant*min(max(far-1, 0)/span, 1)
		case last.inside[i] && reach != nil:
			stay[i] -= beyond * min(max(withinReach(marks, reach, at)-0.8, 0)/0.4, 1)
		}
		if !last.inside[i] {
			stay[i] = -stay[i]
		}
	}
	return stay
}

// place returns the centre of a working pixel in canvas pixels.
func (s *Scene) place(p image.Point) Point {
	return Point{X: (float64(p.X) + 0.5) * float64(s.by), Y: (float64(p.Y) + 0.5) * float64(s.by)}
}

// reaches returns, for each stroke inside, the distance in canvas pixels to the nearest of the
// fresh points outside, which limits how far the object extends from that stroke. It is 0 for
// other marks, and nil where no stroke is limited.
func reaches(marks, fresh []Mark) []float64 {
	reach, some := make([]float64, len(marks)), false
	for i, m := range marks {
		if m.Outside || m.Box || m.Mask != nil {
			continue
		}
		least := math.Inf(1)
		for _, f := range fresh {
			for _, p := range f.Points {
				if d := m.apart(p); d < least {
					least = d
				}
			}
		}
		if !math.IsInf(least, 1) {
			reach[i] = least
			some = some || least > 0
		}
	}
	if !some {
		return nil
	}
	return reach
}

// withinReach returns the distance of a position from a stroke inside divided by the stroke's
// reach; the least of all strokes.
func withinReach(marks []Mark, reach []float64, at Point) float64 {
	least := math.Inf(1)
	for i := range marks {
		if reach[i] > 0 {
			least = min(least, marks[i].apart(at)/reach[i])
		}
	}
	return least
}

// farFrom returns the distance of a position from a mark relative to the mark's size; 0 for boxes
// and masks.
func (s *Scene) farFrom(m Mark, at Point) float64 {
	if m.Box || m.Mask != nil || len(m.Points) == 0 {
		return 0
	}
	reach := 0.0
	for _, p := range m.Points {
		if d := math.Hypot(p.X-m.Points[0].X, p.Y-m.Points[0].Y); d > reach {
			reach = d
		}
	}
	return m.apart(at) / (reach/2 + max(2*m.Radius, float64(max(s.size.X, s.size.Y))/100))
}

// apart returns the distance of a position from a stroke, in canvas pixels.
func (m *Mark) apart(at Point) float64 {
	least := math.Inf(1)
	step := (len(m.Points) + 31) / 32
	for i := 0; i < len(m.Points); i += step {
		if d := mask.Distance(at, m.Points[max(i-step, 0)], m.Points[i]); d < least {
			least = d
		}
	}
	return least
}
