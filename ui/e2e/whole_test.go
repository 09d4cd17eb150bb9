package e2e

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
)

// gptImage makes a connection one to a model that edits without a mask, too.
func gptImage(c *settings.Connection) { c.Model, c.Profile = "gpt-image-2", "gpt-image" }

// photo copies a photo of the repository into the user's home.
func (d *desktop) photo(name string) string {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join("../../assets/photos", name))
	if err != nil {
		d.t.Fatal(err)
	}
	path := filepath.Join(d.home, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// TestWholePicture edits a photo on which nothing is masked with a service that moves all
// of it, uses what comes, and takes all of it.
func TestWholePicture(t *testing.T) {
	t.Parallel()
	d, relay, _ := served(t, gptImage)
	p := d.launch(d.photo("tulips.png"))
	p.waitLogged("opened", 1)
	p.waitLogged("shown", 1)
	p.typePrompt("the red flowers blue")
	p.control("Whole picture", 0)
	p.screenshot("1-whole")
	relay.Use("moves-all")
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("variant", 2)
	p.waitLogged("ended", 1)
	if q := relay.Last(); relay.Posts() != 1 || q.File("mask") != nil {
		t.Fatalf("%d requests, mask %v", relay.Posts(), q.File("mask") != nil)
	}
	p.screenshot("2-variants")
	p.press("Use") // the keyboard is in the prompt
	results := func(what string, so func(*document.Result) bool) {
		t.Helper()
		d.wait(what, func() bool {
			project, ok := copyOfAutosave(t, filepath.Join(d.home, "data", "overpaint", "documents"))
			return ok && len(project.State.Results) == 1 && so(project.State.Results[0])
		})
	}
	size := image.Pt(500, 500)
	results("what changed as the mask", func(r *document.Result) bool {
		part := r.Covered().Area() / float64(size.X*size.Y)
		return r.Blend.KeepMore && part > 0.3 && part < 0.6
	})
	p.press("Area: move and resize the part of the picture that will be sent")
	p.click(530, 400) // on a tulip
	p.control("Keep more of the photo", 0)
	p.screenshot("3-used")
	p.press("Keep more of the photo")
	results("all of it", func(r *document.Result) bool {
		return !r.Blend.KeepMore && r.Covered().Area() > 0.9*float64(size.X*size.Y)
	})
	p.xdotool("key", "ctrl+z")
	results("what changed again", func(r *document.Result) bool { return r.Blend.KeepMore })
}

// TestSpotsOnTheCanvas paints in two corners of a photo: both are sent by themselves.
func TestSpotsOnTheCanvas(t *testing.T) {
	t.Parallel()
	d, relay, _ := served(t, nil)
	p := d.launch(d.photo("flower.jpg"))
	p.waitLogged("opened", 1)
	p.waitLogged("shown", 1)
	p.typePrompt("nothing there")
	p.drag(image.Pt(330, 330), image.Pt(345, 332))
	masked := func(what string, at image.Point) {
		d.wait(what, func() bool {
			project, ok := copyOfAutosave(t, filepath.Join(d.home, "data", "overpaint", "documents"))
			return ok && project.State.Mask.Bounding().Max.X > at.X
		})
	}
	masked("the first spot", image.Pt(600, 0))
	p.drag(image.Pt(820, 600), image.Pt(835, 602))
	masked("the second spot", image.Pt(1900, 0))
	p.press("As the prompt says") // the first area's own prompt
	p.xdotool("type", "--delay", "60", "a boat")
	p.screenshot("1-frames")
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("variant", 2)
	p.waitLogged("ended", 1)
	p.screenshot("2-variants")
	if relay.Posts() != 2 {
		t.Fatalf("%d requests", relay.Posts())
	}
	var prompts []string
	for _, q := range relay.Requests() {
		if q.Method == "POST" {
			prompts = append(prompts, q.Field("prompt"))
		}
	}
	slices.Sort(prompts)
	if !slices.Equal(prompts, []string{"a boat", "nothing there"}) {
		t.Errorf("asked with %q", prompts)
	}
}
