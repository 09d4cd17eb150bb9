package session

import (
	"context"
	"errors"
	"image"
	"path/filepath"
	"strconv"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// target is where and how a picture is to be written.
type target struct {
	path string
	over file.Over
	// quality is a JPEG's, 1 to 100; chosen reports whether the user has just chosen it, so
	// that it applies to the whole picture.
	quality int
	chosen  bool
	// sampling is a JPEG's chroma sampling; resampled reports whether the user has just
	// chosen it.
	sampling  picture.Sampling
	resampled bool
	strip     bool
	label     *picture.Label
	// unlabelled reports whether the file gets no label of a model, not even the one that the
	// picture had.
	unlabelled bool
	// size, if not nil, is set to the size that the file would have, and nothing is written.
	size *int64
}

// became says what was kept in a written file: how much of the file that the picture was
// opened from, nil where that is unknown, and the property that was lost, or "".
type became struct {
	kept *picture.Kept
	lost picture.Loss
}

// of makes an encoding report to b.
func (b *became) of(e picture.Encoding) picture.Encoding {
	e.Kept, e.Lost = func(k picture.Kept) { b.kept = &k }, func(l picture.Loss) { b.lost = l }
	return e
}

// writer writes a picture.
type writer func(ctx context.Context, to target) (became, error)

// askSave asks for a path and writes a state there in the background. The name is one of a new
// file, unless the state was saved before and that file lies in the folder that is suggested.
func (s *Session) askSave(name, before string, state *document.State, words map[string]string, done func(path string)) {
	source := s.source(state)
	keeps := source != nil && state.Base.Meta.Format == string(picture.JPEG)
	w := unwritten{name: name, before: before, keeps: keeps, meta: state.Base.Meta, label: s.modelLabel(state.Results)}
	s.askWrite(w, s.writerOf(state, words), done)
}

// writerOf returns a writer of a state, with words as a PNG's text chunks.
func (s *Session) writerOf(state *document.State, words map[string]string) writer {
	source := s.source(state)
	return func(ctx context.Context, to target) (b became, err error) {
		e := picture.Encoding{
			Quality: to.quality, Lossless: state.Base.Meta.Lossless && !to.chosen, Meta: state.Base.Meta, Text: words, Source: source,
			Sampling: to.sampling, Strip: to.strip, Label: to.label, Unlabelled: to.unlabelled,
		}
		if to.strip {
			e.Text = nil
		}
		if f, _ := picture.FormatOf(to.path); f == picture.JPEG && (to.chosen || to.resampled) {
			if e.Sampling == "" {
				e.Sampling = source.Sampling()
			}
			e.Source = nil
		}
		err = encode(ctx, state.Flatten(), b.of(e), to)
		return b, err
	}
}

// unwritten is a picture to be written: its suggested name, metadata and label, if any; before is
// the file that it was saved as, or "". keeps reports whether a JPEG keeps the quality of the
// opened one.
type unwritten struct {
	name   string
	before string
	keeps  bool
	meta   picture.Metadata
	label  *picture.Label
}

// nameIn returns the name to suggest in a folder, for a new file in a format.
func (w *unwritten) nameIn(folder string, format picture.Format) string {
	if w.before != "" && filepath.Dir(w.before) == folder {
		return filepath.Base(w.before)
	}
	return free(folder, w.name, format.Ending())
}

// askWrite asks for a path and writes a picture there in the background. It asks again where
// that fails, and suggests the folder of before.
func (s *Session) askWrite(w unwritten, write writer, done func(path string)) {
	set := s.settings.Current().Saving
	sampling := set.Sampling
	switch {
	case w.keeps:
		sampling = "" // the file's own
	case sampling == "":
		sampling = string(picture.Half)
	}
	request := FileRequest{
		Title: say("dialog.file.save"), Save: true, Folder: s.file.folder, Name: w.nameIn(s.file.folder, s.format(w.meta)),
		Endings: saveEndings, Quality: set.Quality, Sampling: sampling, Keeps: w.keeps, Formats: true, Strip: set.Strip, Labels: w.label != nil, Label: set.Label,
	}
	s.ask(&question{
		Question: Question{Ask: AskFile, Name: request.Title, File: &request},
		file: func(c Chosen) {
			to := s.target(w, &request, c)
			if c.Choices != nil {
				s.rememberChoices(*c.Choices, w.label != nil, to.resampled)
			}
			if to.chosen {
				s.remember(func(set *settings.Settings) { set.Saving.Quality = c.Quality })
			}
			doc := s.file.doc
			s.writePicture(to, write, func(path string) {
				s.file.folder = filepath.Dir(path)
				done(path)
			}, func(error) {
				if s.file.doc == doc {
					w.name, w.before = strings.TrimSuffix(filepath.Base(c.Path), filepath.Ext(c.Path)), ""
					s.askWrite(w, write, done)
				}
			})
		},
		size: func(c Chosen) sizing {
			to := s.target(w, &request, c)
			same := to // where only the name differs
			same.path, same.over = strings.ToLower(filepath.Ext(to.path)), file.Nothing
			return sizing{of: same, work: func(ctx context.Context) (n int64, err error) {
				to.size = &n
				_, err = write(ctx, to)
				return n, err
			}}
		},
	})
}

// target returns how a picture is written by the user's choices.
func (s *Session) target(w unwritten, asked *FileRequest, c Chosen) target {
	set := s.settings.Current().Saving
	to := target{
		path: c.Path, over: c.Over, quality: asked.Quality, sampling: picture.Sampling(asked.Sampling), strip: set.Strip, label: s.wanted(w.label),
		unlabelled: !set.Label,
	}
	if c.Choices != nil {
		to.strip = c.Choices.Strip
		if w.label != nil {
			to.unlabelled = !c.Choices.Label
		}
		if to.label = w.label; to.unlabelled {
			to.label = nil
		}
		if chosen := c.Choices.Sampling; chosen != "" && chosen != asked.Sampling {
			to.sampling, to.resampled = picture.Sampling(chosen), true
		}
	}
	if c.Quality > 0 && c.Quality != asked.Quality {
		to.quality, to.chosen = c.Quality, true
	}
	return to
}

// writePicture writes a picture in the background, posts a notice of the outcome and calls
// done or failed. Of errChanged it posts none.
func (s *Session) writePicture(to target, write writer, done func(path string), failed func(error)) {
	name := filepath.Base(to.path)
	var b became
	s.write(say("window.saving", "File", name), func(ctx context.Context) (err error) {
		b, err = write(ctx, to)
		return err
	}, func(err error) {
		if err != nil {
			if !errors.Is(err, errChanged) {
				s.fail(notSaved(to.path, err))
			}
			failed(err)
			return
		}
		s.log.Info("saved")
		s.tellSaved(savedSentence(name, b), to.path)
		done(to.path)
	})
}

// rememberChoices stores how a picture was saved, for the next time.
func (s *Session) rememberChoices(c Choices, labelled, resampled bool) {
	now := s.settings.Current().Saving
	if c.Strip == now.Strip && (!labelled || c.Label == now.Label) && !resampled {
		return
	}
	s.remember(func(set *settings.Settings) {
		set.Saving.Strip = c.Strip
		if labelled {
			set.Saving.Label = c.Label
		}
		if resampled {
			set.Saving.Sampling = c.Sampling
		}
	})
}

// savedSentence says that a file was saved, how much of its source was kept, and what was
// lost.
func savedSentence(name string, b became) Sentence {
	saved := say("window.saved", "File", name)
	switch {
	case b.kept == nil || b.kept.Total == 0:
		if b.lost != "" {
			return say("window.saved_lost", "File", name, "Lost", lostSentence(b.lost))
		}
		return saved
	case b.kept.Blocks == 0:
		saved = say("window.saved_recoded", "File", name)
	default:
		saved = say("window.saved_kept", "File", name, "Percent", strconv.FormatFloat(b.kept.Percent(), 'f', -1, 64))
	}
	if b.lost != "" {
		return say("notice.both", "First", saved, "Second", lostSentence(b.lost))
	}
	return saved
}

// lostSentence says what a file has lost.
func lostSentence(l picture.Loss) Sentence {
	switch l {
	case picture.LostGrey:
		return say("notice.lost_grey")
	case picture.LostGainMap:
		return say("notice.lost_gainmap")
	}
	return say("notice.lost_palette")
}

func notSaved(path string, err error) error {
	return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "window.not_saved", Args: []any{"File", filepath.Base(path)}}, Cause: err}
}

// encode writes a picture, or measures its file, as to says.
func encode(ctx context.Context, img *image.NRGBA, e picture.Encoding, to target) error {
	var ok bool
	if e.Format, ok = picture.FormatOf(to.path); !ok {
		e.Format = picture.PNG
	}
	if to.size == nil {
		return picture.Save(ctx, to.path, img, e, to.over)
	}
	n, err := picture.Size(ctx, img, e)
	*to.size = n
	return err
}
