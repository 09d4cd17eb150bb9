package results

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

func press(w fyne.Window, keys ...fyne.KeyName) {
	for _, k := range keys {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestRowsAreReachedAndPressedByKeys(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, w, heard := list(t, three(), theme.SideWidth, 400)
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { *heard = append(*heard, string(e.Name)) })
	for range 30 {
		w.Canvas().FocusNext()
		if _, ok := w.Canvas().Focused().(*row); ok {
			break
		}
	}
	if w.Canvas().Focused() != fyne.Focusable(l.order[0]) {
		t.Fatalf("the Tab key reaches %T", w.Canvas().Focused())
	}
	press(w, fyne.KeyUp, fyne.KeyReturn, fyne.KeyDown, fyne.KeySpace, desktop.KeyMenu, fyne.KeyEnd, fyne.KeyDown, fyne.KeyDelete, fyne.KeyHome, fyne.KeySpace, fyne.KeyEscape)
	want := []string{"choose3", "choose2", "menu2", "remove1", "choose3", "Escape"}
	if !slices.Equal(*heard, want) {
		t.Errorf("heard %q, want %q", *heard, want)
	}
}

func TestAKeyRenamesARow(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, w, heard := list(t, three(), theme.SideWidth, 400)
	r := l.tool(t, 2)
	w.Canvas().Focus(r)
	press(w, fyne.KeyF2)
	r.field.SetText("stone")
	press(w, fyne.KeyReturn)
	if !slices.Equal(*heard, []string{"rename2stone"}) && !slices.Equal(*heard, []string{"rename2 stone"}) {
		t.Errorf("heard %q", *heard)
	}
	if w.Canvas().Focused() != fyne.Focusable(r) {
		t.Error("the focus doesn't return to the row")
	}
}

func TestTheFocusStaysInTheList(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, w, _ := list(t, three(), theme.SideWidth, 400)
	w.Canvas().Focus(l.tool(t, 2))
	v := three()
	v.Results = slices.Delete(v.Results, 1, 2)
	l.Set(v)
	if w.Canvas().Focused() != fyne.Focusable(l.tool(t, 1)) {
		t.Error("the row in its place doesn't get the focus")
	}
	l.Set(View{})
	if w.Canvas().Focused() != nil {
		t.Error("a row that is gone keeps the focus")
	}
}
