package job

import (
	"crypto/rand"
	"image"
	"slices"
	"sync"
	"weak"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// edit is what a job shares with later requests for the same edit.
type edit struct {
	id     string
	prompt string
	state  *document.State
	mask   *mask.Mask
	plan   region.Plan
	blend  region.Blend
	found  *document.Findings
	space  *colour.Space // that of the document, where what is sent is sRGB instead
	sends  bool          // it has pictures to send
	cuts   bool          // the picture itself says what is to be edited, and no mask is sent
	whole  bool          // the mask was empty
	bare   bool          // no mask is sent
	guided bool          // guide lines are used
	parts  []*Job        // what it is made of, each with a spot of the mask; nil for most

	mu       sync.Mutex
	held     *pictures // nil once nothing is to be sent; then they are made when they are needed
	released bool
	seen     []int                         // the variants that have arrived
	last     weak.Pointer[document.Result] // the one made last
}

// pictures are the window, in the colours in which it is sent, and its mask. All variants, and
// later requests for the same edit, are compared with the same ones.
type pictures struct {
	sent    *image.NRGBA
	covered *image.Alpha
	// image and mask are those for the request.
	image *image.NRGBA
	mask  *image.Alpha
	// files are the encoded pictures; nil where they were not encoded.
	files *api.Files
}

func newEdit(s *document.State, m *mask.Mask, p region.Plan, o Options) *edit {
	e := &edit{id: rand.Text(), prompt: o.Prompt, state: s, mask: m, plan: p, blend: o.Blend, found: document.NewFindings(s, p)}
	if o.SRGB {
		e.space = s.Base.Meta.Space
	}
	return e
}

// pictures returns what is sent.
func (e *edit) pictures() *pictures {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.held != nil {
		return e.held
	}
	p := &pictures{}
	p.sent, p.covered = e.plan.Crop(e.state, e.state.Size, e.mask)
	p.sent = e.space.SRGB(p.sent)
	p.image, p.mask = p.sent, p.covered
	switch {
	case e.bare:
		p.mask = nil
	case e.cuts:
		p.image, p.mask = cut(p.sent, p.covered), nil
	}
	if !e.released {
		e.held = p
	}
	return p
}

// came notes that a variant has arrived; after all n, the sent pictures are released.
func (e *edit) came(index, n int) {
	e.mu.Lock()
	if !slices.Contains(e.seen, index) {
		e.seen = append(e.seen, index)
	}
	all := len(e.seen) >= max(n, 1)
	e.mu.Unlock()
	if all {
		e.release()
	}
}

func (e *edit) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held, e.released = nil, true
}

// result returns a result of variants. All results share the mask and what depends on it, some
// hundred kilobytes, while any of them is referenced.
func (e *edit) result(list []*document.Variant, chosen int) *document.Result {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.last.Value()
	switch {
	case r == nil:
		r = document.NewResult(e.state, document.Edit{ID: e.id, Prompt: e.prompt, Plan: e.plan, Mask: e.mask, Blend: e.blend, Findings: e.found}, list, chosen)
	case r.Chosen != chosen || !slices.Equal(r.Variants, list):
		r = r.Of(list, chosen)
	}
	e.last = weak.Make(r)
	return r
}

// cut returns a picture in which what the mask covers by half or more is fully
// transparent, so that the picture itself says what is to be edited.
func cut(from *image.NRGBA, m *image.Alpha) *image.NRGBA {
	img := &image.NRGBA{Pix: slices.Clone(from.Pix), Stride: from.Stride, Rect: from.Rect}
	for y := range img.Rect.Dy() {
		pix := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for x, v := range m.Pix[y*m.Stride:][:img.Rect.Dx()] {
			if v >= 128 {
				pix[4*x+3] = 0 // the colour stays, for servers that drop the alpha channel
			} else if pix[4*x+3] == 0 {
				pix[4*x+3] = 1 // not what is to be edited
			}
		}
	}
	return img
}
