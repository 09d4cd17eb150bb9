package window

import (
	"image"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api/job"
	"overpaint/api/openai"
	"overpaint/api/settings"
	"overpaint/editor/document"
	"overpaint/ui/panel"
)

// measureAfter is how long the person must have rested before the bytes that
// would be sent are counted: that means to encode them.
const measureAfter = 400 * time.Millisecond

// measure finds out in the background how many bytes would be sent, and adds
// that to what the panel shows, unless the plan has changed meanwhile.
func (w *Window) measure(number int, state *document.State, o job.Options, sending *panel.Sending) {
	c, ok := w.set.Find(w.set.Connection)
	if !ok || sending == nil {
		return
	}
	connection := *c
	time.AfterFunc(measureAfter, func() {
		fyne.Do(func() {
			if number != w.planned {
				return
			}
			go func() {
				bytes, size, err := measured(state, o, connection)
				fyne.Do(func() {
					if err == nil && number == w.planned {
						now := *sending
						now.Bytes, now.Size = bytes, size
						w.side.SetSending(&now)
					}
				})
			}()
		})
	})
}

func measured(state *document.State, o job.Options, c settings.Connection) (int64, image.Point, error) {
	e := openai.New(openai.Config{Connection: c})
	defer e.Close()
	if o.Prompt == "" {
		o.Prompt = "?" // there will be one, and it is not what is measured
	}
	j, err := job.Prepare(background(), state, o, e.Profile())
	if err != nil {
		return 0, image.Point{}, err
	}
	files, err := e.Encode(background(), j.Request())
	if err != nil {
		return 0, image.Point{}, err
	}
	return int64(len(files.Image)), files.Size, nil
}
