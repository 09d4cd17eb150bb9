package window

import (
	"fmt"
	"math"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/assets/text"
	gallery "overpaint/ui/strip"
)

// countDown shows how long a service asked to wait, second by second, until
// the job reports something else (which gives its pauses another number).
func (w *Window) countDown(b *batch, number int, until time.Time) {
	if b.pauses != number {
		return
	}
	left := int(math.Ceil(time.Until(until).Seconds()))
	if left < 1 {
		return
	}
	sentence := text.N("notice.pausing", left)
	w.side.SetProgress(-1, sentence)
	b.waiting = true
	w.showWorking(b, sentence)
	time.AfterFunc(time.Second, func() { fyne.Do(func() { w.countDown(b, number, until) }) })
}

// showWorking shows a sentence on the cards of a job's variants that have not
// come yet, or only that they are being worked on.
func (w *Window) showWorking(b *batch, sentence string) {
	for _, card := range b.cards {
		if w.pending(card) {
			v := w.variants[card]
			w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Working, Sentence: sentence, Image: v.part, Fraction: -1})
		}
	}
}
