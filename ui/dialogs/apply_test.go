package dialogs

import (
	"fmt"
	"image/color"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// applyHeard are actions that note what was wanted.
func applyHeard(heard *[]string) ApplyActions {
	note := func(name string) func() { return func() { *heard = append(*heard, name) } }
	notes := func(name string) func(string) {
		return func(s string) { *heard = append(*heard, name+" "+s) }
	}
	return ApplyActions{
		Services: []widgets.Option{{ID: "builtin", Text: text.T("ui.builtin")}, {ID: "relay", Text: "Relay"}},
		Recipe:   note("recipe"), AddPictures: note("pictures"), AddFolder: note("folder"), Clear: note("clear"), ChooseOut: note("choose out"),
		Deep:    func(on bool) { *heard = append(*heard, fmt.Sprint("deep ", on)) },
		Service: notes("service"), Model: notes("model"), Out: notes("out"), AtOnce: func(n int) { *heard = append(*heard, fmt.Sprint("at once ", n)) },
		Start: note("start"), Cancel: note("cancel"), Again: note("again"), Pause: func(on bool) { *heard = append(*heard, fmt.Sprint("pause ", on)) },
		Review: note("review"), Back: note("back"), Keep: note("keep"), Discard: note("discard"), Open: note("open"),
		Step:   func(on bool) { *heard = append(*heard, fmt.Sprint("step ", on)) },
		Closed: note("closed"),
	}
}

// applyViews are what the dialog shows from the beginning to the end.
func applyViews() []Applying {
	rows := func(states ...string) (list []ApplyRow) {
		for i, state := range states {
			row := ApplyRow{Path: fmt.Sprintf("/home/ada/Pictures/lake/picture-%d.jpg", i+1)}
			if state != "" {
				row.State = text.T("apply.state." + state)
			}
			if state == "done" {
				row.Cost = "$0.02"
			}
			if state == "failed" {
				row.Reason, row.Bad = text.T("error.key_missing"), true
			}
			list = append(list, row)
		}
		return list
	}
	chosen := Applying{
		Recipe: "lamp.overpaint-recipe", Prompt: "no lamp post", Rows: rows("", "", "", ""), Connection: "relay", Model: "gpt-image-2", AtOnce: 3,
		Models: []string{"gpt-image-2"}, Out: "/home/ada/Pictures/Results", Price: text.T("apply.price", "Price", "$0.08"), CanStart: true,
	}
	empty := chosen
	empty.Rows, empty.CanStart, empty.Reason, empty.Price = nil, false, text.T("apply.reason.pictures"), text.T("apply.price.unknown")
	running := Applying{
		Page: ApplyWork, Rows: rows("done", "running", "failed", "waiting"), Running: true, Fraction: 0.5, Results: 1,
		Progress: text.N("apply.ended", 4, "Ended", 2) + " · " + text.T("apply.cost", "Cost", "$0.02"),
	}
	paused := running
	paused.Paused = true
	over := running
	over.Running, over.Unfinished, over.Rows = false, true, rows("done", "kept", "failed", "not_asked")
	review := over
	review.Page, review.Number, review.Results, review.Name = ApplyReview, 1, 2, "picture-1.jpg"
	review.Before = uitest.Flower(600, 400, color.NRGBA{200, 60, 60, 255})
	review.After = uitest.Flower(600, 400, color.NRGBA{60, 60, 200, 255})
	return []Applying{empty, chosen, running, paused, over, review}
}

// TestApplyIsShown on all its pages, in both languages and looks, also in the smallest window;
// with OVERPAINT_SHOTS for people to look at.
func TestApplyIsShown(t *testing.T) {
	for _, look := range []struct {
		language string
		mode     theme.Mode
		size     fyne.Size
	}{{"en", theme.Dark, fyne.NewSize(900, 640)}, {"zh", theme.Light, fyne.NewSize(900, 640)}, {"en", theme.Light, fyne.NewSize(1280, 800)}} {
		uitest.App(t, look.language, look.mode)
		w := uitest.Window(t, widgets.NewSurface(theme.Surround), look.size)
		var heard []string
		var d *ApplySheet
		for i, view := range applyViews() {
			if d == nil {
				d = ShowApply(w, applyHeard(&heard), view)
			} else {
				d.Show(view)
			}
			uitest.Shot(t, w, fmt.Sprintf("apply-%s-%v-%d", look.language, look.size.Width, i))
			o := top(t, w)
			if high := d.sheet.popup.MinSize().Height; high > look.size.Height {
				t.Errorf("page %d needs %v of %v", i, high, look.size.Height)
			}
			for _, fault := range uitest.Clipped(o) {
				t.Errorf("page %d: %s", i, fault)
			}
		}
		if len(heard) != 0 {
			t.Errorf("heard %q of nobody", heard)
		}
		key(w, fyne.KeyEscape)
		if !slices.Equal(heard, []string{"closed"}) {
			t.Errorf("closing is %q", heard)
		}
	}
}

// TestApplyHearsWhatIsWanted on each page. Enter begins nothing.
func TestApplyHearsWhatIsWanted(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var heard []string
	views := applyViews()
	d := ShowApply(w, applyHeard(&heard), views[1])
	press := func(name string) {
		t.Helper()
		for _, b := range find[*widgets.Button](top(t, w)) {
			if b.Text() == name && b.Visible() {
				test.Tap(b)
				return
			}
		}
		t.Errorf("there is no %q", name)
	}
	d.service.OnChanged("builtin")
	d.deep.Tapped(nil)
	d.out.OnEnded("/tmp/out")
	d.atOnce.OnChanged(5)
	press("Add folder…")
	press("Start")
	d.Show(views[2])
	press("Pause")
	press("Cancel the rest")
	d.Show(views[3])
	press("Go on")
	d.Show(views[4])
	press("Continue")
	press("Review")
	d.Show(views[5])
	test.Tap(d.next)
	press("Discard")
	press("Keep")
	press("Open in a window")
	press("Back to the list")
	want := []string{
		"service builtin", "deep true", "out /tmp/out", "at once 5", "folder", "start", "pause true", "cancel", "pause false", "again", "review",
		"step true", "discard", "keep", "open", "back",
	}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %q\nwant  %q", heard, want)
	}
	heard = nil
	d.Show(views[1])
	key(w, fyne.KeyReturn)
	if !slices.Equal(heard, []string{"closed"}) {
		t.Errorf("Enter is %q", heard)
	}
	d.Show(views[2]) // after it was closed
}
