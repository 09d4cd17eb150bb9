package mask

import (
	"image"
	"math"
	"sync/atomic"
)

// raise lays the part of the stamp within r, which lies in the tile at a
// column and row, on that tile.
func (s *stamp) raise(on sheet, col, row int, r image.Rectangle, at image.Point, side *side) {
	var tile *Tile
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := &s.lines[y-at.Y-s.box.Min.Y]
		x0, x1 := side.cut(r.Min.X, r.Max.X, y)
		// From here on x counts from the stamp's left edge.
		origin := at.X + s.box.Min.X
		start, solid, soft, end := int(line.start), int(line.solid), int(line.soft), int(line.end)
		x0, x1 = max(x0-origin, start), min(x1-origin, end)
		if x0 >= x1 {
			continue
		}
		if tile == nil {
			tile = on.tile(col, row)
		}
		to := tile[y%TileSize*TileSize:][:TileSize]
		left := origin - col*TileSize // of the stamp in the tile
		if b := min(x1, solid); x0 < b {
			raise(to[left+x0:left+b], s.rim[line.left+x0-start:])
		}
		if a, b := max(x0, solid), min(x1, soft); a < b {
			copy(to[left+a:left+b], full[:])
		}
		if a := max(x0, soft); a < x1 {
			raise(to[left+a:left+x1], s.rim[line.right+a-soft:])
		}
	}
}

// stamp is a brush's coverage at one position within a pixel.
type stamp struct {
	box   image.Rectangle // about the pixel that the centre is in, at (0, 0)
	mid   Point           // the centre, in that pixel
	lines []line          // one for each row of box
	rim   []uint8         // the coverage of what isn't solid
}

// line is a row of a stamp: coverage from start to end, of which solid to soft
// is all 255 and not stored. Positions count from the left edge of the box.
type line struct {
	start, solid, soft, end int16
	left, right             int // where coverage from start to solid, and from soft to end, is in rim
}

// stamps holds a brush's stamps for the positions within a pixel at which it is
// set down, made when they are first needed. Any number of goroutines may use it.
type stamps struct {
	brush Brush
	// phases is how many positions there are along each axis: enough that
	// rounding to them changes the coverage of a pixel by about two levels at
	// most, but 16 at most, 1/32 of a pixel off, where the rim is too sharp.
	phases int
	made   []atomic.Pointer[stamp]
}

// lastStamps are those that were used last, by the next stroke most likely too.
var lastStamps atomic.Pointer[stamps]

func stampsOf(b Brush) *stamps {
	b = b.sane()
	if last := lastStamps.Load(); last != nil && last.brush == b {
		return last
	}
	rim := max(b.Size/2*(1-b.Hardness), 1) // pixels over which coverage falls
	steepest := 1.5 * 255 / rim            // levels a pixel
	phases := 1
	for phases < 16 && steepest*0.5/float64(phases) > 2.5 {
		phases *= 2
	}
	fresh := &stamps{brush: b, phases: phases, made: make([]atomic.Pointer[stamp], phases*phases)}
	lastStamps.Store(fresh)
	return fresh
}

// at returns the stamp for a centre and the pixel to put its box about; not ok
// if that is too far away to be on any mask.
func (s *stamps) at(p Point) (found *stamp, at image.Point, ok bool) {
	if !(math.Abs(p.X) < farthest && math.Abs(p.Y) < farthest) {
		return nil, at, false
	}
	n := float64(s.phases)
	px, py := int(math.Floor(p.X*n)), int(math.Floor(p.Y*n))
	at = image.Pt(FloorDiv(px, s.phases), FloorDiv(py, s.phases))
	px, py = px-at.X*s.phases, py-at.Y*s.phases
	place := &s.made[py*s.phases+px]
	if found = place.Load(); found == nil {
		// The middle of a phase keeps the mean error at zero.
		found = newStamp(s.brush, Point{(float64(px) + 0.5) / n, (float64(py) + 0.5) / n})
		place.Store(found)
	}
	return found, at, true
}

// FloorDiv returns a/b rounded down, for a positive b: the number of the cell of length b that
// holds coordinate a, on either side of 0.
func FloorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// newStamp makes the stamp of a brush with its centre within the pixel (0, 0).
func newStamp(b Brush, mid Point) *stamp {
	r, cx, cy := b.Size/2, mid.X, mid.Y
	box := image.Rect(int(math.Floor(cx-r)), int(math.Floor(cy-r)), int(math.Ceil(cx+r)), int(math.Ceil(cy+r)))
	s := &stamp{box: box, mid: mid, lines: make([]line, box.Dy())}
	p := newProfile(b)
	row := make([]uint8, box.Dx())
	for i := range s.lines {
		y := float64(box.Min.Y+i) + 0.5 - cy
		from, to := p.solid(y)
		// In pixels whose middles lie from left to right of the centre.
		first, last := int(math.Ceil(from+cx-0.5))-box.Min.X, int(math.Floor(to+cx-0.5))-box.Min.X
		for j := 0; j < len(row); j++ {
			if j == first && last >= first {
				for ; j <= last; j++ {
					row[j] = 255
				}
			}
			row[j] = p.pixel(float64(box.Min.X+j)+0.5-cx, y)
		}
		s.add(&s.lines[i], row)
	}
	return s
}

// add stores a row of coverage as a line.
func (s *stamp) add(l *line, row []uint8) {
	start, end := 0, len(row)
	for start < end && row[start] == 0 {
		start++
	}
	for end > start && row[end-1] == 0 {
		end--
	}
	solid := start
	for solid < end && row[solid] != 255 {
		solid++
	}
	soft := solid
	for soft < end && row[soft] == 255 {
		soft++
	}
	l.start, l.solid, l.soft, l.end = int16(start), int16(solid), int16(soft), int16(end)
	l.left = len(s.rim)
	s.rim = append(s.rim, row[start:solid]...)
	l.right = len(s.rim)
	s.rim = append(s.rim, row[soft:end]...)
}

// profile averages a brush's coverage over pixels.
type profile struct {
	radius, core, rim float64 // where coverage ends, where it begins to fall, over how far
	inside            float64 // distance of a pixel's middle up to which it is 255
	beyond            float64 // squared distance from which on it is 0
	samples           int     // along each side of a pixel
	ramp              float64 // pixels over which a sample's own edge is softened
	thin              bool    // samples go along the line through the centre alone
	sharp             bool    // the rim is an edge that is as good as straight within a pixel
}

func newProfile(b Brush) profile {
	const half = math.Sqrt2 / 2 // from a pixel's middle to its corner
	r := b.Size / 2
	p := profile{radius: r, core: r * b.Hardness, beyond: (r + half) * (r + half)}
	p.rim = r - p.core
	p.inside = p.core - half
	switch {
	case r < 2:
		p.thin, p.samples = true, 16
	case p.rim < 0.1 && r > 16:
		p.sharp = true
	case p.rim < 2:
		p.samples = 4
	case p.rim < 6:
		p.samples = 2
	default:
		p.samples = 1
	}
	if p.samples > 0 {
		p.ramp = max(0, 1/float64(p.samples)-p.rim)
	}
	return p
}

// solid returns from where to where, beside the centre, the middles of pixels
// lie that are covered in full, in the row at y; from is greater than to if
// there are none.
func (p *profile) solid(y float64) (from, to float64) {
	if p.inside <= math.Abs(y) {
		return 1, -1
	}
	x := math.Sqrt(p.inside*p.inside - y*y)
	return -x, x
}

// pixel returns the coverage of the pixel whose middle is at (x, y) from the
// brush's centre.
func (p *profile) pixel(x, y float64) uint8 {
	d := x*x + y*y
	if d >= p.beyond {
		return 0
	}
	switch {
	case p.thin:
		return uint8(p.along(math.Sqrt(d))*255 + 0.5)
	case p.sharp:
		d = math.Sqrt(d)
		return uint8(halfPlane(p.radius-d, math.Abs(x)/d, math.Abs(y)/d)*255 + 0.5)
	case p.samples == 1:
		return uint8(p.sample(d)*255 + 0.5)
	}
	sum, n := 0.0, float64(p.samples)
	for j := range p.samples {
		sy := y + (float64(j)+0.5)/n - 0.5
		for i := range p.samples {
			sx := x + (float64(i)+0.5)/n - 0.5
			sum += p.sample(sx*sx + sy*sy)
		}
	}
	return uint8(sum/(n*n)*255 + 0.5)
}

// along averages over a pixel's length along the line through the centre, its
// middle at a distance.
func (p *profile) along(distance float64) float64 {
	sum, n := 0.0, float64(p.samples)
	for i := range p.samples {
		d := distance + (float64(i)+0.5)/n - 0.5
		sum += p.sample(d * d)
	}
	return sum / n
}

// sample returns the coverage at a squared distance.
func (p *profile) sample(d float64) float64 {
	d = math.Sqrt(d)
	if p.ramp > 0 {
		return min(max((p.radius-p.rim/2-d)/(p.rim+p.ramp)+0.5, 0), 1)
	}
	switch {
	case d <= p.core:
		return 1
	case d >= p.radius:
		return 0
	}
	t := (d - p.core) / p.rim
	return 1 - t*t*(3-2*t)
}

// halfPlane returns how much of a pixel lies in a half plane whose edge runs,
// with the unit normal (nx, ny), at a distance t beyond the pixel's middle.
func halfPlane(t, nx, ny float64) float64 {
	long, short := max(nx, ny), min(nx, ny)
	outer, inner := (long+short)/2, (long-short)/2
	switch {
	case t <= -outer:
		return 0
	case t >= outer:
		return 1
	case t < -inner:
		return (t + outer) * (t + outer) / (2 * long * short)
	case t > inner:
		return 1 - (outer-t)*(outer-t)/(2*long*short)
	}
	return 0.5 + t/long
}
