// Command quality measures how well package selection finds objects with a known outline from
// a few clicks: the intersection over union (IoU) after one, two and three, the distance of
// its border from the true one, and the time, compared with OpenCV's grabCut on the same clicks
// where OpenCV for Python is installed. It prints a table and writes contact sheets.
//
// The objects are listed in truths.txt. For those on photos the corners were set by hand on the
// enlarged photo, under a grid of percents; where the object has a sharp edge the outline
// between the corners was then moved to the steepest change of colour within 1.3 percent of the
// photo, by dynamic programming, and each was checked by eye. They are accurate to about half a
// percent of the photo's side; tree and dandelion are the outline of all their hair. Others are
// photos of objects that were cut out for Tux Paint, composited onto photos (two of them twice,
// of which one is wanted) and blurred together with these by a pixel, so that the truth is the
// cut-out's coverage. The rest is synthetic. photos.sh downloads the photos; without them only
// those in assets/photos are used.
//
// A hash of the names divides the cases into two halves: b is for validating what was tuned on a.
//
// The first click is in the middle of the object, each further one in the middle of the largest
// wrong area: inside where it is missing, outside where it is too much. A stroke goes through
// that middle along the longest line whose distance from the area's edge is at least half of the
// middle's. From an IoU of 0.98 on no further click is made. With -boxes the first is a box that
// is a tenth of the object's size, at least two pixels, larger on each side.
package main

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"image"
	"os"
	"path/filepath"
	"strings"
	"time"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
)

const clicks = 3

func main() {
	photos := flag.String("photos", "assets/photos", "folders of photos, with commas between")
	out := flag.String("out", "build/select-quality", "folder for the contact sheets")
	only := flag.String("only", "", "only cases whose name begins so")
	part := flag.String("half", "", "only that half of the cases: a or b")
	strokes := flag.Bool("strokes", false, "strokes instead of clicks")
	boxes := flag.Bool("boxes", false, "a box around the object instead of the first click; without OpenCV")
	small := flag.Bool("small", false, "small objects instead: the cut-outs, by size")
	peer := flag.Bool("peer", true, "run OpenCV's grabCut too")
	flag.Parse()
	if err := run(strings.Split(*photos, ","), *out, chosen{*only, *part, *strokes, *boxes, *small, *peer && !*boxes}); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

// chosen holds the flags that select what is measured.
type chosen struct {
	only, half                  string
	strokes, boxes, small, peer bool
}

// leaves reports whether a case is left out.
func (c chosen) leaves(name string) bool {
	return !strings.HasPrefix(name, c.only) || c.half != "" && c.half != half(name)
}

// half returns the half to which a case belongs, a or b.
func half(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return string('a' + rune(h.Sum32()%2))
}

func run(photos []string, out string, want chosen) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	cases, absent, err := allCases(photos, want.small)
	if err != nil {
		return err
	}
	if absent > 0 {
		fmt.Printf("Of %d cases the photos are absent; photos.sh fetches them.\n", absent)
	}
	fmt.Printf("%-16s %-9s %7s   %5s %5s %5s   %5s   %7s %7s %7s\n", "case", "method", "prepare", "IoU 1", "2", "3", "px", "ms 1", "2", "3")
	ours, theirs, halves, bad := &total{}, &total{}, map[string]*total{"a": {}, "b": {}}, &worst{}
	for _, c := range cases {
		if want.leaves(c.name) {
			continue
		}
		err := c.load()
		var rows []*measured
		if err == nil {
			rows, err = c.compare(want, ours, theirs)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if err := writeSheet(filepath.Join(out, c.name+".png"), c, rows); err != nil {
			return err
		}
		halves[half(c.name)].add(rows[0])
		bad.add(c, rows[0])
		c.img, c.truth = nil, nil
	}
	if err := bad.write(filepath.Join(out, "worst.png")); err != nil {
		return err
	}
	ours.row("mean", "overpaint")
	halves["a"].row("half a", "overpaint")
	halves["b"].row("half b", "overpaint")
	theirs.row("mean", "grabCut")
	fmt.Printf("At least 0.90 after two: %d of %d (%d of %d in half a, %d of %d in half b).\n",
		ours.good, ours.n, halves["a"].good, halves["a"].n, halves["b"].good, halves["b"].n)
	if theirs.n > 0 {
		fmt.Printf("After two better than grabCut by more than 0.005 in %d of %d, as good in %d.\n", ours.better, theirs.n, ours.same)
	}
	return nil
}

// compare measures all methods on a case, prints the results and adds them to the totals.
func (c *testCase) compare(want chosen, ours, theirs *total) ([]*measured, error) {
	own, err := c.measure(ourWay, want)
	if err != nil {
		return nil, err
	}
	own.row(c.name, "overpaint")
	ours.add(own)
	rows := []*measured{own}
	if want.peer {
		if other, err := c.measure(grabCut, want); err == nil {
			other.row("", "grabCut")
			theirs.add(other)
			rows = append(rows, other)
			ours.compare(own, other)
		}
	}
	return rows, nil
}

// click is a click at a position, or a stroke through it between two ends, inside the object or
// outside of it, or a box between two corners.
type click struct {
	at       image.Point
	from, to image.Point
	radius   float64
	outside  bool
	box      bool
}

// radius returns the radius of clicks on a picture of a size, in its pixels.
func radius(size image.Point) float64 { return max(3, float64(max(size.X, size.Y))/160) }

// method prepares a picture and returns a function that selects by clicks.
type method func(img *image.NRGBA) (func([]click) (*image.Alpha, time.Duration, error), error)

// ourWay selects by package selection, each answer continuing from the last.
func ourWay(img *image.NRGBA) (func([]click) (*image.Alpha, time.Duration, error), error) {
	pixels := func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) }
	size := img.Rect.Size()
	scene, err := selection.Prepare(context.Background(), size, pixels)
	if err != nil {
		return nil, err
	}
	var last *selection.Answer
	return func(all []click) (*image.Alpha, time.Duration, error) {
		var marks []selection.Mark
		for _, c := range all {
			mark := selection.Mark{Radius: 2 * c.radius, Outside: c.outside, Box: c.box}
			for _, p := range []image.Point{c.from, c.to} {
				mark.Points = append(mark.Points, mask.Point{X: float64(p.X) + 0.5, Y: float64(p.Y) + 0.5})
			}
			if c.from == c.to {
				mark.Points = mark.Points[:1]
			}
			marks = append(marks, mark)
		}
		start := time.Now()
		a, err := scene.Select(context.Background(), marks, last)
		if err != nil {
			return nil, 0, err
		}
		last = a
		took := time.Since(start)
		return a.Mask.Alpha(img.Rect), took, nil
	}, nil
}

// measured is the result of a method on a case.
type measured struct {
	prepare time.Duration
	iou     [clicks]float64
	off     float64 // the mean distance of the borders after the last click, in pixels
	took    [clicks]time.Duration
	masks   [clicks]*image.Alpha
	clicks  []click
}

func (c *testCase) measure(m method, want chosen) (*measured, error) {
	r := &measured{}
	start := time.Now()
	next, err := m(c.img)
	if err != nil {
		return nil, err
	}
	r.prepare = time.Since(start)
	wrong := func(x, y int) bool { return c.truth.AlphaAt(x, y).A >= 128 }
	for i := range clicks {
		if i > 0 && r.iou[i-1] >= 0.98 {
			r.iou[i], r.masks[i] = r.iou[i-1], r.masks[i-1]
			continue
		}
		k := middle(c.img.Rect.Size(), wrong, want.strokes)
		k.box = want.boxes && i == 0
		if k.box {
			k.from, k.to = around(c.truth)
		}
		k.outside = c.truth.AlphaAt(k.at.X, k.at.Y).A < 128
		r.clicks = append(r.clicks, k)
		if r.masks[i], r.took[i], err = next(r.clicks); err != nil {
			return nil, err
		}
		got := r.masks[i]
		r.iou[i] = iou(got, c.truth)
		wrong = func(x, y int) bool { return (got.AlphaAt(x, y).A >= 128) != (c.truth.AlphaAt(x, y).A >= 128) }
	}
	r.off = borders(r.masks[clicks-1], c.truth)
	return r, nil
}

func (r *measured) row(name, method string) {
	fmt.Printf("%-16s %-9s %7d   %5.3f %5.3f %5.3f   %5.2f   %7d %7d %7d\n", name, method, r.prepare.Milliseconds(),
		r.iou[0], r.iou[1], r.iou[2], r.off, r.took[0].Milliseconds(), r.took[1].Milliseconds(), r.took[2].Milliseconds())
}

// total sums up the results of all cases.
type total struct {
	n, better, same int
	good            int // at least 0.90 after two
	iou             [clicks]float64
	off             float64
	took            [clicks]time.Duration
}

func (t *total) add(r *measured) {
	t.n++
	if r.iou[1] >= 0.9 {
		t.good++
	}
	for i := range clicks {
		t.iou[i] += r.iou[i]
		t.took[i] += r.took[i]
	}
	t.off += r.off
}

func (t *total) compare(own, other *measured) {
	switch d := own.iou[1] - other.iou[1]; {
	case d > 0.005:
		t.better++
	case d >= -0.005:
		t.same++
	}
}

func (t *total) row(name, method string) {
	if t.n == 0 {
		return
	}
	n := float64(t.n)
	ms := func(i int) float64 { return float64(t.took[i].Milliseconds()) / n }
	fmt.Printf("%-16s %-9s %7s   %5.3f %5.3f %5.3f   %5.2f   %7.0f %7.0f %7.0f\n", name, method, "", t.iou[0]/n, t.iou[1]/n, t.iou[2]/n, t.off/n, ms(0), ms(1), ms(2))
}
