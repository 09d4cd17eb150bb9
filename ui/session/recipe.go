package session

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
)

// SaveRecipe asks for a name and writes a recipe: of the edit that Generate would request or,
// where nothing is masked, of the result whose controls are shown, else of the topmost one.
func (s *Session) SaveRecipe() {
	defer s.act()()
	s.onceSettled(s.saveRecipe)
}

func (s *Session) saveRecipe() {
	if !s.Can("save_recipe") {
		return
	}
	o, connection, m := s.nextEdit()
	if r := s.chosenOrLast(); m.Empty() && r != nil {
		o, connection, m = s.editOf(r)
	}
	name := settings.Builtin
	if c, ok := s.service.Connection(connection); ok {
		name = c.Name
	}
	marks, found, size := s.quick.selected(m), s.found, s.file.doc.State().Size
	s.writeRecipe(s.stem(), func() (*recipe.Recipe, error) {
		r, err := recipe.Of(o, name, m)
		if err == nil && r.Mask != nil {
			r.Select = recipe.Drawn(marks, size)
			if r.Select == nil {
				r.Find, r.Inverted = found.selected(m)
			}
		}
		return r, err
	})
}

// SaveKeptRecipe is SaveRecipe of an edit of the history, with all spots of its mask.
func (s *Session) SaveKeptRecipe(i history.Item) {
	defer s.act()()
	s.writeRecipe(keptStem(i), func() (*recipe.Recipe, error) {
		store, err := s.service.History()
		if store == nil {
			return nil, err
		}
		items, err := keptAt(s.ctx, store, i)
		if err != nil {
			return nil, err
		}
		kept, err := store.Reopen(items...)
		if err != nil {
			return nil, &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.not_reopened"}, Cause: err}
		}
		o, now := items[0].Options(), s.settings.Current().Window.Options() // the history has the window itself
		o.Region.Context, o.Region.Min = now.Context, now.Min
		return recipe.Of(o, i.Name, kept.State().Mask)
	})
}

// writeRecipe asks for a name and writes a recipe, which is made in the background.
func (s *Session) writeRecipe(stem string, of func() (*recipe.Recipe, error)) {
	request := FileRequest{
		Title: say("recipe.save.title"), Save: true, Folder: s.file.folder, Name: stem + recipe.Extension, Endings: []string{recipe.Extension},
	}
	s.askFile(request, func(c Chosen) {
		s.write(say("window.saving", "File", filepath.Base(c.Path)), func(ctx context.Context) error {
			r, err := of()
			if err != nil {
				return err
			}
			return file.Save(c.Path, c.Over, file.Shared, file.Until(ctx, r.Write))
		}, func(err error) {
			var told *api.Error
			if err != nil && !errors.As(err, &told) {
				err = folderError(c.Path, err)
			}
			if err != nil {
				s.fail(err)
				return
			}
			s.log.Info("recipe saved")
			s.file.folder = filepath.Dir(c.Path)
			s.tellSaved(say("recipe.saved", "File", filepath.Base(c.Path)), c.Path)
		})
	})
}

// nextEdit returns what Generate would request from the first service.
func (s *Session) nextEdit() (o job.Options, connection string, m *mask.Mask) {
	c := s.choices(s.panel.services[0])
	return c.Options, c.Connection, s.file.doc.State().Mask
}

// chosenOrLast returns the result whose controls are shown, else the topmost one, or nil.
func (s *Session) chosenOrLast() *document.Result {
	list := s.file.doc.State().Results
	if r := s.chosen(); r != nil || len(list) == 0 {
		return r
	}
	return list[len(list)-1]
}

// editOf returns how a result was made, as far as this run knows. Of a result from a project
// only prompt, mask and blend are known; the rest is as for the next edit.
func (s *Session) editOf(r *document.Result) (o job.Options, connection string, m *mask.Mask) {
	o, connection, _ = s.nextEdit()
	o.Prompt = r.Name
	for _, e := range s.edits.list {
		if e.job == nil || e.key == "" || e.key != r.Edit || e.several && !e.made(r.Variant()) {
			continue
		}
		asked := e.job.Asked()
		connection, o.Prompt = e.connection, cmp.Or(asked.Prompt, o.Prompt)
		o.Model, o.N, o.Size, o.Seed, o.Extra = asked.Model, e.asked, asked.Size, asked.Seed, asked.Options
		break
	}
	o.Blend = r.Blend
	return o, connection, r.Mask
}
