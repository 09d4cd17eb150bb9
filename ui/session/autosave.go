package session

import (
	"cmp"
	"encoding/json"
	"image"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
)

// retryAutosave is when an autosave that could not be begun is tried again; one
// that was begun tries again by itself.
const retryAutosave = 20 * time.Second

// safe autosaves the document, and holds the documents that earlier runs left behind.
type safe struct {
	now    *keeper
	ending sync.WaitGroup // autosaves that are being removed
	left   []*recovered
	// noted is what an autosave holds besides the document, as of the last action. Autosaves
	// read it on their own goroutines.
	noted atomic.Pointer[savedSession]
}

// keeper is the autosave of one document. It is made on a background goroutine, since it
// accesses the disk.
type keeper struct {
	ready chan struct{}
	auto  *document.Autosave // once ready; nil where it could not be made
}

// savedSession is what a project file holds for the window.
type savedSession struct {
	Name   string `json:"name,omitempty"` // of the file, as the title shows it
	Prompt string `json:"prompt,omitempty"`
	Frame  [4]int `json:"frame"` // the drawn window: left, top, right, bottom
	// Spots are the prompts of single spots of the mask.
	Spots []savedSpot `json:"spots,omitempty"`
	// Path is where the project file lies. Only an autosave has it: a project that is passed on
	// does not name its author's folders.
	Path string `json:"path,omitempty"`
}

// savedSpot is the prompt of one spot; Window is as Frame.
type savedSpot struct {
	Window [4]int `json:"window"`
	Prompt string `json:"prompt"`
}

func edges(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y} }

func within(e [4]int) image.Rectangle { return image.Rect(e[0], e[1], e[2], e[3]) }

// Left is a document that an earlier run left behind.
type Left struct {
	Name  Sentence
	Saved time.Time
	Size  image.Point
}

// Left returns the number of documents that earlier runs left behind.
func (s *Session) Left() int { return len(s.safe.left) }

// documents returns the folder of the autosaves.
func (s *Session) documents() (string, error) {
	if s.options.Documents != "" {
		return s.options.Documents, nil
	}
	dirs, err := settings.Dirs()
	return filepath.Join(dirs.Data, "documents"), err
}

// saved returns what a project keeps for the window; path is for autosaves alone.
func (s *Session) saved(path string) *savedSession {
	v := &savedSession{Name: s.file.name, Prompt: s.panel.prompt, Frame: edges(s.frame.rect), Path: path}
	for _, p := range s.panel.spotPrompts {
		v.Spots = append(v.Spots, savedSpot{edges(p.window), p.text})
	}
	return v
}

// json returns it as a project holds it.
func (v *savedSession) json() json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil { // which strings and numbers don't give
		return nil
	}
	return b
}

// noted returns what an autosave keeps for the window. Any goroutine may ask.
func (s *Session) noted() json.RawMessage {
	if v := s.safe.noted.Load(); v != nil {
		return v.json()
	}
	return nil
}

// sessionOf reads what a project kept for the window; what can't be read is empty.
func sessionOf(raw json.RawMessage) savedSession {
	var v savedSession
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return savedSession{}
	}
	return v
}

// restore brings back what a project kept for the window.
func (s *Session) restore(v savedSession) {
	if v.Prompt != "" {
		s.panel.prompt = v.Prompt
	}
	for _, p := range v.Spots[:min(len(v.Spots), maxSpotPrompts)] {
		s.panel.spotPrompts = append(s.panel.spotPrompts, spotPrompt{within(p.Window), settings.ShortPrompt(p.Prompt)})
	}
	if frame := within(v.Frame); frame.Overlaps(s.file.doc.State().Bounds()) {
		s.frame = drawnFrame{rect: frame}
	}
	s.plan()
}

// keep begins to autosave a document instead of the one before. The autosave that the document
// was recovered from, if any, is removed once the new one is complete.
func (s *Session) keep(doc *document.Document, from *recovered) {
	s.unkeep()
	k := &keeper{ready: make(chan struct{})}
	s.safe.now = k
	dir, dirErr := s.documents()
	type started struct {
		err, discarded error
		gone           bool
	}
	background(s, func() (got started) {
		defer func() { got.gone = got.err == nil && from != nil && got.discarded == nil }()
		if got.err = dirErr; got.err == nil {
			k.auto, got.err = document.StartAutosave(dir, doc, document.AutosaveOptions{Settings: s.noted, Report: s.reportAutosave})
		}
		close(k.ready)
		if got.err != nil {
			return got
		}
		// The document may have been changed before the autosave listened.
		if got.err = k.auto.Flush(); got.err == nil && from != nil {
			got.discarded = from.Discard()
		}
		return got
	}, func(got started) {
		if got.err != nil && k.auto == nil {
			s.autosaved(got.err)
			s.after(retryAutosave, func() {
				if s.safe.now == k {
					s.keep(doc, from)
				}
			})
			return
		}
		if from != nil && got.err == nil {
			s.discarded(from, got.discarded)
		}
	})
}

// unkeep ends the autosave and removes its files, since the document was saved or is no longer
// wanted. safe.ending is done when they are removed.
func (s *Session) unkeep() {
	k := s.safe.now
	if k == nil {
		return
	}
	s.safe.now = nil
	s.safe.ending.Add(1)
	go func() {
		defer s.safe.ending.Done()
		<-k.ready
		if k.auto == nil {
			return
		}
		if err := k.auto.Close(); err != nil {
			s.log.Warn("autosave not removed", "error", err)
		}
	}()
}

// reportAutosave tells the user once that autosaving fails, until it succeeds again. It may
// be called from any goroutine.
func (s *Session) reportAutosave(err error) { s.post(func() { s.autosaved(err) }) }

func (s *Session) autosaved(err error) {
	text := say("document.autosave_failed")
	told := slices.ContainsFunc(s.notices.list, func(n *notice) bool { return n.Text.same(text) })
	switch {
	case err != nil && !told:
		s.log.Warn("autosave failed", "error", err)
		s.notify(&notice{Notice: Notice{Text: text, Bad: true}, stay: lasting})
	case err == nil && told:
		s.withdraw(text)
	}
}

// LookForLeft looks in the background for documents that earlier runs left behind, and offers
// them.
func (s *Session) LookForLeft() {
	dir, err := s.documents()
	background(s, func() outcome[[]*recovered] {
		if err != nil {
			return outcome[[]*recovered]{err: err}
		}
		return result(document.Recover(dir))
	}, func(got outcome[[]*recovered]) {
		if got.err != nil {
			s.log.Warn("autosaves unreadable", "error", got.err)
			s.trouble(say("session.unreadable", "Folder", dir))
		}
		s.safe.left = got.value
		s.touch(Menu)
		s.offerLeft()
	})
}

// OfferLeft asks what to do with the documents that earlier runs left behind. Those neither
// opened nor discarded stay on the disk.
func (s *Session) OfferLeft() {
	defer s.act()()
	s.offerLeft()
}

func (s *Session) offerLeft() {
	found := slices.Clone(s.safe.left)
	if len(found) == 0 || s.asking(AskLeft) {
		return
	}
	q := Question{Ask: AskLeft, Name: say("session.recover"), Text: say("session.recover.text"), Answers: []Answer{
		{Reply: Dismiss, Label: say("session.later"), Safe: true},
	}}
	for _, r := range found {
		q.Left = append(q.Left, Left{Name: leftName(r.Name), Saved: r.Saved, Size: r.Size})
	}
	s.ask(&question{Question: q, left: func(i int, r Reply) {
		switch r {
		case Open:
			s.leaveDocument(func() { s.recover(found[i]) })
		case Discard:
			q := s.confirm(AskDiscard, say("session.discard.title"), say("session.discard.text", "Name", q.Left[i].Name), say("session.discard.do"), nil)
			q.reply = func(r Reply) {
				if r == Yes {
					s.discardLeft(found[i])
					return
				}
				s.offerLeft()
			}
		}
	}})
}

// leftName is what a document is called.
func leftName(name string) Sentence {
	if name == "" {
		return say("session.untitled")
	}
	return say("ui.name", "Name", name)
}

func (s *Session) discardLeft(r *recovered) {
	background(s, r.Discard, func(err error) {
		s.discarded(r, err)
		s.offerLeft()
	})
}

// discarded drops a left document that is no longer on the disk.
func (s *Session) discarded(r *recovered, err error) {
	if err != nil {
		s.log.Warn("autosave not removed", "error", err)
	}
	s.safe.left = slices.DeleteFunc(s.safe.left, func(l *recovered) bool { return l == r })
	s.touch(Menu)
}

// recover opens a left document. It counts as not saved. What was open before, and other left
// documents, are told of.
func (s *Session) recover(r *recovered) {
	current := s.beginOpening(leftName(r.Name).String())
	background(s, func() outcome[document.Project] { return result(r.Open(picture.DefaultLimits)) }, func(got outcome[document.Project]) {
		if !current() {
			return
		}
		v := sessionOf(got.value.Settings)
		name := leftName(cmp.Or(v.Name, r.Name)).String()
		if got.err != nil {
			s.endOpening()
			s.fail(projectError(name, got.err))
			return
		}
		doc := named(got.value).Document()
		doc.MarkUnsaved()
		closed := Sentence{}
		if f := &s.file; f.path != "" || f.project != "" {
			closed = say("session.recovered.closed", "Name", f.name)
		}
		s.become(doc, name, r)
		if s.file.project = v.Path; v.Path != "" {
			s.file.folder = filepath.Dir(v.Path)
		}
		s.restore(v)
		s.log.Info("recovered")
		opened := joined(say("session.recovered", "Name", name), closed)
		if more := len(s.safe.left) - 1; more > 0 {
			s.offer(joined(opened, sayCount("session.recovered.more", more)), say("session.recovered.more.do"), s.offerLeft)
			return
		}
		s.tell(opened)
	})
}
