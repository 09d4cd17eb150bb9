package job

import (
	"fmt"
	"math"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/align"
)

// Told returns the sentence on how an answer moved; ok is false where there is nothing to say.
func Told(m align.Motion) (s api.Sentence, ok bool) {
	if m.Finding == align.Other {
		return api.Sentence{Key: "notice.other_picture"}, true
	}
	if m.Still() {
		return s, false
	}
	number := func(v float64) string { return fmt.Sprintf("%.1f", v) }
	shift, zoom, turn := "Shift", "Zoom", "Turn"
	bent := 0.0
	if m.Field != nil {
		for _, v := range m.Field.V {
			bent = max(bent, math.Hypot(float64(v[0]), float64(v[1])))
		}
	}
	const seen = 0.05 // of what is shown with one digit
	switch {
	case m.Frame == align.Boxed:
		return api.Sentence{Key: "notice.boxed"}, true
	case m.Frame == align.Cropped:
		return api.Sentence{Key: "notice.cropped"}, true
	case math.Abs(m.Turn) >= seen:
		return api.Sentence{Key: "notice.moved_turned", Args: []any{shift, number(m.Shift), zoom, number(100 * (1 + m.Zoom)), turn, number(math.Abs(m.Turn))}}, true
	case math.Abs(100*m.Zoom) >= seen:
		return api.Sentence{Key: "notice.moved_zoomed", Args: []any{shift, number(m.Shift), zoom, number(100 * (1 + m.Zoom))}}, true
	case bent > m.Shift:
		return api.Sentence{Key: "notice.bent", Args: []any{shift, number(bent)}}, true
	}
	return api.Sentence{Key: "notice.moved", Args: []any{shift, number(m.Shift)}}, true
}
