package session

import (
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/photos"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// pictureEndings are those of pictures that can be opened, openEndings those of
// all that can be.
var (
	pictureEndings = picture.Endings()
	openEndings    = append(slices.Clone(pictureEndings), document.ProjectExtension)
)

// Document is what is open.
type Document struct {
	// Open is false where nothing is; all else is empty then.
	Open bool
	// Name is the file's name, that of the last one that the picture was saved as; Folder is
	// where it came from and saving begins, Project the path of the project file that it is, or "".
	Name, Folder, Project string
	Size                  image.Point
	// Modified reports changes that were not saved.
	Modified bool
	// Undo and Redo name what they would do, or are nothing.
	Undo, Redo Sentence
	State      *document.State
}

// openFile is the open document and its file.
type openFile struct {
	doc     *document.Document // nil: nothing is open
	unwatch func()
	name    string
	path    string // of the picture, or ""
	folder  string
	project string
	saved   string   // where the picture was saved as another file, or ""
	real    []string // the paths, without links, of the files that the document was opened from or saved as
	pasted  bool     // the picture is in no file
	replace replacing
	dropped bool // that steps were dropped was told
	opening opening
}

// opening is the file that is being opened. Opening another one, and cancelling, replace it.
type opening struct {
	number int
	read   bool   // and only has to come onto the screen
	done   func() // ends what is told of it, or nil
}

// Document returns what is open.
func (s *Session) Document() Document {
	f := &s.file
	if f.doc == nil {
		return Document{Folder: f.folder}
	}
	d := Document{
		Open: true, Name: f.shownName(), Folder: f.folder, Project: f.project, State: f.doc.State(), Size: f.doc.State().Size, Modified: f.doc.Modified(),
	}
	t := &s.timeline
	if t.done > 0 {
		d.Undo = say(t.entries[t.done-1].name)
	}
	if t.done < len(t.entries) {
		d.Redo = say(t.entries[t.done].name)
	}
	return d
}

// shownName is what the document is called: by its project or, where it is none, by the file that
// it was saved as or opened from.
func (f *openFile) shownName() string {
	if f.project == "" && f.saved != "" {
		return filepath.Base(f.saved)
	}
	return f.name
}

// Recent returns the files that were opened last, the latest first.
func (s *Session) Recent() []string { return s.settings.Current().Recent }

// ForgetRecent empties the list of files that were opened.
func (s *Session) ForgetRecent() {
	defer s.act(Menu)()
	s.remember(func(set *settings.Settings) { set.Recent = nil })
	s.flush()
}

// AskOpen asks which file to open and then, where one was chosen, about what would be lost.
func (s *Session) AskOpen() {
	defer s.act()()
	s.askFile(FileRequest{Title: say("dialog.file.open"), Folder: s.file.folder, Endings: openEndings}, func(c Chosen) {
		s.leaveDocument(func() { s.open(c.Path) })
	})
}

// Open opens a picture or a project instead of the document, after asking about
// what would be lost.
func (s *Session) Open(path string) {
	defer s.act()()
	s.leaveDocument(func() { s.open(path) })
}

// OpenSample opens the sample picture.
func (s *Session) OpenSample() {
	defer s.act()()
	s.leaveDocument(func() {
		current := s.beginOpening(photos.SampleName)
		background(s, func() outcome[*document.State] { return begun(picture.Decode(photos.Sample, picture.DefaultLimits)) }, func(got outcome[*document.State]) {
			if current() {
				s.openPicture(got, photos.SampleName, document.Source{Name: photos.SampleName, Bytes: photos.Sample})
			}
		})
	})
}

// opened is a file that was read.
type opened struct {
	real    string // the path without links
	state   outcome[*document.State]
	bytes   []byte
	claim   *claim
	project document.Project
}

// open reads a file in the background and shows it; after an error all is as it was.
func (s *Session) open(path string) {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	name := filepath.Base(path)
	project := strings.EqualFold(filepath.Ext(path), document.ProjectExtension)
	current := s.beginOpening(name)
	background(s, func() (got opened) {
		got.real = realPath(path)
		if project {
			got.project, got.state.err = document.OpenProject(path, picture.DefaultLimits)
			return got
		}
		p, data, err := picture.Read(path, picture.DefaultLimits)
		got.claim = &claim{stamp: file.StampOf(data)}
		got.state, got.bytes = begun(p, err), data
		return got
	}, func(got opened) {
		switch {
		case !current():
		case got.state.err != nil:
			s.openFailed(path, project, got.state.err)
		case project:
			s.openedFile(path)
			s.become(named(got.project).Document(), name, nil)
			s.file.project, s.file.real = path, []string{got.real}
			s.restore(sessionOf(got.project.Settings))
			s.tellAll(s.elsewhere(got.real))
			s.logOpened()
		default:
			s.openedFile(path)
			s.openPicture(got.state, name, document.Source{Name: name, Bytes: got.bytes}, s.elsewhere(got.real)...)
			s.file.path, s.file.replace.claim, s.file.real = path, got.claim, []string{got.real}
		}
	})
}

// begun returns the state that a picture is opened with. Its transparent pixels are in the
// mask from the start, since an edit fills them whether they are masked or not. Each pixel is
// read.
func begun(p *picture.Picture, err error) outcome[*document.State] {
	if err != nil {
		return outcome[*document.State]{err: err}
	}
	state := document.NewState(p)
	if m, transparency := job.Mask(state); transparency && !m.Empty() {
		state = state.WithMask(m)
	}
	return outcome[*document.State]{value: state}
}

// realPath returns a path without links, or the path itself where it leads nowhere.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// Has reports whether the document was opened from the file at path, which has no links, or saved
// as it.
func (s *Session) Has(path string) bool { return slices.Contains(s.file.real, path) }

// elsewhere says so where another window has the file at path open.
func (s *Session) elsewhere(path string) []api.Sentence {
	if is := s.options.Elsewhere; is == nil || !is(path) {
		return nil
	}
	return []api.Sentence{{Key: "notice.open_elsewhere", Args: []any{"File", filepath.Base(path)}}}
}

// openPicture begins a document of a picture, and posts further notes.
func (s *Session) openPicture(got outcome[*document.State], name string, src document.Source, further ...api.Sentence) {
	if got.err != nil {
		s.endOpening()
		s.fail(job.OpenError(name, got.err))
		return
	}
	state := got.value
	s.become(document.Open(state, src), name, nil)
	s.logOpened()
	notes := append(further, job.Notes(state.Base.Meta)...)
	if doc := s.file.doc; len(notes) == 0 && !state.Mask.Empty() {
		words := "notice.transparent"
		if state.Mask.Area() >= float64(state.Size.X)*float64(state.Size.Y) {
			words = "notice.transparent_all" // only a service can fill it, without anything to go by
		}
		s.noteWhile(say(words), func() bool { return s.file.doc == doc && doc.State().Mask == state.Mask })
	}
	s.tellAll(notes)
}

// tellAll posts several notices at once, which stay until there are newer ones.
func (s *Session) tellAll(sentences []api.Sentence) {
	var all []Sentence
	for _, next := range sentences {
		all = append(all, told(next))
	}
	if one := joined(all...); !one.IsZero() {
		s.note(one)
	}
}

func (s *Session) logOpened() {
	size := s.file.doc.State().Size
	s.log.Info("opened", "width", size.X, "height", size.Y)
}

// become replaces the document and autosaves the new one. from is the autosave that it was
// recovered from, or nil.
func (s *Session) become(doc *document.Document, name string, from *recovered) {
	f := &s.file
	s.dropShape()
	s.moveOn()
	if f.unwatch != nil {
		f.unwatch()
	}
	s.detach()
	f.doc, f.name, f.path, f.project, f.saved, f.pasted, f.dropped, f.replace, f.real = doc, name, "", "", "", false, false, replacing{}, nil
	s.timeline = timeline{}
	s.shown = shown{looks: map[Picture]look{}}
	s.forgetQuick()
	s.found = finding{}
	s.editing = editing{asked: s.editing.asked + 1}
	s.results = results{}
	s.frame, s.panel.spotPrompts = drawnFrame{}, nil
	f.unwatch = doc.Subscribe(s.stepped)
	s.holdMemory()
	f.opening.read = true
	s.wish(Wish{Kind: WishFit})
	s.touch(everything &^ History)
	s.plan()
	s.keep(doc, from)
}

// holdMemory sets the program's memory limit by what is open.
func (s *Session) holdMemory() {
	if m := s.options.Memory; m != nil {
		m.Hold(s, s.file.doc.State().Size)
	}
}

// beginOpening notes that a file is being opened; current reports whether that is still
// wanted.
func (s *Session) beginOpening(name string) (current func() bool) {
	s.endOpening()
	o := &s.file.opening
	o.number++
	o.read = false
	number := o.number
	o.done = s.begin(say("window.opening", "File", name), func() {
		o.number++
		s.endOpening()
	})
	return func() bool { return number == o.number }
}

// PictureShown tells the session that the picture of View is on the screen.
func (s *Session) PictureShown() {
	defer s.act()()
	if s.file.opening.read {
		s.endOpening()
	}
}

// endOpening is called when the picture is on the screen, or never will be.
func (s *Session) endOpening() {
	if done := s.file.opening.done; done != nil {
		s.file.opening.done = nil
		done()
	}
}

// openedFile remembers a file that was opened or saved.
func (s *Session) openedFile(path string) {
	s.file.folder = filepath.Dir(path)
	s.remember(func(set *settings.Settings) { set.Remember(path) })
	s.touch(Menu)
}

// openFailed says why a file couldn't be opened; one that is gone is no longer offered.
func (s *Session) openFailed(path string, project bool, err error) {
	s.endOpening()
	background(s, func() bool {
		_, err := os.Stat(path)
		return errors.Is(err, fs.ErrNotExist)
	}, func(gone bool) {
		if gone {
			s.remember(func(set *settings.Settings) {
				set.Recent = slices.DeleteFunc(set.Recent, func(p string) bool { return p == path })
			})
			s.touch(Menu)
		}
	})
	if project {
		s.failFor(passing, projectError(filepath.Base(path), err))
		return
	}
	s.failFor(passing, job.OpenError(filepath.Base(path), err))
}

// projectError says why the project called name can't be read.
func projectError(name string, err error) error {
	var newer *document.NewerError
	var large *document.SizeError
	key, args := "", []any(nil)
	switch {
	case errors.As(err, &newer):
		key = "document.newer"
	case errors.As(err, &large):
		key, args = "document.too_large", []any{"Width", large.Width, "Height", large.Height, "Limit", large.MaxPixels / 1_000_000}
	case errors.Is(err, document.ErrNotProject):
		key = "document.not_project"
	case errors.Is(err, document.ErrDamaged):
		key = "document.damaged"
	default:
		return job.OpenError(name, err)
	}
	return &api.Error{Kind: api.KindInput, Sentence: api.Sentence{Key: key, Args: args}, Cause: err}
}
