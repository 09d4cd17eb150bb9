package menubar

import (
	"image/color"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Dimensions of a menu in Fyne's units; maxLabel is in characters.
const (
	itemHigh  = float32(26)
	lineHigh  = float32(9)  // of a separator
	panelPad  = float32(4)  // above and below the items
	textLeft  = float32(30) // room for the check before the label
	textRight = float32(14)
	keyGap    = float32(28) // between label and shortcut
	maxLabel  = 80          // characters
)

// panel shows the items of one menu.
type panel struct {
	widget.BaseWidget
	items  []*fyne.MenuItem
	tops   []float32 // of the items
	at     fyne.Position
	size   fyne.Size
	marked int // -1: none
}

func newPanel(m *fyne.Menu) *panel {
	p := &panel{items: m.Items, marked: -1}
	y, label, keys := panelPad, float32(80), float32(0)
	for _, it := range p.items {
		p.tops = append(p.tops, y)
		if it.IsSeparator {
			y += lineHigh
			continue
		}
		y += itemHigh
		label = max(label, width(plain.Line(it.Label, maxLabel), theme.TextSize))
		if it.Shortcut != nil {
			keys = max(keys, width(Keys(it.Shortcut), theme.LabelSize))
		}
		if it.ChildMenu != nil {
			keys = max(keys, 14)
		}
	}
	p.size = fyne.NewSize(textLeft+label+textRight, y+panelPad)
	if keys > 0 {
		p.size.Width += keyGap + keys
	}
	p.ExtendBaseWidget(p)
	return p
}

func width(s string, size float32) float32 {
	return fyne.MeasureText(s, size, fyne.TextStyle{}).Width
}

func (p *panel) item() *fyne.MenuItem {
	if p.marked < 0 {
		return nil
	}
	return p.items[p.marked]
}

func (p *panel) mark(i int) {
	if p.marked != i {
		p.marked = i
		p.Refresh()
	}
}

func (p *panel) contains(pos fyne.Position) bool {
	return pos.X >= p.at.X && pos.Y >= p.at.Y && pos.X < p.at.X+p.size.Width && pos.Y < p.at.Y+p.size.Height
}

// itemAt returns the item at a height in the panel, -1 for a separator or an edge.
func (p *panel) itemAt(y float32) int {
	for i, top := range p.tops {
		if !p.items[i].IsSeparator && y >= top && y < top+itemHigh {
			return i
		}
	}
	return -1
}

// Keys formats a shortcut for the user: "Ctrl+Shift+S", or "Cmd+Shift+S" on macOS.
func Keys(s fyne.Shortcut) string { return written(s, runtime.GOOS) }

// written is Keys for a system, named as in runtime.GOOS.
func written(s fyne.Shortcut, system string) string {
	super := "Super"
	if system == "darwin" {
		super = "Cmd"
	}
	k, ok := s.(fyne.KeyboardShortcut)
	if !ok {
		return ""
	}
	var parts []string
	for _, m := range []struct {
		mod  fyne.KeyModifier
		name string
	}{{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, super}, {fyne.KeyModifierAlt, text.Keys(system, "Alt")}, {fyne.KeyModifierShift, "Shift"}} {
		if k.Mod()&m.mod != 0 {
			parts = append(parts, m.name)
		}
	}
	name := string(k.Key())
	if other, ok := map[fyne.KeyName]string{
		fyne.KeyReturn: "Enter", fyne.KeyEnter: "Enter", fyne.KeyDelete: "Del", fyne.KeyEscape: "Esc",
		fyne.KeyBackspace: "Backspace", fyne.KeyPageUp: "PgUp", fyne.KeyPageDown: "PgDn", fyne.KeyEqual: "+", fyne.KeyMinus: "−",
	}[k.Key()]; ok {
		name = other
	}
	if c, ok := s.(*desktop.CustomShortcut); ok && c.KeyName == "" {
		return ""
	}
	return strings.Join(append(parts, name), "+")
}

// CreateRenderer is for Fyne.
func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &panelRenderer{
		p: p, back: widgets.NewSurface("menuBackground").Rounded(theme.Edge),
		mark: canvas.NewRectangle(color.Transparent), shadow: canvas.NewRectangle(color.Transparent),
	}
	r.mark.CornerRadius, r.shadow.CornerRadius = 4, theme.Radius
	r.objects = []fyne.CanvasObject{r.shadow, r.back, r.mark}
	for i, it := range p.items {
		r.objects = append(r.objects, r.item(p.tops[i], it)...)
	}
	r.Refresh()
	return r
}

// entry is an invisible object at an item's place, by which tests find it.
type entry struct {
	*canvas.Rectangle
	item *fyne.MenuItem
}

// ControlName is the item's label.
func (e *entry) ControlName() string { return e.item.Label }

// Disabled reports whether the item can't be chosen.
func (e *entry) Disabled() bool { return e.item.Disabled }

type panelRenderer struct {
	p            *panel
	back         *widgets.Surface
	mark, shadow *canvas.Rectangle
	objects      []fyne.CanvasObject
}

// item returns the objects that draw an item. A disabled one has the muted colour of
// shortcuts.
func (r *panelRenderer) item(top float32, it *fyne.MenuItem) []fyne.CanvasObject {
	w := r.p.size.Width
	if it.IsSeparator {
		line := canvas.NewRectangle(theme.Color(theme.Edge))
		line.Move(fyne.NewPos(8, top+(lineHigh-1)/2))
		line.Resize(fyne.NewSize(w-16, 1))
		return []fyne.CanvasObject{line}
	}
	colour := theme.Text
	if it.Disabled {
		colour = theme.Secondary
	}
	label := canvas.NewText(plain.Line(it.Label, maxLabel), theme.Color(colour))
	label.TextSize, label.TextStyle.Italic = theme.TextSize, false
	widgets.PlaceText(label, textLeft, top, itemHigh)
	place := &entry{Rectangle: canvas.NewRectangle(color.Transparent), item: it}
	place.Move(fyne.NewPos(0, top))
	place.Resize(fyne.NewSize(w, itemHigh))
	widgets.Track(place)
	objects := []fyne.CanvasObject{label, place}
	icon := func(name string, x float32) {
		i := canvas.NewImageFromResource(theme.Icon(name, colour))
		i.Resize(fyne.NewSquareSize(14))
		i.Move(fyne.NewPos(x, top+(itemHigh-14)/2))
		objects = append(objects, i)
	}
	if it.Checked {
		icon("check", 9)
	}
	if it.ChildMenu != nil {
		icon("chevron-right", w-textRight-10)
	}
	if it.Shortcut != nil {
		keys := canvas.NewText(Keys(it.Shortcut), theme.Color(theme.Secondary))
		keys.TextSize = theme.LabelSize
		widgets.PlaceText(keys, w-textRight-keys.MinSize().Width, top, itemHigh)
		objects = append(objects, keys)
	}
	return objects
}

func (r *panelRenderer) Destroy()                     {}
func (r *panelRenderer) MinSize() fyne.Size           { return r.p.size }
func (r *panelRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *panelRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.shadow.Resize(s.AddWidthHeight(2, 4))
	r.shadow.Move(fyne.NewPos(-1, 0))
}

func (r *panelRenderer) Refresh() {
	p := r.p
	r.shadow.FillColor = theme.Color("shadow")
	r.mark.Hidden = p.marked < 0 || p.items[p.marked].Disabled
	if !r.mark.Hidden {
		r.mark.FillColor = theme.Color(theme.Hover)
		r.mark.Move(fyne.NewPos(4, p.tops[p.marked]))
		r.mark.Resize(fyne.NewSize(p.size.Width-8, itemHigh))
	}
	canvas.Refresh(p)
}
