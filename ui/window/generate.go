package window

import (
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
	"overpaint/ui/widgets"
)

func (w *Window) wireSide() {
	w.side.SetEarlier(w.set().Prompts)
	w.side.OnPrompt = func(s string) {
		w.prompt = s
		w.noteSession()
		w.showReady() // what is sent hangs on the picture and the mask, not on the prompt
	}
	w.side.OnConnection = func(id string) {
		w.change(func(s *settings.Settings) { s.Connection = id })
		w.showConnection()
		w.checkKey(true)
		w.plan()
	}
	w.side.OnModel = func(model string) {
		w.change(func(s *settings.Settings) {
			if c, ok := s.Find(s.Connection); ok {
				c.SetModel(model)
			}
		})
		w.plan()
	}
	w.side.OnSize = func(p image.Point) { w.size = p; w.plan() }
	w.side.OnVariants = func(n int) {
		w.changeSoon(func(s *settings.Settings) { s.Variants = n })
		w.plan()
	}
	w.side.OnMore = func(m panel.More) { w.more = m; w.plan() }
	w.side.OnAddReference = func(add func(string)) {
		dialogs.OpenFile(w.win, dialogs.FileRequest{Folder: w.folder, Endings: pictureEndings}, add)
	}
	w.side.OnGenerate, w.side.OnCancel, w.side.OnSettings = w.generate, w.cancel, w.showSettings
	w.side.OnAddConnection = w.showSettings
}

// showConnection shows the selected connection in the side panel.
func (w *Window) showConnection() {
	set := w.set()
	list := []widgets.Option{{ID: settings.Builtin, Text: text.T("ui.builtin")}}
	for _, c := range set.Connections {
		list = append(list, widgets.Option{ID: c.ID, Text: c.Name})
	}
	w.side.SetConnections(list, set.Connection)
	p := w.profile()
	w.side.SetProfile(p)
	w.side.SetVariants(set.Variants)
	w.size = image.Point{}
	if len(p.Sizes) > 0 {
		w.size = p.Sizes[0]
	}
	w.side.SetSize(w.size)
	if c, ok := set.Find(set.Connection); ok {
		w.side.SetModels(c.Model, c.Models)
	}
	w.showEngine()
}

// profile returns what the selected engine accepts.
func (w *Window) profile() api.Profile { return w.service.Profile(w.set().Connection) }

// showReady enables Generate, or says why it can't be pressed.
func (w *Window) showReady() {
	p, reason := w.profile(), ""
	switch {
	case w.doc == nil:
		reason = text.T("ui.reason.no_picture")
	case w.keyless != "" && w.keyless == w.set().Connection:
		reason = text.T("ui.reason.no_key")
	case !w.masked:
		reason = text.T("ui.reason.no_mask")
	case p.NeedsPrompt && w.prompt == "":
		reason = text.T("ui.reason.no_prompt")
	case p.PromptChars > 0 && utf8.RuneCountInString(w.prompt) > p.PromptChars:
		reason = text.T("ui.reason.long_prompt", "Limit", p.PromptChars)
	}
	w.side.SetReady(reason)
}

// choices are what the person has chosen for the next edit.
func (w *Window) choices() service.Choices {
	set, seed := w.set(), w.more.Seed
	if seed == 0 {
		seed = rand.Int64()
	}
	return service.Choices{Connection: set.Connection, Options: job.Options{
		Prompt: w.prompt, N: w.side.Variants(), Size: w.size,
		ResponseFormat: w.more.ResponseFormat, User: w.more.User, Seed: seed, Extra: w.more.Options,
		Stream: w.more.Previews > 0, Partials: w.more.Previews, Region: w.regionOptions(), Blend: set.Blend,
	}}
}

// preparing is an edit between the wish and the queue. It costs nothing yet.
type preparing struct{ cancel context.CancelFunc }

// generate prepares an edit of the document as it is now, in the background,
// and queues it. While one is prepared a further wish is the same one.
func (w *Window) generate() {
	if w.doc == nil || w.preparing != nil {
		return
	}
	ctx, p := w.prepare()
	c, doc, state := w.choices(), w.doc, w.doc.State()
	w.change(func(s *settings.Settings) { s.RememberPrompt(c.Prompt) })
	w.side.SetEarlier(w.set().Prompts)
	references, kept := w.more.References, w.more.Names
	several := w.profile().Images > 1
	go func() {
		var err error
		if several {
			c.References, err = w.references.read(references, kept)
		}
		var d *service.Draft
		if err == nil {
			d, err = w.service.Prepare(ctx, state, c)
		}
		fyne.Do(func() {
			switch {
			case w.preparing != p: // given up
			case err != nil:
				w.prepared(p)
				w.fail(err)
			case w.doc != doc:
				w.prepared(p)
			default:
				w.submit(ctx, p, d)
			}
		})
	}()
}

// prepare begins an edit that Cancel can still take back for nothing.
func (w *Window) prepare() (context.Context, *preparing) {
	ctx, cancel := context.WithCancel(w.context)
	p := &preparing{cancel}
	w.preparing = p
	w.showRunning()
	return ctx, p
}

// prepared ends what prepare has begun.
func (w *Window) prepared(p *preparing) {
	p.cancel()
	if w.preparing == p {
		w.preparing = nil
		w.showRunning()
	}
}

// submit queues a draft, after asking what the person has to agree to.
func (w *Window) submit(ctx context.Context, p *preparing, d *service.Draft) {
	w.submitAs(ctx, p, d, service.Submission{Source: w.name})
}

func (w *Window) submitAs(ctx context.Context, p *preparing, d *service.Draft, o service.Submission) {
	// The first event about the edit may come before Submit has returned.
	o.Tag = &batch{picture: w.name}
	go func() {
		_, err := w.service.Submit(ctx, d, o)
		fyne.Do(func() {
			if err == nil || w.preparing != p {
				w.prepared(p)
				return
			}
			w.refused(ctx, p, d, o, err)
		})
	}()
}

// refused asks the person about an edit that was not submitted, where they can
// agree to it, or tells why it wasn't.
func (w *Window) refused(ctx context.Context, p *preparing, d *service.Draft, o service.Submission, err error) {
	var over *service.OverCapError
	var unrecorded *service.UnrecordedError
	again := func(agree func(*service.Submission)) func() {
		return func() {
			if w.doc == nil {
				return
			}
			ctx, p := w.prepare()
			agree(&o)
			w.submitAs(ctx, p, d, o)
		}
	}
	w.prepared(p)
	switch {
	case errors.As(err, &over):
		dialogs.Confirm(w.win, text.T("dialog.cap.title"), capSentence(over), text.T("dialog.cap.do"),
			again(func(s *service.Submission) { s.OverCap = true }))
	case errors.As(err, &unrecorded):
		w.log.Warn("not recorded", "error", err)
		dialogs.Confirm(w.win, text.T("dialog.unrecorded.title"), text.T("dialog.unrecorded.text"), text.T("dialog.unrecorded.do"),
			again(func(s *service.Submission) { s.Unrecorded = true }))
	default:
		w.fail(err)
	}
}

// capSentence says what would pass the cap, naming what is under way.
func capSentence(over *service.OverCapError) string {
	money := func(n int64) string { return settings.Money(n, over.Currency) }
	key := "dialog.cap.text"
	if over.InFlight > 0 {
		key = "dialog.cap.text_in_flight"
	}
	return text.T(key, "Cap", money(over.Cap), "Spent", money(over.Spent), "InFlight", money(over.InFlight))
}

// listen passes the service's events on to Fyne's goroutine, in order.
func (w *Window) listen() {
	events, _ := w.service.Subscribe()
	go func() {
		for e := range events {
			fyne.Do(func() { w.hear(e) })
		}
	}()
}
