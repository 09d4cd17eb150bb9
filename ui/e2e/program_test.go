package e2e

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/assets/photos"
)

// program is the running application in its window.
type program struct {
	*desktop
	process *exec.Cmd
	window  string
	client  image.Rectangle // the window's inside, in pixels of the screen
}

// launch starts the program and waits for its window.
func (d *desktop) launch(args ...string) *program {
	d.t.Helper()
	p := &program{desktop: d, process: d.command(binary, args...)}
	d.start(p.process, "overpaint")
	d.wait("the window", func() bool {
		out, err := d.command("xdotool", "search", "--onlyvisible", "--name", "Overpaint").Output()
		p.window, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return err == nil && p.window != ""
	})
	d.wait("the window's content", func() bool {
		p.client = d.geometry(p.window)
		return p.client.Dx() >= 600 && lit(d.capture(), p.client)
	})
	return p
}

// inside takes a picture of the window without its frame.
func (p *program) inside() image.Image {
	p.t.Helper()
	return p.capture().SubImage(p.geometry(p.window))
}

// lit reports whether something was drawn: a new window is of one colour.
func lit(img image.Image, r image.Rectangle) bool {
	first := img.At(r.Min.X, r.Min.Y)
	for y := r.Min.Y; y < r.Max.Y; y += 7 {
		for x := r.Min.X; x < r.Max.X; x += 7 {
			if img.At(x, y) != first {
				return true
			}
		}
	}
	return false
}

// click presses the primary button at a place of the window's inside.
func (p *program) click(x, y int) {
	p.t.Helper()
	p.xdotool("mousemove", "--window", p.window, x, y, "sleep", "0.2", "click", "1")
}

// drag draws with the primary button through places of the window's inside.
func (p *program) drag(places ...image.Point) {
	p.t.Helper()
	args := []any{}
	for i, at := range places {
		args = append(args, "mousemove", "--window", p.window, at.X, at.Y, "sleep", "0.06")
		if i == 0 {
			args = append(args, "mousedown", "1", "sleep", "0.06")
		}
	}
	p.xdotool(append(args, "mouseup", "1")...)
}

func (p *program) title() string {
	out, _ := p.command("xdotool", "getwindowname", p.window).Output()
	return strings.TrimSpace(string(out))
}

// logged counts the log's entries with a message.
func (p *program) logged(message string) int {
	raw, _ := os.ReadFile(filepath.Join(p.home, "data", "overpaint", "overpaint.log"))
	n := 0
	for _, line := range strings.Split(string(raw), "\n") {
		var entry struct{ Msg string }
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == message {
			n++
		}
	}
	return n
}

// started returns the jobs that were started, in their order.
func (p *program) started() []int {
	raw, _ := os.ReadFile(filepath.Join(p.home, "data", "overpaint", "overpaint.log"))
	var jobs []int
	for _, line := range strings.Split(string(raw), "\n") {
		var entry struct {
			Msg string
			Job int
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "started" {
			jobs = append(jobs, entry.Job)
		}
	}
	return jobs
}

func (p *program) waitLogged(message string, n int) {
	p.t.Helper()
	p.wait(fmt.Sprintf("%d times %q in the log", n, message), func() bool { return p.logged(message) >= n })
}

// trySample opens the sample from the empty window.
func (p *program) trySample() {
	p.t.Helper()
	p.press("Try the sample")
	p.waitShown()
}

// waitShown waits until the sample is on the canvas.
func (p *program) waitShown() {
	p.t.Helper()
	p.waitLogged("opened", 1)
	p.waitLogged("shown", 1)
	p.wait("the picture's name in the title", func() bool { return strings.HasPrefix(p.title(), photos.SampleName) })
}

// paintStroke draws over the far shore of the sample, 96 pixels wide and 32 high.
func (p *program) paintStroke() {
	p.t.Helper()
	var stroke []image.Point
	for i := range 9 {
		stroke = append(stroke, image.Pt(420+12*i, 330+4*i))
	}
	p.drag(stroke...)
	p.wait("unsaved changes in the title", func() bool { return strings.HasPrefix(p.title(), "* ") })
}

// typePrompt writes into the prompt, which keeps the focus.
func (p *program) typePrompt(s string) {
	p.t.Helper()
	p.xdotool("key", "F6", "sleep", "0.3")
	p.xdotool("type", "--delay", "40", s)
}

// pastePrompt writes the prompt in any language: synthetic keys lose Chinese
// characters where the machine is busy. The prompt keeps the focus.
func (p *program) pastePrompt(s string) {
	p.t.Helper()
	p.copyText(s)
	p.xdotool("key", "F6", "sleep", "0.3", "key", "ctrl+a", "sleep", "0.1", "key", "ctrl+v", "sleep", "0.3")
}

// copyText puts a text on the clipboard.
func (p *program) copyText(s string) {
	p.t.Helper()
	path := filepath.Join(p.home, "prompt.txt")
	if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.start(p.command("xclip", "-quiet", "-selection", "clipboard", "-in", path), "xclip")
	p.wait("the prompt to be copied", func() bool {
		out, err := p.command("xclip", "-selection", "clipboard", "-out").Output()
		return err == nil && string(out) == s
	})
}
