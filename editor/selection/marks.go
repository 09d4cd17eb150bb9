package selection

import (
	"image"
	"math"
)

// Labels of pixels and superpixels.
const (
	unknown uint8 = iota
	inside
	outside
)

// known holds the labels that marks give.
type known struct {
	pixel []uint8 // labels of working pixels
	part  []uint8 // labels of superpixels
	some  [3]bool // whether any superpixel has a label
	// boxed reports that there are boxes, within which the object lies, and about is the
	// rectangle of working pixels that holds them and what is near them.
	boxed bool
	about image.Rectangle
}

// read returns the labels that marks give to pixels and superpixels.
func (s *Scene) read(marks []Mark) *known {
	k := &known{pixel: make([]uint8, s.w*s.h), part: make([]uint8, len(s.parts))}
	s.boxes(k, marks)
	for _, m := range marks {
		says := inside
		if m.Outside {
			says = outside
		}
		switch {
		case m.Mask != nil:
			s.readMask(k, m, says)
		case m.Box && m.Outside:
			s.fillBox(k, s.box(m), outside)
		case !m.Box:
			s.readStroke(k, m, says)
		}
	}
	s.vote(k)
	return k
}

// nearBoxes is the width of what is near boxes, relative to the longer side of all of them.
const nearBoxes = 0.15

// boxes labels all pixels outside of boxes as outside, if there is any box.
func (s *Scene) boxes(k *known, marks []Mark) {
	for _, m := range marks {
		if !m.Box || m.Outside || len(m.Points) < 2 {
			continue
		}
		if !k.boxed {
			s.fillBox(k, image.Rect(0, 0, s.w, s.h), outside)
		}
		k.boxed = true
		k.about = k.about.Union(s.box(m))
		s.fillBox(k, s.box(m), unknown)
	}
	k.about = k.about.Inset(-int(nearBoxes * float64(max(k.about.Dx(), k.about.Dy()))))
}

// box returns a mark's box in working pixels.
func (s *Scene) box(m Mark) image.Rectangle {
	if len(m.Points) < 2 {
		return image.Rectangle{}
	}
	at := func(p Point) image.Point {
		return image.Pt(s.across(p.X), s.across(p.Y))
	}
	r := image.Rectangle{at(m.Points[0]), at(m.Points[1])}.Canon()
	r.Max = r.Max.Add(image.Pt(1, 1))
	return r.Intersect(image.Rect(0, 0, s.w, s.h))
}

// across converts a canvas coordinate to working pixels, limited so that it can't overflow.
func (s *Scene) across(v float64) int {
	if math.IsNaN(v) {
		return -1
	}
	return int(math.Floor(min(max(v, -1e6), 1e6) / float64(s.by)))
}

func (s *Scene) fillBox(k *known, r image.Rectangle, says uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := k.pixel[y*s.w:][:s.w]
		for x := r.Min.X; x < r.Max.X; x++ {
			row[x] = says
		}
	}
}

// readStroke labels the pixels of a stroke, at half of the brush's width, since the rim of a
// stroke may lie beside the object.
func (s *Scene) readStroke(k *known, m Mark, says uint8) {
	by := float64(s.by)
	radius := min(max(m.Radius/2/by, 0.5), 1e4)
	for i, p := range m.Points {
		q := m.Points[max(i-1, 0)]
		if math.IsNaN(p.X+p.Y+q.X+q.Y) || math.IsInf(p.X+p.Y+q.X+q.Y, 0) {
			continue
		}
		s.segment(k, Point{X: q.X / by, Y: q.Y / by}, Point{X: p.X / by, Y: p.Y / by}, radius, says)
	}
}

// segment labels the pixels within a radius of a line, and the pixel that its end b is in.
func (s *Scene) segment(k *known, a, b Point, radius float64, says uint8) {
	limit := func(v float64, n int) int { return int(min(max(math.Floor(v), -1), float64(n))) }
	left, right := limit(min(a.X, b.X)-radius, s.w), limit(max(a.X, b.X)+radius, s.w)
	top, bottom := limit(min(a.Y, b.Y)-radius, s.h), limit(max(a.Y, b.Y)+radius, s.h)
	dx, dy := b.X-a.X, b.Y-a.Y
	length := dx*dx + dy*dy
	for y := max(top, 0); y <= min(bottom, s.h-1); y++ {
		for x := max(left, 0); x <= min(right, s.w-1); x++ {
			px, py := float64(x)+0.5-a.X, float64(y)+0.5-a.Y
			along := 0.0
			if length > 0 {
				along = min(max((px*dx+py*dy)/length, 0), 1)
			}
			if math.Hypot(px-along*dx, py-along*dy) <= radius ||
				x == limit(b.X, s.w) && y == limit(b.Y, s.h) {
				k.pixel[y*s.w+x] = says
			}
		}
	}
}

// readMask labels the pixels that a mask covers by more than half.
func (s *Scene) readMask(k *known, m Mark, says uint8) {
	if m.Mask.Size() != s.size {
		return
	}
	b := m.Mask.Bounding()
	for y := b.Min.Y / s.by; y*s.by < b.Max.Y; y++ {
		a := m.Mask.Alpha(image.Rect(b.Min.X/s.by*s.by, y*s.by, b.Max.X, min((y+1)*s.by, s.size.Y)))
		for x := b.Min.X / s.by; x*s.by < b.Max.X; x++ {
			r := image.Rect(x*s.by, y*s.by, (x+1)*s.by, (y+1)*s.by).Intersect(a.Rect)
			sum := 0
			for j := r.Min.Y; j < r.Max.Y; j++ {
				for _, v := range a.Pix[a.PixOffset(r.Min.X, j):][:r.Dx()] {
					sum += int(v)
				}
			}
			if 2*sum > 255*r.Dx()*r.Dy() {
				k.pixel[y*s.w+x] = says
			}
		}
	}
}

// apartWithin is the difference in colour between the labelled pixels of a superpixel and its
// others from which on the label isn't that of the whole superpixel: it crosses an edge.
const apartWithin = 0.1

// vote labels a superpixel where a fifth of its pixels have a label, few of them the other, and
// the rest looks like them.
func (s *Scene) vote(k *known) {
	votes, sums := make([][3]int32, len(s.parts)), make([][3][3]float32, len(s.parts))
	for i, v := range k.pixel {
		if v == unknown {
			continue
		}
		votes[s.of[i]][v]++
		for c := range s.planes {
			sums[s.of[i]][v][c] += s.planes[c][i]
		}
	}
	// A mark may cover only a small part of a single superpixel.
	drawn, best := [3]int32{}, [3]int{}
	for i, v := range votes {
		for _, says := range [...]uint8{inside, outside} {
			if v[says] > drawn[says] {
				drawn[says], best[says] = v[says], i
			}
			if 5*int(v[says]) >= s.parts[i].n && v[says] > 2*v[inside+outside-says] &&
				s.uniform(i, int(v[says]), sums[i][says]) {
				k.part[i] = says
				k.some[says] = true
			}
		}
	}
	for _, says := range [...]uint8{inside, outside} {
		if i := best[says]; !k.some[says] && drawn[says] > 0 && k.part[i] == unknown {
			k.part[i], k.some[says] = says, true
		}
	}
}

// uniform reports whether the n labelled pixels of a superpixel, whose planes have these sums,
// look like its others. Where these are less than a fifth the label is the superpixel's anyway.
func (s *Scene) uniform(i, n int, sum [3]float32) bool {
	p := &s.parts[i]
	if 5*n >= 4*p.n {
		return true
	}
	square := float32(0)
	for c, v := range sum {
		d := v/float32(n) - (p.mean[c]*float32(p.n)-v)/float32(p.n-n)
		square += d * d
	}
	return square <= apartWithin*apartWithin
}
