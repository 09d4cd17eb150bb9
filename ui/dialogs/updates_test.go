package dialogs

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// TestUpdatesAreOffAndOffered switches the question for newer releases on, which is
// off at first, and is missing where there is no address to ask.
func TestUpdatesAreOffAndOffered(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	openSettings(t, w, Settings{Settings: settings.Default()})
	if uitest.Has(top(t, w), text.T("dialog.updates")) {
		t.Error("the switch is there, and nobody could be asked")
	}
	w = window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default(), Updates: true})
	if !uitest.Has(top(t, w), text.T("dialog.updates")) {
		t.Fatalf("there is no switch: %q", uitest.Texts(top(t, w)))
	}
	for _, c := range find[*widgets.Check](top(t, w)) {
		if c.ControlName() == text.T("dialog.updates") {
			if c.Checked() {
				t.Error("it is on at first")
			}
			test.Tap(c)
		}
	}
	test.Tap(button(t, w, "dialog.save"))
	if *saved == nil || !(*saved).CheckUpdates {
		t.Errorf("saved: %+v", *saved)
	}
}
