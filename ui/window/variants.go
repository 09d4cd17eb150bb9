package window

import (
	"fmt"
	"sync"
	"time"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/worker"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/ui/dialogs"
	"overpaint/ui/gallery"
	"overpaint/ui/panel"
)

// batch is one job and the cards of its variants by the answers' index.
type batch struct {
	job     *job.Job
	profile string
	cards   []string
}

// variant is one finished answer.
type variant struct {
	number  int
	profile string // the engine's
	job     *job.Job
	made    *job.Variant
}

// running lets the goroutine that stitches find a job; the rest of the window
// is Fyne's goroutine's alone.
type running struct {
	mu   sync.Mutex
	jobs map[worker.ID]*job.Job
}

// add queues a job so that its first event can't come before it is known.
func (r *running) add(w *worker.Worker, queued worker.Job, j *job.Job) (worker.ID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, err := w.Add(queued)
	if err == nil {
		r.jobs[id] = j
	}
	return id, err
}

func (r *running) get(id worker.ID) *job.Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.jobs[id]
}

func (r *running) remove(id worker.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.jobs, id)
}

// queue adds a prepared job and shows a working card for each variant.
func (w *Window) queue(j *job.Job, engine api.Engine, connection string, n int) {
	b := &batch{job: j, profile: engine.Profile().ID}
	queued := worker.Job{Connection: connection, Engine: engine, Request: j.Request()}
	if c, ok := w.set.Find(connection); ok {
		queued.Timeout = time.Duration(c.TimeoutSeconds) * time.Second
		queued.Record = w.record(j, *c)
	}
	id, err := w.running.add(w.worker, queued, j)
	if err != nil {
		w.fail(err)
		return
	}
	w.batches[id] = b
	for range max(n, 1) {
		w.addCard(b)
	}
	w.log.Info("queued", "job", int64(id), "variants", n)
	w.showRunning()
}

func (w *Window) addCard(b *batch) string {
	w.count++
	card := fmt.Sprint("v", w.count)
	b.cards = append(b.cards, card)
	w.variants[card] = &variant{number: w.count, profile: b.profile, job: b.job}
	w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(w.count), State: gallery.Working, Fraction: -1})
	return card
}

// card returns the card for an answer; a service may give more than was asked.
func (w *Window) card(b *batch, index int) string {
	for index >= len(b.cards) {
		w.addCard(b)
	}
	return b.cards[index]
}

func (w *Window) hear(e worker.Event) {
	b := w.batches[e.Of()]
	if b == nil {
		return
	}
	switch e := e.(type) {
	case worker.Reported:
		switch what := e.Event.(type) {
		case api.Progress:
			w.progress(b, what)
		case api.Notice:
			w.notice.Show(dialogs.Sentence(what.Sentence), "", nil)
		case api.Partial:
			card := w.card(b, what.Index)
			w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(w.variants[card].number), State: gallery.Working, Image: what.Image, Fraction: -1})
		}
	case worker.Ended:
		w.ended(e, b)
	}
}

func (w *Window) progress(b *batch, p api.Progress) {
	w.side.SetProgress(p.Fraction, panel.StageSentence(p.Stage))
	if p.Index < 0 || p.Index >= len(b.cards) {
		return
	}
	card := b.cards[p.Index]
	if v := w.variants[card]; v != nil && v.made == nil {
		w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Working, Fraction: p.Fraction})
	}
}

// arrived shows a stitched answer.
func (w *Window) arrived(id worker.ID, index int, made *job.Variant, err error) {
	b := w.batches[id]
	if b == nil {
		return
	}
	card := w.card(b, index)
	v := w.variants[card]
	if err != nil {
		w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Failed, Sentence: dialogs.Sentence(api.AsError(err).Text()), Final: true})
		return
	}
	v.made = made
	w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Ready, Image: made.Thumbnail})
	w.log.Info("variant", "number", v.number)
	if s := w.gallery.Selected(); s == gallery.Original || s == "" {
		w.gallery.Select(card)
		w.showVariant(card)
	}
}

func (w *Window) ended(e worker.Ended, b *batch) {
	delete(w.batches, e.ID)
	w.running.remove(e.ID)
	w.worker.Forget(e.ID)
	w.log.Info("ended", "job", int64(e.ID), "got", e.Result.Got)
	for _, card := range b.cards {
		v := w.variants[card]
		if v == nil || v.made != nil {
			continue
		}
		if e.Err == nil || e.Err.Kind == api.KindCancelled {
			w.discard(card)
			continue
		}
		w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Failed, Sentence: dialogs.Sentence(e.Err.Text())})
	}
	if e.Err != nil && e.Err.Kind != api.KindCancelled {
		dialogs.ShowError(w.win, e.Err, dialogs.TryAgain(w.generate), dialogs.OpenSettings(w.showSettings))
	}
	w.showRunning()
}

func (w *Window) showRunning() { w.side.SetRunning(len(w.batches) > 0) }

func (w *Window) wireGallery() {
	w.gallery.OnSelect = w.showVariant
	w.gallery.OnDiscard = w.discard
	w.gallery.OnAgain = func(card string) { w.discard(card); w.generate() }
	w.gallery.OnUse, w.gallery.OnSave = w.use, w.saveVariant
	w.gallery.OnSaveAll = w.saveAll
	w.gallery.OnCompare = func(string) { w.toggleCompare() }
}

// shownState is the document with the chosen variant in its place.
func (w *Window) shownState() *document.State {
	state := w.doc.State()
	v := w.variants[w.gallery.Selected()]
	if v == nil || v.made == nil {
		return state
	}
	return state.WithPatch(v.made.Patch).WithMask(state.Mask)
}

func (w *Window) showVariant(card string) {
	note, finished := "", false
	if v := w.variants[card]; v != nil && v.made != nil {
		finished = true
		note = text.T("ui.unchanged")
		if v.profile != api.Builtin().ID {
			note = text.T("ui.changed", "Percent", fmt.Sprintf("%.0f", v.made.ChangedOutside))
		}
	}
	w.gallery.SetNote(note)
	// The tint would hide the very thing to be judged.
	w.surface.HideMask(finished)
	if w.doc != nil {
		w.surface.SetState(w.shownState())
	}
}

func (w *Window) discard(card string) {
	delete(w.variants, card)
	w.gallery.Remove(card)
	w.showVariant(w.gallery.Selected())
}

func (w *Window) dropVariants() {
	w.worker.CancelAll()
	w.gallery.Clear()
	w.variants, w.count = map[string]*variant{}, 0
	w.gallery.SetNote("")
}

// use makes the chosen variant a patch of the document.
func (w *Window) use(card string) {
	v := w.variants[card]
	if w.doc == nil || v == nil || v.made == nil {
		return
	}
	w.gallery.Select(gallery.Original)
	w.showVariant(gallery.Original)
	w.doc.AddPatch(v.made.Patch)
}
