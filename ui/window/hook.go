package window

import (
	"encoding/json"
	"net"
	"os"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/ui/widgets"
)

// HookVariable is the environment variable that makes the program tell a test where controls
// are. Its value is the path of a Unix socket or, beginning with 127.0.0.1:, an address of the
// loopback interface, on which the program listens: a test writes a control's name as JSON and
// gets the places of the visible ones of that name as JSON. Nothing else can be asked or done
// there.
const HookVariable = "OVERPAINT_TEST_CONTROLS"

// startHook listens where HookVariable says.
func startHook() {
	path := os.Getenv(HookVariable)
	if path == "" {
		return
	}
	network := "tcp"
	if !strings.HasPrefix(path, "127.0.0.1:") {
		network = "unix"
		_ = os.Remove(path)
	}
	listener, err := net.Listen(network, path)
	if err != nil {
		return
	}
	widgets.TrackControls()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			answer(c)
		}
	}()
}

// answer tells one test where the controls of a name are.
func answer(c net.Conn) {
	defer c.Close()
	var name string
	if json.NewDecoder(c).Decode(&name) != nil {
		return
	}
	found := make(chan []widgets.Place, 1)
	fyne.Do(func() { found <- widgets.FindControls(name) })
	_ = json.NewEncoder(c).Encode(<-found)
}
