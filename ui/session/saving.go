package session

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/file"
	"overpaint/editor/picture"
)

var saveEndings = []string{".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".dib"}

// SavePicture asks where to save the picture, which is what Current shows, whatever its
// file is.
func (s *Session) SavePicture() {
	defer s.act()()
	s.savePicture(nil)
}

func (s *Session) savePicture(then func()) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	doc, state := s.file.doc, s.file.doc.State()
	s.askSave(s.stem()+"-edited", state, nil, func(string) {
		markSaved(doc, state)
		if s.file.doc == doc {
			s.file.pasted = false
		}
		if then != nil {
			then()
		}
	})
}

// SaveVariant asks where to save the picture as it is shown with a variant.
func (s *Session) SaveVariant(v VariantID) {
	defer s.act()()
	e, c := s.card(v)
	if c == nil || c.made == nil {
		s.remark(say("ui.choose_variant"))
		return
	}
	state := s.stateOf(Picture{IsVariant, v})
	s.askSave(s.variantName(s.number(e, c)), state, s.words(e, c), func(path string) {
		c.saved = true
		records := e.records(c.made)
		background(s, func() struct{} { s.noteSaved(records, path); return struct{}{} }, func(struct{}) { s.touch(Gallery | History) })
	})
}

// noteSaved notes in the history where a variant was saved to. It is for any goroutine.
func (s *Session) noteSaved(records []record, path string) {
	for _, r := range records {
		s.service.Saved(r.entry, r.index, path)
	}
}

// SaveShown saves the variant that is looked at, or the picture.
func (s *Session) SaveShown() {
	defer s.act()()
	if now := s.shown.now; now.What == IsVariant {
		s.SaveVariant(now.Variant)
		return
	}
	s.savePicture(nil)
}

// kept is one variant of SaveAll.
type kept struct {
	name  string
	state *document.State
	// source is the file that its unedited parts are copied from, or nil.
	source  *picture.Source
	words   map[string]string
	label   *picture.Label
	edit    *edit
	card    *card
	records []record
	done    bool
}

// SaveAll asks for a folder and writes the picture with each variant of the
// current edit there, never over a file.
func (s *Session) SaveAll() {
	defer s.act()()
	var all []*kept
	for i, one := range cardsOf(s.currentGroup()) {
		if e, c := one.edit, one.card; c.made != nil {
			state := s.stateOf(Picture{IsVariant, VariantID{e.id, c.n}})
			all = append(all, &kept{
				name: s.variantName(i + 1), state: state, source: s.source(state),
				words: s.words(e, c), label: s.wanted(s.modelLabel(state.Results)), edit: e, card: c, records: e.records(c.made),
			})
		}
	}
	if len(all) == 0 {
		s.remark(say("ui.no_variants"))
		return
	}
	set := s.settings.Current().Saving
	meta := s.meta()
	e := picture.Encoding{
		Format: s.format(meta), Quality: set.Quality, Sampling: picture.Sampling(set.Sampling), Lossless: meta.Lossless, Meta: meta, Strip: set.Strip,
	}
	var b became
	e = b.of(e)
	request := FileRequest{Title: say("window.save_all"), Folder: s.file.folder, Directory: true}
	s.askFile(request, func(c Chosen) {
		s.file.folder = c.Path
		ending := e.Format.Ending()
		s.write(sayCount("window.saving_all", len(all)), func(ctx context.Context) error {
			for _, k := range all {
				e.Source, e.Label = k.source, k.label
				if e.Text = k.words; set.Strip {
					e.Text = nil
				}
				path, err := picture.SaveNumbered(ctx, func(n int) string { return numbered(c.Path, k.name, ending, n) }, 1, k.state.Flatten(), e)
				if err != nil {
					return notSaved(path, err)
				}
				k.done = true
				s.noteSaved(k.records, path)
			}
			return nil
		}, func(err error) {
			for _, k := range all {
				k.card.saved = k.card.saved || k.done
			}
			s.touch(Gallery | History)
			if err != nil {
				s.fail(err)
				return
			}
			s.log.Info("saved all", "files", len(all))
			s.tellSaved(sayCount("window.saved_all", len(all), "Folder", c.Path), c.Path)
			if b.lost != "" {
				s.remark(lostSentence(b.lost))
			}
		})
	})
}

// words returns what is kept in the text of a variant's PNG.
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

// format returns the one that the person likes to save in: the picture's own, if
// nothing else.
func (s *Session) format(m picture.Metadata) picture.Format {
	if f := s.settings.Current().Saving.Format; f != "source" {
		return picture.Format(f)
	}
	return picture.FormatFor(m)
}

// meta returns what the open picture's file carried.
func (s *Session) meta() picture.Metadata {
	if s.file.doc == nil {
		return picture.Metadata{}
	}
	return s.file.doc.State().Base.Meta
}

// modelLabel returns the label of a picture with these results, nil where no model made
// any of them. Of those whose edit is not known any more it is not known either.
func (s *Session) modelLabel(results []*document.Result) *picture.Label {
	for _, r := range results {
		if e := s.editOfResult(r); !r.Hidden && (e == nil || e.profile.ID != settings.Builtin) {
			return newLabel()
		}
	}
	return nil
}

// newLabel is the label in the language in use: China's standard asks for more.
func newLabel() *picture.Label {
	if text.Language() == "zh" {
		return &picture.Label{Producer: "Overpaint"}
	}
	return &picture.Label{}
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
func (s *Session) source(state *document.State) *picture.Source {
	doc := s.file.doc
	bytes := doc.Source().Bytes
	if bytes == nil || state.Base != doc.State().Base {
		return nil
	}
	return &picture.Source{Bytes: bytes, Picture: state.Base, Offset: state.Offset}
}

// target is where a picture is to be written, and how.
type target struct {
	path string
	over file.Over
	// quality is a JPEG's; chosen reports that the person has just chosen it, so
	// that it holds for the whole picture.
	quality int
	chosen  bool
	// sampling is a JPEG's; resampled reports that the person has just chosen it.
	sampling  picture.Sampling
	resampled bool
	strip     bool
	label     *picture.Label
	// size, if not nil, is told how large the file would be, and nothing is written.
	size *int64
}

// wanted returns a label where the person wants one.
func (s *Session) wanted(l *picture.Label) *picture.Label {
	if s.settings.Current().Saving.Label {
		return l
	}
	return nil
}

// became is what became of a picture in its file: how much of the file that it was opened
// from is in it, nil where that is not known, and what it couldn't stay, or "".
type became struct {
	kept *picture.Kept
	lost picture.Loss
}

// of has an encoding tell b.
func (b *became) of(e picture.Encoding) picture.Encoding {
	e.Kept, e.Lost = func(k picture.Kept) { b.kept = &k }, func(l picture.Loss) { b.lost = l }
	return e
}

// writer writes a picture.
type writer func(ctx context.Context, to target) (became, error)

// askSave asks for a path and writes a state there in the background.
func (s *Session) askSave(name string, state *document.State, words map[string]string, done func(path string)) {
	source := s.source(state)
	keeps := source != nil && state.Base.Meta.Format == string(picture.JPEG)
	w := unwritten{name: name, keeps: keeps, meta: state.Base.Meta, label: s.modelLabel(state.Results)}
	s.askWrite(w, s.writerOf(state, words), done)
}

// writerOf returns what writes a state, with words for a PNG's text.
func (s *Session) writerOf(state *document.State, words map[string]string) writer {
	source := s.source(state)
	return func(ctx context.Context, to target) (b became, err error) {
		e := picture.Encoding{
			Quality: to.quality, Lossless: state.Base.Meta.Lossless && !to.chosen, Meta: state.Base.Meta, Text: words, Source: source,
			Sampling: to.sampling, Strip: to.strip, Label: to.label,
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

// unwritten is a picture that is to be written: the name that is suggested, what its
// file carried, and the label that it is to have, if any. keeps reports that a JPEG
// keeps the quality of the one that was opened.
type unwritten struct {
	name  string
	keeps bool
	meta  picture.Metadata
	label *picture.Label
}

// askWrite asks for the path of a picture and has it written in the background.
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
		Title: say("dialog.file.save"), Save: true, Folder: s.file.folder, Name: free(s.file.folder, w.name, s.format(w.meta).Ending()),
		Endings: saveEndings, Quality: set.Quality, Sampling: sampling, Keeps: w.keeps, Formats: true, Strip: set.Strip, Labels: w.label != nil, Label: set.Label,
	}
	s.ask(&question{
		Question: Question{Ask: AskFile, Name: request.Title, File: &request},
		file: func(c Chosen) {
			s.file.folder = filepath.Dir(c.Path)
			to := s.target(w, &request, c)
			if c.Choices != nil {
				s.rememberChoices(*c.Choices, w.label != nil, to.resampled)
			}
			if to.chosen {
				s.remember(func(set *settings.Settings) { set.Saving.Quality = c.Quality })
			}
			s.writePicture(to, write, done)
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

// target is how a picture is written by what the person chose of what was asked.
func (s *Session) target(w unwritten, asked *FileRequest, c Chosen) target {
	set := s.settings.Current().Saving
	to := target{
		path: c.Path, over: c.Over, quality: asked.Quality, sampling: picture.Sampling(asked.Sampling), strip: set.Strip, label: s.wanted(w.label),
	}
	if c.Choices != nil {
		to.strip = c.Choices.Strip
		if to.label = w.label; !c.Choices.Label {
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

// writePicture writes a picture in the background and tells how that went.
func (s *Session) writePicture(to target, write writer, done func(path string)) {
	name := filepath.Base(to.path)
	var b became
	s.write(say("window.saving", "File", name), func(ctx context.Context) (err error) {
		b, err = write(ctx, to)
		return err
	}, func(err error) {
		if err != nil {
			s.fail(notSaved(to.path, err))
			return
		}
		s.log.Info("saved")
		s.tellSaved(savedSentence(name, b), to.path)
		if done != nil {
			done(to.path)
		}
	})
}

// rememberChoices keeps how a picture was saved for the next one.
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

// savedSentence says that a file was saved, how much of its source is in it, and what it
// isn't any more.
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

// lostSentence says what a file isn't any more.
func lostSentence(l picture.Loss) Sentence {
	if l == picture.LostGrey {
		return say("notice.lost_grey")
	}
	return say("notice.lost_palette")
}

func notSaved(path string, err error) error {
	return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "window.not_saved", Args: []any{"File", filepath.Base(path)}}, Cause: err}
}

// encode writes a picture, or finds out how large its file would be, as to says.
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

// SaveProject asks where to save the document as a project.
func (s *Session) SaveProject() {
	defer s.act()()
	s.saveProject(nil)
}

func (s *Session) saveProject(then func()) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	doc := s.file.doc
	request := FileRequest{
		Title: say("project.save.title"), Save: true, Folder: s.file.folder, Name: s.stem() + document.ProjectExtension,
		Endings: []string{document.ProjectExtension},
	}
	if s.file.project != "" {
		request.Folder, request.Name = filepath.Dir(s.file.project), filepath.Base(s.file.project)
	}
	s.askFile(request, func(c Chosen) {
		p := doc.Project(s.saved("").json())
		s.write(say("window.saving", "File", filepath.Base(c.Path)), func(ctx context.Context) error {
			return document.SaveProject(ctx, c.Path, p, c.Over)
		}, func(err error) {
			if err != nil {
				s.fail(folderError(c.Path, err))
				return
			}
			if s.file.doc == doc {
				s.file.project, s.file.name = c.Path, filepath.Base(c.Path)
			}
			s.openedFile(c.Path)
			markSaved(doc, p.State)
			s.log.Info("project saved")
			s.tellSaved(say("window.saved", "File", filepath.Base(c.Path)), c.Path)
			s.touch(Status)
			if then != nil {
				then()
			}
		})
	})
}

// markSaved notes that a state of the document was saved, unless the person
// went on while it was being written.
func markSaved(doc *document.Document, saved *document.State) {
	if doc.State() == saved {
		doc.MarkSaved()
	}
}
