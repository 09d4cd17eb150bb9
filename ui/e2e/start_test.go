package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// refused runs the program where it can't open a window and returns its exit
// status and what it said. It fails the test where the program doesn't end.
func (d *desktop) refused(env ...string) (int, string) {
	d.t.Helper()
	c := d.command(binary)
	c.Env = append(c.Env, env...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	hung := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	defer hung.Stop()
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String()
}

// checkRefused expects exit status 5 and one sentence on a line.
func (d *desktop) checkRefused(status int, said string, parts ...string) {
	d.t.Helper()
	if status != 5 {
		d.t.Errorf("exit status %d", status)
	}
	if strings.Count(said, "\n") != 1 {
		d.t.Errorf("it is no single line:\n%s", said)
	}
	for _, part := range parts {
		if !strings.Contains(said, part) {
			d.t.Errorf("%q is not in: %s", part, said)
		}
	}
}

func TestNoDisplay(t *testing.T) {
	t.Parallel()
	d := nowhere(t)
	status, said := d.refused()
	d.checkRefused(status, said, "DISPLAY", "overpaint edit")
	status, said = d.refused("DISPLAY=:987")
	d.checkRefused(status, said, "DISPLAY", "overpaint edit")
	status, said = d.refused("LC_ALL=zh_CN.UTF-8")
	d.checkRefused(status, said, "无法打开窗口", "overpaint edit")
	status, said = d.refused("WAYLAND_DISPLAY=wayland-0")
	d.checkRefused(status, said, "xwayland")
}

func TestNoOpenGL(t *testing.T) {
	t.Parallel()
	d := newDesktopWith(t, 1024, 768, []string{"-extension", "GLX"})
	status, said := d.refused()
	d.checkRefused(status, said, "OpenGL", "libgl1-mesa-dri", "overpaint edit")
}

func TestOldOpenGL(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1024, 768)
	status, said := d.refused("MESA_GL_VERSION_OVERRIDE=1.4")
	d.checkRefused(status, said, "2.1", "overpaint edit")
}

// TestSmallScreen opens the window on a screen smaller than it would like to be.
func TestSmallScreen(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1100, 720)
	p := d.launch()
	p.screenshot("small")
	out, err := p.command("xprop", "-notype", "-id", p.window, "_NET_FRAME_EXTENTS").Output()
	var left, right, top, bottom int
	if err == nil {
		_, err = fmt.Sscanf(string(out), "_NET_FRAME_EXTENTS = %d, %d, %d, %d", &left, &right, &top, &bottom)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if width, height := p.client.Dx()+left+right, p.client.Dy()+top+bottom; width > 1100 || height > 720 {
		t.Errorf("the window with its frame is %d x %d", width, height)
	}
	if _, err := os.Stat(filepath.Join(d.home, "cache")); err != nil {
		t.Error(err)
	}
}
