package window

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api/service"
	"overpaint/editor/document"
	"overpaint/ui/panel"
)

// measureAfter is how long the person must have rested before what would be
// sent is made and its bytes are counted.
const measureAfter = 400 * time.Millisecond

// measure makes in the background what would be sent and adds its bytes to what
// the panel shows, unless the plan has changed meanwhile. Generate then finds it
// ready.
func (w *Window) measure(number int, state *document.State, c service.Choices, sending *panel.Sending) {
	if !isService(c.Connection) || sending == nil {
		return
	}
	if c.Prompt == "" {
		c.Prompt = "?" // there will be one, and it is not what is measured
	}
	references, kept := w.more.References, w.more.Names
	several := w.profile().Images > 1
	time.AfterFunc(measureAfter, func() {
		fyne.Do(func() {
			if number != w.planned || w.preparing != nil {
				return
			}
			ctx, cancel := context.WithCancel(w.context)
			w.measuring = cancel
			go func() {
				defer cancel()
				if several {
					c.References, _ = w.references.read(references, kept)
				}
				d, err := w.service.Prepare(ctx, state, c)
				fyne.Do(func() {
					if err == nil && number == w.planned {
						now := *sending
						now.Bytes, now.Size = d.ImageBytes(), d.Size
						w.side.SetSending(&now)
					}
				})
			}()
		})
	})
}
