package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"net"
	"path/filepath"
	"slices"
)

// place is where the program says that a control lies, in units of its window.
type place struct {
	At struct{ X, Y float32 }

	Size     struct{ Width, Height float32 }
	Scale    float32
	Disabled bool
}

// controls is the socket on which the program tells where its controls are.
func (d *desktop) controls() string { return filepath.Join(d.home, "controls.sock") }

// find returns the visible controls of a name, from the top and the left.
func (d *desktop) find(name string) []place {
	c, err := net.Dial("unix", d.controls())
	if err != nil {
		return nil
	}
	defer c.Close()
	var found []place
	if json.NewEncoder(c).Encode(name) != nil || json.NewDecoder(c).Decode(&found) != nil {
		return nil
	}
	slices.SortFunc(found, func(a, b place) int { return cmp.Or(cmp.Compare(a.At.Y, b.At.Y), cmp.Compare(a.At.X, b.At.X)) })
	return found
}

// center is the middle of a control in the window's pixels.
func (c place) center() image.Point {
	return image.Pt(int((c.At.X+c.Size.Width/2)*c.Scale), int((c.At.Y+c.Size.Height/2)*c.Scale))
}

// control waits for the n-th visible control of a name that can be used.
func (p *program) control(name string, n int) place {
	p.t.Helper()
	var found []place
	p.wait(fmt.Sprintf("control %d called %q", n+1, name), func() bool {
		found = p.find(name)
		return len(found) > n && !found[n].Disabled
	})
	return found[n]
}

// press clicks the first visible control of a name.
func (p *program) press(name string) {
	p.t.Helper()
	p.pressNth(name, 0)
}

// pressNth clicks the n-th visible control of a name, from 0.
func (p *program) pressNth(name string, n int) {
	p.t.Helper()
	at := p.control(name, n).center()
	p.xdotool("mousemove", "--window", p.window, at.X, at.Y, "sleep", "0.2")
	at = p.control(name, n).center() // where it has come to rest
	p.xdotool("mousemove", "--window", p.window, at.X, at.Y, "sleep", "0.1", "click", "1", "sleep", "0.2")
}
