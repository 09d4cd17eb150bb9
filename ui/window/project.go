package window

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/assets/plain"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/file"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
)

// shownRecent is how many recent files the menu holds.
const shownRecent = 10

var openEndings = append(slices.Clone(pictureEndings), document.ProjectExtension)

func isProject(path string) bool {
	return strings.EqualFold(filepath.Ext(path), document.ProjectExtension)
}

// openProject reads a project in the background and shows it; after an error
// all is as it was.
func (w *Window) openProject(path string) {
	current := w.beginOpening(filepath.Base(path))
	go func() {
		p, err := document.OpenProject(path, picture.DefaultLimits)
		fyne.Do(func() {
			if !current() {
				return
			}
			if err != nil {
				w.endOpening()
				w.openFailed(path, projectError(path, err))
				return
			}
			w.opened(path)
			w.begin(p.Document(), filepath.Base(path), nil)
			w.project = path
			w.restore(sessionOf(p.Settings))
			w.log.Info("opened", "width", p.State.Size.X, "height", p.State.Size.Y, "results", len(p.State.Results))
		})
	}()
}

// projectError is what the person is told when the project at path can't be read.
func projectError(path string, err error) error {
	var newer *document.NewerError
	var large *document.SizeError
	var many *document.ManyError
	key, args := "", []any(nil)
	switch {
	case errors.As(err, &newer):
		key = "document.newer"
	case errors.As(err, &large):
		key, args = "document.too_large", []any{"Width", large.Width, "Height", large.Height, "Limit", large.MaxPixels / 1_000_000}
	case errors.As(err, &many):
		key, args = "document.too_many", []any{"Count", many.Results, "Limit", document.MaxResults}
	case errors.Is(err, document.ErrNotProject):
		key = "document.not_project"
	case errors.Is(err, document.ErrDamaged):
		key = "document.damaged"
	default:
		return job.OpenError(filepath.Base(path), err)
	}
	return &api.Error{Kind: api.KindInput, Sentence: api.Sentence{Key: key, Args: args}, Cause: err}
}

// saveProject asks where to save the document as a project, then goes on.
func (w *Window) saveProject(then func()) {
	if w.doc == nil {
		w.notice.Show(text.T("ui.reason.no_picture"), "", nil)
		return
	}
	doc := w.doc
	request := dialogs.FileRequest{
		Folder: w.folder, Title: text.T("project.save.title"), Endings: []string{document.ProjectExtension},
		Name: strings.TrimSuffix(w.name, filepath.Ext(w.name)) + document.ProjectExtension,
	}
	if w.project != "" {
		request.Folder, request.Name = filepath.Dir(w.project), filepath.Base(w.project)
	}
	dialogs.SaveFile(w.win, request, func(path string, over file.Over) {
		p := doc.Project(w.sessionJSON(""))
		w.writing(text.T("window.saving", "File", filepath.Base(path)), func(ctx context.Context) error {
			return document.SaveProject(ctx, path, p, over)
		}, func(err error) { w.projectSaved(doc, p.State, path, err, then) })
	})
}

func (w *Window) projectSaved(doc *document.Document, saved *document.State, path string, err error, then func()) {
	if err != nil {
		w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "input.folder", Args: []any{"Folder", filepath.Dir(path)}}, Cause: err})
		return
	}
	if w.doc == doc {
		w.project, w.name = path, filepath.Base(path)
	}
	w.opened(path)
	markSaved(doc, saved)
	w.log.Info("project saved")
	w.notice.Show(text.T("window.saved", "File", filepath.Base(path)), "", nil)
	if then != nil {
		then()
	}
}

// markSaved notes that a state of the document was saved, unless the person
// went on while it was being written.
func markSaved(doc *document.Document, saved *document.State) {
	if doc.State() == saved {
		doc.MarkSaved()
	}
}

// opened remembers a file that was opened or saved.
func (w *Window) opened(path string) {
	w.folder = filepath.Dir(path)
	w.change(func(s *settings.Settings) { s.Remember(path) })
	w.showMenu()
}

// openFailed tells why a file couldn't be opened; one that is gone is no longer
// offered.
func (w *Window) openFailed(path string, err error) {
	if _, gone := os.Stat(path); errors.Is(gone, fs.ErrNotExist) {
		w.change(func(set *settings.Settings) {
			set.Recent = slices.DeleteFunc(set.Recent, func(s string) bool { return s == path })
		})
		w.showMenu()
	}
	w.fail(err)
}

// recentMenu is the entry of the menu with the files opened last.
func (w *Window) recentMenu() *fyne.MenuItem {
	m := fyne.NewMenuItem(text.T("project.recent"), nil)
	m.ChildMenu = fyne.NewMenu("")
	for _, path := range w.set().Recent[:min(len(w.set().Recent), shownRecent)] {
		m.ChildMenu.Items = append(m.ChildMenu.Items, fyne.NewMenuItem(recentLabel(path), func() {
			w.askThen(func() { w.open(path) })
		}))
	}
	if len(w.set().Recent) == 0 {
		m.ChildMenu.Items = []*fyne.MenuItem{{Label: text.T("project.recent.none"), Disabled: true}}
		return m
	}
	m.ChildMenu.Items = append(m.ChildMenu.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(text.T("project.recent.clear"), func() {
		w.change(func(s *settings.Settings) { s.Recent = nil })
		w.showMenu()
	}))
	return m
}

// recentLabel is a file's name and the end of its folder's.
func recentLabel(path string) string {
	const most = 36
	folder := filepath.Dir(path)
	if home, err := os.UserHomeDir(); err == nil && home != "/" {
		if rest, ok := strings.CutPrefix(folder, home); ok {
			folder = "~" + rest
		}
	}
	if r := []rune(folder); len(r) > most {
		folder = "…" + string(r[len(r)-most+1:])
	}
	return plain.Line(filepath.Base(path), 80) + "   " + plain.Line(folder, 2*most)
}

// leftItem offers what earlier runs left behind; it is a mere line where there
// is nothing.
func (w *Window) leftItem() *fyne.MenuItem {
	if len(w.safe.left) == 0 {
		return fyne.NewMenuItemSeparator()
	}
	return fyne.NewMenuItem(text.T("session.menu"), w.offerLeft)
}
