package session

import (
	"context"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// kept is one variant of SaveAll.
type kept struct {
	name  string
	state *document.State
	// source is the file that unedited parts are copied from, or nil.
	source  *picture.Source
	words   map[string]string
	label   *picture.Label
	edit    *edit
	card    *card
	records []record
	done    bool
}

// SaveAll asks for a folder and writes the picture with each variant of the current edit
// there. No file is replaced.
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
		Unlabelled: !set.Label,
	}
	var b became
	e = b.of(e)
	request := FileRequest{Title: say("window.save_all"), Folder: s.file.folder, Directory: true}
	s.askFile(request, func(c Chosen) {
		ending := e.Format.Ending()
		s.write(sayCount("window.saving_all", len(all)), func(ctx context.Context) error {
			for _, k := range all {
				e.Source, e.Label = k.source, k.label
				if e.Text = k.words; set.Strip {
					e.Text = nil
				}
				path, err := picture.SaveNumbered(ctx, func(n int) string { return file.Numbered(c.Path, k.name, ending, n) }, 1, k.state.Flatten(), e)
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
			s.file.folder = c.Path
			s.tellSaved(sayCount("window.saved_all", len(all), "Folder", c.Path), c.Path)
			if b.lost != "" {
				s.note(lostSentence(b.lost))
			}
		})
	})
}
