package mask

import "image"

// FillHoles returns the mask with its holes filled: what can't be reached from
// outside the mask without crossing it. A pixel becomes at least as covered as
// the weakest place of the strongest wall around it, so a hole in a soft mask
// is filled to the coverage of the wall. Paths from outside go to the four
// neighbours; walls may therefore be joined by corners alone. Nothing that
// touches the canvas's edge is a hole.
//
// This is morphological reconstruction by erosion (Vincent: Morphological
// Grayscale Reconstruction in Image Analysis, 1993), done by flooding from
// the outside, lowest first (Barnes, Lehman, Mulla: Priority-Flood, 2014).
func (m *Mask) FillHoles() *Mask {
	box := m.Bounding()
	if box.Dx() < 3 || box.Dy() < 3 {
		return m
	}
	f := &flood{width: box.Dx(), height: box.Dy()}
	f.level = m.Alpha(box).Pix
	f.seen = make([]uint64, (len(f.level)+63)/64)
	f.fill()
	return FromAlpha(&image.Alpha{Pix: f.level, Stride: f.width, Rect: box}, m.size)
}

// flood is a priority flood with one queue for each level.
type flood struct {
	width, height int
	level         []uint8
	seen          []uint64 // one bit a pixel
	queues        [256][]int32Pair
}

// int32Pair is a pixel's position, so that a queue holds pictures of any size.
type int32Pair struct{ x, y int32 }

func (f *flood) fill() {
	for x := range f.width {
		f.reach(x, 0, 0)
		f.reach(x, f.height-1, 0)
	}
	for y := range f.height {
		f.reach(0, y, 0)
		f.reach(f.width-1, y, 0)
	}
	for level := range f.queues {
		q := &f.queues[level]
		for len(*q) > 0 {
			p := (*q)[len(*q)-1]
			*q = (*q)[:len(*q)-1]
			x, y := int(p.x), int(p.y)
			f.reach(x-1, y, uint8(level))
			f.reach(x+1, y, uint8(level))
			f.reach(x, y-1, uint8(level))
			f.reach(x, y+1, uint8(level))
		}
		*q = nil
	}
}

// reach comes to a pixel over a path whose highest pixel is at level.
func (f *flood) reach(x, y int, level uint8) {
	if x < 0 || y < 0 || x >= f.width || y >= f.height {
		return
	}
	i := y*f.width + x
	if f.seen[i/64]>>(i%64)&1 != 0 {
		return
	}
	f.seen[i/64] |= 1 << (i % 64)
	f.level[i] = max(f.level[i], level)
	f.queues[f.level[i]] = append(f.queues[f.level[i]], int32Pair{int32(x), int32(y)})
}
