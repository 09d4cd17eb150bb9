package region

import (
	"cmp"
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

// Spot is a part of a mask that is sent in its own window.
type Spot struct {
	Mask *mask.Mask
	Plan Plan
}

// The bounds of spots.
const (
	// MaxSpots is the most windows into which a mask is divided; each is a request.
	MaxSpots = 8
	// company is the fraction of its own scale that a spot keeps at least in a joint window.
	company = 0.9
	// roomy is the factor by which a joint window may exceed the area of two separate ones
	// where no resolution is lost.
	roomy = 1.15
	// speck is the side of the squares in canvas pixels by which islands are told apart.
	speck = 16
)

// NewSpots divides a mask into parts that are sent in windows of their own, so that none
// loses resolution for company: two go together only where their joint window is sent at nearly
// the scale that each has alone or, where everything is sent as it is, where it is hardly larger than
// both. With each, all islands have windows of their own. There are at most MaxSpots;
// those that lose least go together then. A window that the user has drawn is one spot.
// Every pixel of the mask is in one part, and in its window. Spots are ordered from top
// to bottom. The error is ErrEmptyMask or nil.
func NewSpots(m *mask.Mask, l Limits, o Options, each bool) ([]Spot, error) {
	if m.Bounding().Empty() {
		return nil, ErrEmptyMask
	}
	c := &clusters{size: m.Size(), limits: l, options: o, each: each}
	if o.Window.Empty() {
		for _, i := range islands(m) {
			c.list = append(c.list, c.alone(i))
		}
	}
	if len(c.list) > mostIslands {
		c.gather()
	}
	c.join()
	if len(c.list) <= 1 {
		p, err := NewPlan(m, l, o)
		return []Spot{{m, p}}, err
	}
	slices.SortStableFunc(c.list, func(a, b *cluster) int {
		return cmp.Or(cmp.Compare(a.box.Min.Y, b.box.Min.Y), cmp.Compare(a.box.Min.X, b.box.Min.X))
	})
	spots := make([]Spot, len(c.list))
	for i, k := range c.list {
		part := k.part(m)
		p, err := NewPlan(part, l, o)
		if err != nil {
			return nil, err
		}
		spots[i] = Spot{part, p}
	}
	return spots, nil
}

// island is a connected part of a mask, as squares and a box in pixels.
type island struct {
	cells []image.Point
	box   image.Rectangle
}

// islands returns the parts of a mask whose squares touch, by sides or corners.
func islands(m *mask.Mask) (list []island) {
	size := m.Size()
	grid := image.Rect(0, 0, ceilDiv(size.X, speck), ceilDiv(size.Y, speck))
	boxes := map[image.Point]image.Rectangle{}
	var order []image.Point
	for y := range grid.Max.Y {
		band := m.Alpha(image.Rect(m.Bounding().Min.X, y*speck, m.Bounding().Max.X, (y+1)*speck).Intersect(m.Bounding()))
		if band.Rect.Empty() {
			continue
		}
		for x := band.Rect.Min.X / speck; x*speck < band.Rect.Max.X; x++ {
			square := image.Rect(x*speck, y*speck, (x+1)*speck, (y+1)*speck).Intersect(band.Rect)
			if box := coveredBox(band, square); !box.Empty() {
				at := image.Pt(x, y)
				boxes[at] = box
				order = append(order, at)
			}
		}
	}
	seen := map[image.Point]bool{}
	for _, start := range order {
		if seen[start] {
			continue
		}
		seen[start] = true
		i := island{cells: []image.Point{start}}
		for k := 0; k < len(i.cells); k++ {
			at := i.cells[k]
			i.box = i.box.Union(boxes[at])
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					next := at.Add(image.Pt(dx, dy))
					if _, in := boxes[next]; in && !seen[next] {
						seen[next] = true
						i.cells = append(i.cells, next)
					}
				}
			}
		}
		list = append(list, i)
	}
	return list
}

// coveredBox returns the box of what is covered within r.
func coveredBox(a *image.Alpha, r image.Rectangle) image.Rectangle {
	box := image.Rectangle{Min: r.Max, Max: r.Min}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()]
		first := slices.IndexFunc(row, func(v uint8) bool { return v != 0 })
		if first < 0 {
			continue
		}
		last := len(row) - 1
		for row[last] == 0 {
			last--
		}
		box.Min.X, box.Max.X = min(box.Min.X, r.Min.X+first), max(box.Max.X, r.Min.X+last+1)
		box.Min.Y, box.Max.Y = min(box.Min.Y, y), y+1
	}
	if box.Min.X >= box.Max.X {
		return image.Rectangle{}
	}
	return box
}

// mostIslands is how many islands are looked at in pairs; more are gathered first.
const mostIslands = 64

// cluster is islands that go together.
type cluster struct {
	cells  []image.Point
	box    image.Rectangle
	window image.Rectangle
	scale  float64 // of its window
	best   float64 // the largest scale that any of its islands has alone
}

// clusters are all that there are of a mask.
type clusters struct {
	size    image.Point
	limits  Limits
	options Options
	each    bool
	list    []*cluster
}

func (c *clusters) alone(i island) *cluster {
	k := &cluster{cells: i.cells, box: i.box}
	c.plan(k)
	k.best = k.scale
	return k
}

// plan plans the window of a cluster.
func (c *clusters) plan(k *cluster) {
	p := planBox(k.box, c.size, c.limits, c.options)
	k.window = p.Window
	k.scale = min(1, float64(p.Send.X)/float64(p.Window.Dx()))
}

// gather puts islands together whose squares are in the same part of a coarse grid.
func (c *clusters) gather() {
	for side := 8 * speck; len(c.list) > mostIslands; side *= 2 {
		by := map[image.Point]*cluster{}
		var list []*cluster
		for _, k := range c.list {
			middle := k.box.Min.Add(k.box.Max).Div(2).Div(side)
			if other := by[middle]; other != nil {
				*other = *c.joined(other, k)
				continue
			}
			by[middle] = k
			list = append(list, k)
		}
		c.list = list
	}
}

// joined returns two clusters as one.
func (c *clusters) joined(a, b *cluster) *cluster {
	k := &cluster{cells: slices.Concat(a.cells, b.cells), box: a.box.Union(b.box), best: max(a.best, b.best)}
	c.plan(k)
	return k
}

// pair is two clusters that may become one.
type pair struct {
	a, b  *cluster
	whole *cluster
	loss  float64 // from 0, and below 1 where they may go together
}

// judge tells what two clusters lose by going together: at 1 it is just too much.
func (c *clusters) judge(a, b *cluster) pair {
	p := pair{a: a, b: b, whole: c.joined(a, b)}
	if len(c.limits.Sizes) == 0 && c.limits.Multiple == 0 && c.options.Size == (image.Point{}) {
		p.loss = float64(area(p.whole.window.Size())) / (roomy * float64(area(a.window.Size())+area(b.window.Size())))
		return p
	}
	const hair = 1e-9
	p.loss = (1 - p.whole.scale/p.whole.best) / (1 - company + hair)
	return p
}

// join puts clusters together as long as any two may, those first that lose least
// and, of equals, whose joint window is smallest.
func (c *clusters) join() {
	var pairs []pair
	for i, a := range c.list {
		for _, b := range c.list[:i] {
			pairs = append(pairs, c.judge(a, b))
		}
	}
	for len(c.list) > 1 {
		best := slices.MinFunc(pairs, func(p, q pair) int {
			return cmp.Or(cmp.Compare(p.loss, q.loss), cmp.Compare(area(p.whole.window.Size()), area(q.whole.window.Size())),
				cmp.Compare(p.whole.box.Min.Y, q.whole.box.Min.Y), cmp.Compare(p.whole.box.Min.X, q.whole.box.Min.X))
		})
		if len(c.list) <= MaxSpots && (c.each || best.loss >= 1) {
			return
		}
		gone := func(k *cluster) bool { return k == best.a || k == best.b }
		c.list = slices.DeleteFunc(c.list, gone)
		pairs = slices.DeleteFunc(pairs, func(p pair) bool { return gone(p.a) || gone(p.b) })
		for _, other := range c.list {
			pairs = append(pairs, c.judge(best.whole, other))
		}
		c.list = append(c.list, best.whole)
	}
}

// part returns what a mask covers of a cluster's squares.
func (k *cluster) part(m *mask.Mask) *mask.Mask {
	out := image.NewAlpha(k.box)
	all := m.Alpha(k.box)
	for _, at := range k.cells {
		square := image.Rect(at.X*speck, at.Y*speck, (at.X+1)*speck, (at.Y+1)*speck).Intersect(k.box)
		for y := square.Min.Y; y < square.Max.Y; y++ {
			copy(out.Pix[out.PixOffset(square.Min.X, y):][:square.Dx()], all.Pix[all.PixOffset(square.Min.X, y):])
		}
	}
	return mask.FromAlpha(out, m.Size())
}
