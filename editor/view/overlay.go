package view

import (
	"image"
	"math"
	"slices"
)

const (
	haloWeight = 140 // the darkness of the halo around white lines, in 256ths
	dashOn     = 6   // in line widths
	dashOff    = 4
	handleSide = 8 // in line widths
)

// overlays draws the lines over a finished rectangle.
func (s *shot) overlays(dst *image.RGBA, r image.Rectangle) {
	if s.compare.Mode == CompareOriginal || s.scene == nil {
		return
	}
	if s.compare.Mode == CompareSplit || s.compare.Mode == CompareRows || s.compare.Mode == CompareSides {
		for _, bar := range s.splitBars() {
			shade(dst, bar.rect.Intersect(r), bar.colour, bar.weight)
		}
	}
	if s.compare.Mode == CompareSides {
		return // the halves show different parts of the canvas
	}
	s.drawFrame(dst, r)
	for _, g := range s.guides {
		g.draw(dst, r, s.transform, s.style.Line)
	}
	if s.outline != nil {
		s.outline.draw(dst, r, s.transform, s.style.Line)
	}
}

// A bar is a rectangle of device pixels that is blended with a colour.
type bar struct {
	rect   image.Rectangle
	colour uint64
	weight uint64
}

const (
	laneWhite = laneMask
	laneBlack = 255 << 48
)

// shade blends a colour into a rectangle.
func shade(dst *image.RGBA, r image.Rectangle, colour, weight uint64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := dst.PixOffset(r.Min.X, y)
		row := dst.Pix[at : at+4*r.Dx()]
		for i := 0; i < len(row); i += 4 {
			store(row[i:], pack(mix(spread(load(row[i:])), colour, weight)))
		}
	}
}

// splitBars returns the compare line: white with a dark halo.
func (s *shot) splitBars() []bar {
	n := s.style.Line
	if s.compare.Mode == CompareRows {
		line := image.Rect(0, s.compare.At-n/2, s.size.X, s.compare.At-n/2+n)
		halo := line
		halo.Min.Y, halo.Max.Y = line.Min.Y-n, line.Max.Y+n
		return []bar{{halo, laneBlack, haloWeight}, {line, laneWhite, 256}}
	}
	at := s.compare.At
	if s.compare.Mode == CompareSides {
		at = s.size.X / 2
	}
	line := image.Rect(at-n/2, 0, at-n/2+n, s.size.Y)
	halo := line
	halo.Min.X, halo.Max.X = line.Min.X-n, line.Max.X+n
	return []bar{{halo, laneBlack, haloWeight}, {line, laneWhite, 256}}
}

// drawFrame draws the parts of the window frames that lie in r.
func (s *shot) drawFrame(dst *image.RGBA, r image.Rectangle) {
	for _, more := range s.frame.More {
		s.drawOneFrame(dst, r, Frame{Rect: more})
	}
	s.drawOneFrame(dst, r, s.frame)
	s.drawNumbers(dst, r)
}

func (s *shot) drawOneFrame(dst *image.RGBA, r image.Rectangle, frame Frame) {
	if frame.Rect.Empty() {
		return
	}
	f := s.transform.frameRect(frame.Rect)
	n := s.style.Line
	if !r.Overlaps(f.Inset(-(handleSide+2)*n)) || r.In(f.Inset((handleSide+2)*n)) {
		return
	}
	for _, side := range ring4(f.Inset(-n), 3*n) {
		shade(dst, side.Intersect(r), laneBlack, haloWeight)
	}
	for i, side := range ring4(f, n) {
		dashes(dst, side, r, i < 2, n)
	}
	if frame.Handles {
		for _, h := range handles(f, n) {
			shade(dst, h.Inset(-n).Intersect(r), laneBlack, haloWeight)
			shade(dst, h.Intersect(r), laneWhite, 256)
		}
	}
}

// frameRect returns a canvas rectangle in device pixels, rounded to the nearest.
func (t Transform) frameRect(r image.Rectangle) image.Rectangle {
	x0, y0 := t.ToDevice(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := t.ToDevice(float64(r.Max.X), float64(r.Max.Y))
	return image.Rect(round(x0), round(y0), round(x1), round(y1))
}

func round(v float64) int { return floor(v + 0.5) }

// ring4 returns the four sides, n wide, that run along the inside of r: top,
// bottom, left, right.
func ring4(r image.Rectangle, n int) [4]image.Rectangle {
	return [4]image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+n),
		image.Rect(r.Min.X, r.Max.Y-n, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Min.Y+n, r.Min.X+n, r.Max.Y-n),
		image.Rect(r.Max.X-n, r.Min.Y+n, r.Max.X, r.Max.Y-n),
	}
}

// dashes draws white dashes along a side, counted from its beginning, so that they don't
// depend on the rectangle r that is drawn.
func dashes(dst *image.RGBA, side, r image.Rectangle, flat bool, n int) {
	at, end, clipFrom, clipTo := side.Min.Y, side.Max.Y, r.Min.Y, r.Max.Y
	if flat {
		at, end, clipFrom, clipTo = side.Min.X, side.Max.X, r.Min.X, r.Max.X
	}
	period := (dashOn + dashOff) * n
	if at < clipFrom {
		at += (clipFrom - at) / period * period
	}
	for ; at < min(end, clipTo); at += period {
		dash := side
		if flat {
			dash.Min.X, dash.Max.X = at, min(at+dashOn*n, end)
		} else {
			dash.Min.Y, dash.Max.Y = at, min(at+dashOn*n, end)
		}
		shade(dst, dash.Intersect(r), laneWhite, 256)
	}
}

// handles returns the squares of a frame in the order of Handle.
func handles(f image.Rectangle, n int) [8]image.Rectangle {
	var squares [8]image.Rectangle
	mid := image.Pt((f.Min.X+f.Max.X)>>1, (f.Min.Y+f.Max.Y)>>1) // halves rounded down on either side of 0
	centres := [8]image.Point{
		f.Min,
		{X: mid.X, Y: f.Min.Y},
		{X: f.Max.X, Y: f.Min.Y},
		{X: f.Max.X, Y: mid.Y},
		f.Max,
		{X: mid.X, Y: f.Max.Y},
		{X: f.Min.X, Y: f.Max.Y},
		{X: f.Min.X, Y: mid.Y},
	}
	half := handleSide * n / 2
	for i, c := range centres {
		squares[i] = image.Rect(c.X-half, c.Y-half, c.X+half, c.Y+half)
	}
	return squares
}

// frameArea returns the rectangles of device pixels that the frames are drawn in.
func (s *shot) frameArea() (area []image.Rectangle) {
	for i, r := range s.frame.frames() {
		if r.Empty() {
			continue
		}
		n := s.style.Line
		reach := n
		if s.frame.Handles && i == 0 {
			reach = (handleSide/2 + 1) * n
		}
		sides := ring4(s.transform.frameRect(r).Inset(-reach), 2*reach+n)
		area = append(area, sides[:]...)
	}
	return append(area, s.numberBoxes()...)
}

// An outline is a line over the picture. It is immutable.
type outline struct {
	points []Point
	closed bool
}

// segments returns the number of the line's segments.
func (o *outline) segments() int {
	switch n := len(o.points); {
	case n < 2:
		return n
	case o.closed:
		return n
	default:
		return n - 1
	}
}

func (o *outline) segment(i int) (a, b Point) {
	return o.points[i], o.points[(i+1)%len(o.points)]
}

// reach is the distance from the line's middle up to which it is drawn, in line widths.
const reach = 2

// area returns the device rectangle that segment i is drawn in.
func (o *outline) area(i int, t Transform, line int) image.Rectangle {
	a, b := o.segment(i)
	ax, ay := t.ToDevice(a.X, a.Y)
	bx, by := t.ToDevice(b.X, b.Y)
	return outward(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)).Inset(-reach*line - 1)
}

// changed returns the device rectangle in which two outlines, which may be nil, can differ. A
// lasso that has grown by a point differs only at its end.
func (o *outline) changed(p *outline, t Transform, line int) image.Rectangle {
	var r image.Rectangle
	for _, pair := range [2][2]*outline{{o, p}, {p, o}} {
		if pair[0] == nil {
			continue
		}
		for i := range pair[0].segments() {
			if pair[1] != nil && i < pair[1].segments() {
				a, b := pair[0].segment(i)
				c, d := pair[1].segment(i)
				if a == c && b == d {
					continue
				}
			}
			r = r.Union(pair[0].area(i, t, line))
		}
	}
	return r
}

func (o *outline) equal(p *outline) bool {
	if o == nil || p == nil {
		return o == p
	}
	return o.closed == p.closed && slices.Equal(o.points, p.points)
}

// draw draws the part of the line that lies in r, white with a dark halo. Where segments
// meet, the nearest one counts, so that joints are not visible.
func (o *outline) draw(dst *image.RGBA, r image.Rectangle, t Transform, line int) {
	var area image.Rectangle
	for i := range o.segments() {
		area = area.Union(o.area(i, t, line).Intersect(r))
	}
	if area.Empty() {
		return
	}
	// near holds each pixel's nearness to the line: 255 on its middle.
	near := image.NewAlpha(area)
	for i := range o.segments() {
		a, b := o.segment(i)
		ax, ay := t.ToDevice(a.X, a.Y)
		bx, by := t.ToDevice(b.X, b.Y)
		markNear(near, o.area(i, t, line).Intersect(area), ax, ay, bx, by, float64(line))
	}
	n := float64(line)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			k := near.Pix[near.PixOffset(x, y)]
			if k == 0 {
				continue
			}
			distance := float64(255-int(k)) / 254 * (reach*n + 0.5)
			p := dst.Pix[dst.PixOffset(x, y):][:4]
			v := spread(load(p))
			v = mix(v, laneBlack, uint64(haloWeight*ramp(1.5*n+0.5-distance)))
			v = mix(v, laneWhite, uint64(256*ramp(0.5*n+0.5-distance)))
			store(p, pack(v))
		}
	}
}

func ramp(v float64) float64 { return max(0, min(1, v)) }

// markNear raises near to each pixel's nearness to the segment a-b.
func markNear(near *image.Alpha, r image.Rectangle, ax, ay, bx, by, line float64) {
	limit := reach*line + 0.5
	dx, dy := bx-ax, by-ay
	length := dx*dx + dy*dy
	for y := r.Min.Y; y < r.Max.Y; y++ {
		py := float64(y) + 0.5
		from, to := r.Min.X, r.Max.X
		if dy != 0 {
			// For a slanted line, only the pixels around its crossing with this row.
			wide := limit * math.Sqrt(length) / math.Abs(dy)
			at := ax + (py-ay)*dx/dy
			lo, hi := max(min(ax, bx)-limit, at-wide), min(max(ax, bx)+limit, at+wide)
			from, to = max(from, floor(lo)), min(to, ceil(hi)+1)
		}
		for x := from; x < to; x++ {
			px := float64(x) + 0.5
			u := 0.0
			if length > 0 {
				u = max(0, min(1, ((px-ax)*dx+(py-ay)*dy)/length))
			}
			d := math.Hypot(px-ax-u*dx, py-ay-u*dy)
			if d >= limit {
				continue
			}
			if k := uint8(255 - d/limit*254); k > near.Pix[near.PixOffset(x, y)] {
				near.Pix[near.PixOffset(x, y)] = k
			}
		}
	}
}
