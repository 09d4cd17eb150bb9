package selection

import (
	"image"
	"math"
)

// What is known of a pixel or a superpixel.
const (
	unknown uint8 = iota
	inside
	outside
)

// known is what marks say.
type known struct {
	pixel []uint8
	part  []uint8
	some  [3]bool // what is known of any superpixel
	// boxed: the thing is in boxes, whatever is drawn besides.
	boxed bool
}

// read says what marks tell of pixels and superpixels.
func (s *Scene) read(marks []Mark) *known {
	k := &known{pixel: make([]uint8, s.w*s.h), part: make([]uint8, len(s.parts))}
	k.boxed = s.boxes(k, marks)
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

// boxes has all outside that no box holds, if there are any.
func (s *Scene) boxes(k *known, marks []Mark) bool {
	any := false
	for _, m := range marks {
		if !m.Box || m.Outside || len(m.Points) < 2 {
			continue
		}
		if !any {
			s.fillBox(k, image.Rect(0, 0, s.w, s.h), outside)
		}
		any = true
		s.fillBox(k, s.box(m), unknown)
	}
	return any
}

// box is a mark's box in our pixels.
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

// across is a position of the canvas in our pixels, kept from overflowing.
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

// readStroke draws a stroke as wide as surely belongs to what is meant: half of the brush.
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

// segment says something of the pixels within a radius of a line, and of those that its
// ends are in.
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

// readMask says something of the pixels that a mask covers by half.
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

// vote has a superpixel known where a fifth of it is and little of it says otherwise.
func (s *Scene) vote(k *known) {
	votes := make([][3]int32, len(s.parts))
	for i, v := range k.pixel {
		if v != unknown {
			votes[s.of[i]][v]++
		}
	}
	// What was drawn may lie in one superpixel, and be a small part of it.
	drawn, best := [3]int32{}, [3]int{}
	for i, v := range votes {
		for _, says := range [...]uint8{inside, outside} {
			if v[says] > drawn[says] {
				drawn[says], best[says] = v[says], i
			}
			if 5*int(v[says]) >= s.parts[i].n && v[says] > 2*v[inside+outside-says] {
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
