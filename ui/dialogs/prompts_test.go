package dialogs

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func TestEarlierPromptsAreFound(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	all := []string{"no lamp post", "A red boat", "a boat on the lake"}
	var picked []string
	FindPrompt(w, func(words string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(p string) bool { return !strings.Contains(p, words) })
	}, func(p string) { picked = append(picked, p) })
	field := find[*widgets.Field](top(t, w))[0]
	test.Type(field, "boat")
	if s := uitest.Texts(top(t, w)); slices.Contains(s, "no lamp post") || !slices.Contains(s, "a boat on the lake") {
		t.Errorf("found are %q", s)
	}
	key(w, fyne.KeyReturn)
	if !slices.Equal(picked, []string{"A red boat"}) || IsOpen(w) {
		t.Errorf("picked %q", picked)
	}
	FindPrompt(w, func(string) []string { return nil }, nil)
	if !uitest.Has(top(t, w), text.T("dialog.history.no_match")) || !button(t, w, "dialog.prompts.use").Disabled() {
		t.Error("nothing can be used")
	}
}

// TestLoadingIsShown looks at history and usage while the disk is slow.
func TestLoadingIsShown(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var tellItems func([]history.Item)
	ShowHistory(w, History{List: func(_ history.Filter, tell func([]history.Item)) { tellItems = tell }})
	if !uitest.Has(top(t, w), text.T("dialog.loading")) {
		t.Errorf("the history shows %q", uitest.Texts(top(t, w)))
	}
	tellItems(nil)
	if uitest.Has(top(t, w), text.T("dialog.loading")) {
		t.Error("the history loads for ever")
	}
	key(w, fyne.KeyEscape)
	var tellTotals []func([]history.Total)
	ShowUsage(w, Usage{Name: func(string) string { return "Relay" }, Fetch: func(_ history.Period, tell func([]history.Total)) { tellTotals = append(tellTotals, tell) }})
	if !uitest.Has(top(t, w), text.T("dialog.loading")) {
		t.Errorf("usage shows %q", uitest.Texts(top(t, w)))
	}
	by := find[*widgets.Dropdown](top(t, w))[0]
	by.OnChanged("month")
	tellTotals[0]([]history.Total{{Period: "2026-11-26"}}) // too late
	if uitest.Has(top(t, w), "2026-11-26") {
		t.Error("an old answer is shown")
	}
	tellTotals[1](nil)
	if uitest.Has(top(t, w), text.T("dialog.loading")) || !uitest.Has(top(t, w), text.T("dialog.usage.none")) {
		t.Error("usage loads for ever")
	}
}
