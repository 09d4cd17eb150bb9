package dialogs

import (
	"testing"

	"overpaint/assets/text"
	"overpaint/editor/file"
	"overpaint/ui/theme"
	"overpaint/ui/uitest"
	"overpaint/ui/widgets"
)

// TestFormatsInTheSaveDialog chooses a format from the list, which changes the
// name's ending, and types another ending, which changes the list.
func TestFormatsInTheSaveDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := window(t)
	strip, label := false, true
	SaveFile(w, FileRequest{
		Folder: t.TempDir(), Name: "lake.jpg", Formats: true, Quality: 90,
		Strip: Choice{Changed: func(on bool) { strip = on }}, Label: Choice{On: true, Changed: func(on bool) { label = on }},
	}, func(string, file.Over) {})
	name := find[*widgets.Field](top(t, w))[0]
	list := find[*widgets.Dropdown](top(t, w))[0]
	if list.Selected() != "jpeg" || !uitest.Has(top(t, w), text.T("dialog.file.quality")) {
		t.Errorf("%s is selected: %q", list.Selected(), uitest.Texts(top(t, w)))
	}
	list.OnChanged("webp")
	if name.Text != "lake.webp" {
		t.Errorf("the name is %q", name.Text)
	}
	name.SetText("lake.tif")
	name.OnChanged(name.Text)
	if list.Selected() != "tiff" {
		t.Errorf("%s is selected", list.Selected())
	}
	for _, c := range find[*widgets.Check](top(t, w)) {
		c.OnChanged(!c.Checked())
	}
	if !strip || label {
		t.Errorf("strip %v, label %v", strip, label)
	}
}
