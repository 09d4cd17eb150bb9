package e2e

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/photos"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// TestARecipeIsAppliedToPictures of a folder by a service that takes one request at a time and
// hangs: two clicks on Start are one run, closing the window asks, and the picture that the
// service had is not asked for again when the rest is.
func TestARecipeIsAppliedToPictures(t *testing.T) {
	for _, c := range []struct {
		language, theme, prompt string
		size                    image.Point
	}{
		{"en", "dark", "nothing but the lake", image.Pt(1280, 800)},
		{"zh", "light", "只留下湖面", image.Pt(900, 640)},
	} {
		t.Run(c.language, func(t *testing.T) {
			t.Parallel()
			d, relay, path := served(t, func(c *settings.Connection) { c.Parallel = 1 })
			d.language = c.language
			err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) {
				s.Language, s.Theme = c.language, c.theme
				s.WindowWidth, s.WindowHeight = float32(c.size.X), float32(c.size.Y)
				s.Keys = map[string][]string{"apply_recipe": {"Ctrl+Alt+R"}}
			})
			if err != nil {
				t.Fatal(err)
			}
			putRecipe(t, d.home, c.prompt, "lake.png", "meadow.png", "shore.png")
			p := d.launch(path)
			p.waitShown()
			appliedIn(p, relay)
		})
	}
}

// putRecipe writes a recipe into a folder, and a folder with pictures.
func putRecipe(t *testing.T, folder, prompt string, pictures ...string) {
	t.Helper()
	sample, err := picture.Decode(photos.Sample, picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	size := sample.Size()
	o := job.DefaultOptions()
	o.Prompt, o.N = prompt, 1
	r, err := recipe.Of(o, "Relay", mask.Rectangle(size, mask.Point{X: 60, Y: 60}, mask.Point{X: 260, Y: 200}))
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	if err := r.Write(&file); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"hat" + recipe.Extension: []byte(file.String())}
	for _, name := range pictures {
		files[filepath.Join("album", name)] = photos.Sample
	}
	if err := os.Mkdir(filepath.Join(folder, "album"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// chooseApply opens the dialog with the recipe and the folder of pictures.
func (p *program) chooseApply() {
	p.t.Helper()
	p.xdotool("key", "ctrl+alt+r")
	p.control(p.text("dialog.file.path"), 0)
	p.xdotool("sleep", "0.5", "type", "hat")
	p.xdotool("sleep", "0.3", "key", "Return")
	p.press(p.text("apply.folder"))
	p.control(p.text("dialog.file.folder_do"), 0)
	p.xdotool("sleep", "0.5", "type", "album")
	p.xdotool("sleep", "0.3")
	p.press(p.text("dialog.file.folder_do"))
}

func appliedIn(p *program, relay *apitest.Relay) {
	t := p.t
	relay.Use("hang")
	p.chooseApply()
	start := p.control(p.text("apply.start"), 0).center()
	p.screenshot("1-chosen")
	p.xdotool("mousemove", "--window", p.window, start.X, start.Y, "sleep", "0.2", "click", "--repeat", "2", "--delay", "40", "1")
	<-relay.Arrived()
	p.xdotool("sleep", "1.2")
	p.press(p.text("apply.pause"))
	p.control(p.text("apply.resume"), 0)
	p.screenshot("2-paused")

	p.xdotool("key", "alt+F4") // the window manager's
	p.control(p.text("dialog.running.stay"), 0)
	p.xdotool("sleep", "0.5")
	p.screenshot("3-closing")
	p.press(p.text("dialog.running.stay"))
	p.press(p.text("apply.cancel"))
	p.control(p.text("apply.again"), 0)
	if n := relay.Posts(); n != 1 || p.logged("recipe applied") != 1 {
		t.Fatalf("%d requests of %d runs, want one of one", n, p.logged("recipe applied"))
	}
	p.screenshot("4-cancelled")

	relay.Use("")
	p.press(p.text("apply.again"))
	p.control(p.text("apply.look"), 0)
	if n := relay.Posts(); n != 3 {
		t.Errorf("%d requests, want three: the first picture's was sent already", n)
	}
	p.screenshot("5-over")
	p.press(p.text("apply.look"))
	p.control(p.text("apply.keep"), 0)
	p.xdotool("sleep", "1.5")
	p.screenshot("6-review")
	p.press(p.text("apply.keep"))
	p.xdotool("sleep", "1")
	p.press(p.text("apply.discard"))
	p.wait("one result to be left", func() bool {
		left, err := filepath.Glob(filepath.Join(p.home, p.text("apply.out.name"), "*.png"))
		return err == nil && len(left) == 1
	})
	p.press(p.text("apply.hide_review"))
	p.xdotool("sleep", "0.5")
	p.screenshot("7-looked")
	p.press(p.text("dialog.close"))
	p.wait("the dialog to close", func() bool { return len(p.find(p.text("dialog.close"))) == 0 })
}

// TestKilledWhileARecipeIsApplied kills the program while a service has requests of it, starts
// it again in the other language, with another folder for results, and lets it go on: no picture
// is asked for twice and each is charged once. Both runs pass the cap for the day, after a
// question.
func TestKilledWhileARecipeIsApplied(t *testing.T) {
	t.Parallel()
	const atOnce = 2
	d, relay, path := served(t, func(c *settings.Connection) { c.Parallel = atOnce })
	var book apitest.Book
	relay.Ledger(&book)
	var pictures []string
	for i := range 6 {
		pictures = append(pictures, fmt.Sprintf("p%d.png", i))
	}
	putRecipe(t, d.home, "nothing but the lake", pictures...)
	begin := func(language string, width, height float32) *program {
		t.Helper()
		d.language = language
		err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) {
			s.Language, s.DailyCap, s.WindowWidth, s.WindowHeight = language, 30_000, width, height
			s.Keys = map[string][]string{"apply_recipe": {"Ctrl+Alt+R"}}
		})
		if err != nil {
			t.Fatal(err)
		}
		p := d.launch(path)
		p.waitShown()
		p.chooseApply()
		p.press(p.text("apply.start"))
		p.control(p.text("apply.cap.do"), 0)
		p.xdotool("sleep", "0.5")
		p.screenshot(language + "-1-cap")
		p.press(p.text("apply.cap.do"))
		return p
	}
	p := begin("zh", 900, 640)
	results := func(language string) []string {
		d.language = language
		all, err := filepath.Glob(filepath.Join(d.home, d.text("apply.out.name"), "*.png"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	p.wait("a result", func() bool { return len(results("zh")) > 0 })
	sent := relay.Posts()
	relay.Use("hang")
	p.wait("requests that hang", func() bool { return relay.Posts() >= sent+atOnce })
	p.screenshot("zh-2-running")
	if err := p.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()
	first := len(results("zh"))

	relay.Use("")
	p = begin("en", 1280, 800)
	p.control(p.text("apply.look"), 0)
	p.screenshot("en-3-over")
	if posts, charged := relay.Posts(), book.Charged(); posts != len(pictures) || charged != len(pictures) {
		t.Errorf("%d requests, %d charged, for %d pictures", posts, charged, len(pictures))
	}
	asked := map[string]int{}
	for _, i := range p.items() {
		if len(i.Variants) > 0 || i.MayHaveCost() { // one that waited was recorded and never sent
			asked[filepath.Base(i.Source)]++
		}
	}
	for _, name := range pictures {
		if asked[name] != 1 {
			t.Errorf("%s was asked for %d times", name, asked[name])
		}
	}
	if again := len(results("zh")); again != first {
		t.Errorf("%d results in the first folder, then %d", first, again)
	}
	if all := first + len(results("en")); all > len(pictures) || all < len(pictures)-atOnce {
		t.Errorf("%d results of %d pictures, of which at most %d had no answer", all, len(pictures), atOnce)
	}
}
