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

// Of returns where the outer corner of an X11 window is, with the frame that the
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
	left, top := frame(c, w)
	return int(at.DstX) - left, int(at.DstY) - top, nil
}

// frame returns how wide the frame around a window is at the left and the top.
func frame(c *xgb.Conn, w xproto.Window) (left, top int) {
	const name = "_NET_FRAME_EXTENTS"
	atom, err := xproto.InternAtom(c, true, uint16(len(name)), name).Reply()
	if err != nil || atom.Atom == xproto.AtomNone {
		return 0, 0
	}
	p, err := xproto.GetProperty(c, false, w, atom.Atom, xproto.AtomCardinal, 0, 4).Reply()
	if err != nil || p.Format != 32 || len(p.Value) < 16 {
		return 0, 0
	}
	return int(xgb.Get32(p.Value)), int(xgb.Get32(p.Value[8:])) // left, right, top, bottom
}

// Move puts the outer corner of a window at a place, unless so little of the
// window would be on the screen that nobody could take hold of it.
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
