// Package place tells where a window is on the screen, and moves it there
// again, which Fyne has no calls for. It does so on X11; elsewhere the system
// chooses where windows go.
package place

import (
	"errors"
	"image"

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

// Move puts the corner of a window at a place, or as near to it as keeps all of the window on
// the screen (Within); it isn't moved where so little of it would be there that nobody could take
// hold of it. What Of returned is the same place again because GLFW's windows have the gravity
// that leaves frames out of account.
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
	at, ok := Within(image.Pt(x, y), image.Pt(int(size.Width), int(size.Height)), image.Pt(int(screen.WidthInPixels), int(screen.HeightInPixels)))
	if !ok {
		return errLost
	}
	return xproto.ConfigureWindowChecked(c, xproto.Window(window), xproto.ConfigWindowX|xproto.ConfigWindowY,
		[]uint32{uint32(int32(at.X)), uint32(int32(at.Y))}).Check()
}

// Within returns the place nearest to at where a window of a size lies on a screen as a whole,
// or, of one that is too large, its upper left corner does. ok is false where so little of the
// window would be on the screen at at that it was probably another screen. All is in pixels.
func Within(at, size, screen image.Point) (p image.Point, ok bool) {
	const hold = 80
	if at.X+size.X < hold || at.X > screen.X-hold || at.Y < -hold/2 || at.Y > screen.Y-hold {
		return at, false
	}
	near := func(at, size, screen int) int { return max(0, min(at, screen-size)) }
	return image.Pt(near(at.X, size.X, screen.X), near(at.Y, size.Y, screen.Y)), true
}
