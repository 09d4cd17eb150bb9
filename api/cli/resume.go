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

// goOnAlone keeps other runs with -resume from starting meanwhile.
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

// readEarlier returns the history's items, by the picture's path and the newest first, of
// edits of the pictures by the batch's services with the same prompt, or with a spot's own.
func (b *manyEdits) readEarlier(ctx context.Context, pictures []batch.Picture) (map[string][]history.Item, error) {
	store, err := b.service.History()
	if store == nil {
		return nil, err
	}
	return batch.Earlier(ctx, store, pictures, append([]string{b.flags.prompt}, b.flags.spotPrompts...), b.engines)
}

// resumed looks for the edit in the history: results of an earlier run are saved, and
// requests that may have been charged are not repeated. It returns false where the edit
// still has to be requested.
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

// made reports whether files with the names of the results exist; that is how -resume
// recognises the results of the built-in engine, which the history doesn't hold.
func (b *manyEdits) made(e *run) bool {
	path := e.output.name(1)
	if !file.IsThere(path) {
		return false
	}
	b.tell(e.report, pictureEvent{Status: batch.Kept, Paths: []string{path}})
	return true
}

// look compares the edit with the history's items of its picture, and saves results that
// are in no file yet.
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

// restore saves results that earlier runs received and did not save. It sends no request.
func (e *run) restore(ctx context.Context, store *history.Store) error {
	if other := e.OtherPlan(); other != 0 {
		e.report.say(text.T("notice.in_history", "Entry", history.NameOf(other)))
		return nil
	}
	e.Submitted(nil)
	e.paths = e.Saved()
	return e.bringBack(ctx, store)
}

// broughtBack restores the variants of windows that an earlier run received, while other
// windows are requested now.
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
