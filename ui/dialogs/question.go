package dialogs

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// Question is a question that is answered by buttons.
type Question struct {
	Title, Text string
	// Answers are the buttons in their order; the safe one is put last and is
	// what Enter does.
	Answers []Answer
	// OnClose is called when the dialog is closed without an answer.
	OnClose func()
}

// Answer is one button.
type Answer struct {
	Label string
	Safe  bool
	Do    func()
}

// Confirm asks a question whose safe answer is not to do it; do is called for the other
// answer.
func Confirm(w fyne.Window, title, question, doLabel string, do func()) {
	Ask(w, Question{Title: title, Text: question, Answers: []Answer{{Label: doLabel, Do: do}, {Label: text.T("dialog.cancel"), Safe: true}}})
}

// Ask asks a question.
func Ask(w fyne.Window, q Question) {
	button := func(a Answer) action { return action{label: a.Label, do: a.Do} }
	var actions []action
	var safe *Answer
	for _, a := range q.Answers {
		if a.Safe {
			safe = &a
			continue
		}
		actions = append(actions, button(a))
	}
	if safe != nil {
		actions = append(actions, button(*safe))
	}
	width := narrow
	if len(actions) > 2 {
		width += 60
	}
	s := newSheet(w, q.Title, width, widgets.NewText(q.Text).Wrap(), nil, actions...)
	s.onDismiss = q.OnClose
}
