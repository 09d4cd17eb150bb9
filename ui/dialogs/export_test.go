package dialogs

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"overpaint/editor/export"
	"overpaint/editor/picture"
	"overpaint/ui/theme"
	"overpaint/ui/uitest"
)

// What the person changes in the dialog is the preset that is kept and exported by.
func TestExportPresets(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var saved []export.Preset
	var by *export.Preset
	open := func() *exportSheet {
		saved, by = nil, nil
		return openExport(w, Exporting{
			Presets: export.Presets(), Last: 1, Of: export.Original{Size: image.Pt(4000, 3000), Name: "lake", Folder: "/photos", Meta: picture.Metadata{Format: "jpeg"}},
			OnSave: func(p []export.Preset) { saved = p }, OnExport: func(p export.Preset) { by = &p },
		})
	}
	d := open()
	if d.name.Text != export.Presets()[1].Name {
		t.Error("the last one isn't shown:", d.name.Text)
	}
	d.add()
	d.name.SetText("mine")
	d.bound.OnChanged(string(export.Percent))
	if d.size.Value() != 40 {
		t.Error("1600 of 4000 pixels are", d.size.Value(), "percent")
	}
	d.size.OnChanged(25)
	d.template.SetText("{name}_{width}")
	key(w, fyne.KeyReturn)
	want := export.Presets()[1]
	want.Name, want.Bound, want.Size, want.Template = "mine", export.Percent, 25, "{name}_{width}"
	if by == nil || *by != want || len(saved) != 4 || saved[3] != want {
		t.Errorf("exported by %+v, kept %+v", by, saved)
	}
	d = open()
	d.delete()
	d.sheet.buttons[1].Tapped(nil)
	if by != nil || len(saved) != 2 {
		t.Errorf("exported by %+v, kept %d", by, len(saved))
	}
	open()
	key(w, fyne.KeyEscape)
	if by != nil || saved != nil {
		t.Error("Esc keeps or exports something")
	}
}
