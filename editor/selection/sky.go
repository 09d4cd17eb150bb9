package selection

import (
	"context"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// Sky returns a mask of the sky: the smooth area along the upper edge, as far as it goes on
// without a step, and what is like it. Where there is none the mask is empty. The only error is
// ctx's.
//
// The area grows from the upper edge over ever larger steps between superpixels. Of all the areas
// on the way the one is taken whose colours, and whose surroundings' colours, are described most
// shortly by a normal distribution each; that the best border is the one that separates two
// distributions best is from Shen and Wang 2013, "Sky region detection in a single image for
// autonomous ground robot navigation".
func (s *Scene) Sky(ctx context.Context) (*mask.Mask, error) {
	start, ok := s.skyline()
	if !ok {
		return mask.New(s.size.X, s.size.Y), ctx.Err()
	}
	sky := make([]bool, len(s.parts))
	for i := range sky {
		sky[i] = true
	}
	sky, _, _ = s.largest(start, sky)
	for range again {
		part, step, gain := s.largest(start, sky)
		if step < distinct || gain < worth {
			break
		}
		sky = part
	}
	k, ground := s.nothing(), s.ground(sky)
	for i := range s.parts {
		if s.amid(i, sky) {
			if sky[i] {
				k.say(i, inside)
			} else if ground[i] {
				k.say(i, outside)
			}
		}
	}
	if !k.some[inside] {
		return mask.New(s.size.X, s.size.Y), ctx.Err()
	}
	return s.finish(ctx, k, sky)
}

const (
	// An area may hold the sky and what is more like it than the foreground is, such as hills in
	// haze or water. It is divided again, so often at most, where that makes its description
	// shorter by worth for each pixel, and where the step to the rest is larger than distinct.
	again    = 2
	worth    = 1.5
	distinct = 0.014
	// over is by how much more a step over a wire counts than one to a neighbour.
	over = 1.5
)

// skyline returns the superpixels at the upper edge that may be sky, and reports whether they take
// a fifth of it.
func (s *Scene) skyline() (start []int, ok bool) {
	found, width := 0, 0
	for i := range s.parts {
		p := &s.parts[i]
		if p.box.Min.Y > 0 {
			continue
		}
		width += p.box.Dx()
		if p.mean[0] > 0.4 && p.mean[3] < evenness && p.mean[2] < chroma*0.06 {
			start = append(start, i)
			found += p.box.Dx()
		}
	}
	return start, found > 0 && 5*found >= width
}

// evenness is the largest texture of a smooth area: a deviation of lightness of 0.015.
var evenness = texture(0.015)

// largest returns the part of an area that grows from start up to where it and the rest of the
// area are described most shortly; the largest step that it took; and by how much shorter that is
// than a description of the area as a whole, for each pixel.
func (s *Scene) largest(start []int, within []bool) (part []bool, took float32, gain float64) {
	var in, out tally
	for i := range s.parts {
		if within[i] {
			out.add(&s.parts[i], 1)
		}
	}
	whole, all := out.length(), out.n
	reached, todo := make([]bool, len(s.parts)), queue{}
	for _, i := range start {
		todo.push(visit{int32(i), 0})
	}
	var order []int32
	best, shortest := 0, math.Inf(1)
	for worst := float32(0); len(todo) > 0; {
		next := todo.pop()
		if reached[next.part] || !within[next.part] {
			continue
		}
		if next.distance > worst { // all that is reached with lower steps is in
			if length := in.length() + out.length(); length < shortest {
				best, shortest, took = len(order), length, worst
			}
			worst = next.distance
		}
		reached[next.part] = true
		order = append(order, next.part)
		in.add(&s.parts[next.part], 1)
		out.add(&s.parts[next.part], -1)
		s.ahead(next.part, func(to int32, step float32) {
			if !reached[to] {
				todo.push(visit{to, step})
			}
		})
	}
	part = make([]bool, len(s.parts))
	for _, i := range order[:best] {
		part[i] = true
	}
	return part, took, (whole - shortest) / all
}

// ahead calls do with the superpixels that can be reached from one in a step: its neighbours and,
// over a wire or a twig, those behind them, where they look the same.
func (s *Scene) ahead(from int32, do func(to int32, step float32)) {
	for _, l := range s.near[from] {
		do(l.to, s.edges[l.edge].differ)
		for _, behind := range s.near[l.to] {
			if behind.to != from {
				do(behind.to, over*float32(math.Sqrt(float64(between(s.parts[from].mean, s.parts[behind.to].mean)))))
			}
		}
	}
}

// ground returns what is connected with the lower edge beside an area; the rest of what isn't in
// it, such as clouds, may belong to the area.
func (s *Scene) ground(area []bool) []bool {
	ground := make([]bool, len(s.parts))
	for i := range s.parts {
		if s.parts[i].box.Max.Y == s.h && !area[i] && !ground[i] {
			s.group(i, area, ground)
		}
	}
	return ground
}

// amid reports whether all neighbours of a superpixel are on its side of an area's border.
func (s *Scene) amid(i int, area []bool) bool {
	for _, l := range s.near[i] {
		if area[l.to] != area[i] {
			return false
		}
	}
	return true
}

// tally holds the sums by which a normal distribution of superpixels' features is known.
type tally struct {
	n       float64
	sum     [dims]float64
	squares [dims][dims]float64 // the lower left half
}

func (t *tally) add(p *part, sign float64) {
	n := sign * float64(p.n)
	t.n += n
	for i, v := range p.mean {
		t.sum[i] += n * float64(v)
		for j := range i + 1 {
			t.squares[i][j] += n * float64(v) * float64(p.mean[j])
		}
	}
}

// length returns how long a description of all pixels by the distribution is, but for what is the
// same for all: their number times the logarithm of the covariance's determinant, with least for
// noise.
func (t *tally) length() float64 {
	if t.n < 1 {
		return 0
	}
	var v [dims][dims]float64
	for i := range dims {
		for j := range i + 1 {
			v[i][j] = t.squares[i][j]/t.n - t.sum[i]*t.sum[j]/(t.n*t.n)
		}
	}
	length := 0.0
	for i, row := range cholesky(v) {
		length += 2 * t.n * math.Log(row[i])
	}
	return length
}
