package dialogs

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// TestServicesOfThisComputer are looked for when asked, can be stopped, and become
// connections that need no key.
func TestServicesOfThisComputer(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var tell func([]local.Found)
	stopped := 0
	saved, _, _ := openSettings(t, w, Settings{
		Settings: settings.Default(), Selected: settings.Dddai,
		OnFindLocal: func(f func([]local.Found)) { tell = f }, OnStopTest: func() { stopped++ },
	})
	look := func() {
		t.Helper()
		for _, b := range find[*widgets.ToolButton](top(t, w)) {
			if b.ControlName() == text.T("dialog.find_local") {
				test.Tap(b)
				return
			}
		}
		t.Fatal("there is no button")
	}
	says := func(key string) bool { return uitest.Has(top(t, w), text.T(key)) }
	look()
	if !says("dialog.find_local.running") {
		t.Error("it doesn't say that it looks")
	}
	test.Tap(button(t, w, "dialog.test.stop"))
	if stopped != 1 || says("dialog.find_local.running") {
		t.Error("it was not stopped")
	}
	look()
	tell(nil)
	if !says("dialog.find_local.none") {
		t.Error("it doesn't say that there is none")
	}
	look()
	c := settings.Custom("LocalAI", "http://127.0.0.1:8080/v1")
	c.Dialect, c.Model = "inpainting", "dreamshaper"
	tell([]local.Found{
		{Program: "ComfyUI", Connection: settings.Custom("ComfyUI", "http://127.0.0.1:8188/v1"), Unfit: true},
		{Program: "LocalAI", Connection: c},
	})
	menu := top(t, w)
	if !uitest.Has(menu, "ComfyUI at http://127.0.0.1:8188/v1 can't edit pictures as it runs") || !uitest.Has(menu, "LocalAI at http://127.0.0.1:8080/v1") {
		t.Fatalf("offered: %q", uitest.Texts(menu))
	}
	f := w.Canvas().Focused()
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) // what can be added is the first
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if below(t, w, "dialog.base_url").Text != c.BaseURL {
		t.Fatalf("shown is %q", below(t, w, "dialog.base_url").Text)
	}
	test.Tap(button(t, w, "dialog.save"))
	if got, ok := (*saved).Find("LocalAI"); !ok || got.Dialect != "inpainting" || got.Model != "dreamshaper" {
		t.Errorf("saved %+v", got)
	}
}
