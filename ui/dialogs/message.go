package dialogs

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Next is what the user can do about an error, besides closing the dialog.
type Next struct {
	Label string
	Do    func()
}

// Sentence returns a sentence of the translations as the user reads it.
func Sentence(s api.Sentence) string { return text.T(s.Key, s.Args...) }

// Short names a kind of error in a few words, for where no sentence fits.
func Short(k api.Kind) string {
	if key := "dialog.short." + string(k); text.Has(key) {
		return text.T(key)
	}
	return text.T("dialog.short." + string(api.KindLocal))
}

// ShowError tells what went wrong in one sentence that also says what to do
// next. Details, one click away, can be copied. The next steps become buttons.
func ShowError(w fyne.Window, err error, next ...Next) {
	e := api.AsError(err)
	if e == nil {
		return
	}
	sentence := widgets.NewText(Sentence(e.Text())).Wrap()
	column := widgets.Column(12, widgets.Beside(12, widgets.NewIcon("warning", 24, theme.Warning), sentence))
	var s *sheet
	if d := Details(e); d != "" {
		column.Add(detailsBox(w, d, func() { s.fit() }))
	}
	var actions []action
	for _, n := range next {
		actions = append(actions, action{label: n.Label, do: n.Do})
	}
	actions = append(actions, action{label: text.T("dialog.close")})
	s = newSheet(w, text.T("dialog.error"), narrow+40, column, nil, actions...)
}

// Details returns what is known about an error besides its sentence, one fact
// a line, or "".
func Details(e *api.Error) string {
	var b strings.Builder
	fact := func(key, value string) {
		if value = strings.TrimSpace(value); value != "" {
			b.WriteString(text.T("dialog.detail", "Name", text.T(key), "Value", value) + "\n")
		}
	}
	if e.Status != 0 {
		fact("dialog.detail.status", fmt.Sprint(e.Status))
	}
	fact("dialog.detail.code", e.Code)
	fact("dialog.detail.message", e.Message)
	fact("dialog.detail.address", e.Address)
	fact("dialog.detail.request_id", e.RequestID)
	if e.Cause != nil {
		fact("dialog.detail.cause", e.Cause.Error())
	}
	return strings.TrimSpace(b.String())
}

// detailsBox is "Details" with what it opens.
func detailsBox(w fyne.Window, details string, changed func()) fyne.CanvasObject {
	label := widgets.NewLabel(details).Wrap().Colored(theme.Text)
	copyButton := widgets.NewButton(text.T("dialog.copy"), "copy", widgets.Normal, func() {
		fyne.CurrentApp().Clipboard().SetContent(details)
	})
	inside := container.NewVScroll(widgets.Pad(8, 10, 8, 10, label))
	box := widgets.Column(theme.Gap, container.NewStack(widgets.NewSurface(theme.Control).Rounded(theme.Edge),
		widgets.Sized(0, 112, inside)), widgets.Row(0, copyButton))
	box.Hide()
	var open *widgets.Button
	open = widgets.NewButton(text.T("dialog.details"), "chevron-right", widgets.Quiet, func() {
		if box.Visible() {
			box.Hide()
			open.SetIcon("chevron-right")
		} else {
			box.Show()
			open.SetIcon("chevron-down")
		}
		changed()
	})
	return widgets.Column(theme.Gap, open, box)
}

// ShowAbout tells what the program is.
func ShowAbout(w fyne.Window, version string) {
	icon := widgets.NewResource(theme.AppIcon(), 72)
	column := widgets.Column(6,
		widgets.NewHeading("Overpaint").Sized(18), widgets.NewLabel(text.T("dialog.about.version", "Version", version)),
		widgets.NewText(text.T("dialog.about.text")).Wrap(), widgets.NewLabel(text.T("dialog.about.license")))
	newSheet(w, text.T("dialog.about"), narrow, widgets.Beside(16, icon, column), nil, action{label: text.T("dialog.close")})
}
