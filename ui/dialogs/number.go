package dialogs

import (
	"strconv"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// faultOf says what is wrong with the first of the strict fields that holds no number of its
// range, "" where all are right. Disabled fields don't count.
func faultOf(fields ...*widgets.NumberField) string {
	for _, f := range fields {
		if f.Disabled() || f.Fault() == widgets.NoFault {
			continue
		}
		low, high := f.Range()
		args := []any{"Low", whole(low), "High", whole(high)}
		switch f.Fault() {
		case widgets.TooSmall:
			return text.T("dialog.number.small", args...)
		case widgets.TooLarge:
			return text.T("dialog.number.large", args...)
		}
		return text.T("dialog.number.none", args...)
	}
	return ""
}

func whole(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
