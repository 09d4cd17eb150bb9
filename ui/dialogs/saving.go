package dialogs

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// savingFields hold how pictures are saved: under which names, in which format,
// and whether a PNG tells how it was made.
func savingFields(s *settings.Saving, submit func()) []fyne.CanvasObject {
	usual := settings.Default().Saving.Template
	template := widgets.NewField()
	template.PlaceHolder = usual
	template.SetText(s.Template)
	template.SetTip(text.T("dialog.template.tip"))
	template.OnChanged = func(t string) {
		if s.Template = file.CleanName(t); s.Template == "" {
			s.Template = usual
		}
	}
	template.OnEnded = func(string) { template.SetText(s.Template) }
	template.OnSubmit = submit
	var formats []widgets.Option
	for _, id := range []string{"source", "png", "jpeg", "webp", "tiff", "bmp"} {
		formats = append(formats, widgets.Option{ID: id, Text: text.T("dialog.format." + id)})
	}
	format := widgets.NewDropdown(formats...)
	format.Select(s.Format)
	format.OnChanged = func(id string) { s.Format = id }
	words := widgets.NewCheck(text.T("dialog.saving.text"), func(on bool) { s.Text = on })
	words.SetChecked(s.Text)
	strip := widgets.NewCheck(text.T("dialog.file.strip"), func(on bool) { s.Strip = on })
	strip.SetChecked(s.Strip)
	label := widgets.NewCheck(text.T("dialog.file.label"), func(on bool) { s.Label = on })
	label.SetChecked(s.Label)
	original := widgets.NewCheck(text.T("dialog.saving.original"), func(on bool) { s.KeepOriginal = on })
	original.SetChecked(s.KeepOriginal)
	return []fyne.CanvasObject{widgets.Halves(theme.Gap, labeled("template", template), labeled("format", format)), words, strip, label, original}
}
