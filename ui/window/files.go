package window

import (
	"path/filepath"

	"fyne.io/fyne/v2"

	"overpaint/api/job"
	"overpaint/assets/photos"
	"overpaint/assets/plain"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
	gallery "overpaint/ui/strip"
)

var pictureEndings = []string{".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"}

// OpenAtStart opens a picture once the window is there.
func (w *Window) OpenAtStart(path string) {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	w.app.Lifecycle().SetOnStarted(func() { w.open(path) })
}

func (w *Window) askOpen() {
	w.askThen(func() {
		dialogs.OpenFile(w.win, dialogs.FileRequest{Folder: w.folder, Endings: openEndings}, w.open)
	})
}

// open reads a picture or a project in the background and shows it; after an
// error all is as it was.
func (w *Window) open(path string) {
	if isProject(path) {
		w.openProject(path)
		return
	}
	current := w.beginOpening(filepath.Base(path))
	go func() {
		p, data, err := picture.Read(path, picture.DefaultLimits)
		var s *document.State
		if err == nil {
			s = begun(p)
		}
		fyne.Do(func() {
			if !current() {
				return
			}
			if err != nil {
				w.endOpening()
				w.openFailed(path, job.OpenError(filepath.Base(path), err))
				return
			}
			w.opened(path)
			w.show(s, document.Source{Name: filepath.Base(path), Bytes: data})
		})
	}()
}

func (w *Window) openSample() {
	w.askThen(func() {
		p, err := picture.Decode(photos.Sample, picture.DefaultLimits)
		if err != nil {
			w.fail(err)
			return
		}
		w.show(document.NewState(p), document.Source{Name: photos.SampleName, Bytes: photos.Sample})
	})
}

// begun returns the state that a picture is opened with. What is transparent of
// it would be edited where nothing is painted, so it is in the mask from the
// start, where it is seen. Each pixel is looked at: not for Fyne's goroutine.
func begun(p *picture.Picture) *document.State {
	s := document.NewState(p)
	if m, transparency := job.Mask(s); transparency && !m.Empty() {
		return s.WithMask(m)
	}
	return s
}

// show begins a document of a picture.
func (w *Window) show(s *document.State, src document.Source) {
	w.begin(document.Open(s, src), src.Name, nil)
	w.log.Info("opened", "width", s.Size.X, "height", s.Size.Y)
	switch {
	case s.Base.Meta.Deep:
		w.notice.Show(text.T("notice.deep"), "", nil)
	case s.Base.Meta.Animated:
		w.notice.Show(text.T("notice.animated"), "", nil)
	case !s.Mask.Empty():
		w.notice.Show(text.T("notice.transparent"), "", nil)
	}
}

// maxName is how many characters a picture's name has at most: that of a file
// has no more, one that a project gives may.
const maxName = 255

// begin shows a document instead of the one before, and keeps it on the disk.
// from is the autosave that it was recovered from, or nil.
func (w *Window) begin(doc *document.Document, name string, from *document.Recovered) {
	if w.unwatch != nil {
		w.unwatch()
	}
	name, _ = plain.Cut(name, maxName)
	w.doc, w.name, w.project, w.pasted, w.frame = doc, name, "", false, drawnFrame{}
	w.pick(none)
	// At once: a stroke that begins before the last one is shown would be drawn
	// on the mask before, and dropped. All changes are made on this goroutine.
	w.unwatch = doc.Subscribe(func(s document.Step) { w.stepped(doc, s) })
	w.opening.read = true
	w.noteSession()
	w.keep(doc, from)
	w.dropVariants()
	w.gallery.SetOriginal(picture.Thumbnail(doc.State().Base.Pix, 208))
	w.gallery.Select(gallery.Original)
	w.refresh()
	w.surface.Fit()
}

// askThen asks about unsaved changes, where there are any, before do.
func (w *Window) askThen(do func()) {
	if w.doc == nil || !w.doc.Modified() {
		do()
		return
	}
	saved := func() { w.askThen(do) } // the person may have gone on meanwhile
	switch {
	case w.project != "":
		dialogs.AskUnsaved(w.win, w.name, func() { w.saveProject(saved) }, do)
	case w.doc.PictureModified() || w.pasted:
		dialogs.AskUnsaved(w.win, w.name, func() { w.savePicture(saved) }, do)
	default:
		dialogs.AskUnsavedMask(w.win, w.name, func() { w.saveProject(saved) }, do)
	}
}
