package settings_test

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
)

// apart moves all of the application's folders into a folder of the test.
func apart(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"CONFIG", "DATA", "CACHE"} {
		t.Setenv("XDG_"+name+"_HOME", filepath.Join(dir, strings.ToLower(name)))
	}
	for _, name := range []string{"AppData", "LocalAppData"} { // on Windows
		t.Setenv(name, filepath.Join(dir, name))
	}
	return dir
}

func TestFoldersObeyXDG(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("these systems have folders of their own")
	}
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
	if c, ok := s.Find("DDDAI.dev"); !ok || c.ID != settings.Dddai || c.Profile != "" || c.BaseURL != "https://dddai.dev/v1" {
		t.Fatalf("Find by name = %+v, %v", c, ok)
	}
	c := s.Connections[0].Limits
	if got := (settings.Overrides{MaxN: 2, AnyShape: true}).Apply(profile.Classic()); got.MaxN != 2 || got.Square || got.PromptChars != 1000 {
		t.Fatalf("overrides give %+v", got)
	}
	if got := c.Apply(profile.Classic()); !reflect.DeepEqual(got, profile.Classic()) {
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
	// A profile that old files derived from the model's name counts as not chosen.
	for _, c := range []struct{ model, written, want string }{
		{"dall-e-2", "classic", ""},
		{"gpt-image-1", "gpt-image", ""},
		{"gpt-image-2", "classic", "classic"},
		{"alias", "classic", ""},
		{"alias", "gpt-image", "gpt-image"},
		{"flux-2-pro", "classic", "classic"},
		{"alias", "mine", "mine"},
	} {
		folder := t.TempDir()
		data := `{"connections": [{"id": "x", "name": "x", "base_url": "https://example.com", "model": "` + c.model + `", "profile": "` + c.written + `"}]}`
		if err := os.WriteFile(filepath.Join(folder, settings.FileName), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := settings.Open(folder).Current().Connections[0].Profile; got != c.want {
			t.Errorf("%s, written as %s, is %q, want %q", c.model, c.written, got, c.want)
		}
	}
	changed := settings.Connection{Model: "alias", Profile: "gpt-image"}
	if changed.SetModel("alias"); changed.Profile != "gpt-image" {
		t.Error("the same model lost its profile")
	}
	if changed.SetModel("other"); changed.Profile != "" {
		t.Error("another model has the profile that was chosen for this one")
	}
}

func TestKeysAndPlacesAreKept(t *testing.T) {
	folder := t.TempDir()
	store := settings.Open(folder)
	keys := map[string][]string{"undo": {"Ctrl+U"}, "fit": {}}
	if err := store.Update(func(s *settings.Settings) {
		s.Keys, s.WindowPlace = keys, []int{-20, 30}
	}); err != nil {
		t.Fatal(err)
	}
	got := settings.Open(folder).Current()
	if !reflect.DeepEqual(got.Keys, keys) || !reflect.DeepEqual(got.WindowPlace, []int{-20, 30}) {
		t.Errorf("kept: %v %v", got.Keys, got.WindowPlace)
	}
	got.Keys["undo"][0] = "Q"
	if store.Current().Keys["undo"][0] != "Ctrl+U" {
		t.Error("a copy shares its keys")
	}
}

func TestAHandWrittenFileIsCorrected(t *testing.T) {
	folder := t.TempDir()
	raw := `{"window_place":[1],"keys":{"undo":["Ctrl+U"],"redo":3}}`
	if err := os.WriteFile(filepath.Join(folder, settings.FileName), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	got := settings.Open(folder).Current()
	if got.WindowPlace != nil || len(got.Keys) != 1 {
		t.Errorf("read: %v %v", got.WindowPlace, got.Keys)
	}
}
