package batch

import (
	"context"
	"path/filepath"
	"slices"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/file"
)

// Earlier returns what a history has of pictures by some connections with any of some
// prompts, the newest first, by the picture's whole path.
func Earlier(ctx context.Context, store *history.Store, pictures []Picture, prompts, connections []string) (map[string][]history.Item, error) {
	wanted := map[string]bool{}
	for _, p := range pictures {
		if path, err := filepath.Abs(p.Path); err == nil {
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
			if wanted[i.Source] && slices.Contains(prompts, i.Prompt) && slices.Contains(connections, i.Connection) {
				found[i.Source] = append(found[i.Source], i)
			}
		}
		if len(items) < filter.Limit {
			return found, nil
		}
		filter.Before = items[len(items)-1].ID
	}
}

// Finding is what earlier runs did for an edit.
type Finding struct {
	// State is Kept, Unknown, or "" where something is to be asked still.
	State State
	// Entry is the history's that says so, Running reports that it is under way.
	Entry   int64
	Running bool
	// Paths are the files of the results, where all variants were saved and are there still.
	Paths []string
}

// Look compares the edit with what the history has of its picture (Earlier).
func (e *Edit) Look(store *history.Store, items []history.Item) (Finding, error) {
	e.had = make([]*history.Item, len(e.Set.Drafts))
	all := true
	for k := range e.Set.Drafts {
		found, err := e.find(store, k, items)
		if err != nil {
			return Finding{}, err
		}
		switch {
		case found == nil:
			all = false
		case !found.Over:
			return Finding{State: Unknown, Entry: found.ID, Running: true}, nil
		case len(found.Variants) == 0 && !found.MayHaveCost():
			all = false // it failed, and nothing was charged
		case len(found.Variants) == 0:
			return Finding{State: Unknown, Entry: found.ID}, nil
		default:
			e.had[k] = found
		}
	}
	if !all {
		return Finding{}, nil
	}
	f := Finding{State: Kept, Entry: e.had[0].ID}
	if paths := SavedFiles(e.had[0]); len(paths) == len(e.had[0].Variants) {
		f.Paths = paths
	}
	return f, nil
}

// find returns the item that asked for a window: one of which all came before one of
// which some did, that before one which is under way or may have been charged, and of
// those the newest; nil where there is none.
func (e *Edit) find(store *history.Store, window int, items []history.Item) (*history.Item, error) {
	d := e.Set.Drafts[window]
	c, ok := e.Service.Connection(d.Connection)
	if !ok {
		return nil, nil
	}
	entry := history.EntryOf(d.Job, &c, e.Source)
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

// SavedFiles returns the files that an item's variants were saved to and that are still there.
func SavedFiles(i *history.Item) (paths []string) {
	for _, v := range i.Variants {
		if isSaved(v) {
			paths = append(paths, v.Saved)
		}
	}
	return paths
}

func isSaved(v history.Variant) bool { return v.Saved != "" && file.IsThere(v.Saved) }

// OtherPlan returns the entry of the history that was sent by another plan than the edit
// has now, so that what came can't be laid in as it is, or 0.
func (e *Edit) OtherPlan() int64 {
	for k, i := range e.had {
		if !i.SamePlan(e.Set.Drafts[k].Job) {
			return i.ID
		}
	}
	return 0
}

// Saved returns the files that variants of the edit were saved to by earlier runs and
// that are still there.
func (e *Edit) Saved() []string { return SavedFiles(e.had[0]) }

// BringBack hands over what the history has of the edit's windows (Look), but for those
// of which Look found that all came, the variants that are saved. It asks for nothing.
func (e *Edit) BringBack(ctx context.Context, store *history.Store, take func(window, index int, came *job.Variant) error) error {
	var there []int // indices that need not be saved again
	if !slices.Contains(e.had, nil) && len(e.had) > 0 {
		for _, v := range e.had[0].Variants {
			if isSaved(v) {
				there = append(there, v.Index)
			}
		}
	}
	for k, i := range e.had {
		if i == nil {
			continue
		}
		for _, v := range i.Variants {
			if slices.Contains(there, v.Index) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			answer, err := store.Answer(v)
			if err != nil {
				return err
			}
			made, err := e.Set.Drafts[k].Job.Variant(answer)
			if err == nil {
				err = take(k, v.Index, made)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
