package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"

	"overpaint/editor/mask"
	"overpaint/editor/picture"
	"overpaint/editor/region"
)

// ProjectVersion is the version of the format that is written. Older ones are read, newer ones refused.
const ProjectVersion = 1

var (
	// ErrNotProject reports a file that is no project of ours.
	ErrNotProject = errors.New("document: not an Overpaint project")
	// ErrDamaged reports a project of which something is missing or makes no sense.
	ErrDamaged = errors.New("document: the project is damaged")
)

// NewerError reports a project that a newer version of the application wrote.
type NewerError struct{ Version int }

// The most that a project may hold, far more than anybody makes: what has more
// would keep the application busy for minutes.
const (
	MaxPatches = 10_000
	maxName    = 4096 // bytes of the picture's name
)

// ManyError reports a project with more patches than can be opened.
type ManyError struct{ Patches int }

// Error names the numbers.
func (e *ManyError) Error() string {
	return fmt.Sprintf("document: the project has %d patches, more than %d", e.Patches, MaxPatches)
}

// Error names the versions.
func (e *NewerError) Error() string {
	return fmt.Sprintf("document: the project has version %d, newer than %d", e.Version, ProjectVersion)
}

// Project is all that a project file keeps: the document without its history,
// and settings that the document does not look into.
type Project struct {
	State  *State
	Source Source
	// Settings is JSON of the caller's (prompt, options), or nil.
	Settings json.RawMessage
}

// Document returns a document that starts as the project, not modified.
func (p Project) Document() *Document { return Open(p.State, p.Source) }

// manifest is a project as JSON: everything but the parts that are files of
// their own, which it names.
type manifest struct {
	Version  int             `json:"version"`
	Source   sourcePart      `json:"source"`
	Size     point           `json:"size"`
	Offset   point           `json:"offset"`
	Mask     *maskPart       `json:"mask,omitempty"`
	Patches  []patchPart     `json:"patches,omitempty"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

type point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

type sourcePart struct {
	Name string `json:"name,omitempty"`
	File string `json:"file"`
	// Original tells the file as it was opened from a picture that had none.
	Original bool `json:"original"`
}

// maskPart is a mask as a grey PNG (white is covered) of the part that covers anything.
type maskPart struct {
	File string `json:"file"`
	At   point  `json:"at"`
}

type patchPart struct {
	Window [4]int    `json:"window"` // left, top, right, bottom
	Send   point     `json:"send"`
	Grow   int       `json:"grow"`
	Blend  blendPart `json:"blend"`
	Answer string    `json:"answer"`
	// Raw tells the answer's file as it came from an answer that had none.
	Raw  bool      `json:"raw"`
	Mask *maskPart `json:"mask,omitempty"`
	// The layer is kept although it could be made again: it must look the same
	// in a later version that blends better.
	Layer *layerPart `json:"layer,omitempty"`
}

type blendPart struct {
	Grow    int     `json:"grow"`
	Feather int     `json:"feather"`
	Seam    int     `json:"seam"`
	Match   bool    `json:"match"`
	Opacity float64 `json:"opacity"`
}

type layerPart struct {
	At     point  `json:"at"`
	Pixels string `json:"pixels"`
	Weight string `json:"weight"`
}

// keeper stores one part and returns the name by which it is found again. hint
// is a readable name; parts with an equal key have equal bytes.
type keeper func(hint string, key any, data func() ([]byte, error)) (name string, err error)

// describe stores the project's parts and returns its manifest.
func (p Project) describe(keep keeper) (*manifest, error) {
	s := p.State
	m := &manifest{
		Version: ProjectVersion, Size: point(s.Size), Offset: point(s.Offset), Settings: p.Settings,
		Source: sourcePart{Name: p.Source.Name, Original: p.Source.Bytes != nil},
	}
	var err error
	if b := p.Source.Bytes; len(b) > 0 {
		m.Source.File, err = keep("original"+extension(b), &b[0], func() ([]byte, error) { return b, nil })
	} else {
		m.Source.Original = false
		m.Source.File, err = keep("picture.png", s.Base, func() ([]byte, error) {
			var out bytes.Buffer
			err := picture.Encode(&out, s.Base.Pix, picture.Encoding{Format: "png", Meta: s.Base.Meta})
			return out.Bytes(), err
		})
	}
	if err != nil {
		return nil, err
	}
	if m.Mask, err = describeMask(s.Mask, "mask.png", keep); err != nil {
		return nil, err
	}
	for i, patch := range s.Patches {
		part, err := describePatch(patch, fmt.Sprintf("patches/%d/", i+1), keep)
		if err != nil {
			return nil, err
		}
		m.Patches = append(m.Patches, part)
	}
	return m, nil
}

func describePatch(p *Patch, folder string, keep keeper) (part patchPart, err error) {
	w := p.Plan.Window
	part = patchPart{
		Window: [4]int{w.Min.X, w.Min.Y, w.Max.X, w.Max.Y}, Send: point(p.Plan.Send), Grow: p.Plan.Grow,
		Blend: blendPart(p.Blend), Raw: len(p.Encoded) > 0,
	}
	if part.Raw {
		part.Answer, err = keep(folder+"answer"+extension(p.Encoded), &p.Encoded[0], func() ([]byte, error) { return p.Encoded, nil })
	} else {
		part.Answer, err = keep(folder+"answer.png", p.Answer, func() ([]byte, error) { return encodePixels(p.Answer) })
	}
	if err != nil {
		return part, err
	}
	if part.Mask, err = describeMask(p.Mask, folder+"mask.png", keep); err != nil {
		return part, err
	}
	l := p.Layer
	if l.Rect.Empty() {
		return part, nil
	}
	part.Layer = &layerPart{At: point(l.Rect.Min)}
	if part.Layer.Pixels, err = keep(folder+"layer.png", &l.Pix.Pix[0], func() ([]byte, error) { return encodePixels(l.Pix) }); err != nil {
		return part, err
	}
	part.Layer.Weight, err = keep(folder+"weight.png", &l.Weight.Pix[0], func() ([]byte, error) { return encodeGrey(l.Weight) })
	return part, err
}

func describeMask(m *mask.Mask, hint string, keep keeper) (*maskPart, error) {
	box := m.Bounding()
	if box.Empty() {
		return nil, nil
	}
	name, err := keep(hint, m, func() ([]byte, error) { return encodeGrey(m.Alpha(box)) })
	return &maskPart{File: name, At: point(box.Min)}, err
}

func encodePixels(img *image.NRGBA) ([]byte, error) {
	var out bytes.Buffer
	err := picture.EncodeRGBA(&out, img, 1)
	return out.Bytes(), err
}

// encodeGrey writes coverage as a grey PNG.
func encodeGrey(a *image.Alpha) ([]byte, error) {
	var out bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err := e.Encode(&out, &image.Gray{Pix: a.Pix, Stride: a.Stride, Rect: a.Rect})
	return out.Bytes(), err
}

// extension guesses a file name's extension for a picture's bytes; it is for people, not for us.
func extension(b []byte) string {
	for _, f := range []struct{ magic, extension string }{
		{"\x89PNG", ".png"}, {"\xff\xd8", ".jpg"}, {"RIFF", ".webp"}, {"GIF8", ".gif"}, {"BM", ".bmp"}, {"II*\x00", ".tiff"}, {"MM\x00*", ".tiff"},
	} {
		if bytes.HasPrefix(b, []byte(f.magic)) {
			return f.extension
		}
	}
	return ".bin"
}

// loader reads the parts of a project, with a budget of pixels for all of them.
type loader struct {
	read   func(name string) ([]byte, error)
	limits picture.Limits
	budget int64
}

// load returns the project of a manifest. l bounds the canvas, the picture, and,
// four times over, all pictures together.
func load(m *manifest, l picture.Limits, read func(name string) ([]byte, error)) (Project, error) {
	if l.MaxPixels <= 0 {
		l = picture.DefaultLimits
	}
	if len(m.Source.Name) > maxName {
		return Project{}, damaged("the picture's name is too long")
	}
	if len(m.Patches) > MaxPatches {
		return Project{}, &ManyError{len(m.Patches)}
	}
	ld := &loader{read: read, limits: l, budget: 4 * l.MaxPixels}
	p := Project{Source: Source{Name: m.Source.Name}}
	if len(m.Settings) > 0 {
		var compact bytes.Buffer // project.json is indented, the caller's settings were not
		if err := json.Compact(&compact, m.Settings); err != nil {
			return p, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		p.Settings = compact.Bytes()
	}
	size := image.Point(m.Size)
	if size.X <= 0 || size.Y <= 0 {
		return p, damaged("the canvas is empty")
	}
	if int64(size.X) > l.MaxPixels/int64(size.Y) {
		return p, &SizeError{Width: size.X, Height: size.Y, MaxPixels: l.MaxPixels}
	}
	data, err := read(m.Source.File)
	if err != nil {
		return p, err
	}
	base, err := ld.picture(data)
	if err != nil {
		return p, err
	}
	if m.Source.Original {
		p.Source.Bytes = data
	}
	s := &State{Base: base, Size: size, Offset: image.Point(m.Offset), last: new(lastTransparency)}
	if !s.baseRect().In(s.Bounds()) || s.Offset.X < 0 || s.Offset.Y < 0 {
		return p, damaged("the picture does not lie on the canvas")
	}
	if s.Mask, err = ld.mask(m.Mask, size); err != nil {
		return p, err
	}
	for i, part := range m.Patches {
		patch, err := ld.patch(part, s)
		if err != nil {
			return p, fmt.Errorf("patch %d: %w", i+1, err)
		}
		s = s.WithPatch(patch)
	}
	p.State = s
	return p, nil
}

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrDamaged, what) }

// picture decodes a picture within the budget.
func (l *loader) picture(data []byte) (*picture.Picture, error) {
	p, err := picture.Decode(data, picture.Limits{MaxPixels: max(min(l.limits.MaxPixels, l.budget), 1)})
	if err != nil {
		return nil, err
	}
	l.budget -= int64(p.Size().X) * int64(p.Size().Y)
	return p, nil
}

// grey decodes coverage within the budget and puts it at a place.
func (l *loader) grey(name string, at image.Point) (*image.Alpha, error) {
	data, err := l.read(name)
	if err != nil {
		return nil, err
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if c.Width <= 0 || c.Height <= 0 || int64(c.Width) > l.budget/int64(c.Height) {
		return nil, damaged("a mask is too large")
	}
	l.budget -= int64(c.Width) * int64(c.Height)
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	g, ok := img.(*image.Gray)
	if !ok {
		return nil, damaged("a mask is not grey")
	}
	return &image.Alpha{Pix: g.Pix, Stride: g.Stride, Rect: g.Rect.Add(at)}, nil
}

func (l *loader) mask(part *maskPart, size image.Point) (*mask.Mask, error) {
	if part == nil {
		return mask.New(size.X, size.Y), nil
	}
	if !sane(part.At.X) || !sane(part.At.Y) {
		return nil, damaged("a mask lies nowhere")
	}
	a, err := l.grey(part.File, image.Point(part.At))
	if err != nil {
		return nil, err
	}
	if !a.Rect.In(image.Rectangle{Max: size}) {
		return nil, damaged("a mask reaches over the canvas")
	}
	return mask.FromAlpha(a, size), nil
}

// patch reads a patch over s.
func (l *loader) patch(part patchPart, s *State) (*Patch, error) {
	p := &Patch{Blend: region.Blend(part.Blend), Offset: s.Offset}
	w := part.Window
	p.Plan = region.Plan{Window: image.Rectangle{Min: image.Pt(w[0], w[1]), Max: image.Pt(w[2], w[3])}, Send: image.Point(part.Send), Grow: part.Grow}
	if err := l.check(p, s); err != nil {
		return nil, err
	}
	data, err := l.read(part.Answer)
	if err != nil {
		return nil, err
	}
	answer, err := l.picture(data)
	if err != nil {
		return nil, err
	}
	p.Answer = answer.Pix
	if part.Raw {
		p.Encoded = data
	}
	if p.Mask, err = l.mask(part.Mask, s.Size); err != nil {
		return nil, err
	}
	if part.Layer == nil {
		l.budget -= area(p.Plan.Window)
		return p.With(s, p.Blend, p.Mask), nil
	}
	p.Layer, err = l.layer(part.Layer, s)
	return p, err
}

// check refuses numbers that no plan and no blend has.
func (l *loader) check(p *Patch, s *State) error {
	w, b := p.Plan.Window, p.Blend
	ok := w.Overlaps(s.Bounds()) && sane(w.Min.X) && sane(w.Min.Y) && sane(w.Max.X) && sane(w.Max.Y) && area(w) <= l.budget
	ok = ok && sane(p.Plan.Send.X) && sane(p.Plan.Send.Y) && p.Plan.Send.X > 0 && p.Plan.Send.Y > 0
	for _, v := range []int{p.Plan.Grow, b.Grow, b.Feather, b.Seam} {
		ok = ok && v >= 0 && v <= 1<<12
	}
	if !ok || math.IsNaN(b.Opacity) || b.Opacity < 0 || b.Opacity > 1 {
		return damaged("a patch has impossible numbers")
	}
	return nil
}

func (l *loader) layer(part *layerPart, s *State) (region.Layer, error) {
	var none region.Layer
	if !sane(part.At.X) || !sane(part.At.Y) {
		return none, damaged("a layer lies nowhere")
	}
	weight, err := l.grey(part.Weight, image.Point(part.At))
	if err != nil {
		return none, err
	}
	data, err := l.read(part.Pixels)
	if err != nil {
		return none, err
	}
	pix, err := l.picture(data)
	if err != nil {
		return none, err
	}
	at := *pix.Pix
	at.Rect = at.Rect.Add(image.Point(part.At))
	if at.Rect != weight.Rect || !at.Rect.In(s.Bounds()) {
		return none, damaged("a layer does not fit")
	}
	return region.Layer{Rect: at.Rect, Pix: &at, Weight: weight}, nil
}

// sane bounds coordinates so that sums and areas of them cannot overflow.
func sane(v int) bool { return v > -1<<28 && v < 1<<28 }

func area(r image.Rectangle) int64 { return int64(r.Dx()) * int64(r.Dy()) }
