package dialogs

import (
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// TestFormatsInTheSaveDialog chooses a format from the list, which changes the
// name's ending, and types another ending, which changes the list.
func TestFormatsInTheSaveDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := window(t)
	strip, label := false, true
	var heard []string
	var tell func(int64, bool)
	sampling := ""
	SaveFile(w, FileRequest{
		Folder: t.TempDir(), Name: "lake.jpg", Formats: true, Quality: 90,
		Sampling: "4:2:0", OnSampling: func(s string) { sampling = s },
		Forecast: func(path string, show func(int64, bool)) {
			heard, tell = append(heard, filepath.Base(path)), show
			show(0, true)
		},
		Strip: Choice{Changed: func(on bool) { strip = on }}, Label: Choice{On: true, Changed: func(on bool) { label = on }},
	}, func(string, file.Over) {})
	name := find[*widgets.Field](top(t, w))[0]
	list := find[*widgets.Dropdown](top(t, w))[0]
	if list.Selected() != "jpeg" || !uitest.Has(top(t, w), text.T("dialog.file.quality")) {
		t.Errorf("%s is selected: %q", list.Selected(), uitest.Texts(top(t, w)))
	}
	if !uitest.Has(top(t, w), text.T("dialog.file.size.working")) {
		t.Errorf("nothing tells that the size is being worked out: %q", uitest.Texts(top(t, w)))
	}
	samplings := find[*widgets.Dropdown](top(t, w))[1]
	if samplings.Selected() != "4:2:0" || !uitest.Has(top(t, w), text.T("dialog.file.sampling")) {
		t.Errorf("%q is selected: %q", samplings.Selected(), uitest.Texts(top(t, w)))
	}
	if samplings.OnChanged("4:4:4"); sampling != "4:4:4" {
		t.Errorf("the sampling is %q", sampling)
	}
	list.OnChanged("webp")
	if name.Text != "lake.webp" {
		t.Errorf("the name is %q", name.Text)
	}
	if tell(2_340_000, false); !uitest.Has(top(t, w), "about 2.3 MB") {
		t.Errorf("the size isn't shown: %q", uitest.Texts(top(t, w)))
	}
	if uitest.Has(top(t, w), text.T("dialog.file.sampling")) {
		t.Error("a WebP's sampling is asked for")
	}
	tell(0, false)
	if !uitest.Has(top(t, w), text.T("dialog.file.size.unknown")) {
		t.Error("it isn't told that the size is unknown")
	}
	name.SetText("lake.tif")
	name.OnChanged(name.Text)
	if list.Selected() != "tiff" {
		t.Errorf("%s is selected", list.Selected())
	}
	for _, c := range find[*widgets.Check](top(t, w)) {
		c.OnChanged(!c.Checked())
	}
	if want := []string{"lake.jpg", "lake.webp", "lake.tif"}; !slices.Equal(heard, want) {
		t.Errorf("heard of %q, want %q", heard, want)
	}
	if !strip || label {
		t.Errorf("strip %v, label %v", strip, label)
	}
}

func TestAnImpossibleQualityIsntSaved(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, quality := false, 90
	SaveFile(w, FileRequest{Folder: t.TempDir(), Name: "lake.jpg", Quality: 90, OnQuality: func(q int) { quality = q }},
		func(string, file.Over) { saved = true })
	number := find[*widgets.NumberField](top(t, w))[0]
	number.SetText("200")
	if !uitest.Has(top(t, w), "That is too large. The largest possible number is 100.") || !button(t, w, "dialog.save").Disabled() {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
	if number.SetText("80"); quality != 80 || button(t, w, "dialog.save").Disabled() {
		t.Errorf("quality %d, %q", quality, uitest.Texts(top(t, w)))
	}
	if test.Tap(button(t, w, "dialog.save")); !saved {
		t.Error("not saved")
	}
}
