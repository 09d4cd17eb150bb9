package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Surface is an area in one colour of the theme, which it follows.
type Surface struct {
	widget.BaseWidget
	color  fyne.ThemeColorName
	stroke fyne.ThemeColorName
	radius float32
	min    fyne.Size
}

// NewSurface returns an area in a colour of the theme.
func NewSurface(color fyne.ThemeColorName) *Surface {
	s := &Surface{color: color}
	s.ExtendBaseWidget(s)
	return s
}

// NewDivider returns a line, one unit thick.
func NewDivider() *Surface {
	return NewSurface(theme.Line).Thin()
}

// Rounded gives the area the design's corners and a border in another colour
// ("" for none) and returns it.
func (s *Surface) Rounded(stroke fyne.ThemeColorName) *Surface {
	s.radius, s.stroke = theme.Radius, stroke
	return s
}

// Thin makes the area at least one unit thick, a line in its colour, and returns it.
func (s *Surface) Thin() *Surface {
	s.min = fyne.NewSize(1, 1)
	return s
}

// Dot makes the area round and returns it.
func (s *Surface) Dot() *Surface {
	s.radius = math.MaxFloat32
	return s
}

// SetColors changes the colours; an empty stroke is no border.
func (s *Surface) SetColors(fill, stroke fyne.ThemeColorName) {
	s.color, s.stroke = fill, stroke
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	b := canvas.NewRectangle(nil)
	r := &renderer{objects: []fyne.CanvasObject{b}}
	r.layout = b.Resize
	r.min = func() fyne.Size { return s.min }
	r.refresh = func() {
		b.CornerRadius = s.radius
		paint(b, s.color, s.stroke)
	}
	r.refresh()
	return r
}

// On returns content over an area in a colour of the theme.
func On(color fyne.ThemeColorName, content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewSurface(color), content)
}

// Row places objects side by side with the given gap, each at its minimum
// width and in the middle of the height. A nil object takes what is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return line(&rowLayout{gap: gap}, objects)
}

// Column places objects one below the other with the given gap, each at the
// full width. A nil object takes what is left.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return line(&rowLayout{gap: gap, vertical: true}, objects)
}

func line(l *rowLayout, objects []fyne.CanvasObject) *fyne.Container {
	list := make([]fyne.CanvasObject, len(objects))
	for i, o := range objects {
		if o == nil {
			o = layout.NewSpacer()
		}
		list[i] = o
	}
	return container.New(l, list...)
}

type rowLayout struct {
	gap      float32
	vertical bool
}

func (l *rowLayout) shown(objects []fyne.CanvasObject) (list []fyne.CanvasObject, springs int) {
	for _, o := range objects {
		if o.Visible() {
			list = append(list, o)
			if isSpring(o) {
				springs++
			}
		}
	}
	return list, springs
}

func isSpring(o fyne.CanvasObject) bool {
	_, ok := o.(*layout.Spacer)
	return ok
}

// along returns the part of a size along the line and the one across it.
func (l *rowLayout) along(s fyne.Size) (along, across float32) {
	if l.vertical {
		return s.Height, s.Width
	}
	return s.Width, s.Height
}

func (l *rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, springs := l.shown(objects)
	total, across := l.along(size)
	if l.vertical { // the height of wrapped text depends on its width
		for _, o := range list {
			o.Resize(fyne.NewSize(across, o.Size().Height))
		}
	}
	used := l.gap * float32(max(0, len(list)-1))
	for _, o := range list {
		a, _ := l.along(o.MinSize())
		used += a
	}
	spring := float32(0)
	if springs > 0 {
		spring = max(0, total-used) / float32(springs)
	}
	at := float32(0)
	for _, o := range list {
		a, c := l.along(o.MinSize())
		if isSpring(o) {
			a = spring
		}
		if l.vertical {
			o.Resize(fyne.NewSize(across, a))
			o.Move(fyne.NewPos(0, at))
		} else {
			o.Resize(fyne.NewSize(a, c))
			o.Move(fyne.NewPos(at, middle(across, c)))
		}
		at += a + l.gap
	}
}

func (l *rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	list, _ := l.shown(objects)
	along := l.gap * float32(max(0, len(list)-1))
	var across float32
	for _, o := range list {
		a, c := l.along(o.MinSize())
		along += a
		across = max(across, c)
	}
	if l.vertical {
		return fyne.NewSize(across, along)
	}
	return fyne.NewSize(along, across)
}

// Sized gives an object a minimum size; a zero keeps its own.
func Sized(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&sizedLayout{w, h}, o)
}

type sizedLayout struct{ w, h float32 }

func (l *sizedLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Resize(s)
		o.Move(fyne.Position{})
	}
}

func (l *sizedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := fyne.NewSize(l.w, l.h)
	for _, o := range objects {
		own := o.MinSize()
		if l.w == 0 {
			s.Width = max(s.Width, own.Width)
		}
		if l.h == 0 {
			s.Height = max(s.Height, own.Height)
		}
	}
	return s
}

// Pad puts room around an object.
func Pad(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

// Halves places two objects side by side in equal widths, gap apart.
func Halves(gap float32, a, b fyne.CanvasObject) *fyne.Container {
	return container.New(&halvesLayout{gap}, a, b)
}

type halvesLayout struct{ gap float32 }

func (l *halvesLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	left := float32(int((s.Width - l.gap) / 2))
	objects[0].Resize(fyne.NewSize(left, s.Height))
	objects[0].Move(fyne.Position{})
	objects[1].Resize(fyne.NewSize(s.Width-left-l.gap, s.Height))
	objects[1].Move(fyne.NewPos(left+l.gap, 0))
}

func (l *halvesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(2*max(a.Width, b.Width)+l.gap, max(a.Height, b.Height))
}

// Beside places an object at its own size on the left, gap away from one that
// takes the rest of the width.
func Beside(gap float32, left, rest fyne.CanvasObject) *fyne.Container {
	return container.New(&besideLayout{gap}, left, rest)
}

type besideLayout struct{ gap float32 }

func (l *besideLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := o[0].MinSize()
	o[0].Resize(left)
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(s.Width-left.Width-l.gap, s.Height))
	o[1].Move(fyne.NewPos(left.Width+l.gap, 0))
}

func (l *besideLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+l.gap+b.Width, max(a.Height, b.Height))
}

// Labeled puts a label above a control, shortened where it is wider.
func Labeled(label *Label, control fyne.CanvasObject) *fyne.Container {
	return Column(4, label.Cut(), control)
}
