package desktop

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
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

// bus starts a session bus, which ends with the test, and makes it the process's.
func bus(t *testing.T) {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("SKIPPED: dbus-daemon is missing; `make test` installs it")
	}
	config := filepath.Join(t.TempDir(), "bus.conf")
	if err := os.WriteFile(config, []byte(`<busconfig><type>session</type><listen>unix:dir=`+t.TempDir()+`</listen>
		<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(daemon, "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
}

func TestNotify(t *testing.T) {
	bus(t)
	Notify("Title", "nobody shows it", "icon") // and that is no trouble
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	shown := make(notifications, 1)
	if err := conn.Export(shown, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.Notifications", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
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
