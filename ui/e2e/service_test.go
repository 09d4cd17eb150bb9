package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/photos"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// served is a desktop whose person has a connection to a relay, selected, and
// a picture.
func served(t *testing.T, change func(*settings.Connection)) (*desktop, *apitest.Relay, string) {
	t.Helper()
	relay := apitest.New(t)
	d := newDesktop(t, 1300, 860, "OVERPAINT_API_KEY="+relay.Key)
	c := settings.Connection{
		ID: "relay", Name: "Relay", BaseURL: relay.URL, Model: "dall-e-2", Profile: "classic",
		Price: settings.Price{Picture: 20_000, Currency: "USD"},
	}
	if change != nil {
		change(&c)
	}
	err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) {
		s.Connections, s.Connection, s.Variants = []settings.Connection{c}, c.ID, 2
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.home, photos.SampleName)
	if err := os.WriteFile(path, photos.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	return d, relay, path
}

// ask opens the picture, paints a stroke and types a prompt.
func (d *desktop) ask(path string) *program {
	d.t.Helper()
	p := d.launch(path)
	p.waitShown()
	p.paintStroke()
	p.typePrompt("nothing but the lake")
	return p
}

// TestSessionWithAService edits with a service by hand: a good answer, then one
// trouble after the other, then the program is killed while the service works.
// The next start knows of that, nothing was sent twice, and the key is nowhere.
func TestSessionWithAService(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, nil)
	p := d.ask(path)
	generate := func(scenario string) {
		t.Helper()
		relay.Use(scenario)
		p.xdotool("sleep", "1.1", "key", "ctrl+Return") // two within a second are one
	}
	generate("url")
	p.waitLogged("variant", 2)
	p.waitLogged("ended", 1)
	p.screenshot("1-variants")
	if relay.Posts() != 1 {
		t.Fatalf("%d requests were sent, want 1", relay.Posts())
	}

	for i, scenario := range []string{"key", "html", "cut", "error-echo"} {
		generate(scenario)
		p.waitLogged("ended", 2+i)
		p.xdotool("sleep", "0.5")
		p.screenshot("2-" + scenario)
	}
	// The page was asked for at both spellings of the path.
	if relay.Posts() != 6 {
		t.Fatalf("%d requests were sent, want 6", relay.Posts())
	}
	generate("rate-once") // which asks to wait a second, once
	p.waitLogged("variant", 4)
	p.waitLogged("ended", 6)
	if relay.Posts() != 8 {
		t.Fatalf("%d requests were sent, want 8", relay.Posts())
	}

	generate("hang")
	p.wait("the request", func() bool { return relay.Posts() == 9 })
	p.wait("the service to be asked", func() bool { return p.items()[0].Outcome == "" && !p.items()[0].Over })
	if err := p.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()
	relay.Use("")
	p = d.launch()
	p.waitLogged("history recovered", 1)
	p.xdotool("sleep", "0.5")
	p.screenshot("3-recovered")
	items := p.items()
	if len(items) != 7 || items[0].Outcome != "unknown" || len(items[6].Variants) != 2 {
		t.Errorf("the history holds %+v", items)
	}
	if relay.Posts() != 9 {
		t.Errorf("%d requests were sent, want 9: something was asked again unasked", relay.Posts())
	}
	noKey(t, d.home)
}

// TestPreviewsOfAStream asks a model that streams for a window that is not
// square, and sees its previews.
func TestPreviewsOfAStream(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, func(c *settings.Connection) {
		c.Model, c.Profile = "gpt-image-2", ""
		c.Limits.Sizes = []image.Point{{X: 1536, Y: 1024}}
	})
	p := d.ask(path)
	p.press("More options")
	p.xdotool("sleep", "0.5")
	p.press("Partial pictures that the service shows while it works; some services charge for them")
	p.xdotool("sleep", "0.5", "key", "Down", "Down", "Return", "sleep", "0.5")
	p.screenshot("1-options")
	release := relay.Hold()
	defer release()
	p.xdotool("key", "ctrl+Return")
	// Two previews of each of two variants, and nothing that is finished.
	p.waitLogged("preview", 4)
	p.xdotool("sleep", "0.5")
	p.screenshot("2-previews")
	if got := p.logged("variant"); got != 0 {
		t.Errorf("%d variants came before they were finished", got)
	}
	for n := range 2 {
		card := p.control(fmt.Sprintf("edit 1 card %d", n+1), 0).center()
		place := image.Rect(-25, -15, 25, 15).Add(card)
		if !lit(d.capture(), place.Add(p.client.Min)) { // a card without a picture is of one colour there
			t.Errorf("the preview of variant %d can't be seen", n+1)
		}
	}
	release()
	p.waitLogged("ended", 1)
	p.screenshot("3-variants")
	if got := p.logged("variant"); got != 2 {
		t.Errorf("%d variants came, want 2", got)
	}
	q := relay.Last()
	if q.Field("stream") != "true" || q.Field("partial_images") != "2" || q.Field("size") != "1536x1024" {
		t.Errorf("fields %v", q.Fields)
	}
	sent, err := png.DecodeConfig(bytes.NewReader(q.File("image").Data))
	if err != nil || sent.Width != 1536 || sent.Height != 1024 {
		t.Errorf("the picture sent is %dx%d, %v", sent.Width, sent.Height, err)
	}
}

// TestPicturesInTheAnswer has a service send pictures in its answer, repainted
// all over, and saves one: outside the mask the file is what was opened.
func TestPicturesInTheAnswer(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, func(c *settings.Connection) { c.ResponseFormat = "b64_json" })
	relay.Use("repaint")
	p := d.ask(path)
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("ended", 1)
	if got := p.logged("variant"); got != 2 {
		t.Fatalf("%d variants came, want 2", got)
	}
	if got := relay.Last().Field("response_format"); got != "b64_json" {
		t.Errorf("response_format is %q", got)
	}
	p.screenshot("1-variants")
	p.press("Save…")
	p.xdotool("sleep", "0.5", "key", "Return")
	p.waitLogged("saved", 1)
	compare(t, filepath.Join(d.home, "lakeshore-1.png"))
	if relay.Gets() > 1 { // the models alone
		t.Errorf("%d pictures were downloaded, want none", relay.Gets())
	}
}

// TestAskAgainWithReferences finds an edit in the history whose outcome nobody
// knows and asks for it again: the service gets the same pictures once more.
func TestAskAgainWithReferences(t *testing.T) {
	t.Parallel()
	d, relay, _ := served(t, func(c *settings.Connection) { c.Model, c.Profile = "gpt-image-2", "" })
	first, second := image.NewNRGBA(image.Rect(0, 0, 40, 30)), image.NewNRGBA(image.Rect(0, 0, 24, 24))
	for i := range first.Pix {
		first.Pix[i] = uint8(i) | 1
	}
	sent := d.recorded(first, second)
	p := d.launch()
	p.xdotool("key", "ctrl+h", "sleep", "1")
	p.screenshot("1-history")
	p.press("Ask again")
	p.xdotool("sleep", "0.5")
	p.screenshot("2-asked")
	p.press("Ask again") // the upper one, of the question
	p.waitLogged("variant", 2)
	p.screenshot("3-variants")
	q := relay.Last()
	var got []image.Image
	for _, f := range q.Files {
		if f.Field == "image[]" {
			img, err := png.Decode(bytes.NewReader(f.Data))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, img)
		}
	}
	if len(got) != 3 || q.Field("prompt") != sent.Request.Prompt || q.Field("quality") != "low" || q.Field("n") != "2" {
		t.Fatalf("%d pictures, fields %v", len(got), q.Fields)
	}
	for i, want := range []*image.NRGBA{first, second} {
		if img, ok := got[1+i].(*image.NRGBA); !ok || !bytes.Equal(img.Pix, want.Pix) {
			t.Errorf("reference picture %d is another one", i)
		}
	}
	if items := p.items(); len(items) != 2 || !slices.Equal(items[0].References, items[1].References) {
		t.Errorf("the history holds %+v", items)
	}
}

// recorded puts an edit with reference pictures into the history, of which
// nobody knows how it ended.
func (d *desktop) recorded(references ...*image.NRGBA) history.Entry {
	d.t.Helper()
	store, err := history.Open(d.t.Context(), filepath.Join(d.home, "data", "overpaint", history.Folder))
	if err != nil {
		d.t.Fatal(err)
	}
	defer store.Close()
	sample, err := picture.Decode(photos.Sample, picture.DefaultLimits)
	if err != nil {
		d.t.Fatal(err)
	}
	spot := image.NewAlpha(image.Rect(200, 200, 260, 240))
	for i := range spot.Pix {
		spot.Pix[i] = 255
	}
	m := mask.FromAlpha(spot, sample.Size())
	o := job.DefaultOptions()
	o.Prompt, o.Model, o.N, o.References, o.Extra = "like these two", "gpt-image-2", 2, references, map[string]string{"quality": "low"}
	c := settings.Connection{ID: "relay", Name: "Relay", Model: o.Model}
	j, err := job.Prepare(d.t.Context(), document.NewState(sample).WithMask(m), o, c.Accepts(profile.Builtin()))
	if err != nil {
		d.t.Fatal(err)
	}
	e := history.EntryOf(j, &c, photos.SampleName)
	r, err := store.Record(d.t.Context(), e)
	if err != nil {
		d.t.Fatal(err)
	}
	r.End(api.Result{Asked: 2}, &api.Error{Kind: api.KindUnknown})
	return e
}

// items reads the history while the program may have it open.
func (p *program) items() []history.Item {
	p.t.Helper()
	store, err := history.Open(p.t.Context(), filepath.Join(p.home, "data", "overpaint", history.Folder))
	if err != nil {
		p.t.Fatal(err)
	}
	defer store.Close()
	items, err := store.List(p.t.Context(), history.Filter{})
	if err != nil || len(items) == 0 {
		p.t.Fatalf("%d items, %v", len(items), err)
	}
	return items
}

// noKey fails where a file of the user's holds the relay's key.
func noKey(t *testing.T, home string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		if strings.Contains(string(raw), apitest.Key) {
			t.Errorf("the key is in %s", path)
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Errorf("%d files looked at, %v", files, err)
	}
}
