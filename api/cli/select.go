package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/subject"
)

// pick is `overpaint select`: it writes a mask of the object at given points.
func pick(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
	r := newReport("select", stdout, stderr, false)
	p, err := parsePick(args)
	if helped(err, "select", stdout) {
		return ExitDone
	}
	if err == nil {
		err = p.carryOut(ctx, r, stdout)
	}
	if err == nil && p.out != standard {
		fmt.Fprintln(stdout, p.out)
	}
	return refuse(r, err)
}

// picking is the parsed command line.
type picking struct {
	marks              []selection.Mark // except those read from files
	scribble, hug, out string
	within             string   // a mask that limits what is selected
	ways               []string // flags that select by other means; at most one is allowed
	similar            image.Point
	places             []place // of -point, -outside, -similar and -box, as they were given
	given              map[string]bool
	tolerance          int // of -similar
	joined, shadow     bool
	margin             int
	invert             bool
	image              string
}

// place is a point or a box on the command line.
type place struct {
	flag, value string
	area        image.Rectangle // of one pixel for a point
}

// inside checks that all points lie in the picture, and boxes in a part of it, and that a
// point isn't outside of all boxes.
func (p *picking) inside(picture image.Rectangle) error {
	boxed := func(one place) bool {
		return !p.given["box"] || slices.ContainsFunc(p.places, func(box place) bool { return box.flag == "box" && one.area.In(box.area) })
	}
	for _, one := range p.places {
		if !one.area.Overlaps(picture) {
			return api.InputError("cli.place_outside", "Place", "-"+one.flag+" "+one.value, "Width", picture.Dx(), "Height", picture.Dy())
		}
		if one.flag == "point" && !boxed(one) {
			return api.InputError("cli.place_boxed", "Place", "-"+one.flag+" "+one.value)
		}
	}
	return nil
}

// parsePick reads the arguments, as walk does.
func parsePick(args []string) (*picking, error) {
	p := &picking{tolerance: 32, given: map[string]bool{}}
	pictures, err := walk(args, func(o *option) error {
		p.given[o.name] = true
		if !o.isInline && p.toggle(o.name) {
			return nil
		}
		if !strings.Contains(" point outside box scribble similar tolerance hug within margin o out ", " "+o.name+" ") {
			return o.unknown()
		}
		value, err := o.value()
		if err == nil && !p.set(o.name, value) {
			err = o.bad(value)
		}
		return err
	})
	if err != nil {
		return p, err
	}
	return p, p.complete(pictures)
}

// toggle sets a flag without a value and reports whether there is one of that name.
func (p *picking) toggle(name string) bool {
	switch name {
	case "sky", "background", "person":
		p.ways = append(p.ways, name)
	case "invert":
		p.invert = true
	case "shadow":
		p.shadow = true
	case "joined":
		p.joined = true
	default:
		return false
	}
	return true
}

// set sets a flag and reports whether its value is valid.
func (p *picking) set(name, value string) bool {
	switch name {
	case "point", "outside", "similar":
		n, ok := numbers(value, 2)
		if !ok {
			return false
		}
		p.places = append(p.places, place{name, value, image.Rect(n[0], n[1], n[0]+1, n[1]+1)})
		if name == "similar" {
			p.similar, p.ways = image.Pt(n[0], n[1]), append(p.ways, name)
			return true
		}
		at := selection.Point{X: float64(n[0]) + 0.5, Y: float64(n[1]) + 0.5}
		p.marks = append(p.marks, selection.Mark{Points: []selection.Point{at}, Outside: name == "outside"})
	case "box":
		return p.addBox(value)
	case "scribble":
		p.scribble = value
	case "hug":
		p.hug, p.ways = value, append(p.ways, name)
	case "within":
		p.within = value
	case "tolerance":
		return setNumber(&p.tolerance, value, 0, 255)
	case "margin":
		return setNumber(&p.margin, value, -1000, 1000)
	case "o", "out":
		p.out = value
	}
	return true
}

// addBox adds a box, X,Y,W,H, and reports whether it is valid.
func (p *picking) addBox(value string) bool {
	n, ok := numbers(value, 4)
	if !ok || n[2] < 1 || n[3] < 1 {
		return false
	}
	p.places = append(p.places, place{"box", value, image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3])})
	from := selection.Point{X: float64(n[0]), Y: float64(n[1])}
	to := selection.Point{X: from.X + float64(n[2]-1), Y: from.Y + float64(n[3]-1)}
	p.marks = append(p.marks, selection.Mark{Box: true, Points: []selection.Point{from, to}})
	return true
}

// setNumber sets an integer and reports whether it is in its range.
func setNumber(to *int, value string, least, most int) bool {
	n, ok := numbers(value, 1)
	if !ok || n[0] < least || n[0] > most {
		return false
	}
	*to = n[0]
	return true
}

// numbers reads so many integers separated by commas.
func numbers(value string, count int) (n []int, ok bool) {
	parts := strings.Split(value, ",")
	for _, part := range parts {
		v, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || v < -farthest || v > farthest {
			return nil, false
		}
		n = append(n, v)
	}
	return n, len(parts) == count
}

// complete checks that the command line gives a selection, one picture and an output.
func (p *picking) complete(pictures []string) error {
	if len(p.marks) > 0 {
		p.ways = append(p.ways, "point")
		if p.marks[0].Box {
			p.ways[len(p.ways)-1] = "box"
		}
	} else if p.scribble != "" {
		p.ways = append(p.ways, "scribble")
	}
	switch {
	case len(pictures) == 0:
		return api.InputError("cli.no_picture")
	case len(pictures) > 1:
		return api.InputError("cli.select_one", "Name", pictures[1])
	case len(p.ways) == 0:
		return api.InputError("cli.select_what")
	case len(p.ways) > 1:
		return api.InputError("cli.flags_both", "First", "-"+p.ways[0], "Second", "-"+p.ways[1])
	case p.out == "":
		return api.InputError("cli.select_where")
	case p.out != standard && picture.Named(p.out) && !strings.EqualFold(filepath.Ext(p.out), ".png"):
		return api.InputError("cli.select_png", "File", p.out)
	case p.out != standard && file.IsThere(p.out):
		return api.InputError("cli.out_exists", "File", p.out)
	}
	p.image = pictures[0]
	return needed(p.given, map[string]string{"tolerance": "similar", "joined": "similar"})
}

// carryOut selects and writes the mask.
func (p *picking) carryOut(ctx context.Context, r *report, stdout io.Writer) error {
	opened, _, err := (*fence)(nil).read(p.image)
	if err != nil {
		return openError(p.image, err)
	}
	r.notes(opened)
	s := document.NewState(opened)
	if err := p.inside(image.Rectangle{Max: s.Size}); err != nil {
		return err
	}
	m, err := p.find(ctx, s)
	if err != nil {
		return err
	}
	if m.Empty() && p.ways[0] == "person" {
		return api.InputError("cli.select_nobody")
	}
	if m.Empty() {
		return api.InputError("cli.select_nothing")
	}
	if m, err = p.shape(ctx, m, s); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := m.EncodePNG(&b); err != nil {
		return err
	}
	if p.out == standard {
		_, err := stdout.Write(b.Bytes())
		return err
	}
	made := &madeFolders{}
	defer made.tidy()
	if err := checkFolder(filepath.Dir(p.out), filepath.Base(p.out), made); err != nil {
		return err
	}
	err = file.New(p.out, 0o644, func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err })
	if errors.Is(err, file.ErrExists) {
		return api.InputError("cli.out_exists", "File", p.out)
	}
	return err
}

// shape applies the flags that change a mask: its shadow, a margin, inversion and -within.
func (p *picking) shape(ctx context.Context, m *mask.Mask, s *document.State) (*mask.Mask, error) {
	if p.shadow {
		scene, err := selection.Prepare(ctx, s.Size, s.Pixels)
		if err != nil {
			return nil, err
		}
		if m, err = scene.Shadow(ctx, m); err != nil {
			return nil, err
		}
	}
	if p.margin != 0 {
		m = m.Grow(max(p.margin, 0)).Shrink(max(-p.margin, 0))
	}
	if m.Empty() {
		return nil, api.InputError("cli.select_left")
	}
	if p.invert {
		m = m.Invert()
	}
	if m.Empty() {
		return nil, api.InputError("cli.select_left")
	}
	if p.within == "" {
		return m, nil
	}
	limit, err := (*fence)(nil).openMask(p.within, s)
	if err != nil {
		return nil, err
	}
	if m = mask.Intersect(m, limit); m.Empty() {
		return nil, api.InputError("cli.select_nothing")
	}
	return m, nil
}

// find returns the mask of the selection.
func (p *picking) find(ctx context.Context, s *document.State) (*mask.Mask, error) {
	way := p.ways[0]
	if way == "similar" {
		return mask.Wand(s.Size, s.Pixels, p.similar, mask.WandOptions{Tolerance: p.tolerance, Contiguous: p.joined}), ctx.Err()
	}
	if kind := subject.Kind(way); kind.Valid() {
		return kind.Find(ctx, s.Size, s.Pixels)
	}
	scene, err := selection.Prepare(ctx, s.Size, s.Pixels)
	if err != nil {
		return nil, err
	}
	if way == "hug" {
		rough, err := (*fence)(nil).openMask(p.hug, s)
		if err != nil {
			return nil, err
		}
		return scene.Hug(ctx, rough, scene.Reach())
	}
	marks, err := p.scribbles(s)
	if err != nil {
		return nil, err
	}
	for i := range p.marks {
		p.marks[i].Radius = float64(max(s.Size.X, s.Size.Y)) / 100
	}
	a, err := scene.Select(ctx, append(marks, p.marks...), nil)
	if err != nil {
		return nil, err
	}
	return a.Mask, nil
}

// scribbles reads the marks that were drawn in a separate picture.
func (p *picking) scribbles(s *document.State) ([]selection.Mark, error) {
	if p.scribble == "" {
		return nil, nil
	}
	data, err := os.ReadFile(p.scribble)
	if err != nil {
		return nil, openError(p.scribble, err)
	}
	drawn, err := picture.Decode(data, picture.DefaultLimits)
	if err != nil {
		return nil, openError(p.scribble, err)
	}
	if got := drawn.Size(); got != s.Size {
		return nil, job.MaskError(p.scribble, &mask.SizeError{Got: got, Want: s.Size})
	}
	if isPhoto(drawn.Pix) && !painted(drawn.Pix) {
		return nil, api.InputError("cli.scribble_photo", "File", p.scribble)
	}
	return selection.Scribbles(drawn.Pix), nil
}
