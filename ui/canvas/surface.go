// Package canvas is the paint surface: the widget that shows a document and turns the
// pointer's moves into gestures of the tools.
//
// It holds no document and makes no decisions: its caller sets what to show (SetState,
// SetFrame, ...) and the tool (SetTool), and reports the user's actions by callbacks.
// Pixels are computed by editor/view: small changes at once, large ones coarsely at once and
// finely on a worker goroutine when the user pauses.
//
// All of it is used on Fyne's goroutine. Lengths are in Fyne's units unless they say device
// pixels or canvas pixels.
package canvas

import (
	"image"
	"image/color"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
)

// Hand is the ID of the tool that moves the picture; all others but Quick and Guide are
// those of package tool.
const Hand = "hand"

// Callbacks report the user's actions. Any may be nil. All are called on Fyne's goroutine.
type Callbacks struct {
	// OnCommit is called when a gesture is complete: the mask is to become m, in one
	// step of that name ("step.brush"), and dirty holds all that changed. The
	// surface shows m already; SetState with another mask takes it back.
	OnCommit func(step string, m *mask.Mask, dirty image.Rectangle)
	// OnCursor is called with the canvas pixel under the pointer; over is false when the
	// pointer is not over the canvas.
	OnCursor func(x, y int, over bool)
	// OnViewChanged is called when the zoom has changed; scale is in device pixels per canvas
	// pixel.
	OnViewChanged func(scale float64)
	// OnFrame is called with the window frame, in canvas pixels, as the user drags it; done
	// when they release it. The frame that is set last by SetFrame is shown.
	OnFrame func(r image.Rectangle, done bool)
	// OnBrushSize is called with the brush's diameter, in canvas pixels, as it is dragged with
	// Alt or Shift held; done when it is released. The caller then calls SetSettings.
	OnBrushSize func(size float64, done bool)
	// OnTolerance is called with the tolerance, 0 to 255, that a drag with the wand set.
	OnTolerance func(tolerance int)
	// OnTap is called when the hand clicked a canvas pixel without moving the picture.
	OnTap func(x, y int)
	// OnMenu is called when a menu is wanted, with its place in the window.
	OnMenu func(at fyne.Position)
	// OnFrameReset is called when the hand was double-clicked within the window frame.
	OnFrameReset func()
	// OnGesture is called when a gesture begins, on the state that is shown once the
	// call returns, or has ended, committed or not.
	OnGesture func(active bool)
	// OnPreview is called during a gesture with the mask as it would be if the gesture ended
	// now.
	OnPreview func(m *mask.Mask)
	// OnMark is called with the mark of quick selection so far; done when the button is
	// released.
	OnMark func(m selection.Mark, done bool)
	// OnGuideBegin is called when the button is pressed with Guide in hand. OnGuide follows with a
	// line in canvas pixels, OnGuideMove with the index of the line that was dragged, or a point of
	// it, and where it is now, OnGuideRemove with the index of the line that was clicked, or
	// OnGesture with false where there is none of these.
	OnGuideBegin  func()
	OnGuide       func(line []image.Point)
	OnGuideMove   func(i int, line []image.Point)
	OnGuideRemove func(i int)
	// OnShown is called when the picture given to SetState is on the screen.
	OnShown func(st *document.State)
}

// Options are the surface's dependencies; nil fields stand for the real ones.
type Options struct {
	// Post runs f on Fyne's goroutine (fyne.Do).
	Post func(f func())
	// Go runs f on a goroutine of its own.
	Go func(f func())
	// After calls f on Fyne's goroutine after a while.
	After func(d time.Duration, f func())
	// Modifiers returns the keys that are held (the desktop driver's).
	Modifiers func() fyne.KeyModifier
	// Frame is how many device pixels may be drawn at once on Fyne's goroutine; 0 measures how
	// many can be drawn in a fraction of a frame.
	Frame int
	// Screen returns the colour space of the screen, nil for sRGB. It may be called from any
	// goroutine and may block on the system. A nil function stands for sRGB.
	Screen func() *colour.Space
}

// Surface is the widget. Make it with New.
type Surface struct {
	widget.BaseWidget
	Callbacks
	options Options

	comp     *view.Compositor
	screen   screen
	cost     cost
	marching bool // a step of the outline's dashes is due
	refines  int  // counts changes, so that only the last one's timer refines

	want   *document.State // what SetState was given last
	shown  *document.State // what the compositor shows
	scene  *view.Scene     // of shown
	before *document.State // what is compared with; nil: the picture without results
	making *document.State // whose scene is being made

	view   view.Transform
	fitted bool // the view follows the window's size

	tools    map[string]tool.Tool
	toolID   string
	settings tool.Settings
	looks    looks
	compare  view.CompareMode
	split    float64 // where the compare line is, of the surface's width
	frame    view.Frame

	outline []view.Point    // shown while no gesture shows its own
	guides  [][]image.Point // in canvas pixels
	held    tool.Grip       // what is marked of guides

	pointer pointer
	gesture gesture
	space   bool // the space bar is held
	ring    *brushOutline
}

// looks say how mask and surround are shown.
type looks struct {
	mode     view.MaskMode
	tint     color.Color // nil: the theme's accent
	strength float64
	hidden   bool // the mask isn't shown in any mode
}

var (
	_ fyne.Widget            = (*Surface)(nil)
	_ fyne.Draggable         = (*Surface)(nil)
	_ fyne.Scrollable        = (*Surface)(nil)
	_ desktop.Mouseable      = (*Surface)(nil)
	_ fyne.SecondaryTappable = (*Surface)(nil)
	_ desktop.Hoverable      = (*Surface)(nil)
	_ desktop.Cursorable     = (*Surface)(nil)
	_ fyne.WidgetRenderer    = (*renderer)(nil)
)

// New returns a surface that shows nothing, with the brush selected.
func New(calls Callbacks, o Options) *Surface {
	s := &Surface{
		Callbacks: calls, options: o.complete(), comp: view.NewCompositor(),
		view: view.Transform{Scale: 1}, fitted: true, split: 0.5,
		tools: map[string]tool.Tool{}, toolID: "brush",
		settings: tool.Settings{Brush: mask.Brush{Size: 64, Hardness: 0.8}, Contiguous: true, Tolerance: 32},
		looks:    looks{strength: 0.55},
	}
	for _, t := range tool.All() {
		s.tools[t.ID()] = t
	}
	s.screen.density = 1
	s.ring = newBrushOutline()
	s.cost.limit = o.Frame
	s.ExtendBaseWidget(s)
	return s
}

func (o Options) complete() Options {
	if o.Post == nil {
		o.Post = fyne.Do
	}
	if o.Go == nil {
		o.Go = func(f func()) { go f() }
	}
	if o.After == nil {
		post := o.Post
		o.After = func(d time.Duration, f func()) { time.AfterFunc(d, func() { post(f) }) }
	}
	if o.Modifiers == nil {
		o.Modifiers = func() fyne.KeyModifier {
			if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
				return d.CurrentKeyModifiers()
			}
			return 0
		}
	}
	if o.Screen == nil {
		o.Screen = func() *colour.Space { return nil }
	}
	return o
}

// SetState shows a state, nil for none. Where only the mask differs from the shown state it is
// shown at once; another picture is prepared on a worker goroutine first (Callbacks.OnShown),
// and the old one stays on the screen until then. A canvas of another size is fitted into the
// surface. A gesture that began over another mask is dropped.
func (s *Surface) SetState(st *document.State) {
	if st == s.want {
		return
	}
	s.want = st
	if st == nil {
		s.Cancel()
		s.making = nil
		s.shown, s.scene = nil, nil
		s.comp.SetScene(nil)
		s.comp.SetMask(nil, image.Rectangle{})
		s.changed()
		return
	}
	if s.gesture.active() && st.Mask != s.gesture.over {
		s.Cancel()
	}
	if s.shown != nil && st.SamePicture(s.shown) {
		s.making = nil // what is being made is no longer wanted
		s.show(st, s.scene)
		return
	}
	if s.making == nil || !st.SamePicture(s.making) {
		s.make(st)
	}
	// The mask need not wait for the picture.
	if s.shown != nil && s.shown.Size == st.Size && !s.gesture.active() {
		s.comp.SetMask(st.Mask, image.Rectangle{})
		s.changed()
	}
}

// make prepares a state's scene on a worker goroutine. Mask or picture may be replaced before
// it is ready.
func (s *Surface) make(st *document.State) {
	s.making = st
	prev := s.scene
	s.options.Go(func() {
		scene := view.NewScene(st, prev).On(s.options.Screen())
		s.options.Post(func() {
			if s.making == st {
				s.making = nil
				s.show(s.want, scene)
			}
		})
	})
}

// show puts a state whose scene is ready on the screen.
func (s *Surface) show(st *document.State, scene *view.Scene) {
	fresh := s.shown == nil || s.shown.Base != st.Base
	resized := s.shown == nil || s.shown.Size != st.Size
	var moved image.Point
	if !fresh && resized {
		moved = st.Offset.Sub(s.shown.Offset)
	}
	s.shown, s.scene = st, scene
	s.comp.SetScene(scene)
	if fresh {
		s.SetBefore(nil)
	}
	if !s.gesture.active() {
		s.comp.SetMask(st.Mask, image.Rectangle{})
	}
	switch {
	case fresh || resized && s.fitted:
		s.fitted = true
		s.setView(s.fit())
	case resized:
		// The picture stays where it is; the canvas grows around it.
		s.setView(s.view.Pan(-float64(moved.X)*s.view.Scale, -float64(moved.Y)*s.view.Scale))
	}
	s.changed()
	if s.OnShown != nil {
		s.OnShown(st)
	}
}

// SetBefore sets the state that comparisons show as the picture before; nil stands for the
// picture without results.
func (s *Surface) SetBefore(st *document.State) {
	if st == s.before {
		return
	}
	s.before = st
	if st == nil {
		s.comp.SetBefore(nil)
		s.changed()
		return
	}
	prev := s.scene
	s.options.Go(func() {
		scene := view.NewScene(st, prev).On(s.options.Screen())
		s.options.Post(func() {
			if s.before == st {
				s.comp.SetBefore(scene)
				s.changed()
			}
		})
	})
}

// SetCompare shows the picture before beside the current one, or instead of it.
func (s *Surface) SetCompare(mode view.CompareMode) {
	if mode != s.compare {
		s.compare = mode
		s.changed()
	}
}

// SetSplit moves the compare line, 0 to 1 of the surface from its left or top.
func (s *Surface) SetSplit(at float64) {
	if at = max(0, min(1, at)); at != s.split {
		s.split = at
		s.changed()
	}
}

// SetFrame shows the window frame, none for an empty rectangle. With handles it can be
// dragged. more are further frames, which can't.
func (s *Surface) SetFrame(r image.Rectangle, handles bool, more ...image.Rectangle) {
	s.frame = view.Frame{Rect: r, Handles: handles, More: more, First: s.frame.First}
	s.comp.SetFrame(s.frame)
	s.changed()
}

// NumberFrames sets the number of the first frame; 0 numbers several frames from 1 and a
// single one not at all.
func (s *Surface) NumberFrames(first int) {
	if first != s.frame.First {
		s.frame.First = first
		s.comp.SetFrame(s.frame)
		s.changed()
	}
}

// SetOutline shows a closed line through points in canvas pixels; none shows no line. A
// gesture's own line replaces it.
func (s *Surface) SetOutline(points []view.Point) {
	s.outline = slices.Clone(points)
	if !s.gesture.active() {
		s.comp.SetOutline(s.outline, true)
		s.changed()
	}
}

// SetMaskLook says how the mask is shown. A nil tint is the theme's accent;
// strength is 0 to 1.
func (s *Surface) SetMaskLook(mode view.MaskMode, tint color.Color, strength float64) {
	s.looks.mode, s.looks.tint, s.looks.strength = mode, tint, strength
	s.restyle()
	s.changed()
}

// HideMask hides the mask, or shows it again as SetMaskLook says.
func (s *Surface) HideMask(on bool) {
	if s.looks.hidden != on {
		s.looks.hidden = on
		s.restyle()
		s.changed()
	}
}

// SetTool selects a tool: Hand, Quick, Guide or an ID of package tool. A gesture of another tool is
// dropped, unless it is complete and being finished (Settle).
func (s *Surface) SetTool(id string) {
	if id == s.toolID {
		return
	}
	if s.gesture.closing {
		s.cancelDrag()
	} else {
		s.Cancel()
	}
	s.toolID = id
	s.updateRing()
}

// SetSettings sets the settings with which the next gesture starts. Reach is set by the
// surface itself.
func (s *Surface) SetSettings(t tool.Settings) {
	s.settings = t
	s.updateRing()
}
