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
	"sync"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// replacing is what the user answered about replacing the file that the picture was opened
// from.
type replacing struct {
	asked bool
	yes   bool // it may be replaced
	kept  bool // the file as it was is kept, or needn't be
	claim *claim
}

// claim is what is known of the file that the picture was opened from, so that what another
// program has made of it meanwhile isn't replaced unasked.
type claim struct {
	writing sync.Mutex // held while it is written, which any goroutine may do
	stamp   file.Stamp // of what was read or written here last
}

// renew notes that the file at path was written here.
func (c *claim) renew(path string) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.stamp = file.StampAt(path)
}

// errChanged reports that another program has changed a file.
var errChanged = errors.New("session: another program has changed the file")

// write writes the file at path. Where another program has changed it, that is errChanged,
// unless anyway is set; one that was moved away is made again.
func (c *claim) write(path string, anyway bool, write func() error) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if !anyway && file.IsThere(path) && !c.stamp.Is(path) {
		return errChanged
	}
	if err := write(); err != nil {
		return err
	}
	c.stamp = file.StampAt(path)
	return nil
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
		s.replacePicture(false)
	case r.asked, !file.IsThere(s.file.path): // there is nothing to replace
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
	key, name := "dialog.replace.text", filepath.Base(s.file.path)
	ending := filepath.Ext(name)
	original := strings.TrimSuffix(name, ending) + originalMark + ending
	switch {
	case kept && file.IsThere(filepath.Join(filepath.Dir(s.file.path), original)): // it, or one with a number
		key = "dialog.replace.text_copy"
	case kept:
		key = "dialog.replace.text_kept"
	}
	s.ask(&question{
		Question: Question{
			Ask: AskReplace, Name: say("dialog.replace"), Text: say(key, "Name", name, "Original", original),
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

// replacePicture writes the picture in the file that it was opened from. Where another program
// has changed that, it asks, unless anyway is set; what the file held then is kept like the original.
func (s *Session) replacePicture(anyway bool) {
	doc, state, path, claim := s.file.doc, s.file.doc.State(), s.file.path, s.file.replace.claim
	set := s.settings.Current().Saving
	to := target{path: path, over: file.Writable, quality: set.Quality, sampling: picture.Sampling(set.Sampling), strip: set.Strip, label: s.wanted(s.modelLabel(state.Results)), unlabelled: !set.Label}
	keep := set.KeepOriginal && (anyway || !s.file.replace.kept)
	write := s.writerOf(state, nil)
	s.writePicture(to, func(ctx context.Context, to target) (b became, err error) {
		err = claim.write(path, anyway, func() error {
			if keep {
				if err := keepOriginal(path); err != nil {
					return err
				}
			}
			b, err = write(ctx, to)
			return err
		})
		return b, err
	}, func(string) {
		markSaved(doc, state)
		if s.file.doc == doc {
			s.file.replace.kept = true
		}
	}, func(err error) {
		if errors.Is(err, errChanged) && s.file.doc == doc {
			s.askChanged()
		}
	})
}

// askChanged asks what to do where another program has changed the file that is to be replaced.
func (s *Session) askChanged() {
	if s.asking(AskChanged) {
		return
	}
	doc, key := s.file.doc, "dialog.changed.text"
	if s.settings.Current().Saving.KeepOriginal {
		key = "dialog.changed.text_kept"
	}
	s.ask(&question{
		Question: Question{
			Ask: AskChanged, Name: say("dialog.changed"), Text: say(key, "Name", filepath.Base(s.file.path)),
			Answers: []Answer{
				{Reply: Save, Label: say("dialog.file.replace")},
				{Reply: Dismiss, Label: say("dialog.cancel")},
				{Reply: SaveAs, Label: say("dialog.replace.other"), Safe: true},
			},
		},
		reply: func(r Reply) {
			switch {
			case s.file.doc != doc:
			case r == Save:
				s.replacePicture(true)
			case r == SaveAs:
				s.savePicture(nil)
			}
		},
	})
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
