package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewScroll returns content that scrolls up and down. Where the content becomes lower, no more
// is scrolled than is hidden, which Fyne's own container doesn't see to.
func NewScroll(content fyne.CanvasObject) *container.Scroll {
	l := &scrolledLayout{}
	l.scroll = container.NewVScroll(container.New(l, content))
	return l.scroll
}

// scrolledLayout fills the content of a scroll container, and limits the container's offset
// whenever the content's size changes.
type scrolledLayout struct{ scroll *container.Scroll }

// MinSize implements fyne.Layout.
func (l *scrolledLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Layout implements fyne.Layout.
func (l *scrolledLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	most := fyne.NewPos(0, max(0, s.Height-l.scroll.Size().Height))
	if l.scroll.Offset.Y > most.Y {
		l.scroll.ScrollToOffset(most)
	}
}

// NewScrollUpTo returns content that scrolls up and down where it is higher
// than high, and is as high as it needs otherwise, and what scrolls it.
func NewScrollUpTo(content fyne.CanvasObject, high float32) (fyne.CanvasObject, *container.Scroll) {
	wheeled, turns := Wheeled(content)
	scroll := NewScroll(Pad(ringRoom, ringRoom+barRoom, ringRoom, ringRoom, wheeled))
	turns(scroll)
	return container.New(&scrollLayout{content, high}, scroll), scroll
}

// Reveal scrolls until o, which lies in containers in s, is visible, or its beginning where
// there is no room for all of it.
func Reveal(s *container.Scroll, o fyne.CanvasObject) {
	s.Refresh() // what is above it may have grown
	top, ok := down(s.Content, o)
	high, room := o.MinSize().Height, s.Size().Height
	if ok && (top < s.Offset.Y || top+high > s.Offset.Y+room) {
		s.ScrollToOffset(fyne.NewPos(0, max(0, min(top, top+high-room))))
	}
}

// down returns how far below the top of a container o lies. The driver doesn't know the
// position of an object that has just been shown.
func down(in, o fyne.CanvasObject) (y float32, ok bool) {
	if in == o {
		return 0, true
	}
	c, _ := in.(*fyne.Container)
	if c == nil {
		return 0, false
	}
	for _, child := range c.Objects {
		if y, ok := down(child, o); ok {
			return child.Position().Y + y, true
		}
	}
	return 0, false
}

type scrollLayout struct {
	content fyne.CanvasObject
	high    float32
}

// ringRoom is the room for the focus ring around a control, which a scroll container would
// clip. The container extends by these beyond its place on each side.
const (
	ringRoom float32 = 3
	barRoom  float32 = 12 // for the scroll bar, beside the content
)

func (l *scrollLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s.AddWidthHeight(2*ringRoom+barRoom, 2*ringRoom))
	o[0].Move(fyne.NewPos(-ringRoom, -ringRoom))
}

func (l *scrollLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	m := l.content.MinSize()
	return fyne.NewSize(m.Width, min(m.Height, l.high))
}
