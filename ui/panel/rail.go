// Package panel holds the parts around the canvas: the tool rail, the options bar, the side
// panel, the status bar and what an empty window shows. Each is a struct with setters and
// callbacks: it shows what is set and reports the user's actions, and makes no decisions.
//
// All of it is used on Fyne's goroutine alone. Callbacks are called for the user's actions,
// never for a setter; a nil callback is not called.
package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Tool is one entry of the rail.
type Tool struct {
	// ID is the tool's name in editor/tool, or Move, Quick, Guide, Hand or Extend. Its icon has the same.
	ID string
	// Key is the key that picks it.
	Key string
	// Divided puts a line before it.
	Divided bool
}

// The tools that are no editor tools.
const (
	Move  = "move"  // moves and resizes the window that will be sent
	Hand  = "hand"  // pans the view
	Quick = "quick" // selects the object that is painted over
	Guide = "guide" // draws a guide line along which an edge continues
	// Extend drags the canvas's edges outward.
	Extend = "extend"
)

// Tools returns the tools of the rail in their order.
func Tools() []Tool {
	return []Tool{
		{ID: Move, Key: "V"},
		{ID: "brush", Key: "B", Divided: true},
		{ID: "eraser", Key: "E"},
		{ID: "rectangle", Key: "R", Divided: true},
		{ID: "ellipse", Key: "O"},
		{ID: "lasso", Key: "L"},
		{ID: "polygon", Key: "P"},
		{ID: Quick, Key: "Q", Divided: true},
		{ID: "wand", Key: "W"},
		{ID: Guide, Key: "N"},
		{ID: Hand, Key: "H"},
		{ID: Extend, Key: "T", Divided: true},
	}
}

// ToolName returns a tool's name in the current language.
func ToolName(id string) string { return text.T("tool." + id) }

// WithKey puts the shortcut that is shown in a tooltip behind its text, where
// there is one.
func WithKey(s, key string) string {
	if key == "" {
		return s
	}
	return s + "  (" + key + ")"
}

// ToolRail is the column of tools on the left. Where there is little height its gaps and lines
// go, and where even that is not enough it scrolls.
type ToolRail struct {
	// OnSelect is told which tool the user picked.
	OnSelect func(id string)

	root     *fyne.Container
	buttons  map[string]*widgets.ToolButton
	selected string
}

// NewToolRail returns a rail of tools with the brush selected.
func NewToolRail(tools ...Tool) *ToolRail {
	r := &ToolRail{buttons: map[string]*widgets.ToolButton{}}
	column := container.New(railLayout{})
	for _, t := range tools {
		if t.Divided {
			column.Add(widgets.Pad(3, 6, 3, 6, widgets.NewSurface(theme.Edge).Thin()))
		}
		b := widgets.NewToolButton(t.ID, WithKey(text.T("tool."+t.ID+".tip"), t.Key), func() { r.pick(t.ID) })
		r.buttons[t.ID] = b
		column.Add(b)
	}
	r.root = widgets.On(theme.Panel, widgets.Sized(theme.RailWidth, 0, container.NewVScroll(widgets.Pad(6, 6, 6, 6, column))))
	r.Select("brush")
	return r
}

// Object returns the rail's root object.
func (r *ToolRail) Object() fyne.CanvasObject { return r.root }

func (r *ToolRail) pick(id string) {
	r.Select(id)
	if r.OnSelect != nil {
		r.OnSelect(id)
	}
}

// Select shows a tool as the selected one.
func (r *ToolRail) Select(id string) {
	r.selected = id
	for k, b := range r.buttons {
		b.SetSelected(k == id)
	}
}

// railLayout is a column of tools, and of lines between them that take no place
// where there is too little; then the tools become lower, too.
type railLayout struct{}

// squeezed is by how much a tool is lower, at most, where there is too little room.
const squeezed float32 = 2

// Layout places the tools from the top, without lines where these don't fit.
func (l railLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	tools, all := l.heights(objects)
	lower := float32(0)
	if n := countTools(objects); n > 0 {
		lower = min(max((tools-size.Height)/float32(n), 0), squeezed)
	}
	gap, lines := theme.Grid, all <= size.Height
	if !lines {
		gap = 0
	}
	y := float32(0)
	for _, o := range objects {
		h := o.MinSize().Height
		if isTool(o) {
			h -= lower
		} else if !lines {
			h = 0
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		if h > 0 {
			y += h + gap
		}
	}
}

// MinSize is that of the tools alone, as low as they become.
func (l railLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	tools, _ := l.heights(objects)
	width := float32(0)
	for _, o := range objects {
		width = max(width, o.MinSize().Width)
	}
	return fyne.NewSize(width, tools-squeezed*float32(countTools(objects)))
}

func countTools(objects []fyne.CanvasObject) (n int) {
	for _, o := range objects {
		if isTool(o) {
			n++
		}
	}
	return n
}

// heights are those of the tools alone, and of everything with gaps between.
func (railLayout) heights(objects []fyne.CanvasObject) (tools, all float32) {
	for i, o := range objects {
		h := o.MinSize().Height
		if isTool(o) {
			tools += h
		}
		if all += h; i > 0 {
			all += theme.Grid
		}
	}
	return tools, all
}

func isTool(o fyne.CanvasObject) bool {
	_, ok := o.(*widgets.ToolButton)
	return ok
}
