package window

import (
	"cmp"
	"encoding/json"
	"image"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/assets/plain"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
)

// retryAutosave is when an autosave that could not be begun is tried again; one
// that was begun tries again by itself.
const retryAutosave = 20 * time.Second

// safe keeps the open document on the disk, and holds what earlier runs left there.
type safe struct {
	now    *keeper
	ending sync.WaitGroup // autosaves that are being removed
	left   []*document.Recovered
	warned bool // the person knows that autosaving fails

	// session is what goes into an autosave besides the document. Autosaves
	// read it on their own goroutines.
	session atomic.Pointer[json.RawMessage]
}

// keeper is the autosave of one document. It is made on a goroutine, for that
// touches the disk.
type keeper struct {
	ready chan struct{}
	auto  *document.Autosave // once ready; nil where it could not be made
}

// session is what a project keeps for the window.
type session struct {
	Name   string `json:"name,omitempty"` // of the file, as the title shows it
	Prompt string `json:"prompt,omitempty"`
	Frame  [4]int `json:"frame"` // the drawn window: left, top, right, bottom
	// Path is where the project lies, in an autosave alone: a project that is
	// given away says nothing of its maker's folders.
	Path string `json:"path,omitempty"`
}

// documents returns the folder of the autosaves.
func documents() (string, error) {
	dirs, err := settings.Dirs()
	return filepath.Join(dirs.Data, "documents"), err
}

// sessionJSON returns what a project file keeps for the window.
func (w *Window) sessionJSON(path string) json.RawMessage {
	r := w.frame.rect
	b, err := json.Marshal(session{Name: w.name, Prompt: w.prompt, Frame: [4]int{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y}, Path: path})
	if err != nil { // which strings and numbers don't give
		return nil
	}
	return b
}

// noteSession keeps what the next autosave is to say about the window.
func (w *Window) noteSession() {
	b := w.sessionJSON(w.project)
	w.safe.session.Store(&b)
}

// noted is noteSession's, for the goroutines of autosaves.
func (w *Window) noted() json.RawMessage {
	if raw := w.safe.session.Load(); raw != nil {
		return *raw
	}
	return nil
}

// sessionOf reads what a project kept for the window; what can't be read is empty.
func sessionOf(raw json.RawMessage) session {
	var s session
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return session{}
	}
	return s
}

// loadPrompt puts a prompt into the field that was kept somewhere. One that is
// far longer than any model takes would stall the window: it is cut, and that is said.
func (w *Window) loadPrompt(prompt string) {
	most := 0
	for _, p := range []api.Profile{api.Classic(), api.GPTImage(), api.Builtin()} {
		most = max(most, p.PromptChars)
	}
	prompt, cut := plain.Cut(prompt, most)
	if cut {
		w.notice.Show(text.T("notice.prompt_cut", "Count", most), "", nil)
	}
	w.prompt = prompt
	w.side.SetPrompt(prompt)
}

// restore brings back what a project kept for the window.
func (w *Window) restore(s session) {
	if s.Prompt != "" {
		w.loadPrompt(s.Prompt)
	}
	if frame := image.Rect(s.Frame[0], s.Frame[1], s.Frame[2], s.Frame[3]); frame.Overlaps(w.doc.State().Bounds()) {
		w.frame = drawnFrame{rect: frame}
	}
	w.refresh()
}

// keep begins to autosave a document, instead of the one before. Where it came
// from an earlier run's autosave, that is removed as soon as the new one is
// whole.
func (w *Window) keep(doc *document.Document, from *document.Recovered) {
	w.unkeep()
	k := &keeper{ready: make(chan struct{})}
	w.safe.now = k
	go func() {
		err := k.start(doc, document.AutosaveOptions{Settings: w.noted, Report: w.reportAutosave})
		close(k.ready)
		if err != nil {
			w.reportAutosave(err)
			time.AfterFunc(retryAutosave, func() {
				fyne.Do(func() {
					if w.safe.now == k {
						w.keep(doc, from)
					}
				})
			})
			return
		}
		// The document may have been changed before the autosave listened.
		if err := k.auto.Flush(); err == nil && from != nil {
			err = from.Discard()
			fyne.Do(func() { w.discarded(from, err) })
		}
	}()
}

func (k *keeper) start(doc *document.Document, o document.AutosaveOptions) error {
	dir, err := documents()
	if err != nil {
		return err
	}
	k.auto, err = document.StartAutosave(dir, doc, o)
	return err
}

// unkeep ends the autosave and removes what it kept: its document was saved, or
// the person wants it no longer. safe.ending tells when that is done.
func (w *Window) unkeep() {
	k := w.safe.now
	if k == nil {
		return
	}
	w.safe.now = nil
	w.safe.ending.Add(1)
	go func() {
		defer w.safe.ending.Done()
		<-k.ready
		if k.auto == nil {
			return
		}
		if err := k.auto.Close(); err != nil {
			w.log.Warn("autosave not removed", "error", err)
		}
	}()
}

// reportAutosave tells once that autosaving fails, until it works again. It is
// for any goroutine.
func (w *Window) reportAutosave(err error) {
	fyne.Do(func() {
		if err != nil && !w.safe.warned {
			w.log.Warn("autosave failed", "error", err)
			w.notice.Show(text.T("document.autosave_failed"), "", nil)
		}
		if err == nil {
			w.notice.Withdraw(text.T("document.autosave_failed"))
		}
		w.safe.warned = err != nil
	})
}

// lookForLeft finds in the background what earlier runs left, and offers it.
func (w *Window) lookForLeft() {
	go func() {
		dir, err := documents()
		var found []*document.Recovered
		if err == nil {
			found, err = document.Recover(dir)
		}
		fyne.Do(func() {
			if err != nil {
				w.log.Warn("autosaves unreadable", "error", err)
				w.notice.Show(text.T("session.unreadable", "Folder", dir), "", nil)
			}
			w.safe.left = found
			w.showMenu()
			w.offerLeft()
		})
	}()
}

// offerLeft asks what to do with what earlier runs left. What the person
// neither opens nor discards stays for later.
func (w *Window) offerLeft() {
	found := slices.Clone(w.safe.left)
	if len(found) == 0 {
		return
	}
	left := make([]dialogs.Left, len(found))
	for i, r := range found {
		left[i] = dialogs.Left{Name: r.Name, Saved: r.Saved, Size: r.Size}
	}
	open := func(i int) { w.askThen(func() { w.recover(found[i]) }) }
	discard := func(i int) {
		name := left[i].Title()
		dialogs.Confirm(w.win, text.T("session.discard.title"), text.T("session.discard.text", "Name", name), text.T("session.discard.do"), func() {
			w.discarded(found[i], found[i].Discard())
			w.offerLeft()
		})
	}
	dialogs.AskRecover(w.win, left, open, discard)
}

// discarded forgets a document of an earlier run that is no longer on the disk.
func (w *Window) discarded(r *document.Recovered, err error) {
	if err != nil {
		w.log.Warn("autosave not removed", "error", err)
	}
	w.safe.left = slices.DeleteFunc(w.safe.left, func(l *document.Recovered) bool { return l == r })
	w.showMenu()
}

// recover opens a document of an earlier run. It counts as not saved.
func (w *Window) recover(r *document.Recovered) {
	go func() {
		p, err := r.Open(picture.DefaultLimits)
		fyne.Do(func() {
			s := sessionOf(p.Settings)
			name := dialogs.Left{Name: cmp.Or(s.Name, r.Name)}.Title()
			if err != nil {
				w.fail(projectError(name, err))
				return
			}
			doc := p.Document()
			doc.MarkUnsaved()
			w.begin(doc, name, r)
			if w.project = s.Path; s.Path != "" {
				w.folder = filepath.Dir(s.Path)
			}
			w.restore(s)
			w.log.Info("recovered")
			w.notice.Show(text.T("session.recovered", "Name", name), "", nil)
		})
	}()
}
