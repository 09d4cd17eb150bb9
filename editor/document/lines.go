package document

import (
	"image"
	"slices"
)

// The most guide lines that an edit has, and the most points of each: far more than is ever drawn.
const (
	MaxLines      = 64
	MaxLinePoints = 1000
)

// WithLines returns s with other guide lines, which become the state's: whoever gives them
// doesn't write to them any more.
func (s *State) WithLines(lines [][]image.Point) *State {
	if len(lines) == 0 {
		lines = nil
	}
	out := *s
	out.Lines = lines
	return &out
}

// SetLines makes lines the guide lines in one step of the given name ("step.guide"); those that
// stay are to be the same slices as before. It reports whether anything changed: nothing does where
// ValidLines refuses them.
func (d *Document) SetLines(name string, lines [][]image.Point) bool {
	d.changing.Lock()
	defer d.changing.Unlock()
	s := d.State()
	if !ValidLines(lines) || sameLines(s.Lines, lines) {
		return false
	}
	next := s.WithLines(lines)
	d.change(name, next, linesBox(s.Lines).Union(linesBox(next.Lines)))
	return true
}

// MoveLine gives the guide line with an index other points in one step named StepGuideMove; points
// that lie on the one before them are left out. It reports whether anything changed: nothing does
// where there is no such line, and where ValidLines refuses what is left.
func (d *Document) MoveLine(i int, line []image.Point) bool {
	lines := slices.Clone(d.State().Lines)
	if i < 0 || i >= len(lines) {
		return false
	}
	lines[i] = slices.Compact(slices.Clone(line))
	return d.SetLines(StepGuideMove, lines)
}

// Dragged returns a copy of a guide line that ValidLines accepts with one of its points moved by a
// distance, or the whole line where point is negative. It goes no farther than ValidLines accepts.
func Dragged(line []image.Point, point int, by image.Point) []image.Point {
	to := slices.Clone(line)
	moved := to
	if point >= 0 {
		moved = to[point : point+1]
	}
	box := linesBox([][]image.Point{moved})
	by.X = max(1-farthest-box.Min.X, min(by.X, farthest-box.Max.X))
	by.Y = max(1-farthest-box.Min.Y, min(by.Y, farthest-box.Max.Y))
	for i := range moved {
		moved[i] = moved[i].Add(by)
	}
	return to
}

// ValidLines reports whether guide lines are as many as an edit can have, each of 2 to MaxLinePoints
// points within some hundred million pixels.
func ValidLines(lines [][]image.Point) bool {
	return len(lines) <= MaxLines && !slices.ContainsFunc(lines, func(line []image.Point) bool {
		return len(line) < 2 || len(line) > MaxLinePoints || slices.ContainsFunc(line, func(p image.Point) bool { return !sane(p.X) || !sane(p.Y) })
	})
}

func sameLines(a, b [][]image.Point) bool {
	return slices.EqualFunc(a, b, slices.Equal[[]image.Point])
}

// linesBox is the box of the pixels that lines go through.
func linesBox(lines [][]image.Point) (box image.Rectangle) {
	for _, line := range lines {
		for _, p := range line {
			box = box.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
		}
	}
	return box
}

// linesBytes returns the memory of the lines after a step that were not there before.
func linesBytes(before, after [][]image.Point) (n int64) {
	const point = 16
	for _, line := range after {
		if !slices.ContainsFunc(before, func(was []image.Point) bool { return &was[0] == &line[0] }) {
			n += point * int64(cap(line))
		}
	}
	return n
}

// movedLines returns lines moved by a distance.
func movedLines(lines [][]image.Point, by image.Point) [][]image.Point {
	if by == (image.Point{}) {
		return lines
	}
	var moved [][]image.Point
	for _, line := range lines {
		to := make([]image.Point, len(line))
		for i, p := range line {
			to[i] = p.Add(by)
		}
		moved = append(moved, to)
	}
	return moved
}

// describeLines returns lines as a manifest has them.
func describeLines(lines [][]image.Point) (parts [][]coordinates) {
	for _, line := range lines {
		var part []coordinates
		for _, p := range line {
			part = append(part, coordinates{p.X, p.Y})
		}
		parts = append(parts, part)
	}
	return parts
}

// linesOf reads the lines of a manifest; ok is false where they can't be.
func linesOf(parts [][]coordinates) (lines [][]image.Point, ok bool) {
	for _, part := range parts {
		var line []image.Point
		for _, c := range part {
			line = append(line, image.Pt(c[0], c[1]))
		}
		lines = append(lines, line)
	}
	return lines, ValidLines(lines)
}
