package window

import (
	"image"

	"fyne.io/fyne/v2"

	"overpaint/editor/document"
	"overpaint/editor/mask"

	"overpaint/api/job"
	"overpaint/api/settings"
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
	w.measuring()
	state, c, frame := w.doc.State(), w.choices(), w.frame
	go func() {
		m, _ := job.Mask(state)
		drawn := frame.holds(m)
		if !drawn {
			c.Region.Window = image.Rectangle{}
		}
		out, err := w.service.Outline(state, c)
		plan, fraction := out.Plan, out.Mask
		var sending *panel.Sending
		if err == nil {
			sending = &panel.Sending{
				Thumb: picture.Thumbnail(state.Pixels(plan.Window.Intersect(state.Bounds())), 192), Size: plan.Send, Limit: out.Limit,
				Fraction: out.Share, Least: out.Cost.Least,
			}
			if out.Cost.Known() {
				sending.Cost = settings.Money(out.Cost.Amount, out.Cost.Currency)
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
			w.measure(number, state, c, sending)
			w.showFrame(plan.Window)
			w.status.SetMask(fraction, plan.Window.Size(), plan.Send)
			w.masked = err == nil
			w.showReady()
		})
	}()
}
