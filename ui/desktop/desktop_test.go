package desktop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"overpaint.dev/overpaint/ui/desktop/bustest"
)

func TestHasBus(t *testing.T) {
	for address, want := range map[string]bool{"disabled:": false, "unix:path=/run/bus": true, "/dev/null": false} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if HasBus() != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	dir := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", dir)
	if HasBus() {
		t.Error("a bus in an empty folder")
	}
	if err := os.WriteFile(filepath.Join(dir, "bus"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if !HasBus() {
		t.Error("the bus in XDG_RUNTIME_DIR isn't found")
	}
}

// notifications is a desktop's service that shows notifications.
type notifications chan []string

func (n notifications) Notify(app string, _ uint32, icon, summary, body string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n <- []string{app, icon, summary, body}
	return 1, nil
}

func TestNotify(t *testing.T) {
	conn := bustest.Start(t)
	Notify("Title", "nobody shows it", "icon") // and that is no trouble
	shown := make(notifications, 1)
	bustest.Own(t, conn, "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications", shown)
	Notify("Title", "a < b & c", "dev.overpaint.Overpaint")
	want := "Overpaint|dev.overpaint.Overpaint|Title|a &lt; b &amp; c"
	select {
	case got := <-shown:
		if strings.Join(got, "|") != want {
			t.Errorf("shown %q", got)
		}
	default:
		t.Error("nothing was shown")
	}
}
