package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"sync"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// ProjectVersion is the version of the format that is written. Older ones are read, newer ones refused.
const ProjectVersion = 2

var (
	// ErrNotProject reports a file that is no project.
	ErrNotProject = errors.New("document: not an Overpaint project")
	// ErrDamaged reports a project of which something is missing or invalid.
	ErrDamaged = errors.New("document: the project is damaged")
)

// NewerError reports a project that a newer version of the application wrote.
type NewerError struct{ Version int }

// The limits of a project, which are far above what is used: reading more would take minutes.
const (
	MaxResults = 1000
	maxName    = 4096 // bytes of the picture's name
)

// ManyError reports a project with more results than can be opened.
type ManyError struct{ Results int }

// Error names the numbers.
func (e *ManyError) Error() string {
	return fmt.Sprintf("document: the project has %d results, more than %d", e.Results, MaxResults)
}

// Error names the versions.
func (e *NewerError) Error() string {
	return fmt.Sprintf("document: the project has version %d, newer than %d", e.Version, ProjectVersion)
}

// Project is the content of a project file: the document without its history, and the caller's
// settings.
type Project struct {
	State  *State
	Source Source
	// Settings is JSON that belongs to the caller (prompt, options), or nil.
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
	Lines    [][]coordinates `json:"lines,omitempty"`
	Results  []resultPart    `json:"results,omitempty"`
	Patches  []patchPart     `json:"patches,omitempty"` // version 1
	Settings json.RawMessage `json:"settings,omitempty"`
}

type point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// coordinates are a point as x, y.
type coordinates [2]int

type sourcePart struct {
	Name string `json:"name,omitempty"`
	File string `json:"file"`
	// Original reports whether File is the file as it was opened; else it is made from the
	// pixels of a picture without a file.
	Original bool `json:"original"`
}

// maskPart is a mask as a grey PNG (white is covered) of the part that covers anything.
type maskPart struct {
	File string `json:"file"`
	At   point  `json:"at"`
}

type resultPart struct {
	planPart
	Edit     string        `json:"edit,omitempty"`
	Name     string        `json:"name,omitempty"`
	Canvas   rectangle     `json:"canvas"`
	Blend    blendPart     `json:"blend"`
	Hidden   bool          `json:"hidden,omitempty"`
	Variants []variantPart `json:"variants"`
	Chosen   int           `json:"chosen"`
	Sent     *maskPart     `json:"sent,omitempty"`
	Mask     *maskPart     `json:"mask,omitempty"`
	Erased   *maskPart     `json:"erased,omitempty"`
	Limit    *limitPart    `json:"limit,omitempty"`
	Drawn    *maskPart     `json:"drawn,omitempty"`
	Mix      []mixPart     `json:"mix,omitempty"`
	// The layer is stored although it could be computed again, since the project must look the
	// same in a later version.
	Layer *layerPart `json:"layer,omitempty"`
}

// rectangle is left, top, right, bottom.
type rectangle [4]int

func rectangleOf(r image.Rectangle) rectangle {
	return rectangle{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y}
}

func (r rectangle) image() image.Rectangle {
	return image.Rectangle{Min: image.Pt(r[0], r[1]), Max: image.Pt(r[2], r[3])}
}

type planPart struct {
	Window rectangle `json:"window"`
	Send   point     `json:"send"`
	Grow   int       `json:"grow"`
}

type variantPart struct {
	File          string `json:"file"`
	Size          point  `json:"size"`
	Index         int    `json:"index"`
	RevisedPrompt string `json:"revised_prompt,omitempty"`
	Method        string `json:"method,omitempty"`
	// SRGB says that the file is in sRGB, whatever the picture's space is; older files have the
	// picture's own numbers.
	SRGB bool `json:"srgb,omitempty"`
	// Motion is how the answer moved relative to what was sent, where that was measured.
	Motion *align.Motion `json:"motion,omitempty"`
	// Pieces are the pieces of which it was composed.
	Pieces []piecePart `json:"pieces,omitempty"`
}

// piecePart is a piece of a variant, relative to the window's top-left pixel.
type piecePart struct {
	Window rectangle `json:"window"`
	Answer point     `json:"answer"`
	Box    rectangle `json:"box"`
}

// limitPart is a limit, which may be empty.
type limitPart struct {
	Mask *maskPart `json:"mask,omitempty"`
}

type mixPart struct {
	maskPart
	Variant int `json:"variant"`
}

// patchPart is a result of version 1: one variant, shown under the mask with which it was
// sent.
type patchPart struct {
	planPart
	Blend  blendPart  `json:"blend"`
	Answer string     `json:"answer"`
	Mask   *maskPart  `json:"mask,omitempty"`
	Layer  *layerPart `json:"layer,omitempty"`
}

type blendPart struct {
	Grow    int     `json:"grow"`
	Feather int     `json:"feather"`
	Seam    int     `json:"seam"`
	Match   bool    `json:"match"`
	Opacity float64 `json:"opacity"`
	// Align and KeepMore are missing in older files, whose answers stay as they were.
	Align    bool `json:"align,omitempty"`
	KeepMore bool `json:"keep_more,omitempty"`
	// Counts is Blend.Counts, -1 to 1.
	Counts float64 `json:"counts,omitempty"`
	// Sharpen and Grain are missing in older files, whose answers stay as they were.
	Sharpen bool `json:"sharpen,omitempty"`
	Grain   bool `json:"grain,omitempty"`
}

type layerPart struct {
	At     point  `json:"at"`
	Pixels string `json:"pixels"`
	Weight string `json:"weight"`
}

// keeper stores one part and returns its name. hint is a readable name; parts with equal keys
// have equal bytes.
type keeper func(hint string, key any, data func() ([]byte, error)) (name string, err error)

// describe stores the project's parts and returns its manifest.
func (p Project) describe(keep keeper) (*manifest, error) {
	s := p.State
	m := &manifest{
		Version: ProjectVersion, Size: point(s.Size), Offset: point(s.Offset), Lines: describeLines(s.Lines), Settings: p.Settings,
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
	f := s.Flattener()
	for i, r := range s.Results {
		part, err := describeResult(r, f, fmt.Sprintf("results/%d/", i+1), keep)
		if err != nil {
			return nil, err
		}
		m.Results = append(m.Results, part)
	}
	return m, nil
}

func describeResult(r *Result, f *Flattener, folder string, keep keeper) (part resultPart, err error) {
	part = resultPart{
		planPart: planPart{Window: rectangleOf(r.Plan.Window), Send: point(r.Plan.Send), Grow: r.Plan.Grow},
		Edit:     r.Edit, Name: r.Name, Canvas: rectangleOf(r.Canvas), Blend: blendPart(r.Blend), Hidden: r.Hidden, Chosen: r.Chosen,
	}
	for i, v := range r.Variants {
		data := v.Encoded()
		one := variantPart{Size: point(v.Size()), Index: v.Index, RevisedPrompt: v.RevisedPrompt, Method: v.Method, SRGB: v.blob.space != nil}
		if v.Motion.Finding != "" {
			one.Motion = &v.Motion
		}
		for _, p := range v.Pieces {
			one.Pieces = append(one.Pieces, piecePart{rectangleOf(p.Window), point(p.Answer), rectangleOf(p.Box)})
		}
		one.File, err = keep(fmt.Sprintf("%svariant%d%s", folder, i+1, extension(data)), &data[0], func() ([]byte, error) { return data, nil })
		if err != nil {
			return part, err
		}
		part.Variants = append(part.Variants, one)
	}
	if part.Sent, err = describeMask(r.Sent, folder+"sent.png", keep); err != nil {
		return part, err
	}
	if part.Mask, err = describeMask(r.Mask, folder+"mask.png", keep); err != nil {
		return part, err
	}
	if err := describeCuts(&part, r, folder, keep); err != nil {
		return part, err
	}
	for i, m := range r.Mix {
		if m == nil {
			continue
		}
		one, err := describeMask(m, fmt.Sprintf("%smix%d.png", folder, i+1), keep)
		if err != nil {
			return part, err
		}
		if one != nil {
			part.Mix = append(part.Mix, mixPart{maskPart: *one, Variant: i})
		}
	}
	part.Layer, err = describeLayer(r, f, folder, keep)
	return part, err
}

// describeCuts stores the masks that reduce a result's mask.
func describeCuts(part *resultPart, r *Result, folder string, keep keeper) (err error) {
	if r.Erased != nil {
		if part.Erased, err = describeMask(r.Erased, folder+"erased.png", keep); err != nil {
			return err
		}
	}
	if r.Limit != nil {
		part.Limit = new(limitPart)
		if part.Limit.Mask, err = describeMask(r.Limit, folder+"limit.png", keep); err != nil {
			return err
		}
	}
	if r.Drawn != nil {
		part.Drawn, err = describeMask(r.Drawn, folder+"drawn.png", keep)
	}
	return err
}

// layerKey identifies a part of a result's look.
type layerKey struct {
	result *Result
	part   string
}

// describeLayer stores how a result looks, unless it is hidden.
func describeLayer(r *Result, f *Flattener, folder string, keep keeper) (*layerPart, error) {
	made := sync.OnceValue(func() region.Layer { return f.rendered(r) })
	weight := func() ([]byte, error) { return encodeGrey(made().Weight) }
	pixels := func() ([]byte, error) { return encodePixels(made().Pix) }
	at := shown(r)
	if k := r.kept; k != nil {
		at = image.Rectangle{Min: k.at, Max: k.at.Add(k.blob.size)}
		weight = func() ([]byte, error) { return encodeGrey(k.weight.Alpha(at)) }
		pixels = func() ([]byte, error) { return k.blob.data, nil }
	}
	if at.Empty() || !r.Visible() {
		return nil, nil
	}
	part := &layerPart{At: point(at.Min)}
	var err error
	if part.Pixels, err = keep(folder+"layer.png", layerKey{r, "pixels"}, pixels); err != nil {
		return nil, err
	}
	part.Weight, err = keep(folder+"weight.png", layerKey{r, "weight"}, weight)
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

// extension guesses a file name ending from a picture's bytes, for people who unpack the
// project.
func extension(b []byte) string {
	for _, f := range []struct{ magic, extension string }{
		{"\x89PNG", ".png"},
		{"\xff\xd8", ".jpg"},
		{"RIFF", ".webp"},
		{"GIF8", ".gif"},
		{"BM", ".bmp"},
		{"II*\x00", ".tiff"},
		{"MM\x00*", ".tiff"},
		{"\xff\x0a", ".jxl"},
		{"\x00\x00\x00\x0cJXL ", ".jxl"},
	} {
		if bytes.HasPrefix(b, []byte(f.magic)) {
			return f.extension
		}
	}
	return ".bin"
}
