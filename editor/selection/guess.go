package selection

// situation is what an answer goes on from.
type situation int

const (
	first situation = iota // nothing, or marks of both kinds
	more                   // an answer that lacks something
	less                   // an answer that has too much
)

// guess is what could be inside, to begin with, and by how much the place of each superpixel
// favours that it is: what is as near as the guess is large, or little farther.
type guess struct {
	inside []bool
	favour []float64
}

// growth is what each step costs on the ways by which first guesses grow, so much that they
// don't only flow through what is alike.
const growth = 5 * stride

// shares are how much of the picture the thing may be, as a first guess; parts how much of
// the last answer is to be taken away.
var (
	shares = [...]float64{0.002, 0.006, 0.016, 0.04, 0.1, 0.22, 0.45}
	parts  = [...]float64{0.01, 0.04, 0.12, 0.3, 0.6}
)

// An answer may be so many times as large as its guess, and is favoured up to half of that.
const roam = 3

// guesses are what is nearest to what was drawn last, beside what was there.
func (s *Scene) guesses(k *known, last *Answer) (all []guess) {
	says, amounts, of := inside, shares[:], float64(s.w*s.h)
	if k.situation == less {
		says, amounts, of = outside, parts[:], float64(s.area(last.inside))
	}
	near := s.distances(func(i int) bool { return k.fresh[i] == says }, growth)
	other := s.distances(k.says(inside+outside-says), growth)
	order := s.order(near)
	for _, share := range amounts {
		now := make([]bool, len(s.parts))
		if last != nil {
			copy(now, last.inside)
		}
		left := share * of
		for _, i := range order {
			if left > 0 && k.held[i] == unknown && near[i] <= other[i] {
				now[i] = says == inside
				left -= float64(s.parts[i].n)
			}
			if k.held[i] != unknown {
				now[i] = k.held[i] == inside
			}
		}
		all = append(all, guess{now, s.about(k, near, order, says, roam*share*of)})
	}
	return all
}

// about returns by how much places favour the inside, where an area at most that is nearest to
// the marks of a kind may be like them: for them in half of it, then less and less, and all but
// never beyond.
func (s *Scene) about(k *known, near []float32, order []int32, says uint8, area float64) []float64 {
	sum, half, all := 0.0, 0.0, 0.0
	for _, i := range order {
		if k.held[i] != unknown && k.fresh[i] == unknown {
			continue
		}
		switch sum += float64(s.parts[i].n); {
		case sum < area/2:
			half = float64(near[i])
		case sum < area:
			all = float64(near[i])
		}
	}
	all = max(all, half)
	favour := make([]float64, len(s.parts))
	for i, d := range near {
		v := -2.0 * sure
		switch d := float64(d); {
		case d <= half:
			v = nearby * (1 - d/max(half, 1e-6))
		case d <= all:
			v = -nearby * (d - half) / (all - half)
		}
		if says == outside {
			v = -v
		}
		favour[i] = v
	}
	return favour
}

// area is how many of our pixels are inside.
func (s *Scene) area(in []bool) (n int) {
	for i, v := range in {
		if v {
			n += s.parts[i].n
		}
	}
	return n
}
