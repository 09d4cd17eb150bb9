// Package overlay holds what lies over the canvas's lower corners: notices on the left, and on
// the right the actions on the displayed variant.
//
// Both show plain values and call functions for the user's actions. They are used on Fyne's
// goroutine alone.
package overlay

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/widgets"
)

// State is what the bar of actions shows.
type State struct {
	Shown    bool // the bar is there at all: a variant is looked at
	Usable   bool // the variant is ready
	Compared bool // it is being compared
	Any      bool // some variant is ready: all can be saved
}

// Actions is the bar of actions on a variant. A nil function is not called.
type Actions struct {
	OnCompare, OnUse, OnSave, OnSaveAll func()

	key                         func(command string) string
	root                        *fyne.Container
	compare, use, save, saveAll *widgets.Button
}

// NewActions returns a hidden bar.
func NewActions() *Actions {
	a := &Actions{key: keys.New(nil).Label}
	button := func(key string, style widgets.Style, do *func()) *widgets.Button {
		return widgets.NewButton(text.T(key), "", style, func() {
			if *do != nil {
				(*do)()
			}
		})
	}
	a.compare = button("ui.compare", widgets.Normal, &a.OnCompare)
	a.use = button("ui.use", widgets.Outlined, &a.OnUse)
	a.save = button("ui.save", widgets.Normal, &a.OnSave)
	a.saveAll = button("ui.save_all", widgets.Normal, &a.OnSaveAll)
	a.root = widgets.Row(6, a.compare, a.use, a.save, a.saveAll)
	a.Set(State{})
	return a
}

// SetKeys sets the function that names a command's keys (ui/keys), which tooltips show from
// the next Set on.
func (a *Actions) SetKeys(label func(command string) string) { a.key = label }

// Set shows a state. A button that can't be pressed says why in its tooltip.
func (a *Actions) Set(s State) {
	set := func(b *widgets.Button, on bool, tip, key, why string) {
		t := text.T(tip)
		if key != "" {
			t += "  (" + key + ")"
		}
		if on {
			b.Enable()
		} else {
			b.Disable()
			t = text.T(why)
		}
		b.SetTip(t)
	}
	set(a.compare, s.Usable || s.Compared, "ui.compare.tip", a.key("compare"), "ui.choose_variant")
	set(a.use, s.Usable, "ui.use.tip", "Enter", "ui.choose_variant")
	set(a.save, s.Usable, "ui.save.tip", a.key("save_shown"), "ui.choose_variant")
	set(a.saveAll, s.Any, "ui.save_all.tip", a.key("save_all"), "ui.no_variants")
	style := widgets.Normal
	if s.Compared {
		style = widgets.Outlined
	}
	a.compare.SetStyle(style)
	if a.root.Hidden = !s.Shown; s.Shown {
		a.root.Refresh()
	}
}

// Corners places notices in the lower left corner and the bar in the lower right one, with the
// notices above the bar where there is no room for both side by side.
func Corners(notices *Notices, actions *Actions) fyne.CanvasObject {
	c := container.New(cornersLayout{}, notices.root, actions.root)
	notices.changed = c.Refresh
	return c
}

type cornersLayout struct{}

const (
	margin  = float32(14)
	noticeW = float32(260) // a notice is at least so wide before it goes above the bar
)

func (cornersLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 60) }

func (cornersLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	bar := o[1].MinSize()
	o[1].Resize(bar)
	o[1].Move(fyne.NewPos(s.Width-bar.Width-margin, s.Height-bar.Height-10))
	room, bottom := s.Width-2*margin, s.Height-8
	if o[1].Visible() {
		if beside := room - bar.Width - margin; beside >= noticeW {
			room = beside
		} else {
			bottom -= bar.Height + 10
		}
	}
	o[0].(*fyne.Container).Layout.(*stackLayout).width = room
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(room, high))
	o[0].Move(fyne.NewPos(margin, bottom-high))
}
