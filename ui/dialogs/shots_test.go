package dialogs

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// TestShots draws dialogs for people to look at (uitest.Shot), in both languages
// and looks, in the smallest window.
func TestShots(t *testing.T) {
	for _, look := range []struct {
		language string
		mode     theme.Mode
	}{{"en", theme.Dark}, {"zh", theme.Light}} {
		uitest.App(t, look.language, look.mode)
		w := uitest.Window(t, widgets.NewSurface(theme.Surround), fyne.NewSize(1024, 672))
		for name, open := range map[string]func(){
			"extend":   func() { AskExtend(w, image.Pt(4000, 3000), 400e6, nil) },
			"settings": func() { ShowSettings(w, Settings{Settings: settings.Default()}) },
			"keyboard": func() { newTyped(t).show(w) },
			"prompts": func() {
				FindPrompt(w, func(string) []string { return []string{"no lamp post", "A red boat on the lake, far away"} }, nil)
			},
			"steps": func() {
				ShowSteps(w, []string{text.T("menu.steps.begin"), text.T("step.brush"), text.T("step.invert")}, 1, nil)
			},
			"save": func() {
				newSaveSheet(w, FileRequest{
					Title: text.T("dialog.file.save"), Folder: t.TempDir(), Name: "lake-edited.jpg", Formats: true, Quality: 90, Keeps: true,
					Strip: Choice{Changed: func(bool) {}}, Label: Choice{On: true, Changed: func(bool) {}},
					OnSampling: func(string) {}, Forecast: func(_ string, tell func(int64, bool)) { tell(2_340_000, false) },
				}, func(string, file.Over) {})
			},
			"export": func() {
				AskExport(w, Exporting{Presets: export.Presets(), Of: export.Original{Size: image.Pt(4000, 3000), Name: "lake", Folder: "/home/ada/Pictures", Meta: picture.Metadata{Format: "jpeg"}}})
			},
			"export-exact": func() {
				presets := export.Presets()
				presets[0].Bound, presets[0].Size, presets[0].Tall, presets[0].Template = export.Exact, 1080, 1350, "{name}-{n:3}"
				AskExport(w, Exporting{Presets: presets, Of: export.Original{Size: image.Pt(4000, 3000), Name: "lake", Folder: "/home/ada/Pictures", Meta: picture.Metadata{Format: "jpeg"}}})
			},
			"usage": func() { ShowUsage(w, Usage{Fetch: func(_ history.Period, _ func([]history.Total)) {}}) },
		} {
			open()
			uitest.Shot(t, w, name+"-"+look.language)
			key(w, fyne.KeyEscape)
			if IsOpen(w) {
				t.Errorf("Esc doesn't close %s", name)
			}
		}
	}
}
