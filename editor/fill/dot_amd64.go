package fill

import "golang.org/x/sys/cpu"

// avx2 reports that the processor has the instructions of this package's functions
// in assembly.
var avx2 = cpu.X86.HasAVX2

// target is a target patch, as words where the processor has AVX2 and as a patch elsewhere.
type target struct {
	patch
	words words
}

// words holds the bytes of a patch's rows as words: of the first four pixels, and of
// the last four without the first of them, which is 0.
type words [side][2][4][4]int16

// set sets the pixel in column x of row y.
func (t *target) set(x, y int, v uint32) {
	if !avx2 {
		t.patch.set(x, y, v)
		return
	}
	a, b, c := unpack(v)
	w := [4]int16{int16(a), int16(b), 0, int16(c)}
	if x < 4 {
		t.words[y][0][x] = w
	} else {
		t.words[y][1][x-3] = w
	}
}

// load copies the patch whose top left pixel is at index i of plane.
func (t *target) load(plane []uint32, i, stride int) {
	if !avx2 {
		t.patch.load(plane, i, stride)
		return
	}
	rows := plane[i:]
	_ = rows[(side-1)*stride+side-1]
	widen(&t.words, &rows[0], stride)
}

// dot returns the scalar product of t with the source patch whose top left pixel is at index i.
func (t *target) dot(plane []uint32, i, stride int) uint32 {
	if !avx2 {
		return t.patch.dot(plane, i, stride)
	}
	rows := plane[i:]
	_ = rows[(side-1)*stride+side-1]
	return dotWords(&t.words, &rows[0], stride)
}

// distance is plainDistance.
func (f *fragment) distance(p *peeling, s int32, limit float32) float32 {
	if !avx2 {
		return f.plainDistance(p, s, limit)
	}
	from := int(s) - radius*p.w - radius
	to := from + (side-1)*p.w + side
	pix, sq := p.level.pix[from:to], p.sq[from:to]
	if p.tex == nil {
		return distanceWords(f, &pix[0], nil, &sq[0], p.w, limit)
	}
	return distanceWords(f, &pix[0], &p.level.tex[from:to][0], &sq[0], p.w, limit)
}

// weigh is plainWeigh.
func (b *ballot) weigh() {
	if !avx2 {
		b.plainWeigh()
		return
	}
	for i := b.n; i%8 != 0; i++ {
		b.cost[i], b.depth[i] = b.cost[0], b.depth[0]
	}
	weighVotes(&b.cost, &b.depth, &b.weight, b.n)
}

// dotOuter is dot for pixels without a second channel, such as those of textures.
func (t *target) dotOuter(plane []uint32, i, stride int) uint32 {
	if !avx2 {
		return t.patch.dotOuter(plane, i, stride)
	}
	return t.dot(plane, i, stride)
}

// widen copies the patch that begins at rows, whose rows lie stride apart.
//
//go:noescape
func widen(to *words, rows *uint32, stride int)

// dotWords returns the scalar product of w with the patch that begins at rows, whose
// rows lie stride apart.
//
//go:noescape
func dotWords(w *words, rows *uint32, stride int) uint32

// distanceWords returns the distance of f to the patch that begins at pix, and at tex unless
// it is nil, with the squares at sq; their rows lie stride apart.
//
//go:noescape
func distanceWords(f *fragment, pix, tex, sq *uint32, stride int, limit float32) float32

// weighVotes computes the weights of n votes, at least one. Behind them, up to a multiple of 8,
// the first is repeated.
//
//go:noescape
func weighVotes(cost *[mostVotes]int32, depth *[mostVotes]uint8, weight *[mostVotes]uint32, n int)
