package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/service"
	"overpaint/assets/text"
	"overpaint/editor/file"
)

// goOnAlone keeps other runs from going on with -resume meanwhile.
func (b *batch) goOnAlone() error {
	store, err := b.service.History()
	if store == nil {
		return err
	}
	b.alone, err = store.Alone("resume")
	if errors.Is(err, file.ErrLocked) {
		return api.InputError("cli.resume_locked")
	}
	return err
}

// readEarlier returns what the history has of the pictures by the batch's services
// with the same words, those of single spots among them, the newest first, by the
// picture's path.
func (b *batch) readEarlier(ctx context.Context, pictures []subject) (map[string][]history.Item, error) {
	store, err := b.service.History()
	if store == nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, p := range pictures {
		if path, err := filepath.Abs(p.path); err == nil {
			wanted[path] = true
		}
	}
	found := map[string][]history.Item{}
	filter := history.Filter{Limit: 500}
	for {
		items, err := store.List(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			if wanted[i.Source] && (i.Prompt == b.flags.prompt || slices.Contains(b.flags.spotPrompts, i.Prompt)) && slices.Contains(b.engines, i.Connection) {
				found[i.Source] = append(found[i.Source], i)
			}
		}
		if len(items) < filter.Limit {
			return found, nil
		}
		filter.Before = items[len(items)-1].ID
	}
}

// order is what of the edit is to be asked for: the windows that no earlier run has.
func (e *run) order() service.Order {
	set := &service.Set{Job: e.set.Job}
	for i, d := range e.set.Drafts {
		if e.had == nil || e.had[i] == nil {
			set.Drafts = append(set.Drafts, d)
		}
	}
	return service.Order{Set: set, Submission: e.submission()}
}

// resumed looks in the history for what an earlier run has asked of an edit: what came
// is saved, what may have been paid for is not asked for again. It reports false where
// something is to be asked still.
func (b *batch) resumed(ctx context.Context, e *run) bool {
	if !b.flags.resume {
		return false
	}
	if !b.service.AtService(e.set.Drafts[0].Connection) {
		return b.made(e)
	}
	event, over, err := e.look(ctx, b.earlier[e.submission().Source])
	switch {
	case err != nil:
		b.failed(e.report, err)
	case over:
		b.tell(e.report, event)
	}
	return over || err != nil
}

// made tells that results of the built-in engine, which costs nothing and of which no
// history is kept, are there by their names.
func (b *batch) made(e *run) bool {
	path := e.output.name(1)
	if !file.IsThere(path) {
		return false
	}
	b.tell(e.report, pictureEvent{Status: stateKept, Paths: []string{path}})
	return true
}

// look compares the edit with what the history has of its picture.
func (e *run) look(ctx context.Context, items []history.Item) (event pictureEvent, over bool, err error) {
	store, err := e.service.History()
	if store == nil || len(items) == 0 {
		return event, false, err
	}
	e.had = make([]*history.Item, len(e.set.Drafts))
	all := true
	for k, d := range e.set.Drafts {
		found, err := e.find(store, d, items)
		if err != nil {
			return event, false, err
		}
		switch {
		case found == nil:
			all = false
		case !found.Over:
			e.report.say(text.T("cli.resume_running"))
			return pictureEvent{Status: stateUnknown, Exit: ExitNoAnswer, Entry: history.NameOf(found.ID)}, true, nil
		case len(found.Variants) == 0 && !found.MayHaveCost():
			all = false // it failed, and nothing was charged
		case len(found.Variants) == 0:
			e.report.say(text.T("cli.resume_unknown", "Entry", history.NameOf(found.ID)))
			return pictureEvent{Status: stateUnknown, Exit: ExitNoAnswer, Entry: history.NameOf(found.ID)}, true, nil
		default:
			e.had[k] = found
		}
	}
	if !all {
		return event, false, nil
	}
	event = pictureEvent{Status: stateKept, Entry: history.NameOf(e.had[0].ID)}
	if event.Paths = saved(e.had[0]); len(event.Paths) == len(e.had[0].Variants) {
		return event, true, nil
	}
	if err := e.restore(ctx, store); err != nil {
		return event, true, err
	}
	event.Paths = e.paths
	return event, true, nil
}

// find returns the item that asked for a draft: one of which all came before one of
// which some did, that before one which is under way or may have been charged, and of
// those the newest; nil where there is none.
func (e *run) find(store *history.Store, d *service.Draft, items []history.Item) (*history.Item, error) {
	c, ok := e.service.Connection(d.Connection)
	if !ok {
		return nil, nil
	}
	entry := history.EntryOf(d.Job, &c, e.submission().Source)
	var best *history.Item
	for k := range items {
		same, err := store.Asked(items[k], entry)
		if err != nil {
			return nil, err
		}
		if same && (best == nil || worth(&items[k]) > worth(best)) {
			best = &items[k]
		}
	}
	return best, nil
}

// worth orders items by what they say of whether to ask again.
func worth(i *history.Item) int {
	switch {
	case len(i.Variants) >= i.Asked:
		return 4
	case len(i.Variants) > 0:
		return 3
	case !i.Over:
		return 2
	case i.MayHaveCost():
		return 1
	}
	return 0
}

// saved returns the files that an item's variants were saved to and that are still there.
func saved(i *history.Item) (paths []string) {
	for _, v := range i.Variants {
		if isSaved(v) {
			paths = append(paths, v.Saved)
		}
	}
	return paths
}

func isSaved(v history.Variant) bool { return v.Saved != "" && file.IsThere(v.Saved) }

// restore saves what earlier runs have paid for and did not save. It asks for nothing.
func (e *run) restore(ctx context.Context, store *history.Store) error {
	for k, i := range e.had {
		if !i.SamePlan(e.set.Drafts[k].Job) {
			e.report.say(text.T("notice.in_history", "Entry", history.NameOf(i.ID)))
			return nil
		}
	}
	e.submitted(nil)
	e.paths = saved(e.had[0])
	return e.bringBack(ctx, store, func(v history.Variant) bool {
		return slices.ContainsFunc(e.had[0].Variants, func(o history.Variant) bool { return o.Index == v.Index && isSaved(o) })
	})
}

// broughtBack makes variants of the windows that an earlier run had made, where others
// are being made now.
func (e *run) broughtBack(ctx context.Context) error {
	if e.had == nil {
		return nil
	}
	store, err := e.service.History()
	if store == nil {
		return err
	}
	return e.bringBack(ctx, store, func(history.Variant) bool { return false })
}

// bringBack makes variants of the answers that the history has of the edit's windows,
// but those that are saved.
func (e *run) bringBack(ctx context.Context, store *history.Store, saved func(history.Variant) bool) error {
	for k, i := range e.had {
		if i == nil {
			continue
		}
		for _, v := range i.Variants {
			if saved(v) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			answer, err := store.Answer(v)
			if err != nil {
				return err
			}
			made, err := e.set.Drafts[k].Job.Variant(answer)
			if err == nil {
				err = e.arrived(k, v.Index, made, nil)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
