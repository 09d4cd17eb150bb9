package overlay

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

func some() []Notice {
	return []Notice{
		{ID: 1, Text: "The service had moved the picture by 6.1 px: put back. Outside the mask nothing changed. 服务把画面移动了 6.1 像素", Good: true},
		{ID: 2, Text: "flower-1.png saved.", Action: "Show in folder"},
		{ID: 3, Text: "Sending", Fixed: true, Action: "Cancel"},
		{ID: 4, Text: "waits"},
	}
}

// TestTroubleHasASignOfItsOwn looks at the notices' signs as they are drawn.
func TestTroubleHasASignOfItsOwn(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		n, _, _, w := corners(t, 900)
		n.Set([]Notice{{ID: 1, Text: "The service refused the key.", Bad: true}, {ID: 2, Text: "There is no mask yet."}, {ID: 3, Text: "Saved.", Good: true}})
		uitest.Shot(t, w, "signs-"+strings.NewReplacer("TestTroubleHasASignOfItsOwn/", "", "_", "-").Replace(t.Name()))
		drawn := map[string]string{}
		for _, o := range n.root.Objects {
			l := o.(*noticeLine)
			for _, part := range test.WidgetRenderer(l.icon).Objects() {
				if img, ok := part.(*canvas.Image); ok {
					drawn[l.text] = string(img.Resource.Content())
				}
			}
		}
		bad, remark, good := drawn["The service refused the key."], drawn["There is no mask yet."], drawn["Saved."]
		if bad != string(theme.Icon("warning", theme.Warning).Content()) || bad == remark || bad == good || remark == good {
			t.Error("what failed looks as a remark does")
		}
	})
}

func corners(t *testing.T, width float32) (*Notices, *Actions, fyne.CanvasObject, fyne.Window) {
	n, a := NewNotices(), NewActions()
	c := Corners(n, a)
	img := canvas.NewImageFromImage(uitest.Flower(700, 300, color.NRGBA{240, 120, 170, 255}))
	w := uitest.Window(t, container.NewStack(img, c), fyne.NewSize(width, 300))
	a.Set(State{Shown: true, Usable: true, Any: true})
	n.Set(some())
	return n, a, c, w
}

func TestLooks(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		for _, width := range []float32{560, 900} {
			n, a, c, w := corners(t, width)
			if faults := uitest.Clipped(c); len(faults) > 0 {
				t.Errorf("%v wide: %v", width, faults)
			}
			at, size := n.root.Position(), n.root.Size()
			bar := a.root.Position()
			if at.X+size.Width > bar.X && at.Y+size.Height > bar.Y {
				t.Errorf("%v wide: the notices (%v, %v) lie over the bar at %v", width, at, size, bar)
			}
			uitest.Shot(t, w, fmt.Sprintf("overlay-%s-%g", strings.NewReplacer("TestLooks/", "", "_", "-").Replace(t.Name()), width))
		}
	})
}

func TestNotices(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	n, _, c, _ := corners(t, 900)
	if uitest.Has(c, "waits") {
		t.Error("more than three are stacked")
	}
	var heard []string
	n.OnAct = func(id int64) { heard = append(heard, fmt.Sprint("act", id)) }
	n.OnDismiss = func(id int64) { heard = append(heard, fmt.Sprint("dismiss", id)) }
	for _, o := range n.root.Objects {
		l := o.(*noticeLine)
		if l.action != nil {
			test.Tap(l.action)
		}
		if l.dismiss != nil {
			test.Tap(l.dismiss)
		}
	}
	if want := []string{"act3", "act2", "dismiss2", "dismiss1"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
	before := n.root.Objects[0]
	n.Set(some())
	if n.root.Objects[0] != before {
		t.Error("what is the same is built again")
	}
	n.Set(some()[1:])
	if !uitest.Has(c, "waits") || uitest.Has(c, "moved") {
		t.Errorf("shown: %v", uitest.Texts(c))
	}
	n.Set(nil)
	if len(n.root.Objects) > 0 {
		t.Error("notices stay")
	}
}

func TestActions(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	_, a, _, _ := corners(t, 900)
	var heard []string
	on := func(s string) func() { return func() { heard = append(heard, s) } }
	a.OnCompare, a.OnUse, a.OnSave, a.OnSaveAll = on("compare"), on("use"), on("save"), on("all")
	all := func() {
		for _, b := range []fyne.Tappable{a.compare, a.use, a.save, a.saveAll} {
			test.Tap(b)
		}
	}
	all()
	a.Set(State{Shown: true, Any: true})
	all()
	if want := []string{"compare", "use", "save", "all", "all"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
	if a.Set(State{}); a.root.Visible() {
		t.Error("the bar stays")
	}
}
