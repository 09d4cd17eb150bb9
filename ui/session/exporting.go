package session

import (
	"cmp"
	"context"
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"overpaint/api/settings"
	"overpaint/editor/document"
	"overpaint/editor/export"
	"overpaint/editor/picture"
)

// Exports are what a copy of the picture can be made by.
type Exports struct {
	Presets []export.Preset
	// Last is the index of the preset of the last copy, or 0.
	Last int
	// Size is that of the picture that is looked at, of which the copy is made. Name is
	// its name without ending, Folder where its file is, Format its own format.
	Size         image.Point
	Name, Folder string
	Format       picture.Format
}

// Exports returns what the picture that is looked at can be exported by.
func (s *Session) Exports() Exports {
	set := s.settings.Current()
	e := Exports{Presets: slices.Clone(set.Exports), Folder: s.exportFolder()}
	e.Last = max(0, slices.IndexFunc(set.Exports, func(p export.Preset) bool { return p.Name == set.Export }))
	if s.file.doc != nil {
		what := s.exported()
		e.Size, e.Name, e.Format = what.state.Size, what.name, picture.FormatFor(s.meta())
	}
	return e
}

// lastExport returns the preset of the last copy, nil where there was none.
func (s *Session) lastExport() *export.Preset {
	set := s.settings.Current()
	i := slices.IndexFunc(set.Exports, func(p export.Preset) bool { return p.Name == set.Export })
	if set.Export == "" || i < 0 {
		return nil
	}
	return &set.Exports[i]
}

// exportFolder is the folder that a preset's folder begins at: the photo's own.
func (s *Session) exportFolder() string {
	if s.file.path != "" {
		return filepath.Dir(s.file.path)
	}
	return s.file.folder
}

// exporting is a picture of which a copy is made.
type exporting struct {
	state *document.State
	name  string
	label *picture.Label
}

// exported is what is exported: the variant that is looked at, else the picture.
func (s *Session) exported() exporting {
	state, name := s.file.doc.State(), s.stem()
	if now := s.shown.now; now.What == IsVariant {
		if e, c := s.card(now.Variant); c != nil && c.made != nil {
			state, name = s.stateOf(now.Picture), s.variantName(e.number(c))
		}
	}
	return exporting{state, name, s.wanted(s.modelLabel(state.Results))}
}

// SaveExports keeps presets in place of those that there are.
func (s *Session) SaveExports(presets []export.Preset) {
	defer s.act()()
	s.change(func(set *settings.Settings) { set.Exports = slices.Clone(presets) }, nil)
}

// Export writes a copy of what is looked at by a preset, in the background and under a
// name that is free. The picture, its file and whether it is saved stay as they are.
func (s *Session) Export(p export.Preset) {
	defer s.act()()
	s.export(p)
}

// ExportAgain writes a copy by the preset of the last one.
func (s *Session) ExportAgain() {
	defer s.act()()
	if p := s.lastExport(); p != nil {
		s.export(*p)
	}
}

func (s *Session) export(p export.Preset) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	what, meta, folder := s.exported(), s.meta(), p.FolderOf(s.exportFolder())
	s.change(func(set *settings.Settings) { set.Export = p.Name }, nil)
	format := p.FormatFor(meta)
	name := p.FileName(what.name, s.options.Now(), p.SizeOf(what.state.Size))
	path := filepath.Join(folder, name+format.Ending())
	s.write(say("window.exporting", "File", filepath.Base(path)), func(ctx context.Context) (err error) {
		path, err = writeCopy(ctx, p, what, meta, folder, name)
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

// writeCopy writes a copy and returns its path, or the one that could not be written. It
// is for any goroutine.
func writeCopy(ctx context.Context, p export.Preset, what exporting, meta picture.Metadata, folder, name string) (string, error) {
	format := p.FormatFor(meta)
	wanted := filepath.Join(folder, name+format.Ending())
	if err := os.MkdirAll(folder, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return wanted, err
	}
	img, carried := p.Render(what.state.Flatten(), meta)
	if ctx.Err() != nil {
		return wanted, ctx.Err()
	}
	path, err := picture.SaveNumbered(ctx, func(n int) string { return numbered(folder, name, format.Ending(), n) }, 1, img, picture.Encoding{
		Format: format, Quality: p.Quality, Lossless: meta.Lossless && p.Format == export.Source, Meta: carried, Strip: p.Strip, Label: what.label,
	})
	return cmp.Or(path, wanted), err
}
