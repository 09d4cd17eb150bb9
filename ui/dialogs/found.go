package dialogs

import (
	"slices"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/widgets"
)

// foundModes are the modes that AskFound offers, as its control names them.
var foundModes = []string{tool.Add: "add", tool.Subtract: "subtract", tool.Intersect: "intersect", tool.Replace: "replace"}

// AskFound asks how to combine the mask with what was found in the picture; title says what
// that is. tool.Add is suggested. show is called with each mode that is chosen, do with the
// final one, and dismissed when the dialog was closed by Cancel or Esc.
func AskFound(w fyne.Window, title string, show, do func(tool.Mode), dismissed func()) {
	var options []widgets.Option
	for _, id := range foundModes {
		options = append(options, widgets.Option{ID: id, Text: text.T("ui." + id)})
	}
	control := widgets.NewSegmented(options...)
	mode := func() tool.Mode { return tool.Mode(slices.Index(foundModes, control.Selected())) }
	control.OnChanged = func(string) { show(mode()) }
	s := newSheet(w, title, narrow, widgets.Labeled(widgets.NewLabel(text.T("mask.found")), widgets.Row(0, control)), control,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.apply"), do: func() { do(mode()) }})
	s.onDismiss = dismissed
}
