package dialogs

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Amount describes a whole number to ask for.
type Amount struct {
	// Title is the dialog's title and the name of the action; Label says what the number is,
	// Unit its unit ("px").
	Title, Label, Unit string
	// Low and High bound the number, Value is what is suggested.
	Low, High, Value int
	// OnChanged is called with each number that is typed, OnFault when what is typed is no number
	// from Low to High, OnClose when the dialog is closed without a number. All may be nil.
	OnChanged        func(int)
	OnFault, OnClose func()
}

// AskAmount asks for a number and calls do with it; Esc closes the dialog without calling do.
// What is no number of the range is told below the field, and can't be applied.
func AskAmount(w fyne.Window, a Amount, do func(int)) {
	field := widgets.NewNumberField(float64(a.Low), float64(a.High), " "+a.Unit).Bordered().Strict()
	field.SetValue(float64(a.Value))
	problem := widgets.NewLabel("").Wrap().Colored(theme.Warning)
	problem.Hide()
	s := newSheet(w, a.Title, small, widgets.Column(6, widgets.Labeled(widgets.NewLabel(a.Label), field), problem), field,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.apply"), do: func() { do(int(field.Value())) }})
	field.OnSubmit = s.press
	changed := func(v float64) {
		if a.OnChanged != nil {
			a.OnChanged(int(v))
		}
	}
	field.OnChanged = changed
	field.OnFault = func() {
		s.tell(problem, faultOf(field))
		if field.Fault() == widgets.NoFault {
			changed(field.Value())
		} else if a.OnFault != nil {
			a.OnFault()
		}
	}
	if a.OnClose != nil {
		s.onDismiss = a.OnClose
	}
}
