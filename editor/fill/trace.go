package fill

import "math"

// stub is what is known of a path beyond one of its ends.
type stub struct {
	at      []vec // from the hole outwards, about a pixel from each other
	profile profile
}

// profile holds mean colours across a path, from lineReach to its left to as far to its
// right, and whether they are known.
type profile struct {
	colour [2*lineReach + 1][3]float32
	known  [2*lineReach + 1]bool
}

// at returns the colour so far to the right of the path, and whether it is known.
func (p *profile) at(across float64) (c [3]float32, ok bool) {
	across = min(lineReach, max(-lineReach, across)) + lineReach
	i := int(across)
	j := min(i+1, 2*lineReach)
	f := float32(across - float64(i))
	if !p.known[i] || !p.known[j] {
		return c, false
	}
	add(&c, p.colour[i], 1-f)
	add(&c, p.colour[j], f)
	return c, true
}

const (
	traceGap    = 3   // how far from a path's end something must be known, in pixels of a level
	traceMargin = 1   // how far from the hole is looked first: what is right beside it may belong to what was in it
	traceMost   = 24  // how far a path is followed
	traceNear   = 8   // how much of that its profile is the mean of
	traceAside  = 3   // how far beside where it is looked for a path may begin
	leastStep   = 6.0 // levels across an edge or line, below which nothing is followed
)

// trace follows what is known of a path outwards from its end at p in the direction out,
// and returns nil where there is nothing known. forward tells whether that is the path's own direction.
func (l *level) trace(p, out vec, forward bool) *stub {
	for i := 0; !l.isKnown(p); i++ {
		if i > 2*traceGap {
			return nil
		}
		p = p.add(out.times(0.5))
	}
	p = p.add(out.times(traceMargin))
	s := &stub{}
	first, aside := 0.0, float64(traceAside)
	for len(s.at) < traceMost {
		off, step, ok := l.across(p, out.right(), aside)
		if !ok || len(s.at) > 0 && step < first/2 {
			break
		}
		if len(s.at) == 0 {
			first = step
		}
		at := p.add(out.right().times(off))
		s.at = append(s.at, at)
		if n := len(s.at); n > 4 {
			out = out.to(at.sub(s.at[n-5]).unit(), 0.3).unit()
		}
		p, aside = at.add(out), 1
	}
	if len(s.at) == 0 {
		return nil
	}
	l.profile(s, forward)
	return s
}

// aside returns by how much a place lies beside s, if that is continued straight inwards,
// as the way back to it, or none if it is too far.
func (s *stub) aside(p vec) vec {
	if len(s.at) < 3 {
		return vec{}
	}
	d := s.at[min(len(s.at)-1, 6)].sub(s.at[0]).unit()
	by := s.at[0].sub(p)
	if by = by.sub(d.times(by.dot(d))); by.length() > 1.5*traceAside {
		return vec{}
	}
	return by
}

// across returns how far to the right of p, at most aside to either side, the strongest edge
// or line is that runs through, how strong it is in levels, and whether anything is known
// there. Where it is no stronger than leastStep it is taken to be at p.
func (l *level) across(p, right vec, aside float64) (off, step float64, ok bool) {
	const most = traceAside + 3
	var c [4*most + 1][3]float32 // half a pixel from each other
	var known [4*most + 1]bool
	reach := int(2*aside) + 6
	for i := -reach; i <= reach; i++ {
		c[2*most+i], known[2*most+i] = l.sample(p.add(right.times(float64(i) / 2)))
	}
	if !known[2*most] {
		return 0, 0, false
	}
	best := 0.0
	for i := -reach + 6; i <= reach-6; i++ {
		at := 2*most + i
		all := true
		for j := at - 4; j <= at+4; j++ {
			all = all && known[j]
		}
		if !all {
			continue
		}
		edge := unlike(mean(c[at-4:at-1]), mean(c[at+2:at+5]))
		line := unlike(c[at], mean([][3]float32{c[at-4], c[at+4]})) * 0.8
		v := max(edge, line)
		if less := math.Abs(float64(i)/2) / (aside + 1); v*(1-0.5*less) > best {
			best, off, step = v*(1-0.5*less), float64(i)/2, v
		}
	}
	if step < leastStep {
		return 0, step, true
	}
	return off + middle(c[2*most+int(2*off)-4:][:9]), step, true
}

// middle returns how far from the middle of colours half a pixel from each other the middle of
// the change among them is, in pixels.
func middle(c [][3]float32) float64 {
	sum, weights := 0.0, 0.0
	for i := 1; i < len(c); i++ {
		d := unlike(c[i], c[i-1])
		d *= d
		sum, weights = sum+d*(float64(i)-float64(len(c))/2), weights+d
	}
	if weights == 0 {
		return 0
	}
	return sum / weights / 2
}

func mean(c [][3]float32) (m [3]float32) {
	for _, v := range c {
		add(&m, v, 1/float32(len(c)))
	}
	return m
}

// unlike returns the distance of two colours in levels.
func unlike(a, b [3]float32) float64 {
	d0, d1, d2 := float64(a[0]-b[0]), float64(a[1]-b[1]), float64(a[2]-b[2])
	return math.Sqrt((d0*d0 + d1*d1 + d2*d2) / 3)
}

// sample returns the colour at p, between pixels linearly, and whether it is known.
func (l *level) sample(p vec) (c [3]float32, ok bool) {
	x, y := int(math.Floor(p.x)), int(math.Floor(p.y))
	if x < 0 || y < 0 || x >= l.w-1 || y >= l.h-1 {
		return c, false
	}
	fx, fy := float32(p.x-float64(x)), float32(p.y-float64(y))
	for i, w := range [4]float32{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
		k := (y+i/2)*l.w + x + i%2
		if l.state[k]&unknown != 0 {
			return c, false
		}
		a, b, d := unpack(l.pix[k])
		add(&c, [3]float32{float32(a), float32(b), float32(d)}, w)
	}
	return c, true
}

// profile computes the profile of s.
func (l *level) profile(s *stub, forward bool) {
	var weights [2*lineReach + 1]float32
	n := min(len(s.at), traceNear)
	for i := range n {
		d := vec{1, 0}
		if len(s.at) > 1 {
			d = s.at[min(len(s.at)-1, i+2)].sub(s.at[max(0, i-2)]).unit()
		}
		right := d.right()
		if !forward {
			right = right.times(-1)
		}
		for k := range weights {
			if c, ok := l.sample(s.at[i].add(right.times(float64(k - lineReach)))); ok {
				add(&s.profile.colour[k], c, 1)
				weights[k]++
			}
		}
	}
	for k, w := range weights {
		if w > 0 {
			s.profile.known[k] = true
			for i := range 3 {
				s.profile.colour[k][i] /= w
			}
		}
	}
}
