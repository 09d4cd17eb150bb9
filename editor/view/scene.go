package view

import (
	"image"
	"runtime"
	"sync"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
)

// tileSide is the side of the tiles in which results are shown. A sample of any level that
// the view uses (up to 5, at MinScale) lies either entirely inside a tile or outside it.
const tileSide = 128

// Scene is the picture of one document state, prepared for drawing: a pyramid of the canvas
// without results, and tiles, small pyramids of the flattened picture where results show. A
// Scene is immutable and any goroutine may read it; it must not be drawn after pixels of its
// picture were changed.
type Scene struct {
	size  image.Point
	base  *picture.Pyramid
	state *document.State
	shown *colour.Conversion // from the picture's space to the screen's

	cols, rows int
	tiles      [][]*picture.Pyramid // rows of tiles; nil where no result shows
}

// NewScene prepares a state for drawing. It reuses what it shares with prev, which may be
// nil: only tiles that look different (document.State.Same) are made again. The first scene
// of a picture takes as long as reading its pixels a few times, so call it on a worker
// goroutine; a state that differs only in its mask costs nothing.
func NewScene(st *document.State, prev *Scene) *Scene {
	s := &Scene{size: st.Size, state: st, shown: st.Base.Meta.Space.To(nil)}
	s.cols, s.rows = (st.Size.X+tileSide-1)/tileSide, (st.Size.Y+tileSide-1)/tileSide
	if prev != nil && (prev.state.Base != st.Base || prev.state.Offset != st.Offset || prev.size != st.Size) {
		prev = nil
	}
	if prev != nil {
		s.base = prev.base
	} else {
		s.base = picture.NewPyramid(st.Original().Flatten())
	}
	s.tiles = make([][]*picture.Pyramid, s.rows)
	var wanted []image.Point
	for _, at := range s.covered() {
		if prev != nil && st.Same(prev.state, s.square(at.X, at.Y)) {
			s.set(at, prev.tile(at.X, at.Y))
			continue
		}
		wanted = append(wanted, at)
	}
	s.make(wanted)
	return s
}

// On returns the scene for a screen with that colour space; NewScene's is for sRGB. It shares
// the pixels with s.
func (s *Scene) On(screen *colour.Space) *Scene {
	if screen == nil {
		return s
	}
	c := *s
	c.shown = s.state.Base.Meta.Space.To(screen)
	return &c
}

// Size returns the size of the canvas in pixels.
func (s *Scene) Size() image.Point { return s.size }

// covered returns the tiles in which a result may show, each once.
func (s *Scene) covered() []image.Point {
	seen := map[image.Point]bool{}
	var list []image.Point
	for _, r := range s.state.Results {
		for at := range r.Tiles(tileSide) {
			if !seen[at] {
				seen[at] = true
				list = append(list, at)
			}
		}
	}
	return list
}

// make flattens tiles on all cores.
func (s *Scene) make(list []image.Point) {
	if len(list) == 0 {
		return
	}
	f := s.state.Flattener()
	made := make([]*picture.Pyramid, len(list))
	next := make(chan int, len(list))
	for i := range list {
		next <- i
	}
	close(next)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		group.Go(func() {
			for i := range next {
				// The pyramid starts at (0, 0), whatever the bounds of the pixels are.
				pix := *f.Pixels(s.square(list[i].X, list[i].Y))
				pix.Rect = image.Rectangle{Max: pix.Rect.Size()}
				made[i] = picture.NewPyramid(&pix)
			}
		})
	}
	group.Wait()
	for i, at := range list {
		s.set(at, made[i])
	}
}

func (s *Scene) set(at image.Point, p *picture.Pyramid) {
	if s.tiles[at.Y] == nil {
		s.tiles[at.Y] = make([]*picture.Pyramid, s.cols)
	}
	s.tiles[at.Y][at.X] = p
}

// tile returns the tile at a column and row, nil where no result shows.
func (s *Scene) tile(col, row int) *picture.Pyramid {
	if r := s.tiles[row]; r != nil {
		return r[col]
	}
	return nil
}

// square returns the canvas pixels of a tile.
func (s *Scene) square(col, row int) image.Rectangle {
	return image.Rect(col*tileSide, row*tileSide, (col+1)*tileSide, (row+1)*tileSide).Intersect(image.Rectangle{Max: s.size})
}

// changed returns rectangles of canvas pixels in which two scenes may differ.
func (s *Scene) changed(o *Scene) []image.Rectangle {
	if s == o {
		return nil
	}
	if s == nil || o == nil || s.base != o.base {
		var r image.Rectangle
		for _, t := range []*Scene{s, o} {
			if t != nil {
				r = r.Union(image.Rectangle{Max: t.size})
			}
		}
		return []image.Rectangle{r}
	}
	var list []image.Rectangle
	for row := range s.rows {
		if s.tiles[row] == nil && o.tiles[row] == nil {
			continue
		}
		for col := range s.cols {
			if s.tile(col, row) != o.tile(col, row) {
				list = append(list, s.square(col, row))
			}
		}
	}
	return list
}

// bare returns the scene without its results.
func (s *Scene) bare() *Scene {
	if s == nil {
		return nil
	}
	c := *s
	c.state = s.state.Original()
	c.tiles = make([][]*picture.Pyramid, s.rows)
	return &c
}

// levelSize returns the size of a level in samples.
func (s *Scene) levelSize(k int) image.Point { return s.base.Level(k).Rect.Size() }

// row returns row y of level k as straight RGBA bytes, of which the samples
// lo..hi-1, indexed from the canvas's left edge, are valid; past the level's
// right edge they are zero. The bytes are shared with the pyramid or lie in
// buf, which is grown as needed.
func (s *Scene) row(k, y, lo, hi int, buf *[]byte) []byte {
	level := s.base.Level(k)
	width := level.Rect.Dx()
	line := level.Pix[y*level.Stride:][:width*4]
	tiles := s.tiles[min(y<<k/tileSide, s.rows-1)]
	if hi <= width && tiles == nil {
		return line
	}
	if need := max(hi, width) * 4; cap(*buf) < need {
		*buf = make([]byte, need)
	}
	out := (*buf)[:max(hi, width)*4]
	copy(out[lo*4:min(hi, width)*4], line[lo*4:])
	if hi > width {
		clear(out[width*4:])
	}
	side := tileSide >> k // of a tile, in samples
	for col := lo / side; col < len(tiles) && col*side < hi; col++ {
		if tiles[col] == nil {
			continue
		}
		level := tiles[col].Level(k)
		x := col * side
		from, to := max(x, lo), min(x+level.Rect.Dx(), hi)
		if from < to {
			at := y % side * level.Stride
			copy(out[from*4:to*4], level.Pix[at+(from-x)*4:])
		}
	}
	return out
}
