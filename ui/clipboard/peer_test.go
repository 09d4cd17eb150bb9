//go:build !windows && !darwin

package clipboard

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen starts an X server for one test and makes it the test's display.
func screen(t *testing.T) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "64x64x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatalf("%v: `make test` installs what this test needs", err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
}

// peer is another program on the same screen, written apart from the code
// under test: it owns the clipboard or asks for it.
type peer struct {
	t      *testing.T
	conn   *xgb.Conn
	window xproto.Window
	over   chan struct{} // closed when an owner's goroutine has ended
	once   sync.Once
}

func newPeer(t *testing.T) *peer {
	t.Helper()
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: conn, over: make(chan struct{})}
	if p.window, err = xproto.NewWindowId(conn); err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	if err := xproto.CreateWindowChecked(conn, 0, p.window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *peer) atom(name string) xproto.Atom {
	reply, err := xproto.InternAtom(p.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		p.t.Errorf("atom %s: %v", name, err)
		return 0
	}
	return reply.Atom
}

// closes ends the peer's connection, as if its program had been killed.
func (p *peer) closes() {
	p.once.Do(func() {
		p.conn.Close()
		<-p.over
	})
}

// goods is what a peer offers: data by target.
type goods struct {
	data map[string][]byte
	// pieces, if not 0, is the size of the pieces that data is sent in.
	pieces int
	// hang names a target that is never answered; with pieces the second piece
	// of it never comes.
	hang string
	// dumb refuses to tell the targets.
	dumb bool
}

// offers makes the peer the clipboard's owner until the test ends.
func (p *peer) offers(g goods) {
	p.t.Helper()
	owner := &peerOwner{
		peer: p, goods: g, clipboard: p.atom("CLIPBOARD"), incr: p.atom("INCR"), targets: p.atom("TARGETS"),
		byAtom: map[xproto.Atom]string{}, rest: map[xproto.Atom][]byte{}, kind: map[xproto.Atom]xproto.Atom{},
	}
	for name := range g.data {
		owner.byAtom[p.atom(name)] = name
	}
	if g.hang != "" {
		owner.byAtom[p.atom(g.hang)] = g.hang
	}
	xproto.SetSelectionOwner(p.conn, p.window, owner.clipboard, xproto.TimeCurrentTime)
	if now, err := xproto.GetSelectionOwner(p.conn, owner.clipboard).Reply(); err != nil || now.Owner != p.window {
		p.t.Fatalf("the peer doesn't own the clipboard: %v", err)
	}
	go owner.run()
	p.t.Cleanup(p.closes)
}

type peerOwner struct {
	*peer
	goods
	clipboard, incr, targets xproto.Atom
	byAtom                   map[xproto.Atom]string
	rest                     map[xproto.Atom][]byte      // by property: what is still to be sent
	kind                     map[xproto.Atom]xproto.Atom // and its type
}

func (o *peerOwner) run() {
	defer close(o.over)
	for {
		event, err := o.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		switch e := event.(type) {
		case xproto.SelectionRequestEvent:
			o.answer(e)
		case xproto.PropertyNotifyEvent:
			rest, sending := o.rest[e.Atom]
			if e.State != xproto.PropertyDelete || e.Window == o.window || !sending || o.byAtom[o.kind[e.Atom]] == o.hang {
				continue
			}
			n := min(o.pieces, len(rest))
			xproto.ChangeProperty(o.conn, xproto.PropModeReplace, e.Window, e.Atom, o.kind[e.Atom], 8, uint32(n), rest[:n])
			if o.rest[e.Atom] = rest[n:]; n == 0 {
				delete(o.rest, e.Atom)
			}
		}
	}
}

func (o *peerOwner) answer(e xproto.SelectionRequestEvent) {
	name, known := o.byAtom[e.Target]
	property := e.Property
	switch {
	case e.Target == o.targets && o.hang != "TARGETS" && !o.dumb:
		var list []byte
		for atom := range o.byAtom {
			list = append(list, byte(atom), byte(atom>>8), byte(atom>>16), byte(atom>>24))
		}
		xproto.ChangeProperty(o.conn, xproto.PropModeReplace, e.Requestor, property, xproto.AtomAtom, 32, uint32(len(list)/4), list)
	case known && name == o.hang && o.pieces == 0:
		return
	case known && o.pieces > 0:
		xproto.ChangeWindowAttributes(o.conn, e.Requestor, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
		o.rest[property], o.kind[property] = o.data[name], e.Target
		size := len(o.data[name])
		xproto.ChangeProperty(o.conn, xproto.PropModeReplace, e.Requestor, property, o.incr, 32, 1,
			[]byte{byte(size), byte(size >> 8), byte(size >> 16), byte(size >> 24)})
	case known:
		xproto.ChangeProperty(o.conn, xproto.PropModeReplace, e.Requestor, property, e.Target, 8, uint32(len(o.data[name])), o.data[name])
	default:
		property = xproto.AtomNone
	}
	n := xproto.SelectionNotifyEvent{Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property, Time: e.Time}
	xproto.SendEvent(o.conn, false, e.Requestor, 0, string(n.Bytes()))
}

// asks reads the clipboard in a target as another program would; ok is false
// where the owner refuses. before, if any, is put into the property first.
func (p *peer) asks(target string, before []byte) (data []byte, kind xproto.Atom, ok bool) {
	p.t.Helper()
	property, clipboard, wanted := p.atom("PEER"), p.atom("CLIPBOARD"), p.atom(target)
	if before != nil {
		xproto.ChangeProperty(p.conn, xproto.PropModeReplace, p.window, property, p.atom("ATOM_PAIR"), 32, uint32(len(before)/4), before)
	}
	xproto.ConvertSelection(p.conn, p.window, clipboard, wanted, property, xproto.TimeCurrentTime)
	for {
		event, _ := p.conn.WaitForEvent()
		if n, is := event.(xproto.SelectionNotifyEvent); is && n.Target == wanted {
			if n.Property == xproto.AtomNone {
				return nil, 0, false
			}
			break
		}
	}
	data, kind = p.takes(p.window, property)
	if kind != p.atom("INCR") {
		return data, kind, true
	}
	return p.collects(property), wanted, true
}

// takes reads a property and deletes it.
func (p *peer) takes(window xproto.Window, property xproto.Atom) ([]byte, xproto.Atom) {
	reply, err := xproto.GetProperty(p.conn, true, window, property, xproto.GetPropertyTypeAny, 0, 1<<24).Reply()
	if err != nil {
		p.t.Fatal(err)
	}
	return reply.Value, reply.Type
}

// collects takes the pieces of a transfer.
func (p *peer) collects(property xproto.Atom) []byte {
	var all []byte
	for {
		event, err := p.conn.WaitForEvent()
		if event == nil && err == nil {
			p.t.Fatal("the X server is gone")
		}
		n, is := event.(xproto.PropertyNotifyEvent)
		if !is || n.Atom != property || n.State != xproto.PropertyNewValue {
			continue
		}
		piece, _ := p.takes(p.window, property)
		if len(piece) == 0 {
			return all
		}
		all = append(all, piece...)
	}
}

// manages makes the peer the clipboard manager. What it saves when it is asked
// to comes from the channel.
func (p *peer) manages() <-chan []byte {
	p.t.Helper()
	manager, save := p.atom("CLIPBOARD_MANAGER"), p.atom("SAVE_TARGETS")
	xproto.SetSelectionOwner(p.conn, p.window, manager, xproto.TimeCurrentTime)
	if now, err := xproto.GetSelectionOwner(p.conn, manager).Reply(); err != nil || now.Owner != p.window {
		p.t.Fatalf("the peer is no clipboard manager: %v", err)
	}
	kept := make(chan []byte, 1)
	go func() {
		defer close(kept)
		for {
			event, err := p.conn.WaitForEvent()
			if event == nil && err == nil {
				return
			}
			e, is := event.(xproto.SelectionRequestEvent)
			if !is || e.Selection != manager || e.Target != save {
				continue
			}
			data, _, _ := p.asks("image/png", nil)
			xproto.SetSelectionOwner(p.conn, p.window, p.atom("CLIPBOARD"), xproto.TimeCurrentTime)
			n := xproto.SelectionNotifyEvent{Requestor: e.Requestor, Selection: manager, Target: save, Property: e.Property, Time: e.Time}
			xproto.SendEvent(p.conn, false, e.Requestor, 0, string(n.Bytes()))
			kept <- data
			return
		}
	}()
	return kept
}
