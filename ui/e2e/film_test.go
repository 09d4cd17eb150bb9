package e2e

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// film is a walk through the program of which every step is kept as a picture.
type film struct {
	*program
	units  image.Point // the window's size
	scale  int         // pixels in a unit
	folder string
	frames int
	relays [2]*apitest.Relay
	ended  int    // edits, so far
	first  string // the first edit's prompt, and so the name of its result
}

// scene is one look of the film.
type scene struct {
	language, theme string
	size            image.Point // of the window, in units
	scale           int
}

func (s scene) String() string {
	return fmt.Sprintf("%s-%s-%dx%d", s.language, s.theme, s.size.X*s.scale, s.size.Y*s.scale)
}

// TestFilm goes once through the loop of the work, with two services on this
// computer: two edits, swap, mix, erasing a part of a result, refining,
// comparing, discarding and undoing, closing. OVERPAINT_FILM names a folder for
// the pictures of all looks; without it one look is walked through.
func TestFilm(t *testing.T) {
	folder := os.Getenv("OVERPAINT_FILM")
	looks := []scene{{"en", "dark", image.Pt(1024, 700), 1}}
	if folder == "" {
		folder = filepath.Join(artefacts(t), "film")
	} else {
		looks = nil
		for _, size := range []scene{
			{size: image.Pt(900, 640), scale: 1},
			{size: image.Pt(1024, 700), scale: 1},
			{size: image.Pt(1280, 800), scale: 1},
			{size: image.Pt(1280, 800), scale: 2},
		} {
			for _, language := range text.Languages() {
				for _, theme := range []string{"dark", "light"} {
					looks = append(looks, scene{language, theme, size.size, size.scale})
				}
			}
		}
	}
	for _, look := range looks {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			f := newFilm(t, look, absolute(t, filepath.Join(folder, look.String())), nil)
			f.firstEdit()
			f.secondEdit()
			f.results()
			f.comparing()
			f.discarding()
			f.closing()
		})
	}
}

// newFilm starts the program with a photo and two services; change, unless nil, changes the
// settings before.
func newFilm(t *testing.T, look scene, folder string, change func(*settings.Settings)) *film {
	t.Helper()
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	f := &film{units: look.size, scale: look.scale, folder: folder, relays: [2]*apitest.Relay{apitest.New(t), apitest.New(t)}}
	d := newDesktop(t, look.size.X*look.scale+40, look.size.Y*look.scale+60, "OVERPAINT_API_KEY="+f.relays[0].Key,
		fmt.Sprintf("FYNE_SCALE=%d", look.scale))
	d.language = look.language
	f.relays[1].Key = f.relays[0].Key
	err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) {
		s.Connections = nil
		for i, name := range []string{"dddai.dev", "OpenAI"} {
			s.Connections = append(s.Connections, settings.Connection{
				ID: name, Name: name, BaseURL: f.relays[i].URL, Model: "dall-e-2",
				Profile: "classic", Price: settings.Price{Picture: 20_000, Currency: "USD"},
			})
		}
		s.Connection, s.Variants, s.MonthlyCap = "dddai.dev", 2, 5_000_000
		s.Language, s.Theme = look.language, look.theme
		s.WindowWidth, s.WindowHeight = float32(look.size.X), float32(look.size.Y)
		if change != nil {
			change(s)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	photo, err := os.ReadFile("../../assets/photos/flower.jpg")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.home, "flower.jpg")
	if err := os.WriteFile(path, photo, 0o600); err != nil {
		t.Fatal(err)
	}
	f.program = d.launch(path)
	f.waitLogged("opened", 1)
	f.waitLogged("shown", 1)
	f.frame("open")
	return f
}

// frame keeps a picture of the window once it has come to rest.
func (f *film) frame(name string) {
	f.t.Helper()
	f.frames++
	f.xdotool("sleep", "0.6")
	keep(f.t, filepath.Join(f.folder, fmt.Sprintf("%02d-%s.png", f.frames, name)), f.inside())
}

// at returns a place of the canvas, in parts of its width and height, in the
// window's pixels.
func (f *film) at(x, y float64) image.Point {
	const rail, top, side, bottom = 44, 68, 300, 160
	return image.Pt(f.scale*(rail+int(x*float64(f.units.X-rail-side))), f.scale*(top+int(y*float64(f.units.Y-top-bottom))))
}

// stroke draws with the primary button.
func (f *film) stroke(x0, y0, x1, y1 float64) {
	f.t.Helper()
	var places []image.Point
	for i := range 7 {
		a := float64(i) / 6
		places = append(places, f.at(x0+a*(x1-x0), y0+a*(y1-y0)))
	}
	f.drag(places...)
	f.xdotool("sleep", "0.3")
}

// scrollUp turns the wheel to the beginning of what lies in the side panel.
func (f *film) scrollUp() {
	f.t.Helper()
	x, y := f.scale*(f.units.X-40), f.scale*200
	f.xdotool("mousemove", "--window", f.window, x, y, "sleep", "0.3", "click", "--repeat", 20, "--delay", 30, 4)
}

// keys presses keys one after the other, with no field in focus.
func (f *film) keys(names ...string) {
	f.t.Helper()
	for _, k := range names {
		f.xdotool("key", k, "sleep", "0.2")
	}
}

// prompt writes the prompt, leaves its field and returns it.
func (f *film) prompt(en, zh string) string {
	f.t.Helper()
	s := map[string]string{"en": en, "zh": zh}[f.language]
	f.pastePrompt(s)
	f.keys("Escape")
	return s
}

// generate asks for edits and waits for so many to end.
func (f *film) generate(edits int) {
	f.t.Helper()
	f.xdotool("sleep", "1.1", "key", "ctrl+Return")
	f.ended += edits
	f.waitLogged("ended", f.ended)
}

func (f *film) pressText(key string) { f.t.Helper(); f.press(f.text(key)) }

func (f *film) firstEdit() {
	f.stroke(0.52, 0.45, 0.6, 0.6)
	f.first = f.prompt("Violet petals instead of the striped ones, soft morning light", "把条纹花瓣换成紫罗兰色，柔和的晨光")
	f.frame("painted")
	f.relays[0].Use("hang")
	f.xdotool("key", "ctrl+Return")
	f.wait("the request", func() bool { return f.relays[0].Posts() == 1 })
	f.frame("running")
	f.pressText("ui.cancel")
	f.control(f.text("dialog.cancel_sent.do"), 0)
	f.frame("cancel")
	f.pressText("dialog.cancel_sent.do")
	f.ended++
	f.waitLogged("ended", f.ended)
	f.relays[0].Use("")
	f.generate(1)
	f.keys("2")
	f.frame("variants")
	f.pressText("ui.use")
	f.press(f.first)
	f.control(f.text("results.edit_mask"), 0)
	f.frame("used")
}

func (f *film) secondEdit() {
	f.stroke(0.25, 0.3, 0.35, 0.35)
	second := f.prompt("no dirt on the stone", "去掉石头上的污渍")
	f.scrollUp() // to the services: the result's controls were scrolled to
	f.pressText("panel.services.add")
	f.keys("Down")
	f.frame("services")
	f.keys("Return")
	f.relays[1].Use("error-echo")
	f.generate(2)
	f.frame("failed")
	f.keys("1")
	f.frame("second")
	f.keys("Return")
	f.press(second)
	f.frame("two-results")
}

func (f *film) results() {
	f.pressText("results.swap")
	f.frame("swapped")
	f.pressText("results.mix")
	f.keys("b")
	f.stroke(0.26, 0.3, 0.28, 0.32)
	f.frame("mixed")
	f.pressText("ui.done")
	f.pressText("results.edit_mask")
	f.keys("e")
	f.stroke(0.3, 0.32, 0.33, 0.34)
	f.frame("erased")
	f.pressText("ui.done")
	f.keys("b", "1")
	f.stroke(0.7, 0.5, 0.74, 0.6)
	f.frame("refined")
}

func (f *film) comparing() {
	f.keys("2", "c")
	f.frame("compare")
	middle := f.at(0.5, 0.5)
	f.drag(middle, middle.Add(image.Pt(-40*f.scale, 0)), middle.Add(image.Pt(-90*f.scale, 0)))
	f.control(f.text("ui.compare"), 0) // it goes on
	f.frame("compare-dragged")
	f.keys("k")
	f.frame("side-by-side")
	f.keys("Escape", "g")
	f.frame("grid")
	f.keys("g", "alt+e")
	f.frame("menu")
	f.keys("Escape")
	f.scrollUp()
	f.pressText("ui.more")
	f.frame("more")
	f.pressText("ui.more")
}

func (f *film) discarding() {
	f.keys("1", "Delete")
	f.frame("discarded")
	f.keys("ctrl+z")
	f.frame("undone")
}

func (f *film) closing() {
	f.keys("ctrl+q")
	f.control(f.text("dialog.unsaved.discard"), 0)
	f.frame("closing")
	f.pressText("dialog.unsaved.discard")
	_ = f.process.Wait()
}
