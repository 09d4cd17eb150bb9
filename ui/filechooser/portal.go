//go:build !windows

package filechooser

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"overpaint.dev/overpaint/ui/desktop"
)

// The desktop's file dialogs, after the XDG desktop portal's interface
// org.freedesktop.portal.FileChooser. It is called directly: the addresses that
// it answers with are unescaped as addresses, so that a plus in a file's name
// stays one.
const (
	portalName    = "org.freedesktop.portal.Desktop"
	portalPath    = "/org/freedesktop/portal/desktop"
	portalChooser = "org.freedesktop.portal.FileChooser."
)

// portalPatience is how long the portal may take to take a request; the user
// may take as long as they like.
const portalPatience = 3 * time.Second

var errNoPortal = errors.New("filechooser: the desktop's file dialog went away")

// Sandboxed reports whether only such files may be written as are chosen in the desktop's
// dialog: the program runs as a Flatpak.
func Sandboxed() bool {
	_, err := os.Stat("/.flatpak-info")
	return err == nil
}

// Available reports whether the desktop may have dialogs for files.
func Available() bool { return desktop.HasBus() }

// Ask shows the desktop's dialog over a window and waits for its answer: paths, or none
// where the user chose none. An error means that there is no such dialog. It may be
// called on any goroutine.
func Ask(over uintptr, r Request) ([]string, error) {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	token := "overpaint" + strings.ToLower(rand.Text())
	// Only what this program asked for is answered to this connection.
	match := []dbus.MatchOption{
		dbus.WithMatchInterface("org.freedesktop.portal.Request"), dbus.WithMatchMember("Response"),
	}
	if err := conn.AddMatchSignal(match...); err != nil {
		return nil, err
	}
	signals := make(chan *dbus.Signal, 4)
	conn.Signal(signals)

	method, parent := "OpenFile", ""
	if r.Kind == Save {
		method = "SaveFile"
	}
	if over != 0 {
		parent = fmt.Sprintf("x11:%x", over)
	}
	pending := conn.Object(portalName, portalPath).Go(portalChooser+method, 0, make(chan *dbus.Call, 1),
		parent, r.Title, portalOptions(token, r))
	select {
	case <-pending.Done:
	case <-time.After(portalPatience):
		return nil, errNoPortal
	}
	var request dbus.ObjectPath
	if err := pending.Store(&request); err != nil {
		return nil, err
	}
	for s := range signals {
		if s.Path == request {
			return portalAnswer(s.Body)
		}
	}
	return nil, errNoPortal
}

type portalRule struct {
	Type    uint32 // 0: a glob
	Pattern string
}

type portalFilter struct {
	Name  string
	Rules []portalRule
}

func portalOptions(token string, r Request) map[string]dbus.Variant {
	o := map[string]dbus.Variant{
		"handle_token":   dbus.MakeVariant(token),
		"modal":          dbus.MakeVariant(true),
		"current_folder": dbus.MakeVariant(append([]byte(r.Folder), 0)),
	}
	switch {
	case r.Kind == Folder:
		o["directory"] = dbus.MakeVariant(true)
	case r.Kind == Open && r.Several:
		o["multiple"] = dbus.MakeVariant(true)
	case r.Kind == Save && r.Name != "":
		o["current_name"] = dbus.MakeVariant(r.Name)
	}
	var filters []portalFilter
	for _, f := range r.Filters {
		filter := portalFilter{Name: f.Name}
		for _, e := range f.Endings {
			filter.Rules = append(filter.Rules, portalRule{Pattern: "*" + anyCase(e)})
		}
		if len(f.Endings) == 0 {
			filter.Rules = []portalRule{{Pattern: "*"}}
		}
		filters = append(filters, filter)
	}
	if len(filters) > 0 {
		o["filters"] = dbus.MakeVariant(filters)
	}
	return o
}

// anyCase writes an ending as a glob that takes capital letters as well.
func anyCase(ending string) string {
	var b strings.Builder
	for _, r := range ending {
		if up := strings.ToUpper(string(r)); up != string(r) {
			fmt.Fprintf(&b, "[%c%s]", r, up)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// portalAnswer reads the body of a Response: a status, 0 where a file was
// chosen and 1 where the user cancelled, and the results.
func portalAnswer(body []any) ([]string, error) {
	if len(body) < 2 {
		return nil, errNoPortal
	}
	status, ok := body[0].(uint32)
	results, ok2 := body[1].(map[string]dbus.Variant)
	switch {
	case !ok || !ok2 || status > 1:
		return nil, errNoPortal
	case status == 1:
		return nil, nil
	}
	uris, ok := results["uris"].Value().([]string)
	var paths []string
	for _, uri := range uris {
		if !strings.HasPrefix(uri, "file://") {
			continue
		}
		u, err := url.Parse(uri)
		if err != nil {
			return nil, err
		}
		paths = append(paths, u.Path)
	}
	if !ok || len(paths) == 0 {
		return nil, errNoPortal
	}
	return paths, nil
}
