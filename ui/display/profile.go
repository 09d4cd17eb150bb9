package display

import (
	"errors"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// mostProfile is how long a profile may be that is taken from a display, in bytes.
const mostProfile = 16 << 20

// Profile returns the ICC profile that the desktop has set for its first monitor, nil where it
// has set none or there is no X11: the property _ICC_PROFILE of the root window (ICC Profiles
// in X Specification 0.4, https://www.freedesktop.org/wiki/Specifications/icc_profiles_in_x_spec).
// It waits for the X server and may be called on any goroutine.
func Profile() ([]byte, error) {
	c, err := xgb.NewConn()
	if err != nil {
		return nil, nil // no X11, and no profile
	}
	defer c.Close()
	const name = "_ICC_PROFILE"
	atom, err := xproto.InternAtom(c, true, uint16(len(name)), name).Reply()
	if err != nil {
		return nil, err
	}
	if atom.Atom == xproto.AtomNone {
		return nil, nil
	}
	got, err := xproto.GetProperty(c, false, xproto.Setup(c).DefaultScreen(c).Root, atom.Atom, xproto.GetPropertyTypeAny, 0, mostProfile/4).Reply()
	switch {
	case err != nil:
		return nil, err
	case got.BytesAfter > 0 || got.Format != 8 && len(got.Value) > 0:
		return nil, errors.New("display: what the desktop has set as the monitor's profile is none")
	}
	return got.Value, nil
}
