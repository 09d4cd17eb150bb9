package cli_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// TestOneLanguage: the language of the settings holds for the help too, whatever the
// environment says.
func TestOneLanguage(t *testing.T) {
	newBench(t)
	t.Cleanup(func() { text.Use("en") })
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	if o := run(t.Context(), "help"); !strings.Contains(o.stdout, "图片") {
		t.Errorf("by the environment: %q", o.stdout)
	}
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { s.Language = "en" }); err != nil {
		t.Fatal(err)
	}
	if o := run(t.Context(), "help"); strings.Contains(o.stdout, "图片") {
		t.Errorf("by the settings: %q", o.stdout)
	}
}

// TestEachCommandHasItsHelp: -h prints the command's own part, and errors refer to it.
func TestEachCommandHasItsHelp(t *testing.T) {
	b := newBench(t)
	for _, command := range []string{"edit", "select", "export", "services", "history", "mcp"} {
		o := run(t.Context(), command, "-h")
		if o.status != cli.ExitDone || !strings.HasPrefix(o.stdout, "overpaint "+command+" ") || !strings.Contains(o.stdout, "Exit status") {
			t.Errorf("%s: %d, %q, %q", command, o.status, o.stdout, o.stderr)
		}
		for line := range strings.Lines(o.stdout) {
			if strings.HasPrefix(line, "overpaint ") && !strings.HasPrefix(line, "overpaint "+command+" ") {
				t.Errorf("%s: the help of another command: %q", command, line)
			}
		}
		if o := run(t.Context(), command, "-bogus", b.image); o.status != cli.ExitInput || !strings.Contains(o.stderr, `"overpaint `+command+` -h"`) {
			t.Errorf("%s: an unknown flag: %d, %q", command, o.status, o.stderr)
		}
	}
	if o := run(t.Context(), "services"); o.status != cli.ExitInput || !strings.Contains(o.stderr, "overpaint services find") {
		t.Errorf("services alone: %d, %q", o.status, o.stderr)
	}
}

// TestTheCommandLinesOwnWords: no sentence refers to what only the window has, or names a
// file twice.
func TestTheCommandLinesOwnWords(t *testing.T) {
	b := newBench(t)
	none := b.path("none.png")
	for _, c := range []struct {
		words string
		args  []string
	}{
		{"with -mask", []string{"edit", b.image}},
		{"is a folder", []string{"select", "-sky", "-o", "-", b.dir}},
		{"is a folder", []string{"export", b.dir}},
		{"is a folder", []string{"edit", "-mask", b.dir, b.image}},
	} {
		if o := run(t.Context(), c.args...); o.status != cli.ExitInput || !strings.Contains(o.stderr, c.words) {
			t.Errorf("%q: %d, %q", c.args, o.status, o.stderr)
		}
	}
	o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-out", b.out, b.image, none)
	if n := strings.Count(o.stderr, none); n != 1 {
		t.Errorf("the missing file is named %d times: %q", n, o.stderr)
	}
}

// TestNoPictureIsSaidToBeOpen: what there is to know of a picture is said without the window's words.
func TestNoPictureIsSaidToBeOpen(t *testing.T) {
	b := newBench(t)
	t.Cleanup(func() { text.Use("en") })
	frame := image.NewPaletted(image.Rect(0, 0, 20, 20), color.Palette{color.Black, color.White})
	var animation bytes.Buffer
	if err := gif.EncodeAll(&animation, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	write(t, b.path("wave.gif"), animation.Bytes())
	write(t, b.path("map.svg"), []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>`))
	for _, c := range []struct{ locale, file, words string }{
		{"C", "wave.gif", "animation. Only its first frame is used."},
		{"C", "map.svg", "used as a picture made of pixels."},
		{"zh_CN.UTF-8", "wave.gif", "只使用第一帧"},
		{"zh_CN.UTF-8", "map.svg", "转换为像素图使用"},
	} {
		t.Setenv("LC_ALL", c.locale)
		if o := run(t.Context(), "export", "-out", b.out, b.path(c.file)); o.status != cli.ExitDone || !strings.Contains(o.stderr, c.words) {
			t.Errorf("%s, %s: %d, %q", c.file, c.locale, o.status, o.stderr)
		}
	}
}

// program returns a run of the test's binary as the program.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

func TestEmptyStandardInput(t *testing.T) {
	b := newBench(t)
	for _, args := range [][]string{{"edit", "-mask", b.path("mask.png"), "-"}, {"select", "-sky", "-o", "-", "-"}, {"export", "-"}} {
		c := program(t, args...)
		c.Stdin = strings.NewReader("")
		var stderr bytes.Buffer
		c.Stderr = &stderr
		_ = c.Run()
		if c.ProcessState.ExitCode() != cli.ExitInput || !strings.Contains(stderr.String(), "Standard input was empty") {
			t.Errorf("%q: %v, %q", args, c.ProcessState, stderr.String())
		}
	}
}

// broken is a standard output that can't be written to.
type broken struct{ error }

func (w broken) Write([]byte) (int, error) { return 0, w.error }

// TestStandardOutputThatFails: a closed pipe is no news, a full disk is told in a sentence.
func TestStandardOutputThatFails(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		err    error
		status int
		words  string
	}{
		{&os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}, cli.ExitPipe, ""},
		{&os.PathError{Op: "write", Path: "/dev/full", Err: syscall.ENOSPC}, cli.ExitTrouble, "overpaint: No space is left for the result, so it could not be written.\n"},
		{errors.New("odd"), cli.ExitTrouble, "overpaint: Something went wrong on this computer. (odd)\n"},
	} {
		for _, args := range [][]string{
			{"edit", "-mask", b.path("mask.png"), "-out", "-", b.image},
			{"select", "-similar", "5,5", "-o", "-", b.image},
		} {
			var stderr bytes.Buffer
			if status := cli.Main(t.Context(), args, broken{c.err}, &stderr); status != c.status || stderr.String() != c.words {
				t.Errorf("%s with %v: %d, %q", args[0], c.err, status, stderr.String())
			}
		}
	}
}

// taking is a standard output at whose first line another program makes a file.
type taking struct {
	t    *testing.T
	path string
}

func (w taking) Write(b []byte) (int, error) {
	write(w.t, w.path, []byte("another's"))
	return len(b), nil
}

// TestTwoEditsOfOneName: a file that came meanwhile is told in a sentence.
func TestTwoEditsOfOneName(t *testing.T) {
	b := newBench(t)
	out := filepath.Join(b.dir, "one.png")
	var stderr bytes.Buffer
	// The first line, "queued", comes after the name was found free.
	status := cli.Main(t.Context(), []string{"edit", "-mask", b.path("mask.png"), "-out", out, "-json", b.image}, taking{t, out}, &stderr)
	if status != cli.ExitTrouble || !strings.Contains(stderr.String(), out+" is there already") || strings.Contains(stderr.String(), "(") {
		t.Errorf("%d, %q", status, stderr.String())
	}
}

func TestUnknownCommands(t *testing.T) {
	newBench(t)
	for arg, words := range map[string]string{"frobnicate": "no command and no file frobnicate", "-frob": "no flag -frob"} {
		if o := run(t.Context(), arg); o.status != cli.ExitInput || !strings.Contains(o.stderr, words) || o.stdout != "" {
			t.Errorf("%s: %+v", arg, o)
		}
	}
}
