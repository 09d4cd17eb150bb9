package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
)

// TestTheKeyIsNowhere edits with a service that has every fault in turn, among them
// repeating the key, then looks for the key in all that was written: history, settings,
// log, pictures with their metadata, and output.
func TestTheKeyIsNowhere(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	relay, err := apitest.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(relay.Close)
	t.Setenv("OVERPAINT_API_KEY", apitest.Key)
	var said strings.Builder
	statuses := map[int]bool{}
	for _, scenario := range []string{
		"", "url", "error-echo", "key", "quota", "moderation", "html", "redirect-elsewhere", "url-elsewhere", "url-dead",
		"n-ignored", "error-in-200", "500", "502", "cut", "cut-answer", "stream-cut", "one-broken", "no-edits", "rate-ms",
	} {
		for _, format := range [][]string{nil, {"-json"}} {
			o := b.edit(append([]string{"-base-url", relay.Base(scenario), "-model", "dall-e-2", "-prompt", "a hat", "-n", "2", "-size", "256x256"}, format...)...)
			said.WriteString(o.stdout + o.stderr)
			statuses[o.status] = true
		}
	}
	// Services that repeat the key, each in another place and in all spellings.
	echoes := 0
	for _, scenario := range apitest.Scenarios() {
		if !strings.HasPrefix(scenario.Name, "echo-") {
			continue
		}
		echoes++
		o := b.edit("-base-url", relay.Base(scenario.Name), "-model", "dall-e-2", "-prompt", "a hat", "-size", "256x256", "-json")
		said.WriteString(o.stdout + o.stderr)
	}
	if !statuses[0] || !statuses[3] || !statuses[4] || echoes < 20 {
		t.Fatalf("the faults did not show: %v, %d echoes", statuses, echoes)
	}
	look := func(where, content string) {
		if apitest.Holds(content, apitest.Key) {
			t.Errorf("the key is in %s", where)
		}
	}
	look("the output", said.String())
	files := 0
	err = filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		look(path, string(raw))
		return nil
	})
	if err != nil || files < 10 {
		t.Fatalf("%d files looked at, %v", files, err)
	}
}

// TestFieldsOfSomeModels sends fields that only some models have.
func TestFieldsOfSomeModels(t *testing.T) {
	b := newBench(t)
	relay := apitest.New(t)
	t.Setenv("OVERPAINT_API_KEY", relay.Key)
	args := []string{
		"-base-url", relay.URL, "-model", "gpt-image-2", "-prompt", "a hat", "-quality", "high", "-background", "opaque",
		"-output-format", "webp", "-output-compression", "70", "-reference", b.image, "-reference", b.path("mask.png"), "-partial-images", "2", "-json",
	}
	o := b.edit(args...)
	if o.status != 0 {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	q := relay.Last()
	for name, want := range map[string]string{"quality": "high", "background": "opaque", "output_format": "webp", "output_compression": "70", "stream": "true", "partial_images": "2"} {
		if got := q.Field(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	pictures := 0
	for _, f := range q.Files {
		if f.Field == "image[]" {
			pictures++
		}
	}
	if pictures != 3 {
		t.Errorf("%d pictures were sent, want 3", pictures)
	}
	for name, bad := range map[string][]string{
		"an option of other models": {"-base-url", relay.URL, "-model", "dall-e-2", "-prompt", "x", "-quality", "high"},
		"a wrong value":             append([]string{"-background", "striped"}, args[:6]...),
		"too many previews":         append([]string{"-partial-images", "9"}, args[:6]...),
		"no such reference":         append([]string{"-reference", b.path("none.png")}, args[:6]...),
	} {
		if o := b.edit(bad...); o.status != 2 || o.stderr == "" {
			t.Errorf("%s: status %d, %q", name, o.status, o.stderr)
		}
	}
	if relay.Posts() != 1 {
		t.Errorf("%d requests were sent", relay.Posts())
	}
}
