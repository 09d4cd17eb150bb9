package session

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/export"
)

// Exports are the presets by which a copy of the picture can be made.
type Exports struct {
	Presets []export.Preset
	// Last is the index of the preset of the last copy, or 0.
	Last int
	// Original is the displayed picture, of which the copy is made.
	export.Original
}

// Exports returns the presets for the displayed picture.
func (s *Session) Exports() Exports {
	e := Exports{Presets: slices.Clone(s.settings.Current().Exports), Last: max(0, s.lastExport()), Original: export.Original{Folder: s.exportFolder()}}
	if s.file.doc != nil {
		e.Original = s.exported()
	}
	return e
}

// lastExport returns the index of the preset of the last copy, -1 where there was none.
func (s *Session) lastExport() int {
	set := s.settings.Current()
	return slices.IndexFunc(set.Exports, func(p export.Preset) bool { return set.Export != "" && p.Name == set.Export })
}

// exportFolder is the folder that a preset's folder begins at: the photo's own, or the user's for
// a picture that isn't from a file.
func (s *Session) exportFolder() string {
	if s.file.path != "" {
		return filepath.Dir(s.file.path)
	}
	if s.file.folder != "" {
		return s.file.folder
	}
	home, _ := os.UserHomeDir()
	return home
}

// exported returns what is exported: the displayed variant, else the picture.
func (s *Session) exported() export.Original {
	state, name := s.file.doc.State(), s.stem()
	if now := s.shown.now; now.What == IsVariant {
		if e, c := s.card(now.Variant); c != nil && c.made != nil {
			state, name = s.stateOf(now.Picture), s.variantName(s.number(e, c))
		}
	}
	return export.Original{
		Pixels: state.Flatten, Size: state.Size, Meta: s.meta(), Folder: s.exportFolder(), Name: name,
		Label: s.wanted(s.modelLabel(state.Results)), Unlabelled: !s.settings.Current().Saving.Label,
	}
}

// SaveExports replaces the presets.
func (s *Session) SaveExports(presets []export.Preset) {
	defer s.act()()
	s.change(func(set *settings.Settings) { set.Exports = slices.Clone(presets) }, nil)
}

// Export writes a copy of what is displayed by a preset, in the background and under a free
// name. The document, its file and its Modified stay as they are.
func (s *Session) Export(p export.Preset) {
	defer s.act()()
	s.export(p)
}

// ExportAgain writes a copy by the preset of the last one.
func (s *Session) ExportAgain() {
	defer s.act()()
	if i := s.lastExport(); i >= 0 {
		s.export(s.settings.Current().Exports[i])
	}
}

func (s *Session) export(p export.Preset) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	of, day := s.exported(), s.options.Now()
	s.change(func(set *settings.Settings) { set.Export = p.Name }, nil)
	path := p.Path(of, day)
	s.write(say("window.exporting", "File", filepath.Base(path)), func(ctx context.Context) (err error) {
		path, err = p.Save(ctx, of, day)
		return err
	}, func(err error) {
		if err != nil {
			s.fail(notSaved(path, err))
			return
		}
		s.log.Info("exported")
		s.tellSaved(say("window.exported", "File", filepath.Base(path)), path)
	})
}
