package settings_test

import (
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
