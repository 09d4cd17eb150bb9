package window

import (
	"slices"
	"testing"

	"overpaint/api/service"
)

// TestCancelStopsWhatRuns has edits that run, that wait, and of a document that
// was closed.
func TestCancelStopsWhatRuns(t *testing.T) {
	for _, c := range []struct {
		what                       string
		running, waiting, detached []service.ID
		queue                      []service.ID // as the worker has it, where that is not waiting
		stop, rest                 []service.ID
	}{
		{what: "nothing"},
		{"one runs", []service.ID{1}, nil, nil, nil, []service.ID{1}, nil},
		{"two wait for one, the later one first", []service.ID{1}, []service.ID{3, 2}, nil, nil, []service.ID{1}, []service.ID{3, 2}},
		{"two run", []service.ID{1, 2}, []service.ID{3}, nil, nil, []service.ID{1, 2}, []service.ID{3}},
		{"another document's edit keeps all waiting", nil, []service.ID{2, 3}, []service.ID{1}, nil, []service.ID{2}, []service.ID{3}},
		{"only another document's edits", nil, nil, []service.ID{1, 2}, []service.ID{2}, []service.ID{1}, []service.ID{2}},
	} {
		batches := map[service.ID]*batch{}
		for _, id := range slices.Concat(c.running, c.waiting, c.detached) {
			batches[id] = &batch{edit: service.Edit{ID: id}, detached: slices.Contains(c.detached, id)}
		}
		if c.queue == nil {
			c.queue = c.waiting
		}
		stop, rest := toCancel(batches, c.queue)
		ids := func(edits []*batch) (ids []service.ID) {
			for _, b := range edits {
				ids = append(ids, b.edit.ID)
			}
			return ids
		}
		if !slices.Equal(ids(stop), c.stop) || !slices.Equal(ids(rest), c.rest) {
			t.Errorf("%s: %v are cancelled and %v go on, want %v and %v", c.what, ids(stop), ids(rest), c.stop, c.rest)
		}
	}
}
