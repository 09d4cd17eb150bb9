package window

import (
	"image"

	"fyne.io/fyne/v2"

	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/region"
	"overpaint/editor/view"
	gallery "overpaint/ui/strip"
	"overpaint/ui/panel"
)

// none is the index of no result.
const none = -1

// picked is the accepted result that is selected, and what the person wants of
// it. A result is made again on a goroutine, one at a time: while it is being
// made only the newest wish is kept.
type picked struct {
	index  int // of the document's patches, or none
	wish   *region.Blend
	commit bool // the wish is to become a step, not just to be shown
	busy   bool
}

// tapped selects the topmost result at a canvas pixel.
func (w *Window) tapped(x, y int) {
	if w.doc != nil && w.rail.Selected() == panel.Move {
		w.pick(resultAt(w.doc.State(), image.Pt(x, y)))
	}
}

// resultAt returns the index of the topmost patch that shows at a canvas pixel.
// One that was made transparent can still be found.
func resultAt(s *document.State, at image.Point) int {
	for i := len(s.Patches) - 1; i >= 0; i-- {
		p := s.Patches[i]
		if p.Layer.Weight != nil && p.Layer.Weight.AlphaAt(at.X, at.Y).A > 0 {
			return i
		}
		if at.In(p.Mask.Bounds()) && p.Mask.At(at.X, at.Y) > 0 {
			return i
		}
	}
	return none
}

// pick selects a result. A variant that is being looked at is laid aside.
func (w *Window) pick(i int) {
	if i == w.picked.index {
		return
	}
	w.picked.index, w.picked.wish = i, nil
	if i != none && w.gallery.Selected() != gallery.Original {
		w.gallery.Select(gallery.Original)
		w.showVariant(gallery.Original)
	}
	w.showPicked()
}

// patch returns the selected result; nil where there is none, or no longer.
func (w *Window) patch() *document.Patch {
	if w.doc == nil || w.picked.index == none {
		return nil
	}
	patches := w.doc.State().Patches
	if w.picked.index >= len(patches) {
		return nil
	}
	return patches[w.picked.index]
}

// showPicked shows the selected result's controls, and where it is.
func (w *Window) showPicked() {
	p := w.patch()
	if p == nil {
		w.picked.index, w.picked.wish = none, nil
		w.options.SetResult(nil)
		w.surface.SetOutline(nil)
		return
	}
	if !w.picked.busy && w.picked.wish == nil {
		blend := p.Blend
		w.options.SetResult(&blend)
	}
	box := p.Mask.Bounding()
	x0, y0, x1, y1 := float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y)
	w.surface.SetOutline([]view.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// blend lays the selected result over the picture in another way: at once for
// the eye, and as a step when the person has done.
func (w *Window) blend(b region.Blend, done bool) {
	if w.patch() == nil {
		return
	}
	w.picked.wish, w.picked.commit = &b, done
	w.makePicked()
}

// makePicked makes the selected result as it is wished, unless one is being made.
func (w *Window) makePicked() {
	old, wish := w.patch(), w.picked.wish
	if w.picked.busy || wish == nil || old == nil {
		return
	}
	w.picked.busy, w.picked.wish = true, nil
	doc, state, i, commit := w.doc, w.doc.State(), w.picked.index, w.picked.commit
	go func() {
		made := old.With(state.Below(i), *wish, old.Mask)
		fyne.Do(func() {
			w.picked.busy = false
			if w.doc == doc && w.picked.index == i && w.patch() == old {
				if commit {
					doc.SetPatch(i, made)
				} else {
					w.surface.SetState(doc.State().Replacing(i, made))
				}
			}
			w.makePicked()
		})
	}()
}

func (w *Window) removePicked() {
	if w.patch() != nil {
		i := w.picked.index
		w.pick(none)
		w.doc.RemovePatch(i)
	}
}

// maskOfPicked makes the mask of the selected result the document's again.
func (w *Window) maskOfPicked() {
	p := w.patch()
	if p == nil {
		return
	}
	doc, state := w.doc, w.doc.State()
	go func() {
		dirty := mask.Diff(state.Mask, p.Mask)
		fyne.Do(func() {
			if w.doc == doc && doc.State() == state && !dirty.Empty() {
				doc.SetMask("step.result_mask", p.Mask, dirty)
			}
		})
	}()
}

// pickedKey does what a key does to the selected result, and reports whether it
// did anything.
func (w *Window) pickedKey(key fyne.KeyName) bool {
	if w.patch() == nil {
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
