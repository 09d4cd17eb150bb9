//go:build !windows && !darwin

package clipboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The names of the selection protocol.
const (
	selection = "CLIPBOARD"
	targets   = "TARGETS"
	incr      = "INCR"
	multiple  = "MULTIPLE"
	timestamp = "TIMESTAMP"
	manager   = "CLIPBOARD_MANAGER"
	save      = "SAVE_TARGETS"
	transfer  = "OVERPAINT_TRANSFER" // the property that data comes in
	pngTarget = "image/png"
)

func init() { xgb.Logger = log.New(io.Discard, "", 0) } // it would write to the terminal

// connection is a connection to the X server with an invisible window:
// the two ends of a transfer are known to each other by their windows.
type connection struct {
	conn     *xgb.Conn
	window   xproto.Window
	atoms    map[string]xproto.Atom
	events   chan xgb.Event
	done     chan struct{} // closed to end the pump
	patience time.Duration
	maxBytes int
}

// dial opens a connection of its own. Fyne's connection is left alone: an answer
// that somebody else waits for can't be lost, and a read can't block the window.
func (c *Clipboard) dial() (*connection, error) {
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	s := &connection{
		conn: conn, atoms: map[string]xproto.Atom{}, events: make(chan xgb.Event), done: make(chan struct{}),
		patience: c.patience(), maxBytes: c.maxBytes(),
	}
	go s.pump()
	if err := s.prepare(); err != nil {
		s.close()
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return s, nil
}

// prepare makes the window and learns the atoms, with all questions on their
// way before the first answer is awaited.
func (s *connection) prepare() error {
	window, err := xproto.NewWindowId(s.conn)
	if err != nil {
		return err
	}
	s.window = window
	root := xproto.Setup(s.conn).DefaultScreen(s.conn).Root
	made := xproto.CreateWindowChecked(s.conn, 0, window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
	names := append([]string{selection, targets, incr, multiple, timestamp, manager, save, transfer, "ATOM_PAIR"}, wanted...)
	cookies := make([]xproto.InternAtomCookie, len(names))
	for i, name := range names {
		cookies[i] = xproto.InternAtom(s.conn, false, uint16(len(name)), name)
	}
	for i, name := range names {
		reply, err := cookies[i].Reply()
		if err != nil {
			return err
		}
		s.atoms[name] = reply.Atom
	}
	return made.Check()
}

// pump hands on the server's events until the connection ends. Errors of
// requests whose caller has given up are dropped: the other program's window may
// vanish at any time.
func (s *connection) pump() {
	defer close(s.events)
	for {
		event, err := s.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		if event == nil {
			continue
		}
		select {
		case s.events <- event:
		case <-s.done:
		}
	}
}

// close ends the connection and returns when its goroutines have ended too.
func (s *connection) close() {
	close(s.done)
	s.conn.Close()
	for range s.events {
	}
}

// await returns the first event that match takes; the others are dropped.
func (s *connection) await(ctx context.Context, match func(xgb.Event) bool) (xgb.Event, error) {
	silence := time.NewTimer(s.patience)
	defer silence.Stop()
	for {
		select {
		case event, open := <-s.events:
			if !open {
				return nil, ErrUnavailable
			}
			if match(event) {
				return event, nil
			}
		case <-silence.C:
			return nil, ErrNoAnswer
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (c *Clipboard) open() (source, error) { return c.dial() }

// targets asks the owner what it offers.
func (s *connection) targets(ctx context.Context, wanted []string) ([]string, error) {
	owner, err := xproto.GetSelectionOwner(s.conn, s.atoms[selection]).Reply()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if owner.Owner == xproto.WindowNone {
		return nil, ErrEmpty
	}
	list, err := s.convert(ctx, targets)
	if errors.Is(err, errRefused) {
		return wanted, nil
	}
	if err != nil {
		return nil, err
	}
	offered := map[xproto.Atom]bool{}
	for ; len(list) >= 4; list = list[4:] {
		offered[xproto.Atom(xgb.Get32(list))] = true
	}
	var found []string
	for _, name := range wanted {
		if offered[s.atoms[name]] {
			found = append(found, name)
		}
	}
	return found, nil
}

func (s *connection) data(ctx context.Context, target string) ([]byte, error) {
	return s.convert(ctx, target)
}

// convert asks the owner for the selection in one target and collects it.
func (s *connection) convert(ctx context.Context, target string) ([]byte, error) {
	xproto.DeleteProperty(s.conn, s.window, s.atoms[transfer])
	xproto.ConvertSelection(s.conn, s.window, s.atoms[selection], s.atoms[target], s.atoms[transfer], xproto.TimeCurrentTime)
	event, err := s.await(ctx, func(e xgb.Event) bool {
		n, ok := e.(xproto.SelectionNotifyEvent)
		return ok && n.Requestor == s.window && n.Target == s.atoms[target]
	})
	if err != nil {
		return nil, err
	}
	if event.(xproto.SelectionNotifyEvent).Property == xproto.AtomNone {
		return nil, errRefused
	}
	kind, data, err := s.take(nil)
	if err != nil || kind != s.atoms[incr] {
		return data, err
	}
	return s.collect(ctx)
}

// collect takes a selection that comes in pieces (ICCCM 2.7.2): the owner
// writes one each time that the last was deleted, and an empty one at the end.
func (s *connection) collect(ctx context.Context) ([]byte, error) {
	var all []byte
	for {
		if _, err := s.await(ctx, func(e xgb.Event) bool {
			n, ok := e.(xproto.PropertyNotifyEvent)
			return ok && n.Atom == s.atoms[transfer] && n.State == xproto.PropertyNewValue
		}); err != nil {
			return nil, err
		}
		before := len(all)
		_, grown, err := s.take(all)
		if err != nil {
			return nil, err
		}
		if all = grown; len(all) == before {
			return all, nil
		}
	}
}

// take appends the transfer property's value to data and deletes it.
func (s *connection) take(data []byte) (kind xproto.Atom, grown []byte, err error) {
	const step = 256 << 10 // in units of 4 bytes
	for offset := uint32(0); ; offset += step {
		reply, err := xproto.GetProperty(s.conn, false, s.window, s.atoms[transfer], xproto.GetPropertyTypeAny, offset, step).Reply()
		if err != nil {
			return 0, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		if len(data)+len(reply.Value)+int(reply.BytesAfter) > s.maxBytes {
			return 0, nil, ErrTooLarge
		}
		if reply.Type == s.atoms[incr] && len(reply.Value) >= 4 && int64(xgb.Get32(reply.Value)) > int64(s.maxBytes) {
			return 0, nil, ErrTooLarge // the owner says so beforehand
		}
		data = append(data, reply.Value...)
		if reply.BytesAfter == 0 {
			xproto.DeleteProperty(s.conn, s.window, s.atoms[transfer])
			return reply.Type, data, nil
		}
	}
}
