package dialogs

import (
	"image"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// What the user changes in the dialog is the preset that is kept and exported by.
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
	d.bound.OnChanged(string(export.Exact))
	if d.size.Value() != 1600 || d.tall.Value() != 1200 || !d.tall.Visible() {
		t.Errorf("exactly %v x %v", d.size.Value(), d.tall.Value())
	}
	d.tall.OnChanged(1600)
	d.template.SetText(strings.Repeat("long", 70))
	if key(w, fyne.KeyReturn); by != nil {
		t.Error("a name is taken that no file can have")
	}
	d.template.SetText("{n:2}")
	if path := d.Presets[1].Path(d.Of, time.Now()); filepath.Base(path) != "01.webp" {
		t.Error("it goes to", path)
	}
	key(w, fyne.KeyReturn)
	if by == nil || by.Bound != export.Exact || by.Size != 1600 || by.Tall != 1600 {
		t.Errorf("exported by %+v", by)
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

func TestImpossibleNumbersArentExported(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var exported []export.Preset
	d := openExport(w, Exporting{
		Presets: []export.Preset{{Name: "Web", Bound: export.Long, Size: 2048, Format: string(picture.JPEG), Quality: 80}},
		Of:      export.Original{Size: image.Pt(4000, 3000), Name: "a", Folder: "/x", Meta: picture.Metadata{Format: "jpeg"}},
		OnSave:  func([]export.Preset) {}, OnExport: func(p export.Preset) { exported = append(exported, p) },
	})
	for _, f := range []*widgets.NumberField{d.size, d.quality} {
		was := f.Text
		f.SetText("many")
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if len(exported) != 0 || !IsOpen(w) || !button(t, w, "dialog.export.save").Disabled() || !uitest.Has(top(t, w), "Enter a whole number from 1 to") {
			t.Errorf("exported %v, %q", exported, uitest.Texts(top(t, w)))
		}
		f.SetText(was)
	}
	key(w, fyne.KeyReturn)
	if len(exported) != 1 || exported[0].Size != 2048 || exported[0].Quality != 80 {
		t.Errorf("exported %+v", exported)
	}
}
