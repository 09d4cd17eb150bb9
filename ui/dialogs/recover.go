package dialogs

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Left is a document that an earlier run left behind.
type Left struct {
	// Name is the document's name, "" for a picture without a file.
	Name string
	// Saved is when it was last autosaved.
	Saved time.Time
	// Size is the canvas's size in pixels.
	Size image.Point
}

// Title returns the document's name in a list.
func (l Left) Title() string {
	if l.Name == "" {
		return text.T("session.untitled")
	}
	return l.Name
}

// AskRecover offers documents that an earlier run left behind. open and discard are called
// with the index of the chosen one after the dialog has closed; later is called when the
// decision is put off.
func AskRecover(w fyne.Window, left []Left, open, discard func(int), later func()) {
	var s *sheet
	rows := widgets.Column(theme.Gap)
	for i, l := range left {
		choose := func(do func(int)) func() {
			return func() {
				s.answered = true
				s.close()
				do(i)
			}
		}
		buttons := widgets.Row(theme.Gap,
			widgets.NewButton(text.T("session.discard"), "", widgets.Normal, choose(discard)),
			widgets.NewButton(text.T("session.open"), "", widgets.Normal, choose(open)))
		about := text.T("session.left", "Width", l.Size.X, "Height", l.Size.Y, "Time", l.Saved.Local().Format("2006-01-02 15:04:05"))
		names := widgets.Column(2, widgets.NewText(l.Title()).Cut(), widgets.NewLabel(about).Cut())
		rows.Add(container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge),
			widgets.Pad(8, 10, 8, 10, container.NewBorder(nil, nil, nil, widgets.Pad(0, 0, 0, theme.Gap, buttons), names))))
	}
	list, _ := widgets.NewScrollUpTo(rows, 320)
	body := widgets.Column(12, widgets.NewText(text.T("session.recover.text")).Wrap(), list)
	s = newSheet(w, text.T("session.recover"), wide, body, nil, action{label: text.T("session.later")})
	s.onDismiss = later
}
