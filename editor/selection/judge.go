package selection

import "math"

// What tells whether an answer is a thing.
const (
	strong  = iota // how much differs along its border, as a logarithm
	uneven         // how much differs within it, as a logarithm
	size           // its share of the picture, as a logarithm
	extreme        // the square of that
	ragged         // the square of its border's length over its area, as a logarithm
	cutOff         // how much of its border is the picture's edge
	weak           // how much of its border is hardly an edge
	parted         // by how much the models tell the two sides of its border apart
	aside          // how far its middle is from that of what was drawn, beside its size
	measures
)

// worth is what each measure counts in each situation. The first two were fitted to what
// came nearest to the truth on half a of the pictures of package quality.
var worth = [...][measures]float64{
	first: {0.88, -0.52, -0.097, 0.091, -1.02, -2.56, -1.32, 0.097, -5.08},
	more:  {0.65, 2.52, -0.147, 0.136, -0.351, -1.5, -3.7, 0.166, -0.127},
	less:  {1, 0, 0.1, 0, -0.8, 0, -2, 0.1, 0},
}

// judge says how much an answer looks like what is meant.
func (s *Scene) judge(k *known, a *Answer) (sum float64) {
	var v [measures]float64
	s.judgeBorder(a, &v)
	s.judgePlace(k, a, &v)
	for i, w := range worth[k.situation] {
		sum += w * v[i]
	}
	return sum
}

// mean is one of values with weights.
type mean struct{ sum, n float64 }

func (m *mean) add(v, weight float64) { m.sum, m.n = m.sum+weight*v, m.n+weight }

// of is the mean, which is 0 of few.
func (m *mean) of(few float64) float64 { return m.sum / (m.n + few) }

// judgeBorder measures an answer's border, and what is within it.
func (s *Scene) judgeBorder(a *Answer, v *[measures]float64) {
	var along, within, blurred, in, out mean
	for _, e := range s.edges {
		n, d := float64(e.length), float64(e.differ)
		if a.inside[e.a] != a.inside[e.b] {
			along.add(d, n)
			blurred.add(math.Exp(-d*d/(2*s.varies)), n)
			for _, i := range [2]int32{e.a, e.b} {
				side := &out
				if a.inside[i] {
					side = &in
				}
				side.add(a.models.favour(&s.parts[i].mean, dims), n)
			}
		} else if a.inside[e.a] {
			within.add(d, n)
		}
	}
	area, rim := float64(s.area(a.inside)), 0.0
	for i, in := range a.inside {
		if in && s.parts[i].edge {
			rim += math.Sqrt(float64(s.parts[i].n))
		}
	}
	v[strong] = math.Log(along.of(20) + 0.01)
	v[uneven] = math.Log(within.of(1) + 0.02)
	v[ragged] = math.Log((along.n + 20) * (along.n + 20) / (area + 20))
	v[cutOff] = rim / (along.n + rim + 1)
	v[weak] = blurred.of(1)
	v[parted] = in.of(1) - out.of(1)
}

// judgePlace measures an answer's size and place.
func (s *Scene) judgePlace(k *known, a *Answer, v *[measures]float64) {
	var x, y, drawnX, drawnY mean
	for i, p := range s.parts {
		n := float64(p.n)
		middle := p.box.Min.Add(p.box.Max)
		if k.fresh[i] == inside {
			drawnX.add(float64(middle.X)/2, n)
			drawnY.add(float64(middle.Y)/2, n)
		}
		if a.inside[i] {
			x.add(float64(middle.X)/2, n)
			y.add(float64(middle.Y)/2, n)
		}
	}
	share := math.Log((x.n + 1) / float64(s.w*s.h))
	v[size], v[extreme] = share, share*share/10
	if drawnX.n > 0 && x.n > 0 {
		v[aside] = math.Hypot(x.of(0)-drawnX.of(0), y.of(0)-drawnY.of(0)) / math.Sqrt(x.n)
	}
}
