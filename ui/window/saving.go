package window

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/file"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
)

var saveEndings = []string{".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"}

// savePicture asks where to save the document's picture, then goes on.
func (w *Window) savePicture(then func()) {
	if w.doc == nil {
		return
	}
	doc, state := w.doc, w.doc.State()
	w.askSave(w.stem()+"-edited", state, state.Flatten, nil, func(string) {
		markSaved(doc, state)
		if w.doc == doc {
			w.pasted = false
		}
		if then != nil {
			then()
		}
	})
}

// saveVariant asks where to save the picture with one variant.
func (w *Window) saveVariant(card string) {
	v := w.variants[card]
	if w.doc == nil || v == nil || v.made == nil {
		return
	}
	w.askSave(w.variantName(v.number), v.batch.edit.Job.State(), func() *image.NRGBA { return v.batch.edit.Job.Flatten(v.made) }, w.words(v), func(path string) { go w.noteSaved(v, path) })
}

// words returns what is kept in the text of a variant's PNG.
func (w *Window) words(v *variant) map[string]string {
	if !w.set().Saving.Text {
		return nil
	}
	return v.batch.edit.Job.Words(v.batch.edit.Profile.ID, v.made.Index)
}

// stem returns the picture's name without its ending.
func (w *Window) stem() string { return strings.TrimSuffix(w.name, filepath.Ext(w.name)) }

// variantName returns the n-th variant's name, without ending.
func (w *Window) variantName(n int) string { return w.variantNameOf(w.stem(), n) }

// variantNameOf is variantName for a picture that is not open.
func (w *Window) variantNameOf(stem string, n int) string {
	return strings.NewReplacer("{name}", stem, "{n}", fmt.Sprint(n)).Replace(w.set().Saving.Template)
}

// ending returns the ending of the format that the person likes to save in.
func (w *Window) ending() string {
	switch picture.Format(w.set().Saving.Format) {
	case picture.JPEG:
		return ".jpg"
	case picture.TIFF:
		return ".tif"
	case picture.BMP:
		return ".bmp"
	}
	return ".png"
}

// numbered returns a file's path, with a number from the second on.
func numbered(folder, name, ending string, n int) string {
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return filepath.Join(folder, name+ending)
}

// free returns the first name of a file that isn't there yet.
func free(folder, name, ending string) string {
	for n := 1; ; n++ {
		path := numbered(folder, name, ending, n)
		if _, err := os.Lstat(path); err != nil {
			return filepath.Base(path)
		}
	}
}

// source returns the file that a state's picture was opened from, so that what
// was not edited is copied from it; nil where there is none.
func (w *Window) source(s *document.State) *picture.Source {
	bytes := w.doc.Source().Bytes
	if bytes == nil || s.Base != w.doc.State().Base {
		return nil
	}
	return &picture.Source{Bytes: bytes, Picture: s.Base, Offset: s.Offset}
}

// askSave asks for a path and writes a picture there in the background: what
// flatten returns, which is s or s with a variant.
func (w *Window) askSave(name string, s *document.State, flatten func() *image.NRGBA, words map[string]string, done func(path string)) {
	var kept *picture.Kept
	e := picture.Encoding{Quality: w.set().Saving.Quality, Meta: s.Base.Meta, Text: words,
		Source: w.source(s), Kept: func(k picture.Kept) { kept = &k }}
	request := dialogs.FileRequest{
		Folder: w.folder, Name: free(w.folder, name, w.ending()),
		Endings: saveEndings,
		Keeps:   e.Source != nil && s.Base.Meta.Format == string(picture.JPEG),
		Quality: e.Quality, OnQuality: func(q int) {
			e.Quality, e.Source = q, nil // what was chosen holds for the whole picture
			w.keepQuality(q)
		},
	}
	dialogs.SaveFile(w.win, request, func(path string, over file.Over) {
		w.folder = filepath.Dir(path)
		w.writing(text.T("window.saving", "File", filepath.Base(path)), func(ctx context.Context) error {
			return write(ctx, path, flatten(), e, over)
		}, func(err error) {
			if w.saved(path, kept, err) && done != nil {
				done(path)
			}
		})
	})
}

// saved tells what came of writing a picture, and how much of the file that it
// was opened from is in it, if that is known. It reports whether the picture is there.
func (w *Window) saved(path string, kept *picture.Kept, err error) bool {
	if err != nil {
		w.fail(notSaved(path, err))
		return false
	}
	w.log.Info("saved")
	w.tell(savedSentence(filepath.Base(path), kept))
	return true
}

// savedSentence says that a file was saved, and how much of its source is in it.
func savedSentence(name string, kept *picture.Kept) string {
	switch {
	case kept == nil || kept.Total == 0:
		return text.T("window.saved", "File", name)
	case kept.Blocks == 0:
		return text.T("window.saved_recoded", "File", name)
	}
	return text.T("window.saved_kept", "File", name, "Percent", strconv.FormatFloat(kept.Percent(), 'f', -1, 64))
}

func notSaved(path string, err error) error {
	return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "window.not_saved", Args: []any{"File", filepath.Base(path)}}, Cause: err}
}

func write(ctx context.Context, path string, img *image.NRGBA, e picture.Encoding, over file.Over) error {
	var ok bool
	if e.Format, ok = picture.FormatOf(path); !ok {
		e.Format = picture.PNG
	}
	return picture.Save(ctx, path, img, e, over)
}

// saveAll writes the picture with each variant into a folder, never over a file.
func (w *Window) saveAll() {
	if w.doc == nil {
		return
	}
	var all []*variant
	for _, id := range w.gallery.IDs() {
		if v := w.variants[id]; v != nil && v.made != nil {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return
	}
	e := picture.Encoding{Format: picture.Format(w.set().Saving.Format), Quality: w.set().Saving.Quality, Meta: w.doc.State().Base.Meta}
	ending := w.ending()
	names := make([]string, len(all))
	words := make([]map[string]string, len(all))
	sources := make([]*picture.Source, len(all))
	for i, v := range all {
		names[i], words[i], sources[i] = w.variantName(v.number), w.words(v), w.source(v.batch.edit.Job.State())
	}
	dialogs.ChooseFolder(w.win, dialogs.FileRequest{Folder: w.folder, Title: text.T("window.save_all")}, func(folder string) {
		w.folder = folder
		w.writing(text.T("window.saving_all", "Count", len(all)), func(ctx context.Context) error {
			for i, v := range all {
				e.Text, e.Source = words[i], sources[i]
				path, err := picture.SaveNumbered(ctx, func(n int) string { return numbered(folder, names[i], ending, n) }, 1, v.batch.edit.Job.Flatten(v.made), e)
				if err != nil {
					return notSaved(path, err)
				}
				w.noteSaved(v, path)
			}
			return nil
		}, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.log.Info("saved all", "files", len(all))
			w.tell(text.T("window.saved_all", "Count", len(all), "Folder", folder))
		})
	})
}

// telling is how long a sentence stays that asks for nothing.
const telling = 6 * time.Second

// tell shows for a while that something went well.
func (w *Window) tell(sentence string) {
	w.notice.Show(sentence, "", nil)
	time.AfterFunc(telling, func() {
		fyne.Do(func() {
			if w.notice.Text() == sentence {
				w.notice.Hide()
			}
		})
	})
}

// keepQuality remembers the quality that was chosen for JPEG.
func (w *Window) keepQuality(q int) {
	w.changeSoon(func(s *settings.Settings) { s.Saving.Quality = q })
}
