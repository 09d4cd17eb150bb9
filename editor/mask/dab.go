package mask

import (
	"image"
	"math"
)

// Brush is a soft round brush.
type Brush struct {
	// Size is the diameter in pixels, 1 to 1000; what is out of this range is
	// taken as the nearest in it.
	Size float64
	// Hardness is which part of the radius is covered in full, 0 to 1. Further
	// out coverage falls to nothing at the rim along 1-3t²+2t³. A hardness of 1
	// is a disc with an antialiased edge.
	Hardness float64
}

// The range of a brush's diameter in pixels.
const (
	MinBrush = 1
	MaxBrush = 1000
)

// sane returns the brush with what is out of range made good.
func (b Brush) sane() Brush {
	clamp := func(v, low, high float64) float64 {
		if !(v > low) { // also not a number
			return low
		}
		return min(v, high)
	}
	return Brush{Size: clamp(b.Size, MinBrush, MaxBrush), Hardness: clamp(b.Hardness, 0, 1)}
}

// Coverage returns the brush's coverage, 0 to 1, at a distance in pixels from
// its centre: the profile before it is averaged over pixels.
func (b Brush) Coverage(distance float64) float64 {
	r := b.Size / 2
	core := r * b.Hardness
	switch {
	case distance <= core:
		return 1
	case distance >= r:
		return 0
	}
	t := (distance - core) / (r - core)
	return 1 - t*t*(3-2*t)
}

// Spacing returns the distance in pixels between the dabs of a stroke. Dabs
// are joined by the greater coverage, so a stroke is as even as its dabs are
// close: the scallops of two discs' edges at a distance s are s²/8r deep, here
// 0.1 pixels, and a brush without a flat core also dips on the path itself.
func (b Brush) Spacing() float64 {
	b = b.sane()
	r := b.Size / 2
	core := r * b.Hardness
	return max(0.25, min(math.Sqrt(0.8*r), 2*core+0.1*(r-core)))
}

// Dab raises the coverage to that of one dab of the brush, its centre at
// (x, y), wherever it is lower, and returns the rectangle of pixels that it
// reached, cut at the mask's edges. The centre is rounded to a fraction of a
// pixel that is too small to see, a sixteenth where the rim is sharp.
//
// A dab's coverage is the brush's, averaged over each pixel.
func (e *Editor) Dab(b Brush, x, y float64) image.Rectangle {
	s := stampsOf(b)
	r := e.dab(s, x, y)
	e.mark(r)
	return r
}

func (e *Editor) dab(set *stamps, x, y float64) image.Rectangle {
	if !(math.Abs(x) < farthest && math.Abs(y) < farthest) {
		return image.Rectangle{}
	}
	stamp, at := set.at(x, y)
	reach := stamp.box.Add(at).Intersect(e.from.Bounds())
	g := grid(reach)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			if e.at(col, row) != full {
				stamp.raise(e, col, row, square(col, row).Intersect(reach), at)
			}
		}
	}
	return reach
}

// farthest is where positions end to be taken seriously: pictures end long
// before it, and integers after it.
const farthest = 1 << 24

// raise lays the part of the stamp within r, which lies in the tile at a
// column and row, on that tile.
func (s *stamp) raise(e *Editor, col, row int, r image.Rectangle, at image.Point) {
	var tile *Tile
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := s.lines[y-at.Y-s.box.Min.Y]
		// From here on x counts from the stamp's left edge.
		origin := at.X + s.box.Min.X
		x0, x1 := max(r.Min.X-origin, line.start), min(r.Max.X-origin, line.end)
		if x0 >= x1 {
			continue
		}
		if tile == nil {
			tile = e.tile(col, row)
		}
		to := tile[y%TileSize*TileSize:][:TileSize]
		left := origin - col*TileSize // of the stamp in the tile
		if a, b := x0, min(x1, line.solid); a < b {
			raise(to[left+a:left+b], line.left[a-line.start:])
		}
		if a, b := max(x0, line.solid), min(x1, line.soft); a < b {
			copy(to[left+a:left+b], full[:])
		}
		if a, b := max(x0, line.soft), x1; a < b {
			raise(to[left+a:left+b], line.right[a-line.soft:])
		}
	}
}

// stamp is a brush's coverage at one position within a pixel.
type stamp struct {
	box   image.Rectangle // about the pixel that the centre is in, at (0, 0)
	lines []line          // one for each row of box
}

// line is a row of a stamp: coverage from start to end, of which solid to soft
// is all 255 and not stored. Positions count from the left edge of the box.
type line struct {
	start, solid, soft, end int
	left, right             []uint8 // coverage from start to solid, soft to end
}

// stamps holds a brush's stamps for the positions within a pixel at which it is
// set down, made when they are first needed. It is for one goroutine.
type stamps struct {
	brush Brush
	// phases is how many positions there are along each axis: enough that
	// rounding to them changes the coverage of a pixel by two levels at most,
	// but 16 at most, 1/32 of a pixel off, where the rim is too sharp for that.
	phases int
	made   []*stamp
}

func stampsOf(b Brush) *stamps {
	b = b.sane()
	rim := max(b.Size/2*(1-b.Hardness), 1) // pixels over which coverage falls
	steepest := 1.5 * 255 / rim            // levels a pixel
	phases := 1
	for phases < 16 && steepest*0.5/float64(phases) > 2 {
		phases *= 2
	}
	return &stamps{brush: b, phases: phases, made: make([]*stamp, phases*phases)}
}

// at returns the stamp for a centre and the pixel to put its box about.
func (s *stamps) at(x, y float64) (*stamp, image.Point) {
	n := float64(s.phases)
	// Rounding to the middle of a phase keeps the mean error at zero.
	px, py := int(math.Floor(x*n)), int(math.Floor(y*n))
	at := image.Pt(floorDiv(px, s.phases), floorDiv(py, s.phases))
	px, py = px-at.X*s.phases, py-at.Y*s.phases
	i := py*s.phases + px
	if s.made[i] == nil {
		s.made[i] = newStamp(s.brush, (float64(px)+0.5)/n, (float64(py)+0.5)/n)
	}
	return s.made[i], at
}

// floorDiv divides by a positive number, rounding down.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// newStamp makes the stamp of a brush with its centre at (cx, cy) in the pixel
// (0, 0).
func newStamp(b Brush, cx, cy float64) *stamp {
	r := b.Size / 2
	box := image.Rect(int(math.Floor(cx-r)), int(math.Floor(cy-r)), int(math.Ceil(cx+r)), int(math.Ceil(cy+r)))
	s := &stamp{box: box, lines: make([]line, box.Dy())}
	cover := newProfile(b)
	row := make([]uint8, box.Dx())
	for i := range s.lines {
		y := float64(box.Min.Y+i) + 0.5 - cy
		for j := range row {
			row[j] = cover.pixel(float64(box.Min.X+j)+0.5-cx, y)
		}
		s.lines[i] = newLine(row)
	}
	return s
}

func newLine(row []uint8) line {
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
	return line{
		start: start, solid: solid, soft: soft, end: end,
		left:  append([]uint8(nil), row[start:solid]...),
		right: append([]uint8(nil), row[soft:end]...),
	}
}

// profile averages a brush's coverage over pixels.
type profile struct {
	brush  Brush
	inside float64 // squared distance of a pixel's middle up to which it is 255
	beyond float64 // and from which on it is 0
	sides  int     // samples along each side of a pixel
	ramp   float64 // pixels over which a sample's own edge is softened
}

func newProfile(b Brush) profile {
	const half = math.Sqrt2 / 2 // from a pixel's middle to its corner
	r := b.Size / 2
	p := profile{brush: b, sides: 1, beyond: (r + half) * (r + half)}
	if inside := r*b.Hardness - half; inside > 0 {
		p.inside = inside * inside
	}
	if rim := r * (1 - b.Hardness); rim < 8 {
		p.sides = 4
		if rim < 0.25 {
			p.ramp = 0.25
		}
	}
	return p
}

// pixel returns the coverage of the pixel whose middle is at (x, y) from the
// brush's centre.
func (p *profile) pixel(x, y float64) uint8 {
	d := x*x + y*y
	switch {
	case d <= p.inside:
		return 255
	case d >= p.beyond:
		return 0
	}
	sum, n := 0.0, float64(p.sides)
	for j := range p.sides {
		for i := range p.sides {
			sx, sy := (float64(i)+0.5)/n-0.5, (float64(j)+0.5)/n-0.5
			sum += p.sample(math.Sqrt((x+sx)*(x+sx) + (y+sy)*(y+sy)))
		}
	}
	return uint8(sum/(n*n)*255 + 0.5)
}

func (p *profile) sample(distance float64) float64 {
	if p.ramp == 0 {
		return p.brush.Coverage(distance)
	}
	return min(max((p.brush.Size/2-distance)/p.ramp+0.5, 0), 1)
}
