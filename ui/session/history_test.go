package session_test

import (
	"image"
	"time"

	"overpaint.dev/overpaint/api/history"
)

// historyItem is an entry of the history as the dialog gives it.
func historyItem() history.Item {
	i := history.Item{ID: 5, Created: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), Connection: other, Prompt: "a red boat"}
	i.Settings.Model, i.Settings.N, i.Settings.Size = "gpt-image-2", 3, image.Pt(64, 64)
	i.Settings.Stream, i.Settings.Partials, i.Settings.Extra = true, 2, map[string]string{"quality": "low"}
	i.References = []string{"abc"}
	return i
}
