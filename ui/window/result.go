package window

import (
	"image"

	"fyne.io/fyne/v2"

	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/region"
	"overpaint/editor/view"
	"overpaint/ui/gallery"
	"overpaint/ui/panel"
)

// none is the ID of no result.
const none document.ID = 0

// picked is the accepted result that is selected, and what the person wants of
// it. While a result is being looked at in another way, the document stays as it is.
type picked struct {
	id   document.ID // or none
	wish *region.Blend
}

// tapped selects the topmost result at a canvas pixel.
func (w *Window) tapped(x, y int) {
	if w.doc != nil && w.rail.Selected() == panel.Move {
		w.pick(resultAt(w.doc.State(), image.Pt(x, y)))
	}
}

// resultAt returns the topmost result at a canvas pixel, or none.
func resultAt(s *document.State, at image.Point) document.ID {
	if r := s.ResultAt(at); r != nil {
		return r.ID
	}
	return none
}

// pick selects a result. A variant that is being looked at is laid aside.
func (w *Window) pick(id document.ID) {
	if id == w.picked.id {
		return
	}
	w.picked.id, w.picked.wish = id, nil
	if id != none && w.gallery.Selected() != gallery.Original {
		w.gallery.Select(gallery.Original)
		w.showVariant(gallery.Original)
	}
	w.showPicked()
}

// result returns the selected result; nil where there is none, or no longer.
func (w *Window) result() *document.Result {
	if w.doc == nil {
		return nil
	}
	return w.doc.State().Result(w.picked.id)
}

// showPicked shows the selected result's controls, and where it is.
func (w *Window) showPicked() {
	r := w.result()
	if r == nil {
		w.picked.id, w.picked.wish = none, nil
		w.options.SetResult(nil)
		w.surface.SetOutline(nil)
		return
	}
	if w.picked.wish == nil {
		blend := r.Blend
		w.options.SetResult(&blend)
	}
	box := r.Mask.Bounding()
	x0, y0, x1, y1 := float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y)
	w.surface.SetOutline([]view.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// blend lays the selected result over the picture in another way: at once for
// the eye, and as a step when the person has done.
func (w *Window) blend(b region.Blend, done bool) {
	r := w.result()
	if r == nil {
		return
	}
	if done {
		w.picked.wish = nil
		if !w.doc.SetBlend(r.ID, b) { // back where it began
			w.surface.SetState(w.doc.State())
		}
		return
	}
	w.picked.wish = &b
	w.surface.SetState(w.doc.State().Preview(r.ID, func(r *document.Result) *document.Result { return r.Blended(b) }))
}

func (w *Window) removePicked() {
	if r := w.result(); r != nil {
		w.pick(none)
		w.doc.RemoveResult(r.ID)
	}
}

// maskOfPicked makes the mask of the selected result the document's again.
func (w *Window) maskOfPicked() {
	r := w.result()
	if r == nil {
		return
	}
	doc, state := w.doc, w.doc.State()
	go func() {
		dirty := mask.Diff(state.Mask, r.Sent)
		fyne.Do(func() {
			if w.doc == doc && doc.State() == state && !dirty.Empty() {
				doc.SetMask("step.result_mask", r.Sent, dirty)
			}
		})
	}()
}

// pickedKey does what a key does to the selected result, and reports whether it
// did anything.
func (w *Window) pickedKey(key fyne.KeyName) bool {
	if w.result() == nil {
		return false
	}
	switch key {
	case fyne.KeyDelete:
		w.removePicked()
	case fyne.KeyEscape:
		w.pick(none)
	default:
		return false
	}
	return true
}
