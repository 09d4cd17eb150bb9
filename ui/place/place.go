// Package place tells where a window is on the screen, and moves it there
// again, which Fyne has no calls for. It does so on X11; elsewhere the system
// chooses where windows go.
package place

import (
	"errors"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// errLost tells that a window has no place that could be told.
var errLost = errors.New("place: the window is nowhere")

// Of returns where the corner of an X11 window is, within the frame that the
// window manager has put around it, in pixels of the screen. It waits for the X
// server.
func Of(window uint32) (x, y int, err error) {
	c, err := xgb.NewConn()
	if err != nil {
		return 0, 0, err
	}
	defer c.Close()
	w := xproto.Window(window)
	root := xproto.Setup(c).DefaultScreen(c).Root
	at, err := xproto.TranslateCoordinates(c, w, root, 0, 0).Reply()
	if err != nil {
		return 0, 0, err
	}
	return int(at.DstX), int(at.DstY), nil
}

// Move puts the corner of a window at a place, unless so little of the window
// would be on the screen that nobody could take hold of it. What Of returned is the
// same place again because GLFW's windows have the gravity that leaves frames
// out of account.
func Move(window uint32, x, y int) error {
	c, err := xgb.NewConn()
	if err != nil {
		return err
	}
	defer c.Close()
	screen := xproto.Setup(c).DefaultScreen(c)
	size, err := xproto.GetGeometry(c, xproto.Drawable(window)).Reply()
	if err != nil {
		return err
	}
	const hold = 80 // pixels
	if x+int(size.Width) < hold || x > int(screen.WidthInPixels)-hold || y < -hold/2 || y > int(screen.HeightInPixels)-hold {
		return errLost
	}
	return xproto.ConfigureWindowChecked(c, xproto.Window(window), xproto.ConfigWindowX|xproto.ConfigWindowY,
		[]uint32{uint32(int32(x)), uint32(int32(y))}).Check()
}
