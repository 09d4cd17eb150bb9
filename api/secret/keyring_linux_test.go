package secret

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stepVariable names what a copy of this test program does instead of testing:
// the D-Bus library keeps its connection for the life of a process, so each
// step with another bus or daemon needs a process of its own.
const stepVariable = "OVERPAINT_SECRET_STEP"

// outcome is the result of a step, as its process reports it to the test.
type outcome struct {
	Key       string
	Source    Source
	NotFound  bool
	NoKeyring bool
	Silent    bool
	Err       string
}

func TestMain(m *testing.M) {
	if step := os.Getenv(stepVariable); step != "" {
		json.NewEncoder(os.Stdout).Encode(play(step))
		return
	}
	os.Exit(m.Run())
}

// play carries out one step with the real keyring.
func play(step string) outcome {
	timeout, _ := time.ParseDuration(os.Getenv("OVERPAINT_SECRET_TIMEOUT"))
	s := NewStore(Options{Timeout: timeout})
	ctx := context.Background()
	verb, value, _ := strings.Cut(step, " ")
	var o outcome
	var err error
	switch verb {
	case "set":
		if o.Source, err = s.Set(ctx, "connection", New(value)); err == nil {
			var k Key
			k, _, err = s.Get(ctx, "connection")
			o.Key = opened(k)
		}
	case "get":
		var k Key
		k, o.Source, err = s.Get(ctx, "connection")
		o.Key = opened(k)
	case "delete":
		err = s.Delete(ctx, "connection")
	case "available":
		err = s.Available(ctx)
	}
	if err != nil {
		o.Err, o.NotFound, o.NoKeyring, o.Silent = err.Error(), errors.Is(err, ErrNotFound), errors.Is(err, ErrNoKeyring), errors.Is(err, ErrSilent)
	}
	return o
}

// desktop is a session bus that only the test uses, in private folders, and the
// environment of the programs on it.
type desktop struct {
	t   *testing.T
	env []string
}

// need returns a program's path, or fails the test: `make test` installs it.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is needed: apt-get install dbus gnome-keyring", program)
	}
	return path
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// newDesktop starts a bus without services that it would start on demand.
func newDesktop(t *testing.T) *desktop {
	t.Helper()
	// Not t.TempDir: a socket's path must be short.
	dir, err := os.MkdirTemp("", "op")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &desktop{t: t}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "HOME", "GNOME_KEYRING_CONTROL", Environment:
		default:
			if !strings.HasPrefix(name, "XDG_") {
				d.env = append(d.env, v)
			}
		}
	}
	for name, folder := range map[string]string{"HOME": "home", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache", "XDG_RUNTIME_DIR": "run"} {
		path := filepath.Join(dir, folder)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		d.env = append(d.env, name+"="+path)
	}
	socket, config := filepath.Join(dir, "bus"), filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		t.Fatal(err)
	}
	address := d.start(need(t, "dbus-daemon"), "", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1")
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS="+address)
	return d
}

// daemon is a program that runs until it is stopped or the test ends.
type daemon struct{ cmd *exec.Cmd }

// launch starts a program and returns it with its output.
func (d *desktop) launch(program, input string, args ...string) (*daemon, io.Reader) {
	d.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = d.env
	cmd.Stdin = strings.NewReader(input)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	p := &daemon{cmd}
	d.t.Cleanup(p.stop)
	return p, out
}

// start launches a program and waits for the first line that it prints.
func (d *desktop) start(program, input string, args ...string) string {
	d.t.Helper()
	_, out := d.launch(program, input, args...)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		d.t.Fatalf("%s printed nothing: %v", program, err)
	}
	return strings.TrimSpace(line)
}

func (p *daemon) stop() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
}

// keyring starts a Secret Service. With a password its keyring is created where there
// is none, and unlocked; without one it stays locked.
func (d *desktop) keyring(password string) *daemon {
	d.t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
		password += "\n"
	}
	p, _ := d.launch(need(d.t, "gnome-keyring-daemon"), password, args...)
	d.await("org.freedesktop.secrets")
	return p
}

// await waits until the bus's daemon lists a name.
func (d *desktop) await(name string) {
	d.t.Helper()
	send := need(d.t, "dbus-send")
	for range 3000 {
		cmd := exec.Command(send, "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", "string:"+name)
		cmd.Env = d.env
		if out, err := cmd.Output(); err == nil && strings.Contains(string(out), "boolean true") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	d.t.Fatalf("%s does not appear on the bus", name)
}

// step runs one step in a process of its own.
func (d *desktop) step(step string, timeout time.Duration) outcome {
	d.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append([]string{stepVariable + "=" + step, "OVERPAINT_SECRET_TIMEOUT=" + timeout.String()}, d.env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var o outcome
	if err == nil {
		err = json.Unmarshal(out, &o)
	}
	if err != nil {
		d.t.Fatalf("%s: %v %s", step, err, out)
	}
	return o
}

func (d *desktop) want(step string, timeout time.Duration, want outcome) {
	d.t.Helper()
	got := d.step(step, timeout)
	said := got.Err
	got.Err = ""
	if got != want {
		d.t.Errorf("%s gives %+v (%s), want %+v", step, got, said, want)
	}
}

// Time-outs for a daemon that answers and for one that doesn't.
const (
	patient   = time.Minute
	impatient = time.Second
)

// TestSecretService keeps a key in a real keyring, across processes and restarts of
// its daemon, and checks the errors of a locked, an absent and a hanging one.
func TestSecretService(t *testing.T) {
	d := newDesktop(t)
	ring := d.keyring("password")
	d.want("available", patient, outcome{})
	d.want("get", patient, outcome{NotFound: true})
	d.want("set sk-first", patient, outcome{Key: "sk-first", Source: FromKeyring})
	d.want("get", patient, outcome{Key: "sk-first", Source: FromKeyring})
	d.want("set sk-second", patient, outcome{Key: "sk-second", Source: FromKeyring})
	ring.stop()
	ring = d.keyring("password")
	d.want("get", patient, outcome{Key: "sk-second", Source: FromKeyring})

	// Hanging: the daemon runs and does not answer.
	if err := ring.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	d.want("get", impatient, outcome{NotFound: true, NoKeyring: true, Silent: true})
	d.want("set sk-third", impatient, outcome{Key: "sk-third", Source: FromSession})
	d.want("delete", impatient, outcome{NoKeyring: true, Silent: true})
	d.want("available", impatient, outcome{NoKeyring: true, Silent: true})
	ring.stop()

	// Locked, and nobody types the password.
	ring = d.keyring("")
	d.want("get", impatient, outcome{NotFound: true, NoKeyring: true, Silent: true})
	d.want("set sk-fourth", impatient, outcome{Key: "sk-fourth", Source: FromSession})
	d.want("available", impatient, outcome{NoKeyring: true, Silent: true})
	ring.stop()

	// The keyring's content is unchanged.
	ring = d.keyring("password")
	d.want("get", patient, outcome{Key: "sk-second", Source: FromKeyring})
	d.want("delete", patient, outcome{})
	d.want("get", patient, outcome{NotFound: true})
	d.want("delete", patient, outcome{})
	ring.stop()

	// Absent: a bus without a keyring, and then no bus either.
	d.want("get", patient, outcome{NotFound: true, NoKeyring: true})
	d.want("set sk-fifth", patient, outcome{Key: "sk-fifth", Source: FromSession})
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent")
	d.want("get", patient, outcome{NotFound: true, NoKeyring: true})
	d.want("set sk-sixth", patient, outcome{Key: "sk-sixth", Source: FromSession})
}
