package document

import "overpaint.dev/overpaint/editor/picture"

// New returns a document of a picture that was just opened, not modified.
func New(p *picture.Picture) *Document { return Open(NewState(p), Source{}) }

// SetHistoryLimits bounds the history: at most so many steps, and at most so
// many bytes of tiles and results that only the history keeps. The oldest
// steps are dropped first; the latest always stays. It returns how many went.
func (d *Document) SetHistoryLimits(steps int, bytes int64) (dropped int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.history.maxSteps, d.history.maxBytes = max(steps, 1), bytes
	return d.history.trim()
}
