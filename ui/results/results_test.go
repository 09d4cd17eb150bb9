package results

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func three() View {
	img := uitest.Flower(64, 64, color.NRGBA{170, 90, 220, 255})
	return View{Chosen: 3, Results: []Result{
		{ID: 3, Name: "striped petal", Thumbnail: img, Visible: true, Opacity: 1, Feather: 16, Match: true, Enlarged: true, Sharpen: true, Grain: true, Variants: 4, MaskEdited: true},
		{ID: 2, Name: "no dirt on the stone, and nothing else that is long", Thumbnail: img, Visible: true, Opacity: 0.8, Variants: 1},
		{ID: 1, Name: "天空一侧，已扩展", Thumbnail: img, Opacity: 1, Variants: 1},
	}}
}

// list shows a view in a window of a size, with actions that write down what they hear.
func list(t *testing.T, v View, width, height float32) (l *List, w fyne.Window, heard *[]string) {
	heard = &[]string{}
	note := func(s string, args ...any) { *heard = append(*heard, s+fmt.Sprint(args...)) }
	on := func(s string) func(int64) { return func(id int64) { note(s, id) } }
	l = New(Actions{
		Choose: on("choose"), Remove: on("remove"), EditMask: on("mask"), Mix: on("mix"), Swap: on("swap"), ReuseMask: on("reuse"),
		Show: func(id int64, on bool) { note("show", id, on) }, ShowAll: func(on bool) { note("all", on) },
		Rename:  func(id int64, name string) { note("rename", id, name) },
		Opacity: func(id int64, o float64, done bool) { note("opacity", id, " ", o, done) },
		Feather: func(id int64, p int, done bool) { note("feather", id, " ", p, done) },
		Match:   func(id int64, on bool) { note("match", id, on) },
		Sharpen: func(id int64, on bool) { note("sharpen", id, on) },
		Grain:   func(id int64, on bool) { note("grain", id, on) },
		Move:    func(id int64, to int) { note("move", id, to) }, Menu: func(id int64, _ fyne.Position) { note("menu", id) },
	})
	w = uitest.Window(t, widgets.On(theme.Panel, widgets.Pad(8, 12, 8, 12, l.Object())), fyne.NewSize(width, height))
	l.Set(v)
	return l, w, heard
}

func (l *List) tool(t *testing.T, id int64) *row {
	t.Helper()
	if l.rows[id] == nil {
		t.Fatalf("no row for %d", id)
	}
	return l.rows[id]
}

func TestLooks(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		for _, width := range []float32{theme.SideMin, theme.SideWidth} {
			l, w, _ := list(t, three(), width, 340)
			if faults := uitest.Clipped(l.Object()); len(faults) > 0 {
				t.Errorf("%v wide: %v", width, faults)
			}
			uitest.Scale(w, 2)
			uitest.Shot(t, w, fmt.Sprintf("results-%s-%g", strings.NewReplacer("TestLooks/", "", "_", "-").Replace(t.Name()), width))
		}
	})
}

func TestControlsCallBack(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, _, heard := list(t, three(), theme.SideWidth, 400)
	test.Tap(l.tool(t, 1).eye)
	test.Tap(l.tool(t, 2).eye)
	test.Tap(l.eye)
	test.Tap(l.trash)
	test.Tap(l.controls.mask)
	test.Tap(l.controls.mix)
	test.Tap(l.controls.swap)
	test.Tap(l.controls.again)
	test.Tap(l.controls.match)
	test.Tap(l.controls.sharpen)
	test.Tap(l.controls.grain)
	l.controls.feather.knob.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	l.controls.opacity.knob.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	l.tool(t, 2).Tapped(&fyne.PointEvent{})
	l.tool(t, 2).TappedSecondary(&fyne.PointEvent{})
	want := []string{
		"show1true", "show2false", "allfalse", "remove3", "mask3", "mix3", "swap3", "reuse3", "match3false", "sharpen3false", "grain3false",
		"feather3 128false", "feather3 128true", "opacity3 0false", "opacity3 0true", "choose2", "menu2",
	}
	for i, s := range *heard {
		(*heard)[i] = strings.Replace(s, " false", "false", 1)
		(*heard)[i] = strings.Replace((*heard)[i], " true", "true", 1)
	}
	if !slices.Equal(*heard, want) {
		t.Errorf("heard %q\nwant  %q", *heard, want)
	}
}

func TestSettersDoNotCallBack(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, _, heard := list(t, three(), theme.SideWidth, 400)
	v := three()
	v.Results[0].Opacity, v.Results[0].Feather, v.Results[0].Match = 0.3, 40, false
	l.Set(v)
	if len(*heard) > 0 {
		t.Errorf("heard %v", *heard)
	}
	if l.controls.opacity.knob.Value() != 30 || l.controls.feather.knob.Value() != 40 || l.controls.match.Checked() {
		t.Error("the controls do not show the chosen result")
	}
	v.Chosen = 2
	l.Set(v)
	if !l.controls.mix.Disabled() || l.controls.opacity.knob.Value() != 80 {
		t.Error("the controls do not show the other result")
	}
	v.Chosen = 0
	l.Set(v)
	if l.controls.buttons.Visible() || !l.trash.Disabled() {
		t.Error("controls are shown although no result is chosen")
	}
}

func TestRename(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, w, heard := list(t, three(), theme.SideWidth, 400)
	clock := time.Unix(0, 0)
	l.now = func() time.Time { return clock }
	r := l.tool(t, 2)
	open := func() {
		r.Tapped(&fyne.PointEvent{})
		r.Tapped(&fyne.PointEvent{})
		if !r.field.Visible() || w.Canvas().Focused() != fyne.Focusable(r.field) {
			t.Fatal("a double click does not rename")
		}
	}
	open()
	test.Type(r.field, " clean stone ")
	r.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	open()
	test.Type(r.field, "no")
	r.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	open()
	r.field.SetText("  ")
	w.Canvas().Unfocus()
	clock = clock.Add(time.Minute)
	r.Tapped(&fyne.PointEvent{})
	clock = clock.Add(time.Second)
	r.Tapped(&fyne.PointEvent{})
	if r.field.Visible() {
		t.Error("two slow clicks rename")
	}
	want := []string{"choose2", "rename2clean stone", "choose2", "choose2", "choose2", "choose2"}
	for i, s := range *heard {
		(*heard)[i] = strings.Replace(s, "rename2 ", "rename2", 1)
	}
	if !slices.Equal(*heard, want) {
		t.Errorf("heard %q, want %q", *heard, want)
	}
}

func TestReorder(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	l, _, heard := list(t, three(), theme.SideWidth, 400)
	drag := func(id int64, to float32) {
		r := l.tool(t, id)
		r.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(80, to-r.Position().Y)}})
		r.DragEnd()
		r.DragEnd()
	}
	end := l.body.MinSize().Height
	drag(3, end)
	drag(1, 0)
	drag(2, 0)
	drag(2, end)
	drag(3, 10)                                  // where it is
	drag(2, l.tool(t, 2).Position().Y+30)        // where it is
	drag(1, l.tool(t, 2).Position().Y+rowHigh/4) // before the middle one
	want := []string{"move3 2", "move1 0", "move2 0", "move2 2", "move1 1"}
	if !slices.Equal(*heard, want) {
		t.Errorf("heard %q, want %q", *heard, want)
	}
	if l.mark.Visible() {
		t.Error("the mark stays")
	}
}

func TestScrollsWithinItsBlock(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	v := View{}
	for i := range 40 {
		v.Results = append(v.Results, Result{ID: int64(i + 1), Name: fmt.Sprint("result ", i), Visible: true, Opacity: 1})
	}
	l, _, _ := list(t, v, theme.SideWidth, 220)
	if h := l.Object().MinSize().Height; h > 400 {
		t.Errorf("the list needs %v", h)
	}
	v.Chosen = 40
	l.Set(v)
	bottom := l.tool(t, 40).Position().Y + l.high(l.tool(t, 40))
	if l.scroll.Offset.Y+l.scroll.Size().Height < bottom-1 && l.scroll.Offset.Y > l.tool(t, 40).Position().Y {
		t.Error("the chosen result is not scrolled to")
	}
	if l.scroll.Offset.Y == 0 {
		t.Error("the list is not scrolled")
	}
	before := l.tool(t, 7)
	v.Results = slices.Delete(slices.Clone(v.Results), 0, 3)
	l.Set(v)
	if l.tool(t, 7) != before {
		t.Error("rows are not kept")
	}
}

// TestFolded shows the heading alone.
func TestFolded(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var folded []bool
	l := New(Actions{Fold: func(on bool) { folded = append(folded, on) }})
	v := View{Results: []Result{{ID: 1, Name: "A red door", Visible: true}}}
	l.Set(v)
	w := uitest.Window(t, l.Object(), fyne.NewSize(300, 400))
	high := l.Object().MinSize().Height
	v.Folded = true
	l.Set(v)
	if uitest.Has(w.Content(), "A red door") || !uitest.Has(w.Content(), "Results 1") || l.Object().MinSize().Height >= high || l.Height() != l.Object().MinSize().Height {
		t.Errorf("%q, %v high", uitest.Texts(w.Content()), l.Object().MinSize().Height)
	}
	for _, on := range []bool{false, true} {
		uitest.Walk(w.Content(), func(o fyne.CanvasObject, _ fyne.Position) {
			if b, ok := o.(*widgets.Button); ok && b.Text() == "Results 1" {
				b.Tapped(nil)
			}
		})
		v.Folded = on
		l.Set(v)
		v.Folded = false
		l.Set(v)
	}
	if len(folded) != 2 || folded[0] || !folded[1] {
		t.Errorf("heard %v", folded)
	}
}
