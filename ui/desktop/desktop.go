// Package desktop reaches what the user's desktop offers outside this program's
// windows, over the session bus. It needs no display and never starts a bus.
package desktop

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// patience is how long the desktop may take to show a notification.
const patience = 3 * time.Second

// HasBus reports whether there is a session bus on which a desktop could answer.
func HasBus() bool {
	if runtime.GOOS != "linux" {
		return false
	}
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if address != "" {
		return address != "disabled:" && strings.Contains(address, ":")
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "bus"))
	return err == nil
}

// Notify has the desktop show a notification of the application, after the
// Desktop Notifications Specification, and waits at most three seconds for it.
// Without a bus, or a notification service on it, it does nothing.
// On Windows it is a message box, for which it waits until it is closed.
func Notify(summary, body, icon string) {
	if box(summary, body) || !HasBus() {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		notify(summary, body, icon)
	}()
	select {
	case <-done:
	case <-time.After(patience): // not even the bus may answer
	}
}

func notify(summary, body, icon string) {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return
	}
	defer conn.Close()
	hints := map[string]dbus.Variant{
		"desktop-entry": dbus.MakeVariant(icon),
		"urgency":       dbus.MakeVariant(byte(2)), // it stays until the user has seen it
	}
	conn.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications").Call(
		"org.freedesktop.Notifications.Notify", 0,
		"Overpaint", uint32(0), icon, summary, escape(body), []string{}, hints, int32(0))
}

// escape writes text as the markup that a notification's body is.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
