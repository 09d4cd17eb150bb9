package session_test

import (
	"image"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/ui/keys"
)

// can returns which of all commands can be done.
func (b *bench) can() []string {
	var list []string
	for _, c := range keys.Commands() {
		if b.Can(c.ID) {
			list = append(list, c.ID)
		}
	}
	for _, c := range []string{"cancel_all", "clear_failed"} {
		if b.Can(c) {
			list = append(list, c)
		}
	}
	return list
}

// gains fails unless just these commands can be done that couldn't before.
func (b *bench) gains(before []string, want ...string) {
	b.Helper()
	var got []string
	for _, c := range b.can() {
		if !slices.Contains(before, c) {
			got = append(got, c)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		b.Errorf("now these can be done too: %q, want %q", got, want)
	}
}

func TestMenusOfferWhatHasSomethingToWorkOn(t *testing.T) {
	b := newBench(t)
	b.drain()
	empty := b.can()
	for _, c := range []string{"open", "paste", "settings", "history", "new_window", "full_screen", "panels", "close", "quit"} {
		if !slices.Contains(empty, c) {
			t.Errorf("with nothing open %s can't be done", c)
		}
	}
	b.open("lake.png")
	b.gains(empty, "previous_picture", "next_picture", "save", "save_as", "save_shown", "export", "project", "copy", "extend", "mask_all", "mask_invert", "mask_person", "mask_sky", "mask_background", "mask_transparency", "mask_load",
		"zoom_in", "zoom_out", "fit", "actual", "original", "current", "compare", "sides", "grid")

	opened := b.can()
	b.spot()
	b.planned()
	b.gains(opened, "undo", "steps", "generate", "save_recipe", "mask_none", "mask_grow", "mask_shrink", "mask_feather", "mask_holes", "mask_hug", "mask_shadow", "mask_save")
	b.Undo()
	b.planned()
	b.gains(opened, "redo", "steps")
	b.AddGuide([]image.Point{{X: 2, Y: 3}, {X: 90, Y: 30}})
	b.gains(opened, "undo", "steps", "guides_clear")
	b.Undo()
	b.spot()
	b.planned()

	painted := b.can()
	e, id := b.generate()
	b.begins(id)
	b.gains(painted, "cancel", "cancel_all")
	v := b.arrives(e, id, 0, 250)
	b.gains(painted, "cancel", "cancel_all", "save_all", "changes")
	b.ends(id, 1, 2, &api.Error{Kind: api.KindModeration})
	b.gains(painted, "save_all", "changes", "clear_failed")
	b.ToggleCompare()
	b.gains(painted, "save_all", "changes", "clear_failed", "swap_sides")
	b.Escape()

	b.Use(v) // and the mask that made it goes
	if b.Can("mask_save") || !b.Can("changes") {
		t.Errorf("after it was used these can be done: %q", b.can())
	}
	b.EditMaskOf(b.Results()[0].ID)
	if !b.Can("mask_save") {
		t.Error("the mask of a result that is painted on can't be saved")
	}
}

func TestWhatNeedsAPictureSaysSo(t *testing.T) {
	b := newBench(t)
	if b.HasPicture() {
		t.Error("nothing is open")
	}
	if n := b.noticed("ui.reason.no_picture"); n.Bad || n.Good {
		t.Errorf("a remark is %+v", n)
	}
	b.open("lake.png")
	if !b.HasPicture() {
		t.Error("a picture is open")
	}
}
