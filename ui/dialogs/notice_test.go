package dialogs

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint/ui/theme"
	"overpaint/ui/uitest"
	"overpaint/ui/widgets"
)

func TestNotice(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	n := NewNotice()
	uitest.Window(t, n.Object(), fyne.NewSize(600, 40))
	if n.Text() != "" {
		t.Error("a new notice is shown")
	}
	done := 0
	n.Show("The key won't be kept.", "Settings", func() { done++ })
	if n.Text() != "The key won't be kept." {
		t.Errorf("it says %q", n.Text())
	}
	if size := find[*widgets.Label](n.Object())[0].Size(); size.Height < 12 || size.Width < 100 {
		t.Errorf("the sentence has no room: %v", size)
	}
	test.Tap(find[*widgets.Button](n.Object())[0])
	if done != 1 || n.Text() != "" {
		t.Errorf("done %d, says %q", done, n.Text())
	}
}

func TestNoticesWait(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	n := NewNotice()
	window(t).SetContent(n.Object())
	n.Show("saved", "", nil)
	did := 0
	n.Show("shall I?", "Yes", func() { did++ })
	if n.Text() != "shall I?" {
		t.Fatalf("%q is told", n.Text())
	}
	n.Show("saved a", "", nil)
	n.Show("saved b", "", nil)
	n.Show("and this?", "Yes", func() { did += 10 })
	if n.Text() != "shall I?" {
		t.Fatalf("%q took its place", n.Text())
	}
	var told []string
	for n.Text() != "" {
		told = append(told, n.Text())
		test.Tap(n.action)
	}
	if strings.Join(told, ",") != "shall I?,saved b,and this?" || did != 11 {
		t.Errorf("told %q, did %d", told, did)
	}
}

// TestNoticesOfWork has work that is told of while something waits for an
// answer, and work that ends before it could be told of.
func TestNoticesOfWork(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	n := NewNotice()
	window(t).SetContent(n.Object())
	says := func(want string, dismissible bool) {
		t.Helper()
		if n.Text() != want || n.Text() != "" && n.dismiss.Visible() != dismissible {
			t.Errorf("it says %q, want %q; dismissible: %v", n.Text(), want, n.dismiss.Visible())
		}
	}
	n.Show("shall I?", "Yes", nil)
	cancelled := 0
	first := n.During("saving a", "Cancel", func() { cancelled++ })
	says("saving a", false)
	second := n.During("saving b", "Cancel", func() { cancelled += 10 })
	third := n.During("saving b", "Cancel", nil)
	n.Show("saved c", "", nil)
	second()
	first()
	says("shall I?", true)
	test.Tap(n.action)
	says("saving b", false)
	third()
	first()
	says("saved c", true)
	n.Hide()
	says("", true)

	over := n.During("saving d", "Cancel", func() { cancelled += 100 })
	n.Show("it fails", "", nil)
	n.Withdraw("it fails")
	test.Tap(n.action)
	says("", true)
	over()
	if cancelled != 100 {
		t.Errorf("cancelled %d", cancelled)
	}
}
