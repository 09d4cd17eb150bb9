package fill

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// The tests in this file hold the fast parts against slow and obvious ones.

// randomLevel returns a level of random colours with some holes and unknown
// pixels; extreme makes most channels 0 or 255.
func randomLevel(t *testing.T, seed uint64, w, h int, extreme bool) *level {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
		if extreme && r.IntN(8) > 0 {
			img.Pix[i] = uint8(255 * r.IntN(2))
		}
		if i%4 == 3 {
			img.Pix[i] = 255
			if r.IntN(200) == 0 {
				img.Pix[i] = 0
			}
		}
	}
	mask := image.NewAlpha(img.Rect)
	for y := h / 3; y < h/2; y++ {
		for x := w / 3; x < w/2; x++ {
			mask.Pix[y*w+x] = 255
		}
	}
	l, err := newLevel0(t.Context(), 2, img, label(mask, img.Rect, 10)[0], nil, img.Rect)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func half(t *testing.T, l *level) *level {
	t.Helper()
	up, err := l.half(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	return up
}

// slowDistance compares two patches channel by channel.
func slowDistance(e *estimate, x, y int, s int32) float64 {
	sum, n, mean, squares := 0.0, 0.0, [3]float64{}, 0.0
	for dy := range side {
		for dx := range side {
			k, q := (y+dy)*e.r.Dx()+x+dx, int(s)+(dy-radius)*e.w+dx-radius
			planes := [][2]uint32{{e.pix[k], e.level.pix[q]}}
			if e.tex != nil {
				planes = append(planes, [2]uint32{e.tex[k], e.level.tex[q]})
			}
			for i, p := range planes {
				a0, a1, a2 := unpack(p[0])
				b0, b1, b2 := unpack(p[1])
				for c, d := range [3][2]float64{{float64(a0), float64(b0)}, {float64(a1), float64(b1)}, {float64(a2), float64(b2)}} {
					sum += (d[0] - d[1]) * (d[0] - d[1])
					if i == 0 {
						mean[c] += d[1]
						squares += d[1] * d[1]
					}
				}
			}
			n++
		}
	}
	variance := squares - (mean[0]*mean[0]+mean[1]*mean[1]+mean[2]*mean[2])/n
	return sum - liveliness*min(livelyEnough, variance)
}

func TestDistanceIsThatOfPixels(t *testing.T) {
	for seed := range uint64(4) {
		l := randomLevel(t, seed, 60, 50, seed%2 == 0)
		for _, l := range []*level{l, half(t, l)} {
			e := newEstimate(l)
			for i := range e.pix { // the estimate's hole gets random colours
				if e.pix[i] == 0 {
					v := uint32(seed*77 + uint64(i)*31)
					e.pix[i] = pack(v%256, v/3%256, v/7%256)
					e.sq[i] += square(e.pix[i])
				}
			}
			p := probe{e: e}
			for y := range l.box.Dy() {
				for x := range l.box.Dx() {
					if !l.target[y*l.box.Dx()+x] {
						continue
					}
					p.aim(x, y)
					s := l.sources[(x*7+y*13)%len(l.sources)]
					if got, want := float64(p.distance(s)), slowDistance(e, x, y, s); math.Abs(got-want) > 2 {
						t.Fatalf("seed %d, target (%d, %d), source %d: %v, want %v", seed, x, y, s, got, want)
					}
				}
			}
		}
	}
}

func TestSurveyCountsPixels(t *testing.T) {
	l := randomLevel(t, 5, 70, 64, false)
	for ; l.w > side; l = half(t, l) {
		k, targets := 0, 0
		for y := range l.h {
			for x := range l.w {
				known, holes, inside := true, false, true
				for dy := -radius; dy <= radius; dy++ {
					for dx := -radius; dx <= radius; dx++ {
						u, v := x+dx, y+dy
						if u < 0 || v < 0 || u >= l.w || v >= l.h {
							inside = false
							continue
						}
						known = known && l.state[v*l.w+u]&unknown == 0
						holes = holes || l.state[v*l.w+u]&hole != 0
					}
				}
				isSource := k < len(l.sources) && l.sources[k] == int32(y*l.w+x)
				if isSource {
					k++
				}
				if isSource != (inside && known) || isSource != (l.norm[y*l.w+x] != 0) {
					t.Fatalf("%dx%d: (%d, %d) as a source: %v", l.w, l.h, x, y, isSource)
				}
				at := image.Pt(x, y)
				isTarget := at.In(l.box) && l.target[(y-l.box.Min.Y)*l.box.Dx()+x-l.box.Min.X]
				if isTarget != (inside && holes) {
					t.Fatalf("%dx%d: (%d, %d) as a target: %v", l.w, l.h, x, y, isTarget)
				}
				if isTarget {
					targets++
				}
			}
		}
		if targets != l.targets || k != l.count {
			t.Fatalf("%dx%d: %d targets and %d sources, counted %d and %d", l.w, l.h, l.targets, l.count, targets, k)
		}
	}
}

func TestDepthIsTheDistanceFromTheKnown(t *testing.T) {
	border := newLevel(20, 12)
	for y := range 12 {
		for x := 13; x < 20; x++ {
			border.state[y*20+x] = unknown | hole
		}
	}
	if err := border.survey(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if border.thick != 7 {
		t.Errorf("a border of 7 pixels is %d thick", border.thick)
	}
	for _, l := range []*level{border, randomLevel(t, 6, 70, 64, false)} {
		thick := 0
		for y := range l.h {
			for x := range l.w {
				want := math.MaxInt
				for i, s := range l.state {
					if s&unknown == 0 {
						want = min(want, max(abs(i%l.w-x), abs(i/l.w-y)))
					}
				}
				if l.state[y*l.w+x]&hole != 0 {
					thick = max(thick, want)
				}
				if at := image.Pt(x, y); at.In(l.cover()) {
					at = at.Sub(l.cover().Min)
					if got := int(l.depth[at.Y*l.cover().Dx()+at.X]); got != want {
						t.Fatalf("%dx%d: (%d, %d) is %d deep, want %d", l.w, l.h, x, y, got, want)
					}
				}
			}
		}
		if l.thick != thick {
			t.Errorf("%dx%d: %d thick, want %d", l.w, l.h, l.thick, thick)
		}
	}
}

func abs(v int) int { return max(v, -v) }

// The variogram must be that of all pairs, and the means those of the known pixels.
func TestLikelyIsThatOfPixels(t *testing.T) {
	l := half(t, randomLevel(t, 7, 90, 70, false))
	k, err := l.expectation(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	up := half(t, l)
	near := up.holeBox().Inset(-2 * (l.thick + 4) / 5).Intersect(image.Rect(0, 0, up.w, up.h))
	type sum struct{ squares, pairs float64 }
	at, all := map[image.Point]sum{}, sum{}
	for i, s := range up.state {
		p := image.Pt(i%up.w, i/up.w)
		if s&unknown != 0 || !p.In(near) {
			continue
		}
		for j, s := range up.state {
			if s&unknown != 0 {
				continue
			}
			d := math.Pow(colourDistance(up.pix[i], up.pix[j]), 2)
			by := image.Pt(j%up.w, j/up.w).Sub(p)
			at[by] = sum{at[by].squares + d, at[by].pairs + 1}
			all = sum{all.squares + d, all.pairs + 1}
		}
	}
	for y := k.offsets.Min.Y; y < k.offsets.Max.Y; y++ {
		for x := k.offsets.Min.X; x < k.offsets.Max.X; x++ {
			s := at[image.Pt(x, y)]
			want := area * unlikeStrength * (s.squares + fewPairs*all.squares/all.pairs) / (s.pairs + fewPairs)
			got := k.unlike[(y-k.offsets.Min.Y)*k.offsets.Dx()+x-k.offsets.Min.X]
			if math.Abs(float64(got)-want) > 1.5 {
				t.Fatalf("offset (%d, %d): %d, want %.1f", x, y, got, want)
			}
		}
	}
	for i := range l.pix {
		var want [3]float64
		n := 0.0
		for j, s := range l.state {
			if s&unknown == 0 && abs(i%l.w-j%l.w) <= radius && abs(i/l.w-j/l.w) <= radius {
				a, b, c := unpack(l.pix[j])
				want[0], want[1], want[2], n = want[0]+float64(a), want[1]+float64(b), want[2]+float64(c), n+1
			}
		}
		for c, sum := range want {
			if n > 0 && math.Abs(float64(k.smooth.seen[i][c])-sum/n) > 0.01 {
				t.Fatalf("pixel %d: mean %v of channel %d, want %v", i, k.smooth.seen[i][c], c, sum/n)
			}
		}
	}
}

// colourDistance is the Euclidean distance of two packed colours.
func colourDistance(a, b uint32) float64 {
	a0, a1, a2 := unpack(a)
	b0, b1, b2 := unpack(b)
	return math.Sqrt(math.Pow(float64(a0)-float64(b0), 2) + math.Pow(float64(a1)-float64(b1), 2) + math.Pow(float64(a2)-float64(b2), 2))
}

// The search, which looks at a few sources, must end near the best of all.
func TestSearchComesNearTheBest(t *testing.T) {
	const w, h = 90, 70
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w { // waves that repeat nowhere exactly
			v := 128 + 60*math.Sin(float64(x)/3.1+float64(y)/17) + 50*math.Sin(float64(y)/4.3-float64(x)/23)
			copy(img.Pix[img.PixOffset(x, y):], []uint8{uint8(v), uint8(255 - v), uint8(v / 2), 255})
		}
	}
	mask := image.NewAlpha(img.Rect)
	for y := 25; y < 47; y++ {
		for x := 30; x < 58; x++ {
			mask.Pix[y*w+x] = 1
		}
	}
	g, err := newGroup(t.Context(), 2, img, label(mask, img.Rect, 10)[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	o := run{workers: 2, seed: 1, advance: func(int) {}}
	top := len(g.levels) - 1
	e, err := begin(t.Context(), o, g.levels[top], starts)
	if err != nil {
		t.Fatal(err)
	}
	for i := top - 1; i >= 0; i-- {
		if e, err = e.finer(t.Context(), o, g.levels[i]); err != nil {
			t.Fatal(err)
		}
		if err = e.refine(t.Context(), o, 3); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.search(t.Context(), o, 9); err != nil {
		t.Fatal(err)
	}
	found, best, random, n := 0.0, 0.0, 0.0, 0
	p := probe{e: e}
	for y := range e.box.Dy() {
		for x := range e.box.Dx() {
			i := y*e.box.Dx() + x
			if !e.target[i] {
				continue
			}
			p.aim(x, y)
			if d := p.distance(e.from[i]); d != e.cost[i] {
				t.Fatalf("target %d: its cost is %d, but was kept as %d", i, d, e.cost[i])
			}
			for _, s := range e.sources {
				p.try(s)
			}
			found += float64(e.cost[i])
			best += float64(p.cost)
			random += float64(p.distance(e.sources[(i*7919)%len(e.sources)]))
			n++
		}
	}
	// Distances may be below 0 (liveliness): measure the way from a random source to the best.
	if missed := (found - best) / (random - best); missed > 0.05 || missed < 0 {
		t.Errorf("%.1f %% of the way from a random to the best source is missing (%d targets)", 100*missed, n)
	}
}

func TestMembraneSolvesItsEquations(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	m := newMembrane(37, 29)
	slow := newMembrane(37, 29)
	for y := range m.h {
		for x := range m.w {
			if math.Hypot(float64(x-20), float64(y-14)) > 12 && (x < 5 || y != 3) {
				continue
			}
			k := y*m.w + x
			m.in[k], m.deg[k] = true, 4
			if r.IntN(3) == 0 {
				m.b[k] = 10 + float32(r.NormFloat64())*20
			}
			slow.in[k], slow.deg[k], slow.b[k] = m.in[k], m.deg[k], m.b[k]
		}
	}
	o := run{workers: 2}
	if err := m.solve(t.Context(), o, 3); err != nil {
		t.Fatal(err)
	}
	if err := slow.relax(t.Context(), o, 5000); err != nil {
		t.Fatal(err)
	}
	for k := range m.c {
		if d := m.c[k] - slow.c[k]; d > 0.5 || d < -0.5 {
			t.Fatalf("pixel (%d, %d): %v, want %v", k%m.w, k/m.w, m.c[k], slow.c[k])
		}
	}
}

func TestPartsAreApartAndWhole(t *testing.T) {
	bounds := image.Rect(-10, 5, 600, 300)
	r := rand.New(rand.NewPCG(3, 3))
	for n := range 8 {
		mask := image.NewAlpha(image.Rect(-50, 0, 580, 320))
		for range n {
			x, y, s := r.IntN(630)-50, r.IntN(320), 1+r.IntN(20)
			for v := y; v < min(320, y+s); v++ {
				for u := x; u < min(580, x+s); u++ {
					mask.Pix[mask.PixOffset(u, v)] = 9
				}
			}
		}
		parts := split(mask, bounds)
		for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
			for x := bounds.Min.X; x < 580; x++ {
				p := image.Pt(x, y)
				owners := 0
				for _, part := range parts {
					if part.has(p) {
						owners++
						if !p.In(part.box) {
							t.Fatalf("%v is outside of its part's box %v", p, part.box)
						}
					}
				}
				want := 0
				if mask.AlphaAt(x, y).A > 0 {
					want = 1
				}
				if owners != want {
					t.Fatalf("%d blocks: %v is in %d parts, want %d", n, p, owners, want)
				}
			}
		}
	}
}

// The mean of votes is rounded as integers are, for any sum of weights.
func TestMeanOfVotesIsRounded(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 1))
	for k := range 20_000 {
		plane := make([]uint32, area)
		b := ballot{n: 2 + r.IntN(area-1)}
		var sum [3]uint32
		total := uint32(0)
		for i := range b.n {
			v := r.Uint32()
			if k%4 == 0 {
				v = 0xffffff * (v & 1)
			}
			plane[i] = pack(v&255, v>>8&255, v>>16&255)
			b.at[i], b.weight[i] = int32(i), uint32(r.IntN(128))
			if i == 0 || k%3 == 0 {
				b.weight[i] = 127
			}
			for c, v := range [3]uint32{v & 255, v >> 8 & 255, v >> 16 & 255} {
				sum[c] += b.weight[i] * v
			}
			total += b.weight[i]
		}
		want := pack((sum[0]+total/2)/total, (sum[1]+total/2)/total, (sum[2]+total/2)/total)
		if got := b.mean(plane); got != want {
			t.Fatalf("sums %v of %d: %x, want %x", sum, total, got, want)
		}
	}
}

func TestPlacesAreThoseOfADivision(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 1))
	for w := 2; w < 3000; w += 1 + w/40 {
		l := level{w: w, byW: newLevel(w, 1).byW}
		for k := range int32(200) {
			i := r.Int32()
			if k < 100 {
				i = (i/int32(w))*int32(w) - k%2 // at the ends of rows
				i = max(0, i)
			}
			if x, y := l.place(i); x != int(i)%w || y != int(i)/w {
				t.Fatalf("pixel %d of width %d: (%d, %d)", i, w, x, y)
			}
		}
	}
}
