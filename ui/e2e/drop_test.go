package e2e

import (
	"image"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"overpaint.dev/overpaint/assets/photos"
)

// TestDrop drops a file with a difficult name on the window.
func TestDrop(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	name := "湖边 lake & shore.png"
	path := filepath.Join(d.home, name)
	if err := os.WriteFile(path, photos.Sample, 0o644); err != nil {
		t.Fatal(err)
	}
	p := d.launch()
	p.drop(path)
	p.waitLogged("opened", 1)
	p.waitLogged("shown", 1)
	p.wait("the picture's name in the title", func() bool { return strings.HasPrefix(p.title(), name) })
	p.screenshot("drop")
}

// drop lets go of a file over the canvas.
func (p *program) drop(path string) {
	p.t.Helper()
	p.dropAt(image.Pt(500, 400), path)
}

// dropAt lets go of files over a place of the window, as a file manager does: by the
// protocol XDND, version 5, https://freedesktop.org/wiki/Specifications/XDND.
func (p *program) dropAt(at image.Point, files ...string) {
	p.t.Helper()
	c, err := xgb.NewConnDisplay(p.display)
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	atom := func(name string) xproto.Atom {
		r, err := xproto.InternAtom(c, false, uint16(len(name)), name).Reply()
		if err != nil {
			p.t.Fatal(err)
		}
		return r.Atom
	}
	source, err := xproto.NewWindowId(c)
	if err != nil {
		p.t.Fatal(err)
	}
	root := xproto.Setup(c).DefaultScreen(c)
	xproto.CreateWindow(c, root.RootDepth, source, root.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput, root.RootVisual, 0, nil)
	number, err := strconv.ParseUint(p.window, 10, 32)
	if err != nil {
		p.t.Fatal(err)
	}
	target := xproto.Window(number)
	selection, list := atom("XdndSelection"), atom("text/uri-list")
	xproto.SetSelectionOwner(c, source, selection, xproto.TimeCurrentTime)
	send := func(kind string, data ...uint32) {
		data = append(append([]uint32{uint32(source)}, data...), make([]uint32, 4)...)[:5]
		e := xproto.ClientMessageEvent{Format: 32, Window: target, Type: atom(kind), Data: xproto.ClientMessageDataUnionData32New(data)}
		xproto.SendEvent(c, false, target, 0, string(e.Bytes()))
	}
	send("XdndEnter", 5<<24, uint32(list))
	send("XdndPosition", 0, uint32(p.client.Min.X+at.X)<<16|uint32(p.client.Min.Y+at.Y), 0, uint32(atom("XdndActionCopy")))
	send("XdndDrop", 0, 0)
	data := ""
	for _, path := range files {
		data += (&url.URL{Scheme: "file", Path: path}).String() + "\r\n"
	}
	finished := atom("XdndFinished")
	for {
		event, err := c.WaitForEvent()
		switch e := event.(type) {
		case xproto.SelectionRequestEvent:
			xproto.ChangeProperty(c, xproto.PropModeReplace, e.Requestor, e.Property, list, 8, uint32(len(data)), []byte(data))
			answer := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: e.Property}
			xproto.SendEvent(c, false, e.Requestor, 0, string(answer.Bytes()))
		case xproto.ClientMessageEvent:
			if e.Type == finished {
				return
			}
		case nil:
			p.t.Fatalf("the X server went away: %v", err)
		}
	}
}
