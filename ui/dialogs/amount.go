package dialogs

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// Amount describes a whole number to ask for.
type Amount struct {
	// Title is the dialog's title and the name of the action; Label says what the number is,
	// Unit its unit ("px").
	Title, Label, Unit string
	// Low and High bound the number, Value is what is suggested.
	Low, High, Value int
	// OnChanged is called with each number that is typed, OnClose when the dialog is closed
	// without a number. Both may be nil.
	OnChanged func(int)
	OnClose   func()
}

// AskAmount asks for a number and calls do with it; Esc closes the dialog without calling do.
func AskAmount(w fyne.Window, a Amount, do func(int)) {
	field := widgets.NewNumberField(float64(a.Low), float64(a.High), " "+a.Unit).Bordered()
	field.SetValue(float64(a.Value))
	s := newSheet(w, a.Title, small, widgets.Labeled(widgets.NewLabel(a.Label), field), field,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.apply"), do: func() { do(int(field.Value())) }})
	field.OnSubmit = s.press
	if a.OnChanged != nil {
		field.OnChanged = func(v float64) { a.OnChanged(int(v)) }
	}
	if a.OnClose != nil {
		s.onDismiss = a.OnClose
	}
}
