package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// Shortcut is a key, as the person knows it, and what it does.
type Shortcut struct{ Keys, Does string }

// ShowKeyboard lists the keys that the window obeys, in two columns.
func ShowKeyboard(w fyne.Window, list []Shortcut) {
	half := (len(list) + 1) / 2
	columns := widgets.Halves(28, shortcutColumn(list[:half]), shortcutColumn(list[half:]))
	body := widgets.NewScrollUpTo(columns, w.Canvas().Size().Height-150)
	newSheet(w, text.T("dialog.keyboard"), 760, body, nil, action{label: text.T("dialog.close")})
}

func shortcutColumn(list []Shortcut) fyne.CanvasObject {
	column := widgets.Column(5)
	for _, s := range list {
		does := widgets.NewText(s.Does).Cut()
		column.Add(container.New(&splitLayout{left: 0.4, gap: 10}, widgets.NewText(s.Keys).Colored(theme.Secondary).Cut(), does))
	}
	return column
}
