package window

import (
	"image"

	"fyne.io/fyne/v2"

	"overpaint/editor/document"
	"overpaint/editor/mask"

	"overpaint/api/job"
	"overpaint/editor/picture"
	"overpaint/ui/panel"
)

// commit makes a finished gesture one step of the document.
func (w *Window) commit(step string, m *mask.Mask, dirty image.Rectangle) {
	if w.doc != nil {
		w.doc.SetMask(step, m, dirty)
	}
}

// changeMask computes a new mask in the background, unless the document moves on meanwhile.
func (w *Window) changeMask(step string, change func(*document.State) *mask.Mask) {
	if w.doc == nil {
		return
	}
	doc, state := w.doc, w.doc.State()
	go func() {
		m := change(state)
		fyne.Do(func() {
			if w.doc == doc && doc.State() == state {
				if dirty := mask.Diff(state.Mask, m); !dirty.Empty() {
					doc.SetMask(step, m, dirty)
				}
			}
		})
	}()
}

func (w *Window) undo() {
	if in, ok := w.input(); ok {
		in.Undo()
	} else if w.doc != nil {
		w.doc.Undo()
	}
}

func (w *Window) redo() {
	if in, ok := w.input(); ok {
		in.Redo()
	} else if w.doc != nil {
		w.doc.Redo()
	}
}

// plan shows what would be sent, worked out in the background.
func (w *Window) plan() {
	w.planned++
	number := w.planned
	w.noteSession()
	if w.doc == nil {
		w.surface.SetFrame(image.Rectangle{}, false)
		w.status.SetMask(0, image.Point{}, image.Point{})
		w.options.SetDrawn(false)
		w.side.SetSending(nil)
		w.masked = false
		w.showReady()
		return
	}
	state, profile, o := w.doc.State(), w.profile(), w.regionOptions()
	o.Size = w.size
	estimate := w.estimate(w.side.Variants())
	frame := w.frame
	go func() {
		m, _ := job.Mask(state)
		drawn := frame.holds(m)
		if !drawn {
			o.Window = image.Rectangle{}
		}
		plan, err := job.Plan(m, profile, o)
		var sending *panel.Sending
		var fraction float64
		if err == nil {
			inside := plan.Window.Intersect(state.Bounds())
			all := float64(state.Size.X) * float64(state.Size.Y)
			fraction = m.Area() / all
			cost, least := estimate(plan.Send)
			sending = &panel.Sending{
				Thumb: picture.Thumbnail(state.Pixels(inside), 192), Size: plan.Send, Limit: profile.ImageBytes,
				Fraction: float64(inside.Dx()) * float64(inside.Dy()) / all, Cost: cost, Least: least,
			}
		}
		fyne.Do(func() {
			if number != w.planned {
				return
			}
			w.settle(drawn, plan, err)
			w.window = plan.Window
			w.options.SetDrawn(!w.frame.rect.Empty())
			w.side.SetSending(sending)
			w.measure(number, state, job.Options{Size: o.Size, Region: o}, sending)
			w.showFrame(plan.Window)
			w.status.SetMask(fraction, plan.Window.Size(), plan.Send)
			w.masked = err == nil
			w.showReady()
		})
	}()
}
