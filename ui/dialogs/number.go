package dialogs

import (
	"math"
	"strconv"
	"strings"

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

// limited lets a settings field take nothing but numbers from low to high, or nothing. Other text
// stays as it is typed, is told, and keeps the settings from being saved. label is the field's.
func (d *settingsSheet) limited(f *widgets.Field, label string, low, high float64, integer bool) {
	take, ended := f.OnChanged, f.OnEnded
	key := "dialog.number.sum"
	if integer {
		key = "dialog.number.whole"
	}
	f.OnChanged = func(s string) {
		if v, ok := sum(s); strings.TrimSpace(s) != "" && (!ok || v < low || v > high || integer && v != math.Trunc(v)) {
			d.setWrong(f, text.T(key, "Name", text.T("dialog."+label), "Low", whole(low), "High", whole(high)))
			return
		}
		d.setWrong(f, "")
		take(s)
	}
	f.OnEnded = func(s string) {
		if d.wrong[f] == "" {
			ended(s)
		}
	}
}

// setWrong notes what is wrong with a field, "" for nothing, and tells it.
func (d *settingsSheet) setWrong(f *widgets.Field, why string) {
	if d.wrong[f] == why {
		return
	}
	f.SetWrong(why != "")
	if d.wrong[f] = why; why == "" {
		delete(d.wrong, f)
	}
	if d.sheet == nil {
		return
	}
	for _, other := range d.wrong {
		why = other
	}
	d.sheet.tell(d.problem, why)
}

// sum parses a number as people write it.
func sum(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ",", ".", 1), 64)
	return v, err == nil && !math.IsNaN(v)
}
