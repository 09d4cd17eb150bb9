package dialogs

import (
	"fyne.io/fyne/v2"

	"overpaint/assets/text"
	"overpaint/ui/widgets"
)

// AskRunning asks what becomes of n edits that services are working on when the
// program is about to end: wait for them, or cancel them. Closing the dialog
// does neither.
func AskRunning(w fyne.Window, n int, wait, cancel func()) {
	body := widgets.NewText(text.N("dialog.running.text", n)).Wrap()
	newSheet(w, text.T("dialog.running"), narrow+60, body, nil,
		action{label: text.T("dialog.running.cancel"), do: cancel},
		action{label: text.T("dialog.running.wait"), do: wait},
		action{label: text.T("dialog.running.stay")})
}
