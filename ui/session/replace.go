package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// replacing is what the user answered about replacing the file that the picture was opened
// from.
type replacing struct {
	asked bool
	yes   bool // it may be replaced
	kept  bool // the file as it was is kept, or needn't be
}

// Save saves an edited photo into its own file, once the user has agreed to replace it, and
// asks where to save in all other cases; before that, what becomes of a displayed variant.
func (s *Session) Save() {
	defer s.act()()
	s.afterShown(s.save)
}

func (s *Session) save() {
	r := &s.file.replace
	switch {
	case !s.replaceable():
		s.savePicture(nil)
	case r.asked && r.yes:
		s.replacePicture()
	case r.asked:
		s.savePicture(nil)
	case !s.asking(AskReplace):
		s.askReplace()
	}
}

// replaceable reports whether the picture was edited and its file has a format that can be
// written and nothing but the picture, so that replacing it loses nothing else.
func (s *Session) replaceable() bool {
	f := &s.file
	if f.doc == nil || f.path == "" || !f.doc.PictureModified() {
		return false
	}
	m := s.meta()
	for _, kind := range []picture.NoteKind{picture.Cut, picture.Animated, picture.Pages, picture.Pictures, picture.Layers, picture.Opaque} {
		if m.Has(kind) {
			return false
		}
	}
	format, ok := picture.FormatOf(f.path)
	return ok && string(format) == m.Format
}

// askReplace asks whether to replace the file that the picture was opened from, and acts on
// the answer.
func (s *Session) askReplace() {
	doc := s.file.doc
	kept := s.settings.Current().Saving.KeepOriginal
	key := "dialog.replace.text"
	if kept {
		key = "dialog.replace.text_kept"
	}
	name := filepath.Base(s.file.path)
	ending := filepath.Ext(name)
	s.ask(&question{
		Question: Question{
			Ask: AskReplace, Name: say("dialog.replace"), Text: say(key, "Name", name, "Original", strings.TrimSuffix(name, ending)+originalMark+ending),
			Answers: []Answer{
				{Reply: SaveAs, Label: say("dialog.replace.other"), Safe: !kept},
				{Reply: Dismiss, Label: say("dialog.cancel")},
				{Reply: Save, Label: say("dialog.file.replace"), Safe: kept},
			},
		},
		reply: func(r Reply) {
			if s.file.doc != doc || r == Dismiss {
				return
			}
			s.file.replace.asked, s.file.replace.yes = true, r == Save
			s.save()
		},
	})
}

// originalMark is put between name and ending of the copy of an original file.
const originalMark = ".orig"

// replacePicture writes the picture in the file that it was opened from.
func (s *Session) replacePicture() {
	doc, state, path := s.file.doc, s.file.doc.State(), s.file.path
	set := s.settings.Current().Saving
	to := target{path: path, over: file.Writable, quality: set.Quality, sampling: picture.Sampling(set.Sampling), strip: set.Strip, label: s.wanted(s.modelLabel(state.Results)), unlabelled: !set.Label}
	keep := set.KeepOriginal && !s.file.replace.kept
	write := s.writerOf(state, nil)
	s.writePicture(to, func(ctx context.Context, to target) (became, error) {
		if keep {
			if err := keepOriginal(path); err != nil {
				return became{}, err
			}
		}
		return write(ctx, to)
	}, func(string) {
		markSaved(doc, state)
		if s.file.doc == doc {
			s.file.replace.kept = true
		}
	}, nil)
}

// keepOriginal copies a file beside itself as name.orig.ending, under the first free such
// name, unless there is such a copy.
func keepOriginal(path string) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it was moved away meanwhile
	}
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	ending := filepath.Ext(name)
	for n := 1; ; n++ {
		copied := file.Numbered(filepath.Dir(path), strings.TrimSuffix(name, ending)+originalMark, ending, n)
		there, err := os.ReadFile(copied)
		if err == nil && bytes.Equal(there, data) {
			return nil
		}
		if file.IsThere(copied) {
			continue
		}
		return file.New(copied, file.Shared, func(w io.Writer) error { _, err := w.Write(data); return err })
	}
}
