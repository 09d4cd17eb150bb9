// Package svgfile reads drawings in SVG (Scalable Vector Graphics 1.1 and what is common of 2)
// and draws them: shapes, paths, strokes, gradients, groups, uses, clip paths, masks and style
// sheets. Texts, pictures, patterns, markers, filters and blend modes aren't drawn; a Drawing
// tells whether it has any that would be seen.
package svgfile

import (
	"errors"
	"image"
	"math"
)

// ErrTooMuch reports a drawing that would take minutes or more memory than there is.
var ErrTooMuch = errors.New("svgfile: the drawing has too much to draw")

// Drawing is a drawing that was read. It is not for several goroutines at once.
type Drawing struct {
	root  *node
	ids   map[string]*node
	rules []rule
	// matched is the work of comparing elements with rules so far.
	matched int64
	// budget is the work of each walk through the drawing that isn't for its pixels.
	budget int64
	// odd tells that a style sheet has what isn't understood.
	odd bool
	// view is what the outermost element says of the size.
	view viewport
	// partly tells that something that is seen isn't drawn.
	partly bool
}

// budget is the work that a drawing may take, in about as many nanoseconds.
const budget = 4_000_000_000

// Read reads a drawing. It returns ErrTooMuch, or an error of package encoding/xml.
func Read(data []byte) (*Drawing, error) { return read(data, budget) }

func read(data []byte, budget int64) (*Drawing, error) {
	d, err := parse(withoutEntities(data))
	if err != nil {
		return nil, err
	}
	d.budget = budget
	d.view = readViewport(d.root, d.styleOf(d.root, plainStyle()).font)
	seen, err := d.survey()
	if err != nil {
		return nil, err
	}
	if d.view.w == 0 {
		if d.view.width == 0 {
			d.view.width = max(seen.x1, 0)
		}
		if d.view.height == 0 {
			d.view.height = max(seen.y1, 0)
		}
		d.view.complete()
	}
	return d, nil
}

// Size returns the size in pixels that the drawing asks to be shown in; ok tells that it has
// any.
func (d *Drawing) Size() (width, height float64, ok bool) {
	return d.view.width, d.view.height, d.view.sized()
}

// Partly reports whether the drawing has something to be seen that Draw leaves out.
func (d *Drawing) Partly() bool { return d.partly }

// Draw draws at a size in pixels, in colours multiplied by alpha. It returns ErrTooMuch where
// that would take too long.
func (d *Drawing) Draw(size image.Point) (*image.RGBA, error) {
	r := newRenderer(d)
	r.to = newCanvas(size)
	r.left += 16 * int64(size.X) * int64(size.Y)
	if !d.view.sized() {
		return r.to.img, nil
	}
	err := r.run(d.view.onto(float64(size.X), float64(size.Y)))
	return r.to.img, err
}

// survey goes through the drawing without painting: it finds out what isn't drawn, and where
// the shapes lie.
func (d *Drawing) survey() (box, error) {
	r := newRenderer(d)
	err := r.run(identity)
	d.partly = r.partly || d.odd
	return r.seen, err
}

// box is a rectangle of the drawing's plane; x1 is less than x0 where it is empty.
type box struct{ x0, y0, x1, y1 float64 }

var nowhere = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

func (b *box) add(x, y float64) {
	b.x0, b.y0, b.x1, b.y1 = min(b.x0, x), min(b.y0, y), max(b.x1, x), max(b.y1, y)
}

// onto returns what brings the unit square onto the box; ok is false where it has no area.
func (b box) onto() (m matrix, ok bool) {
	w, h := b.x1-b.x0, b.y1-b.y0
	return matrix{w, 0, 0, h, b.x0, b.y0}, w > 0 && h > 0 && !math.IsInf(w+h, 0)
}
