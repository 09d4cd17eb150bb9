package dialogs

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// kept is a history in memory, of so many entries, the newest first.
type kept struct {
	items   []history.Item
	asked   []history.Filter
	deleted []int64
	stars   map[int64]bool
	did     string
}

func newKept(n int) *kept {
	k := &kept{stars: map[int64]bool{}}
	for i := range n {
		item := history.Item{
			ID: int64(n - i), Created: time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local).Add(-time.Duration(i) * time.Hour),
			Connection: "c", Name: "Relay", Prompt: fmt.Sprintf("prompt %d with a good many words so that it is longer than a line of the list", n-i),
			Asked: 4, Over: true, Canvas: fmt.Sprint("canvas", i), Settings: history.Settings{Model: "dall-e-2", Size: image.Pt(1024, 1024)},
		}
		switch i % 3 {
		case 0:
			item.Outcome, item.Trouble = api.KindUnknown, &history.Trouble{Key: "error.unknown_status", Args: []any{"Status", 502.0}}
		case 1:
			item.Cost, item.Currency = 80_000, "USD"
			for v := range 4 {
				item.Variants = append(item.Variants, history.Variant{Index: v, File: fmt.Sprint("file", i, v)})
			}
		case 2:
			item.Outcome, item.Answers = api.KindEmpty, 1
			item.Trouble = &history.Trouble{Key: "no.such.sentence"}
		}
		k.items = append(k.items, item)
	}
	return k
}

func (k *kept) dialog() History {
	did := func(what string) func(history.Item) {
		return func(i history.Item) { k.did = fmt.Sprint(what, i.ID) }
	}
	return History{
		Connections: []widgets.Option{{ID: "c", Text: "Relay"}},
		List: func(f history.Filter, tell func([]history.Item)) {
			k.asked = append(k.asked, f)
			var page []history.Item
			for _, i := range k.items {
				if (f.Before == 0 || i.ID < f.Before) && strings.Contains(i.Prompt, f.Text) && len(page) < f.Limit {
					page = append(page, i)
				}
			}
			tell(page)
		},
		Thumbnail: func(hash string, tell func(image.Image)) { tell(image.NewNRGBA(image.Rect(0, 0, 8, 8))) },
		Totals:    func(tell func(string)) { tell("Today 2 pictures") },
		OnFavourite: func(id int64, on bool) {
			k.stars[id] = on
		},
		OnReuse: did("reuse"), OnReopen: did("reopen"), OnAgain: did("again"), OnFetch: did("fetch"), OnRecipe: did("recipe"),
		OnSave: func(i history.Item, v history.Variant) { k.did = fmt.Sprint("save", i.ID, " ", v.Index) },
		OnDelete: func(id int64, done func()) {
			k.deleted = append(k.deleted, id)
			k.items = k.items[1:]
			done()
		},
	}
}

func TestHistoryFits(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		for _, selected := range []int64{6, 5, 4} {
			w := window(t)
			h := newKept(6).dialog()
			h.Selected = selected
			ShowHistory(w, h)
			o := top(t, w)
			if size, room := o.MinSize(), w.Canvas().Size(); size.Height > room.Height || size.Width > room.Width {
				t.Errorf("the dialog is %v in a window of %v", size, room)
			}
			for _, fault := range uitest.Clipped(o) {
				t.Error(fault)
			}
			row := button(t, w, "dialog.history.reuse").Position().Y
			for _, b := range find[*widgets.Button](o) {
				if b.Text() == text.T("dialog.again.do") && b.Position().Y != row && selected == 6 {
					t.Errorf("three buttons take two rows: %v", b.Position())
				}
			}
			if !uitest.Has(o, fmt.Sprintf("prompt %d", selected)) {
				t.Errorf("entry %d is not shown: %q", selected, uitest.Texts(o))
			}
			key(w, fyne.KeyEscape)
		}
	})
}

func TestHistoryHoldsThousands(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	k := newKept(3000)
	ShowHistory(w, k.dialog())
	if len(k.asked) != 1 || k.asked[0].Limit == 0 {
		t.Fatalf("asked for %+v", k.asked)
	}
	list := find[*list](top(t, w))[0]
	if n := list.Length(); n != historyPage {
		t.Errorf("%d entries were fetched at once", n)
	}
	list.ScrollTo(historyPage - 1)
	if n := list.Length(); n <= historyPage || n > 3*historyPage {
		t.Errorf("after scrolling there are %d entries", n)
	}
	if rows := find[*historyRow](list); len(rows) == 0 || len(rows) > 40 {
		t.Errorf("%d rows were made", len(rows))
	}
}

func TestHistorySearch(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	k := newKept(30)
	ShowHistory(w, k.dialog())
	field := find[*widgets.Field](top(t, w))[0]
	test.Type(field, "prompt 7 ")
	if n := find[*list](top(t, w))[0].Length(); n != 1 {
		t.Errorf("%d entries are found", n)
	}
	field.SetText("no such thing")
	if !uitest.Has(top(t, w), text.T("dialog.history.no_match")) {
		t.Errorf("nothing found is not said: %q", uitest.Texts(top(t, w)))
	}
	field.SetText("")
	test.Tap(find[*widgets.Check](top(t, w))[0])
	if last := k.asked[len(k.asked)-1]; !last.Favourites {
		t.Errorf("favourites are not asked for: %+v", last)
	}
	key(w, fyne.KeyEscape)

	empty := newKept(0)
	ShowHistory(w, empty.dialog())
	if !uitest.Has(top(t, w), "Nothing here yet") {
		t.Errorf("an empty history says %q", uitest.Texts(top(t, w)))
	}
}

func TestHistoryActions(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	k := newKept(6)
	open := func(selected int64) {
		h := k.dialog()
		h.Selected = selected
		ShowHistory(w, h)
	}
	open(5) // whole
	test.Tap(find[*tile](top(t, w))[2])
	test.Tap(button(t, w, "dialog.history.save"))
	if k.did != "save5 2" {
		t.Errorf("saving did %q", k.did)
	}
	test.Tap(button(t, w, "menu.save_recipe"))
	if k.did != "recipe5" || !IsOpen(w) {
		t.Errorf("saving a recipe did %q, open %v", k.did, IsOpen(w))
	}
	test.Tap(button(t, w, "dialog.history.reuse"))
	if k.did != "reuse5" || IsOpen(w) {
		t.Errorf("reusing did %q, open %v", k.did, IsOpen(w))
	}
	open(4) // an answer that was not decoded
	test.Tap(button(t, w, "dialog.next.fetch"))
	if k.did != "fetch4" {
		t.Errorf("fetching did %q", k.did)
	}
	open(6) // unknown: asking again is asked about first
	if !uitest.Has(top(t, w), "status 502") {
		t.Errorf("the trouble is not told: %q", uitest.Texts(top(t, w)))
	}
	test.Tap(button(t, w, "dialog.again.do"))
	if k.did != "fetch4" || !uitest.Has(top(t, w), "may cost the same once more") {
		t.Errorf("asked again unasked: %q", k.did)
	}
	test.Tap(button(t, w, "dialog.again.do"))
	if k.did != "again6" || IsOpen(w) {
		t.Errorf("asking again did %q, open %v", k.did, IsOpen(w))
	}
	open(6)
	star, remove := find[*widgets.ToolButton](top(t, w))[0], find[*widgets.ToolButton](top(t, w))[1]
	test.Tap(star)
	if !k.stars[6] {
		t.Error("the entry is no favourite")
	}
	test.Tap(star)
	if k.stars[6] {
		t.Error("the entry is still a favourite")
	}
	test.Tap(remove)
	if len(k.deleted) != 0 {
		t.Error("deleted without a question")
	}
	test.Tap(button(t, w, "dialog.history.delete_do"))
	if len(k.deleted) != 1 || k.deleted[0] != 6 || !uitest.Has(top(t, w), "prompt 5") {
		t.Errorf("deleted %v, shown %q", k.deleted, uitest.Texts(top(t, w)))
	}
}

// TestHistoryByKeys has the list in the focus, as a click on an entry puts it.
func TestHistoryByKeys(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	ShowHistory(w, newKept(6).dialog())
	w.Canvas().Focus(find[*list](top(t, w))[0])
	for i, k := range []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp} {
		key(w, k)
		// The whole prompt is among the details alone: the list cuts it.
		if want := fmt.Sprintf("prompt %d with a good many words so that it is longer", []int{6, 5, 4, 5, 6, 6}[i]); !uitest.Has(top(t, w), want) {
			t.Errorf("after %d keys %q is not shown: %q", i+1, want, uitest.Texts(top(t, w)))
		}
	}
	key(w, fyne.KeyEscape)
	if IsOpen(w) {
		t.Error("Esc does not close the dialog")
	}
}

func TestUsage(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		w := window(t)
		var asked []history.Period
		ShowUsage(w, Usage{
			Fetch: func(by history.Period, tell func([]history.Total)) {
				asked = append(asked, by)
				tell([]history.Total{
					{Period: "2026-05-04", Connection: "c", Pictures: 12, Cost: 240_000, Currency: "USD", Uncertain: 2, Usage: map[string]int64{"total_tokens": 12345678}},
					{Period: "2026-05-03", Connection: "gone", Pictures: 1},
				})
			},
			Name: func(c string) string { return map[string]string{"c": "Relay"}[c] },
		})
		for _, want := range []string{"2026-05-04", "Relay", "$0.24", "12 (+2?)", text.T("dialog.usage.removed")} {
			if !uitest.Has(top(t, w), want) {
				t.Errorf("%q is missing in %q", want, uitest.Texts(top(t, w)))
			}
		}
		for _, fault := range uitest.Clipped(top(t, w)) {
			t.Error(fault)
		}
		find[*widgets.Dropdown](top(t, w))[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		if len(asked) != 2 || asked[1] != history.ByMonth {
			t.Errorf("asked for %v", asked)
		}
		key(w, fyne.KeyEscape)
	})
}

func TestAskRunning(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	did := ""
	ask := func() {
		Ask(w, Question{Title: text.T("dialog.running"), Text: text.N("dialog.running.text", 2), Answers: []Answer{
			{Label: text.T("dialog.running.cancel"), Do: func() { did += "c" }},
			{Label: text.T("dialog.running.wait"), Do: func() { did += "w" }},
			{Label: text.T("dialog.running.stay"), Safe: true},
		}})
	}
	ask()
	key(w, fyne.KeyEscape)
	ask()
	key(w, fyne.KeyReturn) // the safe one: stay
	if did != "" || IsOpen(w) {
		t.Errorf("did %q", did)
	}
	ask()
	test.Tap(button(t, w, "dialog.running.wait"))
	ask()
	test.Tap(button(t, w, "dialog.running.cancel"))
	if did != "wc" {
		t.Errorf("did %q", did)
	}
}

// TestHistoryFollows has entries come and end while the dialog is open.
func TestHistoryFollows(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	k := newKept(200)
	changed := ShowHistory(w, k.dialog())
	list := find[*list](top(t, w))[0]
	list.ScrollTo(historyPage - 1)
	list.Select(70)
	before, offset := list.Length(), list.GetScrollOffset()
	shown := k.items[70].ID

	k.items[70].Prompt = "what was under way has ended"
	k.items = append([]history.Item{{ID: 201, Prompt: "the newest", Asked: 1}}, k.items...)
	changed()
	if n := list.Length(); n < before {
		t.Errorf("%d entries are left of %d", n, before)
	}
	if list.GetScrollOffset() != offset {
		t.Errorf("the list jumped from %v to %v", offset, list.GetScrollOffset())
	}
	if !uitest.Has(top(t, w), "what was under way has ended") {
		t.Errorf("entry %d is not shown as it is now", shown)
	}
	list.ScrollToTop()
	if !uitest.Has(list, "the newest") {
		t.Error("the new entry is not in the list")
	}
	asked := len(k.asked)
	key(w, fyne.KeyEscape)
	changed()
	if len(k.asked) != asked {
		t.Error("the closed dialog asked again")
	}
}

// TestHistoryShowsCharges has a job that was cancelled too late, and one that
// was cancelled in time.
func TestHistoryShowsCharges(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	late := history.Item{Over: true, Outcome: api.KindCancelled, Trouble: &history.Trouble{Key: api.CancelledSent}}
	early := history.Item{Over: true, Outcome: api.KindCancelled, Trouble: &history.Trouble{Key: "error.cancelled"}}
	if sentence, bad := outcome(late); !bad || sentence != "Cancelled, may have been charged" {
		t.Errorf("cancelled too late: %q", sentence)
	}
	if sentence, bad := outcome(early); bad || sentence != "Cancelled" {
		t.Errorf("cancelled in time: %q", sentence)
	}
}

// TestHistoryShowsCosts has an entry that cost something, one that may have, and
// one of which no price is known.
func TestHistoryShowsCosts(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	for _, c := range []struct {
		item history.Item
		want string
	}{
		{history.Item{Over: true, Cost: 80_000, Currency: "USD"}, "Cost: $0.08"},
		{history.Item{Over: true, Outcome: api.KindUnknown, Cost: 80_000, Currency: "USD"}, "Cost: up to $0.08"},
		{history.Item{Over: true}, ""},
	} {
		if got := facts(c.item); c.want == "" && strings.Contains(got, "Cost") || !strings.Contains(got, c.want) {
			t.Errorf("want %q in %q", c.want, got)
		}
	}
}
