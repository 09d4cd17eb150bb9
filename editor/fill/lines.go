package fill

import (
	"context"
	"image"
	"math"
	"slices"
)

// vec is a place in a level's pixels, of which each has its middle at whole numbers, or a
// difference of two.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec           { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec           { return vec{a.x - b.x, a.y - b.y} }
func (a vec) times(f float64) vec     { return vec{a.x * f, a.y * f} }
func (a vec) dot(b vec) float64       { return a.x*b.x + a.y*b.y }
func (a vec) length() float64         { return math.Hypot(a.x, a.y) }
func (a vec) right() vec              { return vec{-a.y, a.x} }
func (a vec) to(b vec, t float64) vec { return a.add(b.sub(a).times(t)) }

// unit returns a at length 1, or an arbitrary unit vector where a has no length.
func (a vec) unit() vec {
	if n := a.length(); n > 0 {
		return a.times(1 / n)
	}
	return vec{1, 0}
}

// pixel returns the pixel that a is in.
func (a vec) pixel() image.Point {
	return image.Pt(int(math.Floor(a.x+0.5)), int(math.Floor(a.y+0.5)))
}

// path is an edge or a line that goes on through the hole of a level.
type path struct {
	at   []vec    // places half a pixel from each other or less, in the hole
	ends [2]*stub // what is known of it beyond the first and the last place, or nil
}

// lines is a guide that continues paths through the hole of a level: beside each, it shows
// what is beside its ends. Sources on what is known of a path are tried besides all others.
type lines struct {
	guide
	paths []path
	depth []uint8 // of the level, but 0 beside paths
	near  []place // over r: what lies on a path near each pixel, at most lineReach away
}

// place is a place on a path; on is below 0 for none.
type place struct{ on, at int32 }

const (
	lineReach = 5 // how far from a path the guide shows something, in pixels of a level

	// linesStrength is what a squared level of difference counts right at a path, of what it
	// counts in all of a patch.
	linesStrength = 8

	linesLevels = 3      // the coarsest levels, on which paths count
	mostPlaces  = 10_000 // on the paths of a level; what is drawn beyond them doesn't count
)

// guideLines makes a guide of each of the coarsest levels from lines in the picture's pixels.
func (g *group) guideLines(ctx context.Context, drawn [][]image.Point) error {
	top := len(g.levels) - 1
	for i := top; i >= max(0, top-linesLevels+1) && len(drawn) > 0; i-- {
		if l := g.levels[i]; l.w*l.h <= mostLikely {
			l.lines = l.guideOf(ctx, g.tracks(drawn, i))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// tracks returns lines in the pixels of level i.
func (g *group) tracks(drawn [][]image.Point, i int) [][]vec {
	scale := math.Ldexp(1, -i)
	tracks := make([][]vec, len(drawn))
	for k, line := range drawn {
		for _, p := range line {
			tracks[k] = append(tracks[k], vec{(far(p.X-g.at.X)+0.5)*scale - 0.5, (far(p.Y-g.at.Y)+0.5)*scale - 0.5})
		}
	}
	return tracks
}

// guideOf returns the guide of paths along the tracks, which are in l's pixels, or nil where
// none of them goes through the hole and on in what is known.
func (l *level) guideOf(ctx context.Context, tracks [][]vec) *lines {
	paths := l.paths(ctx, tracks)
	if len(paths) == 0 {
		return nil
	}
	g := &lines{guide: *newGuide(l, 1), paths: paths}
	g.colour = make([][3]float32, len(g.trust))
	g.near = make([]place, len(g.trust))
	away := make([]float64, len(g.trust))
	for i := range away {
		away[i], g.near[i].on = lineReach+0.5, -1
	}
	for on := range paths {
		for at := range paths[on].at {
			g.claim(l, away, int32(on), int32(at))
		}
	}
	for i, p := range g.near {
		if p.on >= 0 {
			x, y := g.r.Min.X+i%g.r.Dx(), g.r.Min.Y+i/g.r.Dx()
			part := away[i] / (lineReach + 1)
			if c, ok := paths[p.on].expect(p.at, vec{float64(x), float64(y)}); ok {
				g.colour[i], g.trust[i] = c, area*linesStrength*float32(1-part*part)
			}
		}
	}
	g.depth = slices.Clone(l.depth)
	for i, trust := range g.trust {
		if trust > 0 {
			g.depth[i] = 0
		}
	}
	return g
}

// paths returns the paths along the tracks, those of the first ones where that are too many, or
// once ctx is done.
func (l *level) paths(ctx context.Context, tracks [][]vec) (paths []path) {
	places, steps := 0, 10*mostPlaces
	for _, t := range tracks {
		if ctx.Err() != nil {
			return nil
		}
		for _, run := range l.runs(t, &steps) {
			p, ok := l.join(run)
			if places += len(p.at); places > mostPlaces {
				return paths
			}
			if ok {
				paths = append(paths, p)
			}
		}
	}
	return paths
}

// claim makes a place the nearest of the pixels of the hole about it that have no nearer one.
func (g *lines) claim(l *level, away []float64, on, at int32) {
	p := g.paths[on].at[at]
	r := squareAbout(p.pixel(), lineReach+1).Intersect(g.r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if l.state[y*l.w+x]&hole == 0 {
				continue
			}
			k := (y-g.r.Min.Y)*g.r.Dx() + x - g.r.Min.X
			if d := p.sub(vec{float64(x), float64(y)}).length(); d < away[k] {
				away[k], g.near[k] = d, place{on, at}
			}
		}
	}
}

// expect returns the colour that is expected at p, near the place with index at, and whether
// the ends tell of any.
func (t *path) expect(at int32, p vec) (c [3]float32, ok bool) {
	across := p.sub(t.at[at]).dot(t.along(int(at)).right())
	part := float32(at) / float32(max(1, len(t.at)-1))
	var weights float32
	for i, s := range t.ends {
		if s == nil {
			continue
		}
		w := part
		if i == 0 {
			w = 1 - part
		}
		w = max(w, 1e-3)
		if v, ok := s.profile.at(across); ok {
			add(&c, v, w)
			weights += w
		}
	}
	if weights == 0 {
		return c, false
	}
	for i := range c {
		c[i] /= weights
	}
	return c, true
}

// along returns the unit vector in which a path runs at a place.
func (t *path) along(at int) vec {
	const reach = 4
	return t.at[min(len(t.at)-1, at+reach)].sub(t.at[max(0, at-reach)]).unit()
}

// candidate returns the n-th source of l by which the target (x, y), if it lies near a path,
// is copied from beside what is known of that path, or -1 where there is none.
func (g *lines) candidate(l *level, x, y, n int) int32 {
	if !image.Pt(x, y).In(g.r) {
		return -1
	}
	p := g.near[(y-g.r.Min.Y)*g.r.Dx()+x-g.r.Min.X]
	if p.on < 0 {
		return -1
	}
	t := &g.paths[p.on]
	s := t.ends[n%2]
	if s == nil || n/2 >= len(s.at) {
		return -1
	}
	at := s.at[n/2].add(vec{float64(x), float64(y)}.sub(t.at[p.at])).pixel()
	if at.X < 0 || at.Y < 0 || at.X >= l.w || at.Y >= l.h || l.norm[at.Y*l.w+at.X] == 0 {
		return -1
	}
	return int32(at.Y*l.w + at.X)
}

// runs returns the stretches of a track that lie in l's hole, as places half a pixel from
// each other. It takes so many steps at most, and leaves the rest of them.
func (l *level) runs(track []vec, left *int) (runs [][]vec) {
	bounds := vec{float64(l.w), float64(l.h)}
	var run []vec
	end := func() {
		if len(run) > 1 {
			runs = append(runs, run)
		}
		run = nil
	}
	for i := 1; i < len(track) && *left > 0; i++ {
		a, b, ok := clip(track[i-1], track[i], bounds)
		if !ok {
			end()
			continue
		}
		steps := int(2*b.sub(a).length()) + 1
		for s := range steps {
			p := a.to(b, float64(s)/float64(steps))
			if !l.inHole(p) {
				end()
			} else if len(run) == 0 || p.sub(run[len(run)-1]).length() >= 0.4 {
				run = append(run, p)
			}
		}
		*left -= steps
	}
	end()
	return runs
}

// clip returns the part of the way from a to b that lies within a rectangle that begins at
// zero, grown by a pixel, and whether there is any (Liang and Barsky 1984).
func clip(a, b, size vec) (vec, vec, bool) {
	from, to := 0.0, 1.0
	d := b.sub(a)
	for _, side := range [4][2]float64{{-d.x, a.x + 1}, {d.x, size.x + 1 - a.x}, {-d.y, a.y + 1}, {d.y, size.y + 1 - a.y}} {
		switch p, q := side[0], side[1]; {
		case p == 0 && q < 0:
			return a, b, false
		case p < 0:
			from = max(from, q/p)
		case p > 0:
			to = min(to, q/p)
		}
	}
	return a.to(b, from), a.to(b, to), from <= to
}

// inHole and isKnown tell of the pixel at p.
func (l *level) inHole(p vec) bool {
	at := p.pixel()
	return at.X >= 0 && at.Y >= 0 && at.X < l.w && at.Y < l.h && l.state[at.Y*l.w+at.X]&hole != 0
}

func (l *level) isKnown(p vec) bool {
	at := p.pixel()
	return at.X >= 0 && at.Y >= 0 && at.X < l.w && at.Y < l.h && l.state[at.Y*l.w+at.X]&unknown == 0
}

// join returns the path along a run, led at its ends to the edges and lines that it meets
// beside the hole, and whether anything is known there. It is moved so that its ends lie where
// those would go on straight, and evenly in between.
func (l *level) join(run []vec) (path, bool) {
	p := path{at: run}
	n := len(run)
	var shift [2]vec
	for i, end := range [2]vec{run[0], run[n-1]} {
		out := p.along(0).times(-1)
		if i == 1 {
			out = p.along(n - 1)
		}
		if p.ends[i] = l.trace(l.lead(end, out), out, i == 1); p.ends[i] != nil {
			shift[i] = p.ends[i].aside(end)
		}
	}
	p.at = make([]vec, 0, n+16)
	p.at = append(p.at, way(p.ends[0], run[0].add(shift[0]), true)...)
	for i, a := range run {
		p.at = append(p.at, a.add(shift[0].to(shift[1], float64(i)/float64(n-1))))
	}
	p.at = append(p.at, way(p.ends[1], run[n-1].add(shift[1]), false)...)
	return p, p.ends[0] != nil || p.ends[1] != nil
}

// way returns places from where s begins to end, or the other way round unless inwards.
func way(s *stub, end vec, inwards bool) (w []vec) {
	if s == nil {
		return nil
	}
	steps := int(2*s.at[0].sub(end).length()) + 1
	for i := range steps {
		w = append(w, s.at[0].to(end, float64(i)/float64(steps)))
	}
	if !inwards {
		slices.Reverse(w)
	}
	return w
}

// lead returns where the way from the end of a run straight on comes to what is known, if that
// is near, else the end.
func (l *level) lead(end, out vec) vec {
	at := end
	for range l.thick + 6 {
		if l.isKnown(at) {
			return at
		}
		if at = at.add(out.times(0.5)); !l.inHole(at) && !l.isKnown(at) {
			break
		}
	}
	return end
}

// far returns v as a place, or one as far away as any that matters.
func far(v int) float64 { return float64(min(1<<30, max(-1<<30, v))) }

// proposeAlong adds labels for the offsets by which what is known of a line comes to where it
// goes on in the hole.
func (m *mosaic) proposeAlong() {
	const most = 24 // labels
	for _, t := range m.lines.paths {
		every := max(6, len(t.at)/10)
		for at := every / 2; at < len(t.at); at += every {
			for _, s := range t.ends {
				if s == nil {
					continue
				}
				from := s.at[min(len(s.at)-1, 4)]
				o := from.sub(t.at[at]).pixel()
				if p := (proposal{offset: o}); len(m.offsets) < most {
					m.add([]proposal{p})
				}
			}
		}
	}
}
