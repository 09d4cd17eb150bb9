package window

import (
	"slices"
	"testing"

	"overpaint/api/worker"
)

// TestCancelStopsWhatRuns has edits that run, that wait, and of a document that
// was closed.
func TestCancelStopsWhatRuns(t *testing.T) {
	for _, c := range []struct {
		what                       string
		running, waiting, detached []worker.ID
		queue                      []worker.ID // as the worker has it, where that is not waiting
		stop, rest                 []worker.ID
	}{
		{what: "nothing"},
		{"one runs", []worker.ID{1}, nil, nil, nil, []worker.ID{1}, nil},
		{"two wait for one, the later one first", []worker.ID{1}, []worker.ID{3, 2}, nil, nil, []worker.ID{1}, []worker.ID{3, 2}},
		{"two run", []worker.ID{1, 2}, []worker.ID{3}, nil, nil, []worker.ID{1, 2}, []worker.ID{3}},
		{"another document's edit keeps all waiting", nil, []worker.ID{2, 3}, []worker.ID{1}, nil, []worker.ID{2}, []worker.ID{3}},
		{"only another document's edits", nil, nil, []worker.ID{1, 2}, []worker.ID{2}, []worker.ID{1}, []worker.ID{2}},
	} {
		batches := map[worker.ID]*batch{}
		for _, id := range slices.Concat(c.running, c.waiting, c.detached) {
			batches[id] = &batch{id: id, detached: slices.Contains(c.detached, id)}
		}
		if c.queue == nil {
			c.queue = c.waiting
		}
		stop, rest := toCancel(batches, c.queue)
		ids := func(edits []*batch) (ids []worker.ID) {
			for _, b := range edits {
				ids = append(ids, b.id)
			}
			return ids
		}
		if !slices.Equal(ids(stop), c.stop) || !slices.Equal(ids(rest), c.rest) {
			t.Errorf("%s: %v are cancelled and %v go on, want %v and %v", c.what, ids(stop), ids(rest), c.stop, c.rest)
		}
	}
}
