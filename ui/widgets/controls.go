package widgets

import (
	"strings"
	"sync"

	"fyne.io/fyne/v2"
)

// Control is a control that a test of the running program finds by its name.
type Control interface {
	fyne.CanvasObject
	// ControlName is what the user reads on it or, where it has no words, in its
	// tooltip.
	ControlName() string
}

// controls are those that were made since TrackControls.
var controls struct {
	mu   sync.Mutex
	on   bool
	list []Control
}

// TrackControls begins to record all controls that are made, so that FindControls finds them.
// They are never released, so this is for tests of the running program only.
func TrackControls() {
	controls.mu.Lock()
	defer controls.mu.Unlock()
	controls.on = true
}

// Track makes a control findable, after TrackControls.
func Track(c Control) {
	controls.mu.Lock()
	defer controls.mu.Unlock()
	if controls.on {
		controls.list = append(controls.list, c)
	}
}

// FindControls returns the visible controls of a name, each with its place in
// its window in Fyne's units. It is used on Fyne's goroutine.
func FindControls(name string) (places []Place) {
	controls.mu.Lock()
	list := controls.list
	controls.mu.Unlock()
	driver := fyne.CurrentApp().Driver()
	for _, c := range list {
		if !c.Visible() || c.ControlName() != name {
			continue
		}
		canvas := driver.CanvasForObject(c)
		at := driver.AbsolutePositionForObject(c)
		if canvas == nil || at == (fyne.Position{}) {
			continue // an ancestor is hidden
		}
		places = append(places, Place{At: at, Size: c.Size(), Scale: canvas.Scale(), Disabled: disabled(c)})
	}
	return places
}

// Place is where a control lies in its window.
type Place struct {
	At       fyne.Position
	Size     fyne.Size
	Scale    float32 // device pixels in a unit
	Disabled bool
}

func disabled(c Control) bool {
	d, ok := c.(interface{ Disabled() bool })
	return ok && d.Disabled()
}

// withoutKey is a tooltip without the shortcut behind it.
func withoutKey(tip string) string {
	name, _, _ := strings.Cut(tip, "  (")
	return name
}
