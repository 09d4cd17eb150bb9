// Package display finds out whether Fyne could open a window, and how large it
// may be, before Fyne tries: where there is no display Fyne panics, and where
// there is no OpenGL it waits for ever. Like Fyne it asks GLFW, in this process,
// so that nothing is loaded twice.
package display

import (
	"errors"
	"image"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/go-gl/glfw/v3.4/glfw"

	"overpaint.dev/overpaint/ui/idle/x11"
)

// The reasons why no window can be opened.
var (
	// ErrNoDisplay: no X server is named by DISPLAY, or it can't be reached.
	ErrNoDisplay = errors.New("display: there is no display")
	// ErrNoXWayland: the same on a Wayland desktop, where XWayland is missing.
	ErrNoXWayland = errors.New("display: the Wayland desktop has no XWayland")
	// ErrNoOpenGL: the display, or this system, has no OpenGL.
	ErrNoOpenGL = errors.New("display: there is no OpenGL")
	// ErrOldOpenGL: there is OpenGL, but older than Fyne needs (2.1).
	ErrOldOpenGL = errors.New("display: OpenGL is older than 2.1")
)

// Screen is the primary monitor.
type Screen struct {
	// Room is how large the inside of a window can be without reaching behind the
	// desktop's panels or off the monitor, in pixels. It is 0 by 0 where that isn't known.
	Room image.Point
	// Scale is how many pixels Fyne makes of one unit, before what the user set.
	Scale float64
}

// Probe makes sure that a window can be opened. It must be called on the main
// goroutine, before any other use of Fyne's app. The error is one of this package's.
func Probe() (Screen, error) {
	if x11.Available {
		glfw.InitHint(glfw.PlatformHint, int(glfw.PlatformX11))
	}
	if err := glfw.Init(); err != nil {
		if x11.Available && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") != "" {
			return Screen{}, ErrNoXWayland
		}
		return Screen{}, ErrNoDisplay
	}
	// What Fyne asks for.
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	window, err := glfw.CreateWindow(64, 64, "Overpaint", nil, nil)
	glfw.DefaultWindowHints()
	var trouble *glfw.Error
	switch {
	case errors.As(err, &trouble) && trouble.Code == glfw.VersionUnavailable:
		return Screen{}, ErrOldOpenGL
	case err != nil || window == nil:
		return Screen{}, ErrNoOpenGL
	}
	defer window.Destroy()
	return measure(window), nil
}

// measure returns the primary monitor, without the frame that the window manager
// puts around windows like this one.
func measure(window *glfw.Window) Screen {
	monitor := glfw.GetPrimaryMonitor()
	if monitor == nil {
		return Screen{Scale: 1}
	}
	_, _, width, height := monitor.GetWorkarea()
	left, top, right, bottom := window.GetFrameSize()
	s := Screen{Room: image.Pt(max(0, width-left-right), max(0, height-top-bottom)), Scale: 1}
	switch mode := monitor.GetVideoMode(); {
	case runtime.GOOS == "darwin": // Cocoa counts in units, not in pixels
	case runtime.GOOS == "windows":
		scale, _ := window.GetContentScale()
		s.Scale = float64(scale)
	case mode != nil:
		millimetres, _ := monitor.GetPhysicalSize()
		s.Scale = detected(millimetres, mode.Width)
	}
	return s
}

// detected is Fyne's rule for a monitor of a width in millimetres and in pixels.
func detected(millimetres, pixels int) float64 {
	switch strings.ToLower(os.Getenv("FYNE_DISABLE_DPI_DETECTION")) {
	case "1", "t", "true":
		return 1
	}
	dpi := float64(pixels) / (float64(millimetres) / 25.4)
	if dpi < 10 || dpi > 1000 { // an implausible size, or no monitor
		return 1
	}
	return max(1, dpi/120)
}

// Units returns the room in Fyne's units. user is the scale that the user chose
// in Fyne's settings, which FYNE_SCALE replaces.
func (s Screen) Units(user float64) (width, height float32) {
	if v, err := strconv.ParseFloat(os.Getenv("FYNE_SCALE"), 64); err == nil && v > 0 {
		user = v
	}
	if user <= 0 {
		user = 1
	}
	scale := math.Round(s.Scale*user*10) / 10
	if scale <= 0 {
		scale = 1
	}
	return float32(math.Floor(float64(s.Room.X) / scale)), float32(math.Floor(float64(s.Room.Y) / scale))
}
