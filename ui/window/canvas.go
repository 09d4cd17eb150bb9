package window

import (
	"image"
	"time"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/canvas"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/widgets"
)

func (w *Window) canvasCallbacks() canvas.Callbacks {
	return canvas.Callbacks{
		OnCommit: func(step string, m *mask.Mask, _ image.Rectangle) { w.session.Paint(step, m) },
		OnCursor: func(x, y int, over bool) { w.status.SetPointer(image.Pt(x, y), over) },
		OnViewChanged: func(float64) {
			w.showStatus()
		},
		OnFrame:      w.session.DragFrame,
		OnFrameReset: w.session.ForgetFrame,
		OnTap:        w.session.Tap,
		OnBrushSize: func(size float64, _ bool) {
			t := w.session.Tool().Settings
			t.Brush.Size = size
			w.session.SetTool(t)
		},
		OnTolerance: func(tolerance int) {
			t := w.session.Tool().Settings
			t.Tolerance = tolerance
			w.session.SetTool(t)
		},
		OnGesture: func(begun bool) {
			if begun {
				w.session.BeginStroke()
			} else {
				w.session.EndStroke()
			}
		},
		OnPreview: w.session.MoveStroke,
		OnMark: func(m selection.Mark, done bool) {
			if done {
				w.session.EndQuickStroke()
			} else {
				w.session.QuickStroke(m)
			}
		},
		OnGuideBegin: w.session.BeginGuide, OnGuide: w.session.AddGuide, OnGuideMove: w.session.MoveGuide, OnGuideRemove: w.session.RemoveGuide,
		OnMenu: w.canvasMenu,
		OnShown: func(*document.State) {
			w.log.Info("shown")
			w.session.PictureShown()
		},
	}
}

// canvasMenu offers actions on what is on the canvas: the displayed variant, or the picture
// and its mask.
func (w *Window) canvasMenu(at fyne.Position) {
	if now := w.session.Shown(); now.What == session.IsVariant {
		w.cardMenu(cardOf(now.Picture), at)
		return
	}
	one := func(label, command string) *fyne.MenuItem {
		m := w.item(text.T(label), command)
		m.Shortcut = nil // Fyne would draw it too faint
		return m
	}
	line := fyne.NewMenuItemSeparator
	menu := fyne.NewMenu("", one("menu.undo", "undo"), one("menu.redo", "redo"), line(),
		one("menu.mask_all", "mask_all"), one("menu.mask_none", "mask_none"), one("menu.mask_invert", "mask_invert"), line(),
		one("menu.copy", "copy"), one("menu.paste", "paste"), line(),
		one("menu.fit", "fit"), one("menu.actual", "actual"), one("menu.extend", "extend"))
	widgets.NewMenu(menu, w.win.Canvas()).ShowAtPosition(at)
}

// maskModes are the ways of showing the mask by their names in the settings.
var maskModes = map[string]view.MaskMode{
	"tint": view.MaskTint, "black": view.MaskBlack, "white": view.MaskWhite, "outline": view.MaskOutline,
}

// showCanvas shows what the session has on the canvas.
func (w *Window) showCanvas() {
	v := w.session.View()
	if v.State == nil {
		w.empty.Object().Show()
	} else {
		w.empty.Object().Hide()
	}
	mode := maskModes[v.Look.Mode]
	if v.Mask == session.MaskOutlined {
		mode = view.MaskOutline
	}
	w.surface.SetMaskLook(mode, dialogs.Colour(v.Look.Colour), v.Look.Strength)
	w.surface.HideMask(v.Mask == session.MaskHidden)
	w.surface.SetState(v.State)
	w.surface.NumberFrames(v.FirstFrame)
	w.surface.SetFrame(v.Frame, v.Handles, v.Frames...)
	w.surface.SetOutline(corners(v.Outline))
	w.surface.SetGuides(v.Guides)
	w.showCompare(v)
	w.win.SetTitle(w.title())
}

// zoom shows the picture at a scale, 0 as a whole.
func (w *Window) zoom(scale float64) {
	if scale == 0 {
		w.surface.Fit()
	} else {
		w.surface.ZoomTo(scale)
	}
}

// corners returns the corners of a rectangle, none for an empty one.
func corners(r image.Rectangle) []view.Point {
	if r.Empty() {
		return nil
	}
	x0, y0, x1, y1 := float64(r.Min.X), float64(r.Min.Y), float64(r.Max.X), float64(r.Max.Y)
	return []view.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// flickerTime is how long each of two pictures is shown in turn.
const flickerTime = 700 * time.Millisecond

// showCompare shows two pictures in the chosen way of comparing.
func (w *Window) showCompare(v session.View) {
	w.flicker()
	w.flicker = func() {}
	if v.Left == nil {
		w.surface.SetCompare(view.CompareOff)
		return
	}
	w.surface.SetBefore(v.Left)
	switch v.How {
	case session.SliderHorizontal:
		w.surface.SetCompare(view.CompareRows)
	case session.SideBySide:
		w.surface.SetCompare(view.CompareSides)
	case session.Flicker:
		w.startFlicker()
	default:
		w.surface.SetCompare(view.CompareSplit)
	}
}

// startFlicker shows two pictures in turn until it is stopped.
func (w *Window) startFlicker() {
	ended := false
	w.flicker = func() { ended = true }
	mode := view.CompareOriginal
	var turn func()
	turn = func() {
		if ended {
			return
		}
		w.surface.SetCompare(mode)
		w.over.second = mode == view.CompareOff
		w.showSides()
		if mode == view.CompareOriginal {
			mode = view.CompareOff
		} else {
			mode = view.CompareOriginal
		}
		time.AfterFunc(flickerTime, func() { fyne.Do(turn) })
	}
	turn()
}
