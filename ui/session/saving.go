package session

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

var saveEndings = []string{".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".dib"}

// SavePicture asks where to save the picture, even where it has a file; before that, what
// becomes of a displayed variant.
func (s *Session) SavePicture() {
	defer s.act()()
	s.afterShown(func() { s.savePicture(nil) })
}

// afterShown calls do. Where the canvas shows a variant, which is no part of the picture, it
// asks first whether to accept it.
func (s *Session) afterShown(do func()) {
	now, doc := s.shown.now, s.file.doc
	e, c := s.card(now.Variant)
	if now.What != IsVariant || c == nil || c.made == nil {
		do()
		return
	}
	if s.asking(AskShown) {
		return
	}
	s.ask(&question{
		Question: Question{
			Ask: AskShown, Name: say("dialog.shown"), Text: say("dialog.shown.text", "Number", s.number(e, c)),
			Answers: []Answer{
				{Reply: Discard, Label: say("dialog.shown.without")},
				{Reply: Dismiss, Label: say("dialog.cancel")},
				{Reply: Yes, Label: say("dialog.shown.use"), Safe: true},
			},
		},
		reply: func(r Reply) {
			if s.file.doc != doc || r == Dismiss {
				return
			}
			if r == Yes {
				s.Use(now.Variant)
			}
			do()
		},
	})
}

func (s *Session) savePicture(then func()) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	doc, state := s.file.doc, s.file.doc.State()
	s.askSave(s.stem()+"-edited", s.file.saved, state, nil, func(path string) {
		markSaved(doc, state)
		if f := &s.file; f.doc == doc {
			f.pasted, f.saved = false, path
			f.real = append(f.real, realPath(path))
			f.replace.asked, f.replace.yes = true, f.replace.yes && path == f.path
			if path == f.path {
				f.replace.claim.renew(path)
			}
			s.touch(Status)
		}
		if then != nil {
			then()
		}
	})
}

// SaveVariant asks where to save the picture with a variant in its place.
func (s *Session) SaveVariant(v VariantID) {
	defer s.act()()
	e, c := s.card(v)
	if c == nil || c.made == nil {
		s.remark(say("ui.choose_variant"))
		return
	}
	state := s.stateOf(Picture{IsVariant, v})
	s.askSave(s.variantName(s.number(e, c)), "", state, s.words(e, c), func(path string) {
		c.saved = true
		records := e.records(c.made)
		background(s, func() struct{} { s.noteSaved(records, path); return struct{}{} }, func(struct{}) { s.touch(Gallery | History) })
	})
}

// noteSaved stores in the history where a variant was saved. It may be called from any
// goroutine.
func (s *Session) noteSaved(records []record, path string) {
	for _, r := range records {
		s.service.Saved(r.entry, r.index, path)
	}
}

// SaveShown saves the displayed variant, or the picture.
func (s *Session) SaveShown() {
	defer s.act()()
	if now := s.shown.now; now.What == IsVariant {
		s.SaveVariant(now.Variant)
		return
	}
	s.savePicture(nil)
}

// words returns the text chunks of a variant's PNG.
func (s *Session) words(e *edit, c *card) map[string]string {
	if !s.settings.Current().Saving.Text || e.job == nil {
		return nil
	}
	return e.job.Words(e.profile.ID, c.made.Index)
}

// stem returns the picture's name without its ending.
func (s *Session) stem() string { return strings.TrimSuffix(s.file.name, filepath.Ext(s.file.name)) }

// variantName returns the n-th variant's name, without ending.
func (s *Session) variantName(n int) string { return s.variantNameOf(s.stem(), n) }

func (s *Session) variantNameOf(stem string, n int) string {
	return strings.NewReplacer("{name}", stem, "{n}", fmt.Sprint(n)).Replace(s.settings.Current().Saving.Template)
}

// format returns the format to suggest: the one saved in last, else the picture's own.
func (s *Session) format(m picture.Metadata) picture.Format {
	if f := s.settings.Current().Saving.Format; f != "source" {
		return picture.Format(f)
	}
	return picture.FormatFor(m)
}

// meta returns the metadata of the opened picture's file.
func (s *Session) meta() picture.Metadata {
	if s.file.doc == nil {
		return picture.Metadata{}
	}
	return s.file.doc.State().Base.Meta
}

// modelLabel returns the label of a picture with these results, nil where no model made any of
// them. A result whose edit is unknown counts as not made by a model.
func (s *Session) modelLabel(results []*document.Result) *picture.Label {
	for _, r := range results {
		if e := s.editOfResult(r); !r.Hidden && (e == nil || e.profile.ID != settings.Builtin) {
			return picture.NewLabel(text.Language())
		}
	}
	return nil
}

// free returns the first file name in a folder that is not taken.
func free(folder, name, ending string) string {
	for n := 1; ; n++ {
		path := file.Numbered(folder, name, ending, n)
		if _, err := os.Lstat(path); err != nil {
			return filepath.Base(path)
		}
	}
}

// source returns the file that a state's picture was opened from, whose unedited parts are
// copied; nil where there is none.
func (s *Session) source(state *document.State) *picture.Source {
	doc := s.file.doc
	bytes := doc.Source().Bytes
	if bytes == nil || state.Base != doc.State().Base {
		return nil
	}
	return &picture.Source{Bytes: bytes, Picture: state.Base, Offset: state.Offset}
}

// wanted returns l, or nil where the user has switched labels off.
func (s *Session) wanted(l *picture.Label) *picture.Label {
	if s.settings.Current().Saving.Label {
		return l
	}
	return nil
}
