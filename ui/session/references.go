package session

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"slices"
	"sync"
	"weak"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/ui/clipboard"
)

// Reference is a further input picture: a file, or a picture without one.
type Reference struct {
	Path string
	// Name is used where the file's name says nothing.
	Name Sentence

	state *document.State // nil: it is the file's
}

// ReferenceView is a reference as the panel shows it.
type ReferenceView struct {
	Reference
	// Number is the number by which the prompt can refer to it; the edited picture is 1.
	Number int
	// Thumbnail is nil until it is made, and where the picture can't be read.
	Thumbnail *image.NRGBA
}

// referenceSide is the longer side of a reference's thumbnail in pixels.
const referenceSide = 96

// references are cached thumbnails and pixels of references.
type references struct {
	// thumbs are nil while they are being made.
	thumbs map[referenceKey]*image.NRGBA

	mu sync.Mutex // loaded is read and written in the background
	// loaded are pixels that are still referenced somewhere, so that what was encoded to
	// measure it is not encoded again when it is sent.
	loaded map[referenceKey]weak.Pointer[image.NRGBA]
}

// referenceKey identifies a picture: by the file's path, in loaded by its time and size too,
// or by the state.
type referenceKey struct {
	file  string
	state *document.State
}

func (r Reference) key() referenceKey { return referenceKey{r.Path, r.state} }

// same reports whether two references are the same picture.
func (r Reference) same(o Reference) bool { return r.key() == o.key() }

// referenceViews returns the references as the panel shows them.
func (s *Session) referenceViews() []ReferenceView {
	var list []ReferenceView
	for i, r := range s.panel.more.References {
		list = append(list, ReferenceView{Reference: r, Number: i + 2, Thumbnail: s.panel.references.thumbs[r.key()]})
	}
	return list
}

// AddReference asks for files of further input pictures.
func (s *Session) AddReference() {
	defer s.act()()
	s.askFile(FileRequest{Title: say("dialog.file.open"), Folder: s.file.folder, Endings: pictureEndings, Several: true}, func(c Chosen) {
		s.AddReferences(append([]string{c.Path}, c.Further...)...)
	})
}

// AddReferences adds files as references, each once.
func (s *Session) AddReferences(paths ...string) {
	defer s.act()()
	var list []Reference
	for _, path := range paths {
		list = append(list, Reference{Path: path})
	}
	s.addReferences(list...)
}

// AddKeptReference adds a picture of the history, whose file lies at path, as a reference.
func (s *Session) AddKeptReference(path string) {
	defer s.act()()
	s.addReferences(Reference{Path: path, Name: say("ui.references.history")})
}

// UseAsReference adds a picture as a reference as the canvas shows it: a variant in its place,
// the document with its results, or the photo.
func (s *Session) UseAsReference(p Picture) {
	defer s.act()()
	if s.file.doc == nil {
		return
	}
	name := say("ui.references.current")
	switch p.What {
	case IsOriginal:
		name = say("ui.references.original")
	case IsVariant:
		_, c := s.card(p.Variant)
		if c == nil || c.made == nil {
			return
		}
		name = say("ui.references.variant", "Number", p.Variant.N+1)
	}
	s.addReferences(Reference{Name: name, state: s.stateOf(p)})
}

// PasteReference adds the picture on the clipboard as a reference.
func (s *Session) PasteReference() {
	defer s.act()()
	if s.options.Clipboard == nil {
		s.remark(say("paste.unavailable"))
		return
	}
	background(s, func() outcome[*clipboard.Content] { return result(s.options.Clipboard.Read(s.ctx)) }, func(got outcome[*clipboard.Content]) {
		switch {
		case got.err != nil:
			s.log.Info("not pasted", "error", got.err)
			s.remark(say(clipboardSentence(got.err)))
		case got.value.Path != "":
			s.AddReferences(got.value.Path)
		default:
			s.addReferences(Reference{Name: say("paste.name"), state: document.NewState(got.value.Picture)})
		}
	})
}

// addReferences adds those that are not in the list, up to the service's limit.
func (s *Session) addReferences(add ...Reference) {
	most := s.service.Profile(s.panel.services[0]).Images - 1
	if most < 1 {
		name := say("ui.builtin").String()
		if c, ok := s.service.Connection(s.panel.services[0]); ok {
			name = c.Name
		}
		s.remark(say("ui.references.none", "Name", name))
		return
	}
	list, before := slices.Clone(s.panel.more.References), len(s.panel.more.References)
	for _, r := range add {
		switch {
		case slices.ContainsFunc(list, r.same):
		case len(list) >= most:
			s.remark(say("ui.references.full", "Count", most))
		default:
			list = append(list, r)
		}
	}
	added := list[before:]
	if len(added) == 0 {
		return
	}
	s.setReferences(list)
	s.didReference("step.reference.add", func() { s.dropReferences(added...) }, func() { s.insertReferences(before, added...) })
}

// RemoveReference removes the i-th reference. Undo brings it back.
func (s *Session) RemoveReference(i int) {
	defer s.act()()
	if list := s.panel.more.References; i >= 0 && i < len(list) {
		r := list[i]
		s.dropReferences(r)
		s.didReference("step.reference.remove", func() { s.insertReferences(i, r) }, func() { s.dropReferences(r) })
	}
}

// MoveReference moves the i-th reference to index to, which also changes its number. Undo
// moves it back.
func (s *Session) MoveReference(i, to int) {
	defer s.act()()
	before := slices.Clone(s.panel.more.References)
	if n := len(before); i < 0 || i >= n || to < 0 || to >= n || i == to {
		return
	}
	after := slices.Insert(slices.Delete(slices.Clone(before), i, i+1), to, before[i])
	s.setReferences(after)
	s.didReference("step.reference.move", func() { s.sortReferences(before) }, func() { s.sortReferences(after) })
}

// didReference adds an undoable step. Undoing it posts a notice, since the list may not be
// visible.
func (s *Session) didReference(name string, undo, redo func()) {
	telling := func(key string, do func()) func() {
		return func() {
			do()
			s.tell(say(key, "Step", say(name)))
		}
	}
	s.did(name, telling("notice.undone", undo), telling("notice.redone", redo))
}

// setReferences replaces the references.
func (s *Session) setReferences(list []Reference) {
	m := s.panel.more
	m.References = list
	s.SetMore(m)
}

// dropReferences removes those of gone that are in the list.
func (s *Session) dropReferences(gone ...Reference) {
	s.setReferences(slices.DeleteFunc(slices.Clone(s.panel.more.References), func(r Reference) bool {
		return slices.ContainsFunc(gone, r.same)
	}))
}

// insertReferences inserts at an index those that are not in the list.
func (s *Session) insertReferences(at int, back ...Reference) {
	list := s.panel.more.References
	back = slices.DeleteFunc(slices.Clone(back), func(r Reference) bool { return slices.ContainsFunc(list, r.same) })
	s.setReferences(slices.Insert(slices.Clone(list), min(at, len(list)), back...))
}

// sortReferences puts the references into the order of a list; those that are not in it
// follow.
func (s *Session) sortReferences(order []Reference) {
	place := func(r Reference) int {
		if i := slices.IndexFunc(order, r.same); i >= 0 {
			return i
		}
		return len(order)
	}
	list := slices.Clone(s.panel.more.References)
	slices.SortStableFunc(list, func(a, b Reference) int { return place(a) - place(b) })
	s.setReferences(list)
}

// lookAtReferences makes missing thumbnails in the background, and drops those of removed
// references.
func (s *Session) lookAtReferences() {
	was, now := s.panel.references.thumbs, map[referenceKey]*image.NRGBA{}
	s.panel.references.thumbs = now
	for _, r := range s.panel.more.References {
		key := r.key()
		if thumb, ok := was[key]; ok {
			now[key] = thumb
			continue
		}
		now[key] = nil
		background(s, func() outcome[*image.NRGBA] { return result(r.thumbnail()) }, func(got outcome[*image.NRGBA]) {
			switch {
			case errors.Is(got.err, fs.ErrNotExist): // which may come back, and is said when it is to be sent
				s.log.Info("no thumbnail", "error", got.err)
			case got.err != nil:
				s.leaveOut(r, got.err)
				return
			}
			if _, ok := s.panel.references.thumbs[key]; ok {
				s.panel.references.thumbs[key] = got.value
				s.touch(Panel)
			}
		})
	}
}

// leaveOut removes a reference that can't be read as a picture, and says so.
func (s *Session) leaveOut(r Reference, why error) {
	defer s.act()()
	if slices.ContainsFunc(s.panel.more.References, r.same) {
		s.dropReferences(r)
		s.fail(referenceError(r, why))
	}
}

func (r Reference) thumbnail() (*image.NRGBA, error) {
	state := r.state
	if state == nil {
		p, err := openPicture(r.Path)
		if err != nil {
			return nil, err
		}
		state = document.NewState(p)
	}
	return state.Seen(state.Bounds(), referenceSide), nil
}

// readReferences reads further input pictures for a service that takes them; it is for
// any goroutine.
func (s *Session) readReferences(ctx context.Context, connection string, list []Reference) ([]*image.NRGBA, error) {
	if s.service.Profile(connection).Images <= 1 {
		return nil, nil
	}
	var all []*image.NRGBA
	for _, r := range list {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		img, err := s.panel.references.load(r)
		if err != nil {
			return nil, referenceError(r, err)
		}
		all = append(all, img)
	}
	return all, nil
}

// load returns the pixels of a reference in sRGB, the same slice as before while it is still
// referenced and the file is unchanged.
func (l *references) load(r Reference) (*image.NRGBA, error) {
	name := r.key()
	if r.state == nil {
		info, err := os.Stat(r.Path)
		if err != nil {
			return nil, err
		}
		name.file = fmt.Sprint(r.Path, info.Size(), info.ModTime().UnixNano())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if img := l.loaded[name].Value(); img != nil {
		return img, nil
	}
	var img *image.NRGBA
	if r.state != nil {
		img = r.state.Base.Meta.Space.SRGB(r.state.Flatten())
	} else {
		p, err := openPicture(r.Path)
		if err != nil {
			return nil, err
		}
		img = p.SRGB()
	}
	if l.loaded == nil {
		l.loaded = map[referenceKey]weak.Pointer[image.NRGBA]{}
	}
	for key, p := range l.loaded {
		if p.Value() == nil {
			delete(l.loaded, key)
		}
	}
	l.loaded[name] = weak.Make(img)
	return img, nil
}
