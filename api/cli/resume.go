package cli

import (
	"context"
	"errors"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
)

// goOnAlone keeps other runs from going on with -resume meanwhile.
func (b *manyEdits) goOnAlone() error {
	store, err := b.service.History()
	if store == nil {
		return err
	}
	b.alone, err = store.Alone(batch.Lock)
	if errors.Is(err, file.ErrLocked) {
		return api.InputError("cli.resume_locked")
	}
	return err
}

// readEarlier returns what the history has of the pictures by the batch's services
// with the same words, those of single spots among them, the newest first, by the
// picture's path.
func (b *manyEdits) readEarlier(ctx context.Context, pictures []batch.Picture) (map[string][]history.Item, error) {
	store, err := b.service.History()
	if store == nil {
		return nil, err
	}
	return batch.Earlier(ctx, store, pictures, append([]string{b.flags.prompt}, b.flags.spotPrompts...), b.engines)
}

// resumed looks in the history for what an earlier run has asked of an edit: what came
// is saved, what may have been paid for is not asked for again. It reports false where
// something is to be asked still.
func (b *manyEdits) resumed(ctx context.Context, e *run) bool {
	if !b.flags.resume {
		return false
	}
	if !b.service.AtService(e.Set.Drafts[0].Connection) {
		return b.made(e)
	}
	event, over, err := e.look(ctx, b.earlier[e.Source])
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
func (b *manyEdits) made(e *run) bool {
	path := e.output.name(1)
	if !file.IsThere(path) {
		return false
	}
	b.tell(e.report, pictureEvent{Status: batch.Kept, Paths: []string{path}})
	return true
}

// look compares the edit with what the history has of its picture, and saves what
// came and is in no file.
func (e *run) look(ctx context.Context, items []history.Item) (event pictureEvent, over bool, err error) {
	store, err := e.service.History()
	if store == nil || len(items) == 0 {
		return event, false, err
	}
	found, err := e.Look(store, items)
	if err != nil || found.State == "" {
		return event, false, err
	}
	event = pictureEvent{Status: found.State, Entry: history.NameOf(found.Entry), Paths: found.Paths}
	switch {
	case found.Running:
		e.report.say(text.T("cli.resume_running"))
		event.Exit = ExitNoAnswer
	case found.State == batch.Unknown:
		e.report.say(text.T("cli.resume_unknown", "Entry", event.Entry))
		event.Exit = ExitNoAnswer
	case found.Paths == nil:
		err = e.restore(ctx, store)
		event.Paths = e.paths
	}
	return event, true, err
}

// restore saves what earlier runs have paid for and did not save. It asks for nothing.
func (e *run) restore(ctx context.Context, store *history.Store) error {
	if other := e.OtherPlan(); other != 0 {
		e.report.say(text.T("notice.in_history", "Entry", history.NameOf(other)))
		return nil
	}
	e.Submitted(nil)
	e.paths = e.Saved()
	return e.bringBack(ctx, store)
}

// broughtBack makes variants of the windows that an earlier run had made, where others
// are being made now.
func (e *run) broughtBack(ctx context.Context) error {
	store, err := e.service.History()
	if store == nil {
		return err
	}
	return e.bringBack(ctx, store)
}

func (e *run) bringBack(ctx context.Context, store *history.Store) error {
	return e.BringBack(ctx, store, func(window, index int, came *job.Variant) error { return e.arrived(window, index, came, nil) })
}
