package e2e

import (
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestScreenshots takes the pictures of the README: a real edit in each
// language and theme. OVERPAINT_SCREENSHOTS names the folder for them, which
// is that of the artefacts otherwise.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	photo, err := filepath.Abs("../../assets/photos/flower.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, settings, prompt string }{
		{"window", `{"language":"en","theme":"dark"}`, "Remove this petal; the leaves behind it show"},
		{"window-zh", `{"language":"zh","theme":"light"}`, "去掉这片花瓣，露出后面的叶子"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesktop(t, 1300, 860)
			d.settings(c.settings)
			p := d.launch(photo)
			p.waitLogged("opened", 1)
			p.waitLogged("shown", 1)
			p.drag(around(image.Pt(640, 470), 34, 22)...)
			p.pastePrompt(c.prompt)
			p.xdotool("key", "ctrl+Return")
			p.waitLogged("ended", 1)
			p.click(1140, 600) // away from the prompt
			p.xdotool("sleep", "0.5")
			p.readme(c.name)
		})
	}
}

// settings writes the settings that the program will start with.
func (d *desktop) settings(json string) {
	d.t.Helper()
	dir := filepath.Join(d.home, "config", "overpaint")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte(json), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// around returns places of an oval scribble.
func around(middle image.Point, w, h float64) []image.Point {
	var places []image.Point
	for i := range 25 {
		a := float64(i) / 24 * 2 * math.Pi
		places = append(places, middle.Add(image.Pt(int(w*math.Cos(a)), int(h*math.Sin(a)))))
	}
	return places
}

// readme writes the window's inside as a picture of the README.
func (p *program) readme(name string) {
	p.t.Helper()
	dir := os.Getenv("OVERPAINT_SCREENSHOTS")
	if dir == "" {
		dir = artefacts(p.t)
	}
	keep(p.t, filepath.Join(dir, name+".png"), p.inside())
}
