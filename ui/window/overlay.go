package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/ui/panel"
	"overpaint/ui/session"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// overlay is what lies over the canvas: what can be done with the variant that
// is looked at, at the lower right, and the names of two pictures that are
// compared, at the top.
type overlay struct {
	root        *fyne.Container
	actions     fyne.CanvasObject
	left, right *plate
	note        *widgets.Label
	noted       fyne.CanvasObject
	compare     *widgets.Button
	use         *widgets.Button
	how         session.How
}

// plate is a name on a dark ground.
type plate struct {
	label *widgets.Label
	root  fyne.CanvasObject
}

func newPlate() *plate {
	p := &plate{label: widgets.NewLabel("").Colored(theme.Text)}
	p.root = container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(3, 8, 3, 8, p.label))
	p.root.Hide()
	return p
}

func (p *plate) set(s string) {
	p.label.SetText(s)
	if s == "" {
		p.root.Hide()
	} else {
		p.root.Show()
	}
}

func newOverlay(w *Window) *overlay {
	o := &overlay{left: newPlate(), right: newPlate(), note: widgets.NewLabel("").Colored(theme.Text)}
	button := func(key, tip string, kind widgets.Style, do func()) *widgets.Button {
		b := widgets.NewButton(text.T(key), "", kind, do)
		b.SetTip(tip)
		return b
	}
	o.compare = button("ui.compare", panel.WithKey(text.T("ui.compare.tip"), "C"), widgets.Normal, w.session.ToggleCompare)
	o.use = button("ui.use", panel.WithKey(text.T("ui.use.tip"), "Enter"), widgets.Outlined, w.session.UseShown)
	save := button("ui.save", panel.WithKey(text.T("ui.save.tip"), "S"), widgets.Normal, w.session.SaveShown)
	all := button("ui.save_all", text.T("ui.save_all.tip"), widgets.Normal, w.session.SaveAll)
	o.actions = container.NewStack(widgets.NewSurface(theme.Panel).Rounded(theme.Edge), widgets.Pad(6, 6, 6, 6, widgets.Row(theme.Gap, o.compare, o.use, save, all)))
	o.noted = container.NewStack(widgets.NewSurface(theme.Panel).Rounded(theme.Edge), widgets.Pad(6, 10, 6, 10, o.note))
	o.actions.Hide()
	o.noted.Hide()
	o.root = container.New(o, o.actions, o.noted, o.left.root, o.right.root)
	return o
}

// Layout is for Fyne.
func (o *overlay) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	const edge = 12
	put := func(c fyne.CanvasObject, x, y float32) {
		c.Resize(c.MinSize())
		c.Move(fyne.NewPos(x, y))
	}
	a := o.actions.MinSize()
	put(o.actions, s.Width-a.Width-edge, s.Height-a.Height-edge)
	n := o.noted.MinSize()
	o.noted.Resize(fyne.NewSize(min(n.Width, max(0, s.Width-a.Width-3*edge)), n.Height))
	o.noted.Move(fyne.NewPos(edge, s.Height-n.Height-edge))
	l, r := o.left.root.MinSize(), o.right.root.MinSize()
	middle := s.Width / 2
	switch o.how {
	case session.SliderHorizontal:
		put(o.left.root, edge, edge)
		put(o.right.root, edge, s.Height-r.Height-edge-a.Height)
	case session.SideBySide:
		put(o.left.root, edge, edge)
		put(o.right.root, middle+edge, edge)
	case session.Flicker, session.Alone:
		put(o.left.root, edge, edge)
		put(o.right.root, s.Width-r.Width-edge, edge)
	default:
		put(o.left.root, middle-l.Width-edge, edge)
		put(o.right.root, middle+edge, edge)
	}
}

// MinSize is for Fyne: it takes what there is.
func (o *overlay) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// showOverlay shows what can be done with what is looked at.
func (w *Window) showOverlay() {
	o := w.overlay
	now := w.session.Shown()
	card := session.Card{}
	if now.What == session.IsVariant {
		card = w.card(now.Variant)
	}
	v := w.session.View()
	o.how = v.How
	o.left.set(v.LeftLabel.String())
	o.right.set(v.Label.String())
	note := card.Note.String()
	o.note.SetText(note)
	setVisible(o.noted, note != "")
	setVisible(o.actions, card.State == session.CardReady || v.How != session.Alone)
	setVisible(o.use, card.State == session.CardReady)
	label := "ui.compare"
	if v.How != session.Alone {
		label = "ui.compare.end"
	}
	o.compare.SetText(text.T(label))
	o.root.Refresh()
}

func setVisible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
