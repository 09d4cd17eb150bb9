package window

import (
	"fmt"
	"image"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/service"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/ui/dialogs"
	gallery "overpaint/ui/strip"
	"overpaint/ui/panel"
)

// batch is one edit and the cards of its variants by the answers' index.
type batch struct {
	edit     service.Edit
	queued   bool   // it has not been started
	picture  string // the file's name
	cards    []string
	fault    *api.Error // how it ended, if badly
	shown    bool       // its first variant has come, and was shown if nothing else was looked at
	detached bool       // its document is not open any more
	waiting  bool       // the cards say that the service asked to wait
	pauses   int        // counts pauses, so that the clock of one ends with it
}

// variant is one finished answer.
type variant struct {
	number int
	batch  *batch
	made   *job.Variant
	part   image.Image // the last preview, until it is made
	broken bool        // it came and can't be shown
	fault  *api.Error  // why it failed, or nil
}

// queued shows a working card for each variant of an edit that was submitted.
func (w *Window) queued(e service.Edit) {
	b, ok := e.Tag.(*batch)
	if !ok {
		return
	}
	b.edit, b.queued = e, true
	w.batches[e.ID] = b
	for range max(e.Job.Request().N, 1) {
		w.addCard(b)
	}
	w.showQueue()
	w.log.Info("queued", "job", int64(e.ID), "variants", len(b.cards))
	w.showRunning()
	w.historyChanged()
}

func (w *Window) addCard(b *batch) string {
	w.count++
	card := fmt.Sprint("v", w.count)
	b.cards = append(b.cards, card)
	w.variants[card] = &variant{number: w.count, batch: b}
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

func (w *Window) hear(e service.Event) {
	switch e := e.(type) {
	case service.Queued:
		w.queued(e.Edit)
		return
	case service.Notice:
		w.notice.Show(dialogs.Sentence(e.Sentence), "", nil)
		return
	}
	b := w.batches[e.Of()]
	if b == nil {
		return
	}
	switch e := e.(type) {
	case service.Moved:
		w.showQueue()
	case service.Started:
		b.queued = false
		w.showWorking(b, "")
		w.showQueue()
		w.log.Info("started", "job", int64(e.ID))
	case service.Progress:
		w.progress(b, e.Progress)
	case service.Preview:
		w.preview(b, e)
	case service.Arrived:
		w.arrived(b, e)
	case service.Ended:
		w.ended(e, b)
	}
}

func (w *Window) preview(b *batch, e service.Preview) {
	if b.detached {
		return
	}
	card := w.card(b, e.Index)
	v := w.variants[card]
	if v == nil || v.made != nil || v.broken { // given up, or finished before its preview came
		return
	}
	v.part = e.Image
	w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Working, Image: e.Image, Fraction: -1})
	w.log.Info("preview", "number", v.number)
}

func (w *Window) progress(b *batch, p api.Progress) {
	b.pauses++
	if b.waiting {
		b.waiting = false
		w.showWorking(b, "")
	}
	if p.Stage == api.Pausing && !p.Until.IsZero() {
		w.countDown(b, b.pauses, p.Until)
		return
	}
	w.side.SetProgress(p.Fraction, panel.StageSentence(p.Stage))
	if p.Index < 0 || p.Index >= len(b.cards) {
		return
	}
	card := b.cards[p.Index]
	if v := w.variants[card]; v != nil && v.made == nil {
		w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Working, Image: v.part, Fraction: p.Fraction})
	}
}

// arrived shows a stitched answer.
func (w *Window) arrived(b *batch, e service.Arrived) {
	if b.detached {
		return
	}
	card := w.card(b, e.Index)
	v := w.variants[card]
	if v == nil { // given up; the history has it
		return
	}
	if e.Err != nil {
		v.broken = true
		w.putFailed(card, e.Err, true)
		return
	}
	w.putVariant(card, e.Variant)
	w.log.Info("variant", "number", v.number)
	// The first variant of an edit is shown as it comes; then the person chooses.
	// A later one would cover what the person has gone back to in the meantime.
	first := !b.shown
	b.shown = true
	if s := w.gallery.Selected(); (s == gallery.Original || s == "") && first && w.patch() == nil {
		w.gallery.Select(card)
		w.showVariant(card)
	}
}

// putVariant shows a finished variant on its card.
func (w *Window) putVariant(card string, made *job.Variant) {
	v := w.variants[card]
	v.made = made
	w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Ready, Image: made.Thumbnail})
}

// putFailed shows on a variant's card why it failed; final, that asking again
// makes no sense.
func (w *Window) putFailed(card string, e *api.Error, final bool) {
	v := w.variants[card]
	v.fault = e
	w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Failed,
		Sentence: dialogs.Sentence(e.Text()), Short: dialogs.Short(e.Kind), Final: final})
}

// tappedCard shows a variant; of one that failed it tells why once more.
func (w *Window) tappedCard(card string) {
	w.showVariant(card)
	v := w.variants[card]
	if v == nil || v.fault == nil {
		return
	}
	var next []dialogs.Next
	if !v.broken {
		next = w.next(v.batch, w.missing(v.batch), v.fault)
	}
	dialogs.ShowError(w.win, v.fault, next...)
}

// missing counts the cards of a job's variants that did not come.
func (w *Window) missing(b *batch) int {
	n := 0
	for _, card := range b.cards {
		if v := w.variants[card]; v != nil && v.made == nil && !v.broken {
			n++
		}
	}
	return n
}

func (w *Window) ended(e service.Ended, b *batch) {
	delete(w.batches, e.ID)
	w.log.Info("ended", "job", int64(e.ID), "got", e.Result.Got)
	b.fault = e.Err
	b.pauses++
	if b.detached {
		w.endedDetached(b, e.Result.Got)
	} else {
		w.endedHere(e, b)
	}
	w.showQueue()
	w.showRunning()
	w.historyChanged()
	if w.leaving && w.atServices() == 0 {
		w.close()
	}
}

// endedHere shows the end of a job of the open document.
func (w *Window) endedHere(e service.Ended, b *batch) {
	for _, card := range b.cards {
		v := w.variants[card]
		if v == nil || v.made != nil || v.broken {
			continue
		}
		if e.Err == nil || e.Err.Kind == api.KindCancelled {
			w.discard(card)
			continue
		}
		w.putFailed(card, e.Err, false)
	}
	switch {
	case w.leaving:
	case e.Err == nil && e.Result.Got < e.Result.Asked:
		w.offerRest(b, e.Result.Got, e.Result.Asked)
	case e.Err != nil && e.Err.Kind != api.KindCancelled:
		w.log.Warn("failed", "kind", string(e.Err.Kind), "sentence", e.Err.Text().Key)
		dialogs.ShowError(w.win, e.Err, w.next(b, w.missing(b), e.Err)...)
	case e.Err != nil && e.Err.MayHaveCost():
		w.notice.Show(dialogs.Sentence(e.Err.Text()), "", nil)
	}
}

func (w *Window) showRunning() {
	w.side.SetRunning(len(w.batches) > 0 || w.preparing != nil)
	if len(w.batches) == 0 {
		w.notice.Withdraw(w.cancelSaid)
	}
	w.showEngine()
}

func (w *Window) wireGallery() {
	w.gallery.OnSelect = w.tappedCard
	w.gallery.OnDiscard, w.gallery.OnNext = w.giveUp, w.putFirst
	w.gallery.OnAgain = w.again
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
		if v.batch.edit.AtService() {
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
	w.detach()
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
