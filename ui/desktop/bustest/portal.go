package bustest

import (
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// Portal is a desktop's portal for files that answers each request at once.
type Portal struct {
	// Asked holds what was asked, up to a few requests that nobody has received yet.
	Asked chan Asked

	conn *dbus.Conn
	uris []string

	mu     sync.Mutex
	status uint32
}

// Asked is what a portal was asked.
type Asked struct {
	Method, Parent, Title string
	Options               map[string]dbus.Variant
}

// NewPortal has a connection answer as the portal: with addresses and a status, 0 for those
// that were chosen, 1 for a dialog that was closed.
func NewPortal(t *testing.T, conn *dbus.Conn, status uint32, uris ...string) *Portal {
	t.Helper()
	p := &Portal{Asked: make(chan Asked, 4), conn: conn, uris: uris, status: status}
	Own(t, conn, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.FileChooser", p)
	return p
}

// AnswerWith sets the status of the answers to come.
func (p *Portal) AnswerWith(status uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

// OpenFile is the portal's method.
func (p *Portal) OpenFile(parent, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return p.answer(Asked{"OpenFile", parent, title, options})
}

// SaveFile is the portal's method.
func (p *Portal) SaveFile(parent, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return p.answer(Asked{"SaveFile", parent, title, options})
}

func (p *Portal) answer(a Asked) (dbus.ObjectPath, *dbus.Error) {
	p.Asked <- a
	p.mu.Lock()
	defer p.mu.Unlock()
	request := dbus.ObjectPath("/request/1")
	if err := p.conn.Emit(request, "org.freedesktop.portal.Request.Response", p.status,
		map[string]dbus.Variant{"uris": dbus.MakeVariant(p.uris)}); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	return request, nil
}
