package panel

import (
	"fmt"
	"image"
	"math"
	"strconv"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// StatusBar is the line at the bottom of the window.
type StatusBar struct {
	// OnZoom is called with a zoom that the user typed or chose, in device pixels per pixel
	// of the picture; 0 fits the picture.
	OnZoom func(float64)

	zoom    *widgets.NumberField
	zooms   *widgets.ToolButton
	zoomBox *fyne.Container
	root    *fyne.Container
	picture *widgets.Label
	pointer *widgets.Label
	mask    *widgets.Label
	engine  *widgets.Label
	dot     *widgets.Surface
}

// NewStatusBar returns an empty bar.
func NewStatusBar() *StatusBar {
	s := &StatusBar{
		picture: widgets.NewLabel(""), pointer: widgets.NewLabel(""), mask: widgets.NewLabel(""),
		engine: widgets.NewLabel(""), dot: widgets.NewSurface(theme.Ready).Dot(),
	}
	s.zoom = widgets.NewNumberField(2, 3200, "%").Fine(fineZoom)
	s.zoom.SetHeight(theme.StatusHeight - 2)
	s.zoom.OnChanged = func(v float64) { call(s.OnZoom, v/100) }
	s.zooms = widgets.NewToolButton("chevron-up", text.T("ui.zoom.tip"), s.chooseZoom).Side(theme.StatusHeight - 4)
	s.zoomBox = widgets.Row(0, s.zoom, s.zooms)
	s.zoomBox.Hide()
	row := widgets.Row(24, s.picture, s.zoomBox, s.mask, s.pointer, nil, widgets.Row(6, widgets.Sized(8, 8, s.dot), s.engine))
	s.root = widgets.On(theme.Window, widgets.Sized(0, theme.StatusHeight, widgets.Pad(0, 12, 0, 12, row)))
	s.dot.Hide()
	return s
}

// Object returns the bar's root object.
func (s *StatusBar) Object() fyne.CanvasObject { return s.root }

func (s *StatusBar) set(l *widgets.Label, t string) {
	if l.Text() != t {
		l.SetText(t)
		s.root.Refresh()
	}
}

// SetPicture shows the picture's name, its size in pixels and the zoom in device pixels per
// pixel of the picture. An empty name shows nothing.
func (s *StatusBar) SetPicture(name string, size image.Point, zoom float64) {
	if s.zoomBox.Visible() != (name != "") {
		show(s.zoomBox, name != "")
		s.root.Refresh()
	}
	if name == "" {
		s.set(s.picture, "")
		return
	}
	if s.zoom.Value() != s.zoom.Rounded(zoom*100) { // else the user may be typing
		s.zoom.SetValue(zoom * 100)
	}
	s.set(s.picture, fmt.Sprintf("%s · %d × %d", short(name), size.X, size.Y))
}

// zoomSteps are the zooms that are offered beside the field, in per cent. Zooms below fineZoom
// are shown with a decimal.
var zoomSteps = []float64{12.5, 25, 50, 100, 200, 400, 800}

const fineZoom = 20

// chooseZoom offers the usual zooms.
func (s *StatusBar) chooseZoom() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s.zooms)
	if c == nil {
		return
	}
	items := []*fyne.MenuItem{fyne.NewMenuItem(text.T("menu.fit"), func() { call(s.OnZoom, 0) }), fyne.NewMenuItemSeparator()}
	for _, percent := range zoomSteps {
		items = append(items, fyne.NewMenuItem(strconv.FormatFloat(percent, 'f', -1, 64)+"%", func() { call(s.OnZoom, percent/100) }))
	}
	menu := widgets.NewMenu(fyne.NewMenu("", items...), c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.zooms)
	menu.ShowAtPosition(at.SubtractXY(0, menu.MinSize().Height+2))
}

// short shortens a long file name in the middle.
func short(name string) string {
	const most, ending = float32(230), 10
	s := plain.Line(name, 120)
	r := []rune(s)
	for keep := len(r) - ending - 1; keep > 0 && fyne.MeasureText(s, theme.LabelSize, fyne.TextStyle{}).Width > most; keep-- {
		s = string(r[:keep]) + "…" + string(r[len(r)-ending:])
	}
	return s
}

// SetPointer shows the pixel under the pointer, or nothing.
func (s *StatusBar) SetPointer(p image.Point, inside bool) {
	t := ""
	if inside {
		t = fmt.Sprintf("x %d  y %d", p.X, p.Y)
	}
	s.set(s.pointer, t)
}

// SetMask shows the masked share of the picture, 0 to 1, the size of the window that is sent,
// and the size that it is sent at. A fraction of 0 shows nothing; a negative one means that
// something is sent without a mask. An empty window is left out.
func (s *StatusBar) SetMask(fraction float64, window, sent image.Point) {
	if fraction == 0 {
		s.set(s.mask, "")
		return
	}
	percent := fmt.Sprintf("%.1f%%", fraction*100)
	if fraction < 0.001 {
		percent = "< 0.1%"
	}
	t := text.T("ui.status.mask", "Percent", percent)
	if fraction < 0 {
		t = text.T("ui.status.unmasked")
	}
	if window != (image.Point{}) {
		t += " · " + text.T("ui.status.window", "Width", window.X, "Height", window.Y)
		if scale := scaleText(window, sent); scale != "" {
			t += " · " + scale
		}
	}
	s.set(s.mask, t)
}

// scaleText says by which factor a window is scaled to be sent, "" where it isn't.
func scaleText(window, sent image.Point) string {
	if window.X == 0 || sent.X == 0 {
		return ""
	}
	switch percent := int(math.Round(100 * float64(sent.X) / float64(window.X))); percent {
	case 100:
		return ""
	case 50:
		return text.T("ui.status.half")
	case 200:
		return text.T("ui.status.twice")
	default:
		return text.T("ui.status.scale", "Percent", max(percent, 1))
	}
}

// EngineState is the state of the engine.
type EngineState int

// The states of the engine.
const (
	Ready EngineState = iota
	Busy
	Faulty // something keeps it from working, such as a missing key
)

// SetEngine shows the engine's name or a sentence about it, and its state.
func (s *StatusBar) SetEngine(t string, state EngineState) {
	color := theme.Ready
	switch state {
	case Busy:
		color = theme.Accent
	case Faulty:
		color = theme.Warning
	}
	s.dot.SetColors(color, "")
	show(s.dot, t != "")
	s.set(s.engine, t)
}
