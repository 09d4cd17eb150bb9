package gallery

import "sort"

// place is the place of a card in the scrolled content.
type place struct {
	id         ID
	edit, card int // indices into the view, card among the failures for one; edit is negative for fixed cards
	x, y, w, h float32
}

// section is the place of a group. Its heading is at x, y; a line is drawn before it.
type section struct {
	edit          int
	x, y          float32
	right, bottom float32
}

// plan holds all places. Places and sections are sorted by their distance from the beginning,
// so that the visible ones are found by binary search.
type plan struct {
	places        []place
	sections      []section
	width, height float32
	high          float32 // of a card, with the line beneath it
}

// planStrip lays all groups side by side.
func planStrip(v *View) plan {
	size := v.cardSize()
	p := plan{high: size + v.beneath(), height: StripHeight(size) + v.beneath()}
	x := gap // the chosen card's outline stands out of the card
	for i := range v.Edits {
		e := &v.Edits[i]
		s := section{edit: i, x: x, y: stripTop - headHigh - 8, bottom: stripTop + p.high}
		at := x
		for k := range e.Cards {
			p.places = append(p.places, place{e.id(e.Cards[k].Edit, e.Cards[k].N), i, k, at, stripTop, size, size + e.beneath()})
			at += size + gap
		}
		for k := range e.Failed {
			p.places = append(p.places, place{e.id(e.Failed[k].Edit, Failure), i, k, at, stripTop, troubleWide, size + e.beneath()})
			at += troubleWide + gap
		}
		s.right = max(at-gap, x+groupLeast)
		p.sections = append(p.sections, s)
		x = s.right + groupGap
	}
	p.width = max(0, x-groupGap) + padding
	return p
}

// The grid's cards are about tile wide, in fewest to most columns, so that they are
// larger than the strip's usual ones and a few of them can be judged at a glance.
const (
	tile   = float32(240)
	fewest = 3
	most   = 5
)

// tileSize returns the size of cards in a grid of a width: as many columns as fit fill it.
// Where the strip's cards are as large as that, there are fewer.
func tileSize(strip, width float32) float32 {
	room := width - 2*padding
	size := func(columns int) float32 {
		n := float32(columns)
		return max(Smallest, min(Largest, float32(int((room-(n-1)*gap)/n))))
	}
	columns := max(fewest, min(most, int(room/tile+0.5)))
	for columns > 2 && size(columns) <= strip && size(columns) < Largest {
		columns--
	}
	return size(columns)
}

// planGrid lays the fixed cards and each group into lines of a width.
func planGrid(v *View, width float32) plan {
	size := tileSize(v.cardSize(), width)
	p := plan{high: size + v.beneath(), width: width}
	right := max(width-padding, padding+size)
	x, y := padding, padding
	put := func(id ID, edit, card int, w, h float32) {
		w = min(w, right-padding)
		if x > padding && x+w > right {
			x, y = padding, y+h+gap
		}
		p.places = append(p.places, place{id, edit, card, x, y, w, h})
		x += w + gap
	}
	if !v.empty() {
		put(Original, -1, 0, size, size)
		put(Current, -1, 1, size, size)
		x, y = padding, y+size+groupGap
	}
	for i := range v.Edits {
		e := &v.Edits[i]
		s := section{edit: i, x: padding, y: y, right: right}
		y += headHigh + 8
		for k := range e.Cards {
			put(e.id(e.Cards[k].Edit, e.Cards[k].N), i, k, size, size+e.beneath())
		}
		for k := range e.Failed {
			put(e.id(e.Failed[k].Edit, Failure), i, k, size, size+e.beneath())
		}
		s.bottom = y + size + e.beneath()
		p.sections = append(p.sections, s)
		x, y = padding, s.bottom+groupGap
	}
	p.height = max(0, y-groupGap) + padding
	return p
}

// visible returns the ranges of places and sections that lie between from and
// to along the direction in which the plan is scrolled.
func (p *plan) visible(grid bool, from, to float32) (places []place, sections []section) {
	a := sort.Search(len(p.places), func(i int) bool {
		if o := p.places[i]; grid {
			return o.y+p.high >= from
		} else {
			return o.x+o.w >= from
		}
	})
	b := sort.Search(len(p.places), func(i int) bool {
		if grid {
			return p.places[i].y > to
		}
		return p.places[i].x > to
	})
	c := sort.Search(len(p.sections), func(i int) bool {
		if grid {
			return p.sections[i].bottom >= from
		}
		return p.sections[i].right >= from
	})
	d := sort.Search(len(p.sections), func(i int) bool {
		if grid {
			return p.sections[i].y > to
		}
		return p.sections[i].x > to
	})
	return p.places[a:max(a, b)], p.sections[c:max(c, d)]
}

// find returns the place of a card.
func (p *plan) find(id ID) (place, bool) {
	for _, o := range p.places {
		if o.id == id {
			return o, true
		}
	}
	return place{}, false
}
