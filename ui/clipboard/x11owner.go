//go:build !windows && !darwin

package clipboard

import (
	"context"
	"fmt"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// piece is how much is written at once: well below the 256 KiB that a request
// may have on every server.
const piece = 192 << 10

// offer owns the clipboard and answers those who ask for it, in a goroutine of
// its own, until another program takes it over (what is on its way then is sent
// to its end first) or close is called.
type offer struct {
	*connection
	png  []byte
	time xproto.Timestamp // since when this process owns the clipboard
	// sending tells for each transfer in pieces how many bytes are sent.
	sending map[destination]int
	ended   chan struct{} // closed when the goroutine has ended
	stop    chan struct{} // closed by close
}

// destination is where a transfer goes: a property of another's window.
type destination struct {
	window   xproto.Window
	property xproto.Atom
}

// own takes the clipboard over. A request must carry a time of the server's
// (ICCCM 2.1), which an empty change to a property gives.
func (c *Clipboard) own(ctx context.Context, png []byte) (owner, error) {
	s, err := c.dial()
	if err != nil {
		return nil, err
	}
	o := &offer{connection: s, png: png, sending: map[destination]int{}, ended: make(chan struct{}), stop: make(chan struct{})}
	xproto.ChangeProperty(s.conn, xproto.PropModeAppend, s.window, s.atoms[transfer], xproto.AtomString, 8, 0, nil)
	event, err := s.await(ctx, func(e xgb.Event) bool {
		_, ok := e.(xproto.PropertyNotifyEvent)
		return ok
	})
	if err != nil {
		s.close()
		return nil, err
	}
	o.time = event.(xproto.PropertyNotifyEvent).Time
	xproto.SetSelectionOwner(s.conn, s.window, s.atoms[selection], o.time)
	now, err := xproto.GetSelectionOwner(s.conn, s.atoms[selection]).Reply()
	if err != nil || now.Owner != s.window {
		s.close()
		return nil, fmt.Errorf("%w: another program holds it", ErrUnavailable)
	}
	go o.serve()
	return o, nil
}

// close gives the clipboard up, to the desktop's clipboard manager where there
// is one, and returns when the goroutine has ended. It is called once.
func (o *offer) close() {
	close(o.stop)
	<-o.ended
}

// serve answers until the clipboard is lost or saved and all that was begun is
// sent, or until whoever receives it has fallen silent.
func (o *offer) serve() {
	defer close(o.ended)
	defer o.connection.close()
	var silence <-chan time.Time // runs once the end is near
	lost, stop := false, o.stop
	for {
		select {
		case event, open := <-o.events:
			if !open || o.saved(event) {
				return
			}
			lost = o.handle(event) || lost
			if lost && stop != nil && len(o.sending) == 0 {
				return
			}
			if lost || stop == nil {
				silence = time.After(o.patience)
			}
		case <-silence:
			return
		case <-stop:
			if lost || !o.handOver() {
				return
			}
			stop, silence = nil, time.After(o.patience)
		}
	}
}

// handOver asks the clipboard manager to keep the picture, as freedesktop.org's
// "Clipboard Manager" specification has it, and reports whether there is one.
// The manager reads what it wants and then tells that it is done.
func (o *offer) handOver() bool {
	now, err := xproto.GetSelectionOwner(o.conn, o.atoms[manager]).Reply()
	if err != nil || now.Owner == xproto.WindowNone {
		return false
	}
	// The property says what is worth keeping.
	o.put(destination{o.window, o.atoms[transfer]}, xproto.AtomAtom, 32, words(o.atoms[pngTarget]))
	xproto.ConvertSelection(o.conn, o.window, o.atoms[manager], o.atoms[save], o.atoms[transfer], o.time)
	return true
}

// saved reports whether an event is the clipboard manager's answer.
func (o *offer) saved(event xgb.Event) bool {
	n, ok := event.(xproto.SelectionNotifyEvent)
	return ok && n.Selection == o.atoms[manager]
}

// handle answers one event and reports whether it took the clipboard away.
func (o *offer) handle(event xgb.Event) (lost bool) {
	switch e := event.(type) {
	case xproto.SelectionRequestEvent:
		o.answer(e)
	case xproto.PropertyNotifyEvent:
		if e.State == xproto.PropertyDelete {
			o.next(destination{e.Window, e.Atom})
		}
	case xproto.DestroyNotifyEvent:
		for to := range o.sending {
			if to.window == e.Window {
				delete(o.sending, to)
			}
		}
	case xproto.SelectionClearEvent:
		return e.Selection == o.atoms[selection]
	}
	return false
}

// answer does what a request asks for and tells the one who asked.
func (o *offer) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone {
		property = e.Target // as clients older than the ICCCM expect
	}
	to := destination{e.Requestor, property}
	var done bool
	if e.Target == o.atoms[multiple] {
		done = e.Property != xproto.AtomNone && o.convertAll(to)
	} else {
		done = o.convertTo(to, e.Target)
	}
	if !done {
		property = xproto.AtomNone
	}
	notify := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(o.conn, false, e.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes()))
}

// convertTo writes the clipboard in one target, or reports that it can't.
func (o *offer) convertTo(to destination, target xproto.Atom) bool {
	switch target {
	case o.atoms[targets]:
		o.put(to, xproto.AtomAtom, 32, words(o.atoms[targets], o.atoms[multiple], o.atoms[timestamp], o.atoms[pngTarget]))
	case o.atoms[timestamp]:
		o.put(to, xproto.AtomInteger, 32, words(o.time))
	case o.atoms[pngTarget]:
		if len(o.png) <= piece {
			o.put(to, target, 8, o.png)
			return true
		}
		// The other's window tells when a piece is taken and when it is gone.
		xproto.ChangeWindowAttributes(o.conn, to.window, xproto.CwEventMask,
			[]uint32{xproto.EventMaskPropertyChange | xproto.EventMaskStructureNotify})
		o.sending[to] = 0
		o.put(to, o.atoms[incr], 32, words(uint32(len(o.png))))
	default:
		return false
	}
	return true
}

// convertAll answers a request for several targets at once (ICCCM 2.6.2): the
// property holds pairs of target and property, and those refused become None.
func (o *offer) convertAll(to destination) bool {
	reply, err := xproto.GetProperty(o.conn, false, to.window, to.property, xproto.GetPropertyTypeAny, 0, 1024).Reply()
	if err != nil || reply.Format != 32 {
		return false
	}
	pairs := reply.Value
	for at := 0; at+8 <= len(pairs); at += 8 {
		target, property := xproto.Atom(xgb.Get32(pairs[at:])), xproto.Atom(xgb.Get32(pairs[at+4:]))
		if !o.convertTo(destination{to.window, property}, target) {
			xgb.Put32(pairs[at+4:], uint32(xproto.AtomNone))
		}
	}
	o.put(to, o.atoms["ATOM_PAIR"], 32, pairs)
	return true
}

// next sends another piece, the last one empty.
func (o *offer) next(to destination) {
	sent, ok := o.sending[to]
	if !ok {
		return
	}
	n := min(piece, len(o.png)-sent)
	o.put(to, o.atoms[pngTarget], 8, o.png[sent:sent+n])
	if o.sending[to] = sent + n; n > 0 {
		return
	}
	delete(o.sending, to)
	for other := range o.sending {
		if other.window == to.window {
			return
		}
	}
	xproto.ChangeWindowAttributes(o.conn, to.window, xproto.CwEventMask, []uint32{xproto.EventMaskNoEvent})
}

// put writes a property of another's window; format is the bits of a unit.
func (o *offer) put(to destination, kind xproto.Atom, format byte, data []byte) {
	xproto.ChangeProperty(o.conn, xproto.PropModeReplace, to.window, to.property, kind, format, uint32(len(data)/int(format/8)), data)
}

// words lays 32-bit values out as the protocol wants them.
func words[T ~uint32](values ...T) []byte {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(data[4*i:], uint32(v))
	}
	return data
}
