package fill

import (
	"image"
	"math"
)

// part is a part of the hole that is far enough from the others to be filled
// on its own. The hole is divided into square cells of 1<<shift pixels, and a
// part is what lies in the cells with the same label.
type part struct {
	mask  *image.Alpha
	cells *cells
	label int32
	box   image.Rectangle // of its pixels
	count int             // of its pixels
}

// cells labels the cells of a rectangle: 0 is free of the hole.
type cells struct {
	r     image.Rectangle
	shift int
	w, h  int
	label []int32
}

// has reports whether p, which must be in the mask's bounds, is in the part.
func (t part) has(p image.Point) bool {
	c := t.cells
	return t.mask.Pix[t.mask.PixOffset(p.X, p.Y)] > 0 &&
		c.label[(p.Y-c.r.Min.Y)>>c.shift*c.w+(p.X-c.r.Min.X)>>c.shift] == t.label
}

// context returns the rectangle of bounds from which the part is filled: all
// within a distance that grows as the side of a square of the part's area.
func (t part) context(bounds image.Rectangle) image.Rectangle {
	return t.box.Inset(-int(0.45*math.Sqrt(float64(t.count))) - 128).Intersect(bounds)
}

// split divides the hole into parts. Parts have at least one free cell
// between them. Cells are enlarged, which joins parts, until the contexts
// overlap so little that the parts together need about as much memory as one hole would.
func split(mask *image.Alpha, bounds image.Rectangle) []part {
	r := mask.Rect.Intersect(bounds)
	for shift := 5; ; shift++ {
		parts := label(mask, r, shift)
		total, whole := 0, image.Rectangle{}
		for _, p := range parts {
			c := p.context(bounds)
			total += c.Dx() * c.Dy()
			whole = whole.Union(c)
		}
		if len(parts) <= 1 || total <= whole.Dx()*whole.Dy()*3/2 {
			return parts
		}
	}
}

// label returns the parts of the mask in r for cells of one size, in the order of their first cells.
func label(mask *image.Alpha, r image.Rectangle, shift int) []part {
	c := &cells{r: r, shift: shift, w: (r.Dx()-1)>>shift + 1, h: (r.Dy()-1)>>shift + 1}
	c.label = make([]int32, c.w*c.h)
	box := make([]image.Rectangle, c.w*c.h) // of the hole's pixels in each cell
	count := make([]int, c.w*c.h)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := mask.Pix[mask.PixOffset(r.Min.X, y):][:r.Dx()]
		for x, v := range row {
			if v > 0 {
				k := (y-r.Min.Y)>>shift*c.w + x>>shift
				count[k]++
				at := image.Pt(r.Min.X+x, y)
				box[k] = box[k].Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
			}
		}
	}
	var parts []part
	var stack []int
	for k := range box {
		if box[k].Empty() || c.label[k] != 0 {
			continue
		}
		p := part{mask: mask, cells: c, label: int32(len(parts) + 1)}
		c.label[k] = p.label
		for stack = append(stack[:0], k); len(stack) > 0; {
			j := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			p.box = p.box.Union(box[j])
			p.count += count[j]
			for _, d := range around[1:] {
				x, y := j%c.w+d.X, j/c.w+d.Y
				if i := y*c.w + x; x >= 0 && y >= 0 && x < c.w && y < c.h && !box[i].Empty() && c.label[i] == 0 {
					c.label[i] = p.label
					stack = append(stack, i)
				}
			}
		}
		parts = append(parts, p)
	}
	return parts
}
