// Package e2e drives the program as a person would: the real binary, in a
// window on an X server of its own, through a window manager, by pointer and
// keyboard. What the screen showed is kept as pictures.
package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/assets/text"
)

// patience is how long a wait may take before the test fails; it is no
// measure of speed.
const patience = 300 * time.Second

var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	xgb.Logger = log.New(io.Discard, "", 0) // it tells of every connection
	binary = os.Getenv("OVERPAINT_BINARY")
	if binary == "" {
		dir, err := os.MkdirTemp("", "overpaint-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "overpaint")
		tags := "migrated_fynedo"
		if runtime.GOOS == "linux" {
			tags += ",x11"
		}
		build := exec.Command("go", "build", "-tags", tags, "-o", binary, "../..")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
	}
	return m.Run()
}

// artefacts is the folder where screenshots are kept.
func artefacts(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "build", "e2e")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// desktop is an X server with a window manager, and the folders of one person.
type desktop struct {
	t       *testing.T
	display string
	home    string
	env     []string

	language string // of the program's texts: that of the settings it starts with
}

var translating sync.Mutex

// text returns one of the program's sentences in its language.
func (d *desktop) text(key string) string {
	translating.Lock()
	defer translating.Unlock()
	text.Use(d.language)
	return text.T(key)
}

// newDesktop starts a screen of the given size. The test's end stops it.
func newDesktop(t *testing.T, width, height int, env ...string) *desktop {
	t.Helper()
	return newDesktopWith(t, width, height, nil, env...)
}

// newDesktopWith is newDesktop with further options for Xvfb.
func newDesktopWith(t *testing.T, width, height int, options []string, env ...string) *desktop {
	t.Helper()
	for _, need := range []string{"Xvfb", "openbox", "xdotool", "xprop", "xwininfo", "xclip"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Fatalf("%s is missing: `make test` installs what this test needs", need)
		}
	}
	d := nowhere(t)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", append([]string{
		"-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height),
		"-nolisten", "tcp", "-noreset",
	}, options...)...)
	server.ExtraFiles = []*os.File{write}
	d.start(server, "Xvfb")
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	read.Close()
	d.display = ":" + strings.TrimSpace(number)
	d.env = append(d.env, "DISPLAY="+d.display)
	d.env = append(d.env, env...)
	d.start(d.command("openbox"), "openbox")
	d.wait("the window manager", func() bool {
		out, err := d.command("xprop", "-root", "_NET_SUPPORTING_WM_CHECK").Output()
		return err == nil && bytes.Contains(out, []byte("window id"))
	})
	return d
}

// nowhere is the folders of one person without a screen.
func nowhere(t *testing.T) *desktop {
	d := &desktop{t: t, home: t.TempDir(), language: "en"}
	d.env = append(clean(os.Environ()),
		"HOME="+d.home, "LIBGL_ALWAYS_SOFTWARE=1", "LC_ALL=C.UTF-8", "LANGUAGE=en",
		"XDG_CONFIG_HOME="+filepath.Join(d.home, "config"), "XDG_DATA_HOME="+filepath.Join(d.home, "data"),
		"XDG_CACHE_HOME="+filepath.Join(d.home, "cache"), "XDG_RUNTIME_DIR="+d.runtimeDir(),
		"OVERPAINT_TEST_CONTROLS="+d.controls(),
		// No bus: there is no keyring and no portal unless a test brings them.
		"DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(d.home, "no-bus"))
	return d
}

// clean drops what could reach the user's own session from an environment.
func clean(env []string) []string {
	var kept []string
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "XDG_") && !strings.HasPrefix(name, "LC_") && !strings.HasPrefix(name, "OVERPAINT_") &&
			name != "LANG" && name != "LANGUAGE" && name != "WAYLAND_DISPLAY" && name != "DISPLAY" && name != "HOME" {
			kept = append(kept, v)
		}
	}
	return kept
}

func (d *desktop) runtimeDir() string {
	dir := filepath.Join(d.home, "run")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		d.t.Fatal(err)
	}
	return dir
}

// command prepares a program on this desktop.
func (d *desktop) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = d.env
	c.Dir = d.home
	return c
}

// start runs a program until the test ends.
func (d *desktop) start(c *exec.Cmd, name string) {
	d.t.Helper()
	var out apitest.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	d.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if d.t.Failed() && out.String() != "" {
			d.t.Logf("%s said:\n%s", name, out.String())
		}
	})
}

// wait polls until something is so, and fails the test where it never is.
func (d *desktop) wait(what string, so func() bool) {
	d.t.Helper()
	for end := time.Now().Add(patience); !so(); {
		if time.Now().After(end) {
			d.t.Errorf("waited in vain for %s", what)
			d.screenshot("timeout")
			d.t.FailNow()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// xdotool does what a person's hands do.
func (d *desktop) xdotool(args ...any) string {
	d.t.Helper()
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = fmt.Sprint(a)
	}
	out, err := d.command("xdotool", words...).CombinedOutput()
	if err != nil {
		d.t.Fatalf("xdotool %s: %v\n%s", strings.Join(words, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// capture takes a picture of the whole screen.
func (d *desktop) capture() *image.RGBA {
	d.t.Helper()
	c, err := xgb.NewConnDisplay(d.display)
	if err != nil {
		d.t.Fatalf("screenshot: %v", err)
	}
	defer c.Close()
	root := xproto.Setup(c).DefaultScreen(c)
	img := image.NewRGBA(image.Rect(0, 0, int(root.WidthInPixels), int(root.HeightInPixels)))
	got, err := xproto.GetImage(c, xproto.ImageFormatZPixmap, xproto.Drawable(root.Root),
		0, 0, root.WidthInPixels, root.HeightInPixels, math.MaxUint32).Reply()
	if err != nil || len(got.Data) != len(img.Pix) {
		d.t.Fatalf("screenshot: %v", err)
	}
	for i := 0; i < len(got.Data); i += 4 { // blue, green, red, nothing
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = got.Data[i+2], got.Data[i+1], got.Data[i], 255
	}
	return img
}

// screenshot keeps a picture of the screen among the artefacts.
func (d *desktop) screenshot(name string) {
	d.t.Helper()
	keep(d.t, filepath.Join(artefacts(d.t), strings.ReplaceAll(d.t.Name(), "/", "-")+"-"+name+".png"), d.capture())
}

// keep writes a picture to a file.
func keep(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// geometry returns the place of a window's inside on the screen. (What xdotool tells counts the
// frame twice once a window was moved.)
func (d *desktop) geometry(window string) image.Rectangle {
	d.t.Helper()
	out, err := d.command("xwininfo", "-id", window).Output()
	if err != nil {
		d.t.Fatal(err)
	}
	number := func(name string) (n int) {
		if _, rest, ok := strings.Cut(string(out), name+":"); ok {
			_, _ = fmt.Sscan(rest, &n)
		}
		return n
	}
	x, y := number("Absolute upper-left X"), number("Absolute upper-left Y")
	return image.Rect(x, y, x+number("Width"), y+number("Height"))
}
