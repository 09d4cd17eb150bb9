package profile_test

import (
	"image"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/assets/text"
)

// TestNames follows models to their profiles, whatever routers put around the name.
func TestNames(t *testing.T) {
	for model, want := range map[string]string{
		"": "", "dall-e-2": "classic", "dall-e-3": "classic", "my-alias": "",
		"gpt-image": "gpt-image", "gpt-image-next": "gpt-image",
		"gpt-image-1": "gpt-image-1", "gpt-image-1-2025-04-15": "gpt-image-1", "gpt-image-1-mini": "gpt-image-1-mini",
		"gpt-image-1.5": "gpt-image-1.5", "gpt-image-2": "gpt-image-2", "gpt-image-2-2026-04-21": "gpt-image-2",
		"gpt-image-2.5-sunburst-2026-09-08": "gpt-image-2.5", "gpt-image-2.6-flare": "gpt-image-2.6",
		"openai/GPT-Image-1": "gpt-image-1", " OpenAI/gpt-image-2:free ": "gpt-image-2", "chatgpt-image-latest": "chatgpt-image",
		"gemini-2.5-flash-image": "gemini-image", "google/gemini-3-pro-image-preview": "gemini-image", "gemini-2.5-pro": "",
		"nano-banana-pro": "gemini-image", "flux-kontext-max": "flux-kontext", "black-forest-labs/FLUX.1-Kontext-dev": "flux-kontext",
		"FLUX.2-pro": "flux-2", "flux-2-flex": "flux-2", "Qwen/Qwen-Image-Edit-2509": "qwen-image-edit", "qwen-image": "",
		"doubao-seedream-4-0-250828": "seedream", "seedream-4.5": "seedream", "grok-imagine-image": "grok-imagine",
	} {
		e, ok := profile.Builtin().Named(model)
		if ok != (want != "") || e.ID != want {
			t.Errorf("%q is %q, want %q", model, e.ID, want)
		}
	}
}

// TestEditorsFirst offers the models of a service that has many others.
func TestEditorsFirst(t *testing.T) {
	got := profile.Builtin().EditorsFirst([]string{"gpt-4o", "dall-e-2", "my-alias", "openai/gpt-image-2", "whisper-1"})
	if want := []string{"dall-e-2", "openai/gpt-image-2", "gpt-4o", "my-alias", "whisper-1"}; !slices.Equal(got, want) {
		t.Errorf("they are %q, want %q", got, want)
	}
	if got := profile.Builtin().EditorsFirst(nil); len(got) > 0 {
		t.Errorf("of none they are %q", got)
	}
}

// TestBuiltin holds every profile of the program to what all of them must be.
func TestBuiltin(t *testing.T) {
	list := profile.Builtin().List()
	if len(list) < 10 {
		t.Fatalf("%d profiles", len(list))
	}
	for _, e := range list {
		if e.Own || e.Name == "" || e.Source == "" || len(e.Date) != len("2026-10") || len(e.Models) == 0 {
			t.Errorf("%s: %+v", e.ID, e)
		}
		if e.ImageBytes == 0 || e.Images == 0 || e.PromptChars == 0 || e.MaxN == 0 || !e.NeedsPrompt || !e.ReadsPrompt {
			t.Errorf("%s has no limits: %+v", e.ID, e.Profile)
		}
		for _, size := range e.Sizes {
			if !e.Allows(size) || e.Multiple > 0 && size.X*size.Y < e.MinPixels {
				t.Errorf("%s: its own size %v is not allowed", e.ID, size)
			}
		}
		if e.NoMask && !e.Whole || e.Cuts && e.NoMask || e.Stream != (e.Partials > 0) {
			t.Errorf("%s contradicts itself: %+v", e.ID, e.Profile)
		}
	}
}

func TestSizes(t *testing.T) {
	of := func(id string) api.Profile {
		e, ok := profile.Builtin().ByID(id)
		if !ok {
			t.Fatal(id)
		}
		return e.Profile
	}
	for _, c := range []struct {
		id   string
		x, y int
		want bool
	}{
		{"classic", 0, 0, true},
		{"classic", 512, 512, true},
		{"classic", 512, 256, false},
		{"classic", 768, 768, false},
		{"gpt-image-2", 1536, 1024, true},
		{"gpt-image-2", 2880, 2880, true},
		{"gpt-image-2", 512, 512, false},
		{"gpt-image-2", 2896, 2880, false},
		{"gpt-image-2", 3840, 2160, true},
		{"gpt-image-2", 2160, 3840, true},
		{"gpt-image-2", 3840, 2176, false},
		{"gpt-image-2", 3856, 2160, false},
		{"gpt-image-2", 1536, 512, true},
		{"gpt-image-2", 1552, 512, false},
		{"gpt-image-2", 1537, 1024, false},
		{"gpt-image-2", -1024, -1024, false},
		{"gpt-image-2.6", 1040, 1024, true},
		{"gpt-image-1", 1040, 1024, false},
		{"gpt-image-1.5", 1536, 1024, true},
		{"chatgpt-image", 1040, 1024, false},
		{"chatgpt-image", 1024, 1536, true},
	} {
		if got := of(c.id).Allows(image.Pt(c.x, c.y)); got != c.want {
			t.Errorf("%s: %dx%d allowed: %v", c.id, c.x, c.y, got)
		}
	}
	for id, has := range map[string]bool{"gpt-image-1": true, "gpt-image-1.5": true, "gpt-image-1-mini": false, "gpt-image-2": false, "chatgpt-image": false} {
		if _, ok := of(id).Options["input_fidelity"]; ok != has {
			t.Errorf("%s has input_fidelity: %v", id, ok)
		}
	}
}

// TestNearest: a size that is refused comes with one that isn't, of about the same shape.
func TestNearest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, e := range profile.Builtin().List() {
		for range 300 {
			size := image.Pt(1+rnd.IntN(6000), 1+rnd.IntN(6000))
			got := e.Nearest(size)
			if !e.Allows(got) || got == (image.Point{}) {
				t.Fatalf("%s: %v for %v is not allowed", e.ID, got, size)
			}
			if e.Allows(size) && got != size {
				t.Fatalf("%s: %v for %v, which is allowed", e.ID, got, size)
			}
			ratio := float64(max(size.X, size.Y)) / float64(min(size.X, size.Y))
			if e.Multiple > 0 && (e.MaxRatio == 0 || ratio < e.MaxRatio-0.2) && ratio < 4 && !e.Square {
				if want, is := float64(size.X)/float64(size.Y), float64(got.X)/float64(got.Y); is > want*1.06 || is < want/1.06 {
					t.Errorf("%s: %v for %v is of another shape", e.ID, got, size)
				}
			}
		}
	}
	p := profile.Classic()
	if got := p.Nearest(image.Pt(600, 500)); got != image.Pt(512, 512) {
		t.Errorf("classic: %v", got)
	}
}

func TestOwnProfiles(t *testing.T) {
	text.Use("en")
	set, errs := profile.Load(fstest.MapFS{
		"mine.json":    {Data: []byte(`{"id": "mine", "name": "Mine", "models": ["Our-Model*"], "images": 2, "mask": "none"}`)},
		"like.json":    {Data: []byte(`{"id": "gpt-image-2", "like": "gpt-image-2", "models": ["gpt-image-2"], "max_n": 3}`)},
		"spelt.json":   {Data: []byte(`{"id": "spelt", "prompt_char": 10}`)},
		"ended.json":   {Data: []byte(`{"id": "ended"`)},
		"more.json":    {Data: []byte(`{"id": "more"} {}`)},
		"builtin.json": {Data: []byte(`{"id": "builtin"}`)},
		"Caps.json":    {Data: []byte(`{"id": "Caps"}`)},
		"range.json":   {Data: []byte(`{"id": "range", "any_size": {"multiple": 0}}`)},
		"field.json":   {Data: []byte(`{"id": "field", "options": {"prompt": ["x"]}}`)},
		"nobody.json":  {Data: []byte(`{"id": "nobody", "like": "none"}`)},
		"mask.json":    {Data: []byte(`{"id": "mask", "mask": "maybe"}`)},
		"kind.json":    {Data: []byte(`{"id": "kind", "max_n": "three"}`)},
		"many.json":    {Data: []byte(`{"id": "many", "max_n": 1000}`)},
		"small.json":   {Data: []byte(`{"id": "small", "image_bytes": 5}`)},
		"size.json":    {Data: []byte(`{"id": "size", "sizes": ["big"]}`)},
		"form.json":    {Data: []byte(`{"id": "form", "response_formats": ["png"]}`)},
		"other.json":   {Data: []byte(`{"id": "id-of-its-own", "like": "none"}`)},
		"array.json":   {Data: []byte(`[]`)},
		"empty.json":   {Data: []byte(``)},
		"huge.json":    {Data: []byte(`{"id": "huge", "name": "` + strings.Repeat("x", 70_000) + `"}`)},
		"notes.txt":    {Data: []byte("no profile")},
	})
	why := map[string]string{
		"spelt.json": "has a field that profiles don't have: “prompt_char”.", "ended.json": "isn't complete JSON.", "more.json": "something follows",
		"builtin.json": "the id of the built-in engine.", "Caps.json": "its id, “Caps”,", "range.json": "a number in any_size is out of range.",
		"field.json": "“prompt” can't be the name of an option.", "nobody.json": "no profile “none”", "mask.json": "mask can't be “maybe”, only",
		"kind.json": "“max_n” is of the wrong kind.", "many.json": "max_n must be between 0 and 100.", "small.json": "image_bytes must be at least 100000.",
		"size.json": "“big” is no size", "form.json": "can't be “png”, only", "huge.json": "longer than 65536 bytes.",
		"other.json": "no profile “none”", "array.json": "isn't complete JSON.", "empty.json": "isn't complete JSON.",
	}
	for _, err := range errs {
		s := api.AsError(err).Text()
		words := text.T(s.Key, s.Args...)
		name, because, _ := strings.Cut(strings.TrimPrefix(words, "The profile "), " was passed over because ")
		if reason, ok := why[name]; !ok || !strings.Contains(because, reason) || !strings.HasSuffix(because, ".") {
			t.Errorf("%q, want it to say %q", words, reason)
		}
		delete(why, name)
	}
	if len(why) > 0 {
		t.Errorf("these were not refused: %v", why)
	}
	mine, ok := set.Named("our-model-7b")
	if !ok || mine.ID != "mine" || !mine.Own || mine.Images != 2 || !mine.NoMask || !mine.NeedsPrompt {
		t.Errorf("%+v", mine)
	}
	if p := set.For("gpt-image-2", ""); p.MaxN != 3 || p.MaxSide != 3840 {
		t.Errorf("the person's own does not replace the program's: %+v", p)
	}
	if p := profile.Builtin().For("gpt-image-2", ""); p.MaxN != 10 {
		t.Error("the program's own has changed")
	}
	if p := set.For("gpt-image-2", "mine"); p.ID != "mine" {
		t.Errorf("the person's choice does not count: %s", p.ID)
	}
	if p := set.For("gpt-image-2", "gone"); p.ID != "gpt-image-2" {
		t.Errorf("a choice that there isn't gives %s", p.ID)
	}
	if p := set.For("unheard-of", ""); p.ID != "classic" {
		t.Errorf("an unknown model is %s", p.ID)
	}
	if list := set.List(); !list[0].Own || list[len(list)-1].Own || !slices.IsSortedFunc(list[2:], func(a, b profile.Entry) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the list is out of order")
	}
	if _, errs := profile.Load(fstest.MapFS{}); errs != nil {
		t.Error(errs)
	}
}

// FuzzLoad reads anything as a profile: what is taken keeps to what the rest of
// the program relies on.
func FuzzLoad(f *testing.F) {
	for _, e := range profile.Builtin().List() {
		data, err := fs.ReadFile(profile.Files, "models/"+e.ID+".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"id": "a", "any_size": {"multiple": 16, "min_pixels": 1000000, "max_pixels": 1000001, "max_side": 17}, "sizes": ["auto"], "square": true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, errs := profile.Load(fstest.MapFS{"x.json": {Data: data}})
		for _, e := range set.List() {
			if !e.Own {
				continue
			}
			if len(errs) > 0 {
				t.Fatal("taken and refused")
			}
			if size := e.Nearest(image.Pt(1000, 700)); len(e.Sizes) > 0 && !e.Allows(size) {
				t.Fatalf("%v is the nearest size and not allowed", size)
			}
			if e.NoMask && !e.Whole {
				t.Fatalf("%+v", e)
			}
		}
	})
}
