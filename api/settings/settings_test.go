package settings_test

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"overpaint/api"
	"overpaint/api/settings"
)

// apart points all of the application's folders into a folder of the test.
func apart(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"CONFIG", "DATA", "CACHE"} {
		t.Setenv("XDG_"+name+"_HOME", filepath.Join(dir, strings.ToLower(name)))
	}
	return dir
}

func TestFoldersObeyXDG(t *testing.T) {
	dir := apart(t)
	got, err := settings.Dirs()
	if err != nil {
		t.Fatal(err)
	}
	want := settings.Folders{
		Config: filepath.Join(dir, "config", "overpaint"),
		Data:   filepath.Join(dir, "data", "overpaint"),
		Cache:  filepath.Join(dir, "cache", "overpaint"),
	}
	if got != want {
		t.Fatalf("Dirs() = %+v, want %+v", got, want)
	}
	t.Setenv("XDG_DATA_HOME", "relative")
	t.Setenv("HOME", dir)
	if got, err = settings.Dirs(); err != nil || got.Data != filepath.Join(dir, ".local", "share", "overpaint") {
		t.Fatalf("a relative XDG_DATA_HOME gives %q, %v", got.Data, err)
	}
}

func TestSettingsComeBackAsSaved(t *testing.T) {
	apart(t)
	s, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s, settings.Default()) {
		t.Fatal("without a file the settings are not the defaults")
	}
	c := settings.Custom("Mine", "http://localhost:1/v1")
	c.Limits.Sizes = []image.Point{{X: 640, Y: 480}}
	c.Quirks = settings.Quirks{ImageField: "image[]", OneAtATime: true, Mask: settings.MaskInverted}
	c.Price = settings.Price{Picture: 20000, Currency: "USD", AsOf: "2026-01-31"}
	s.Connection = s.Put(c)
	s.Remember("/a.png")
	s.RememberPrompt(" a hat ")
	s.Saving.Text = false
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	again, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, s) {
		t.Fatalf("loaded %+v, saved %+v", again, s)
	}
	dirs, _ := settings.Dirs()
	if info, err := os.Stat(filepath.Join(dirs.Config, settings.FileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v: want a file for the person alone", info.Mode(), err)
	}
}

func TestDamagedFileIsSetAside(t *testing.T) {
	for _, content := range []string{"", "{", `{"connections": 3}`, "\x00\xff", `[]`} {
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := settings.LoadFile(path)
		var corrupt *settings.CorruptError
		if !errors.As(err, &corrupt) {
			t.Fatalf("%q: err = %v, want a CorruptError", content, err)
		}
		if !reflect.DeepEqual(s, settings.Default()) {
			t.Fatalf("%q: the settings are not the defaults", content)
		}
		if kept, err := os.ReadFile(corrupt.Kept); err != nil || string(kept) != content {
			t.Fatalf("%q: kept %q, %v", content, kept, err)
		}
		if corrupt.Notice().Sentence.Key == "" {
			t.Fatal("no sentence")
		}
		if _, err := settings.LoadFile(path); err != nil {
			t.Fatalf("%q: the next start fails: %v", content, err)
		}
	}
}

func TestWrongValuesCostOnlyThemselves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	content := `{"connections":[{"id":"a","name":"A","profile":"nonsense","model":"gpt-image-2"},{"id":"a","name":"twice"},{"id":"builtin"}],
		"connection":"gone","brush":{"size":-5,"hardness":0.25},"blend":{"Seam":99},"language":"tlh","variants":7}`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := settings.LoadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Connections) != 1 || s.Connections[0].Profile != "gpt-image" {
		t.Fatalf("connections = %+v", s.Connections)
	}
	if s.Connection != settings.Builtin || s.Language != "" || s.Brush.Size != 64 || s.Blend.Seam != 32 {
		t.Fatalf("wrong values stayed: %+v", s)
	}
	if s.Brush.Hardness != 0.25 || s.Variants != 7 {
		t.Fatalf("right values were lost: %+v", s)
	}
}

func TestConnections(t *testing.T) {
	s := settings.Default()
	if c, ok := s.Find("DDDAI.dev"); !ok || c.ID != settings.Dddai || c.Profile != "classic" || c.BaseURL != "https://dddai.dev/v1" {
		t.Fatalf("Find by name = %+v, %v", c, ok)
	}
	c := s.Connections[0].Limits
	if got := (settings.Overrides{MaxN: 2, AnyShape: true}).Apply(api.Classic()); got.MaxN != 2 || got.Square || got.PromptChars != 1000 {
		t.Fatalf("overrides give %+v", got)
	}
	if got := c.Apply(api.Classic()); !reflect.DeepEqual(got, api.Classic()) {
		t.Fatal("no overrides, yet the profile changed")
	}
	s.Connection = settings.Dddai
	clone := s.Clone()
	s.Remove(settings.Dddai)
	if _, ok := s.Find(settings.Dddai); ok || s.Connection != settings.Builtin {
		t.Fatal("the removed connection is still there or selected")
	}
	if _, ok := clone.Find(settings.Dddai); !ok || clone.Connection != settings.Dddai {
		t.Fatal("the clone changed with it")
	}
	for model, want := range map[string]string{"dall-e-2": "classic", "gpt-image-2": "gpt-image", "openai/GPT-Image-1": "gpt-image", "": "classic"} {
		if got := settings.GuessProfile(model); got != want {
			t.Errorf("GuessProfile(%q) = %q, want %q", model, got, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"connections":[{"id":"a","limits":{"sizes":[{"X":1,"Y":2}]}}],"brush":{"size":3}}`))
	f.Add([]byte(`{"brush":null,"connections":null,"recent":[null]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		s, _ := settings.LoadFile(path)
		if s == nil || s.Brush.Size < 1 || s.Brush.Size > 1000 || s.Variants < 1 {
			t.Fatalf("unusable settings: %+v", s)
		}
		if err := s.SaveFile(path); err != nil {
			t.Fatal(err)
		}
		if _, err := settings.LoadFile(path); err != nil {
			t.Fatalf("what was saved does not load: %v", err)
		}
	})
}
