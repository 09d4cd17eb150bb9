// Package panel holds the parts that stand around the canvas: the tool rail,
// the options bar, the side panel, the status bar and what an empty window
// shows. Each is a struct with setters and callbacks: it shows what it is told
// and says what the person did, and decides nothing.
//
// All of it is used on Fyne's goroutine alone. Callbacks are called for what
// the person did, never for a setter; a nil callback is not called.
package panel

import (
	"fyne.io/fyne/v2"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// Tool is one entry of the rail.
type Tool struct {
	// ID is the tool's name in editor/tool, or Move, Hand or Extend. Its icon has the same.
	ID string
	// Key is the key that picks it.
	Key string
	// Divided puts a line before it.
	Divided bool
}

// The tools that are no editor tools.
const (
	Move = "move" // moves and resizes the window that will be sent
	Hand = "hand" // pans the view
	// Extend drags the canvas's edges outward.
	Extend = "extend"
)

// Tools returns the tools of the rail in their order.
func Tools() []Tool {
	return []Tool{
		{ID: Move, Key: "V"},
		{ID: "brush", Key: "B", Divided: true}, {ID: "eraser", Key: "E"},
		{ID: "rectangle", Key: "R", Divided: true}, {ID: "ellipse", Key: "O"},
		{ID: "lasso", Key: "L"}, {ID: "polygon", Key: "P"},
		{ID: "wand", Key: "W", Divided: true}, {ID: Hand, Key: "H"},
		{ID: Extend, Key: "T", Divided: true},
	}
}

// ToolName returns what the person calls a tool.
func ToolName(id string) string { return text.T("tool." + id) }

// WithKey puts the shortcut that is shown in a tooltip behind its text, where
// there is one.
func WithKey(s, key string) string {
	if key == "" {
		return s
	}
	return s + "  (" + key + ")"
}

// ToolRail is the column of tools on the left.
type ToolRail struct {
	// OnSelect hears which tool the person picked.
	OnSelect func(id string)

	root     *fyne.Container
	buttons  map[string]*widgets.ToolButton
	selected string
}

// NewToolRail returns a rail of tools with the brush selected.
func NewToolRail(tools ...Tool) *ToolRail {
	r := &ToolRail{buttons: map[string]*widgets.ToolButton{}}
	column := widgets.Column(theme.Grid)
	for _, t := range tools {
		if t.Divided {
			column.Add(widgets.Pad(3, 6, 3, 6, widgets.NewSurface(theme.Edge).Thin()))
		}
		b := widgets.NewToolButton(t.ID, WithKey(text.T("tool."+t.ID+".tip"), t.Key), func() { r.pick(t.ID) })
		r.buttons[t.ID] = b
		column.Add(b)
	}
	r.root = widgets.On(theme.Panel, widgets.Sized(theme.RailWidth, 0, widgets.Pad(6, 6, 6, 6, column)))
	r.Select("brush")
	return r
}

// Object returns what is put into the window.
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
