package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"overpaint.dev/overpaint/api/settings"
)

// put writes a settings file into a new folder.
func put(t testing.TB, content string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, settings.FileName), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// fields reads a settings file as JSON.
func fields(t testing.TB, folder string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(folder, settings.FileName))
	var m map[string]any
	if err := errors.Join(err, json.Unmarshal(raw, &m)); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return m
}

// names returns the names in a folder, sorted.
func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestSettingsAreReadBackAsWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "overpaint")
	store := settings.Open(folder)
	if store.Trouble() != nil || !reflect.DeepEqual(store.Current(), settings.Default()) {
		t.Fatalf("without a file: %v", store.Trouble())
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("opening settings makes a folder")
	}
	err := store.Update(func(s *settings.Settings) {
		c := settings.Custom("Mine", "http://localhost:1/v1")
		c.Limits.Sizes = []image.Point{{X: 640, Y: 480}}
		c.Quirks = settings.Quirks{ImageField: "image[]", OneAtATime: true, Mask: settings.MaskInverted}
		c.Price = settings.Price{Picture: 20000, Tokens: map[string]int64{"output": 7}, Currency: "USD", AsOf: "2026-01-31"}
		c.SetModels([]string{"a", "b"})
		s.Connection = s.Put(c)
		s.Remember("/a.png")
		s.RememberPrompt(" a hat ")
		s.Saving.Text = false
		s.Blend.Match = false
		s.WindowWidth = 1234.5
	})
	if err != nil {
		t.Fatal(err)
	}
	again := settings.Open(folder)
	if again.Trouble() != nil || !reflect.DeepEqual(again.Current(), store.Current()) {
		t.Fatalf("loaded %+v, kept %+v", again.Current(), store.Current())
	}
	if fields(t, folder)["version"] != 1.0 {
		t.Error("the file has no version")
	}
	info, err := os.Stat(filepath.Join(folder, settings.FileName))
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" { // Windows has access lists instead
		t.Fatalf("mode %v, %v: want a file for the person alone", info.Mode(), err)
	}
	if got := names(t, folder); !slices.Equal(got, []string{settings.FileName}) {
		t.Errorf("the folder holds %v", got)
	}
	again.Current().Theme = "light"
	if again.Current().Theme != "" {
		t.Error("Current returns the store's own settings, not a copy")
	}
}

func TestDamagedFilesAreNumberedAndKept(t *testing.T) {
	folder := t.TempDir()
	contents := []string{"", "{", "\x00\xff", `[]`, `null`, `"text"`, "{}}"}
	for n, content := range contents {
		if err := os.WriteFile(filepath.Join(folder, settings.FileName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		store := settings.Open(folder)
		var corrupt *settings.CorruptError
		if !errors.As(store.Trouble(), &corrupt) || corrupt.Notice().Sentence.Key == "" {
			t.Fatalf("%q: %v, want a CorruptError", content, store.Trouble())
		}
		if !reflect.DeepEqual(store.Current(), settings.Default()) {
			t.Fatalf("%q: the settings are not the defaults", content)
		}
		if want := filepath.Join(folder, fmt.Sprintf("settings.damaged-%d.json", n+1)); corrupt.Kept != want {
			t.Fatalf("%q: kept as %s, want %s", content, corrupt.Kept, want)
		}
		if again := settings.Open(folder); again.Trouble() != nil {
			t.Fatalf("%q: the next start fails: %v", content, again.Trouble())
		}
	}
	for n, content := range contents {
		kept, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("settings.damaged-%d.json", n+1)))
		if err != nil || string(kept) != content {
			t.Errorf("damaged-%d holds %q, want %q (%v)", n+1, kept, content, err)
		}
	}
}

func TestWrongFieldsCostOnlyThemselves(t *testing.T) {
	content := "\ufeff" + `{"connections":[{"id":"a","name":"A","profile":"nonsense","model":"gpt-image-2","timeout_seconds":"soon","limits":{"max_n":3,"images":[]}},
		{"id":"a","name":"twice"},{"id":"builtin"},7,{"id":"b","name":"B","price":{"tokens":{"output":5,"input":"x"}}}],
		"connection":"a","brush":{"size":-5,"hardness":0.25,"tolerance":{}},"blend":{"Seam":99},"language":"tlh","variants":7,
		"theme":5,"saving":[],"recent":["/a",3,"/b"],"window_width":1e99,"history_bytes":"a","unknown":{"x":1}}`
	folder := put(t, content)
	store := settings.Open(folder)
	var part *settings.PartError
	if !errors.As(store.Trouble(), &part) || part.Notice().Sentence.Key == "" {
		t.Fatalf("trouble = %v, want a PartError", store.Trouble())
	}
	lost := []string{
		"brush.tolerance", "connections[0].limits.images", "connections[0].timeout_seconds", "connections[3]",
		"connections[4].price.tokens.input", "history_bytes", "recent[1]", "saving", "theme", "window_width",
	}
	if got := slices.Sorted(slices.Values(part.Fields)); !slices.Equal(got, lost) {
		t.Errorf("lost %q, want %q", got, lost)
	}
	if kept, err := os.ReadFile(part.Kept); err != nil || string(kept) != content || filepath.Base(part.Kept) != "settings.damaged-1.json" {
		t.Errorf("kept %q as %s, %v", kept, part.Kept, err)
	}
	s, d := store.Current(), settings.Default()
	if len(s.Connections) != 2 || s.Connections[0].Profile != "nonsense" || s.Connections[0].Limits.MaxN != 3 || s.Connections[1].Price.Tokens["output"] != 5 {
		t.Fatalf("connections = %+v", s.Connections)
	}
	if s.Language != "" || s.Brush.Size != 64 || s.Blend.Seam != 32 || s.Theme != "" || s.Saving != d.Saving || s.HistoryBytes != d.HistoryBytes {
		t.Fatalf("wrong values stayed: %+v", s)
	}
	if s.Connection != "a" || s.Brush.Hardness != 0.25 || s.Variants != 7 || !slices.Equal(s.Recent, []string{"/a", "/b"}) {
		t.Fatalf("right values were lost: %+v", s)
	}
	again := settings.Open(folder)
	if again.Trouble() != nil || !reflect.DeepEqual(again.Current(), s) || len(names(t, folder)) != 2 {
		t.Errorf("the next start: %v, %v", again.Trouble(), names(t, folder))
	}
	if fields(t, folder)["unknown"] == nil {
		t.Error("an unknown field was lost")
	}
}

// TestEachFieldIsLostAlone puts a value of a wrong kind into each field in turn.
func TestEachFieldIsLostAlone(t *testing.T) {
	s := settings.Default()
	mutate(newRandom(1), reflect.ValueOf(s).Elem(), "")
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatal(err)
	}
	right := settings.Open(put(t, string(raw))).Current()
	v := reflect.ValueOf(right).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		broken := map[string]json.RawMessage{}
		for k, v := range whole {
			broken[k] = v
		}
		broken[name] = json.RawMessage(`[[[{"x":{}}]]]`)
		raw, err := json.Marshal(broken)
		if err != nil {
			t.Fatal(err)
		}
		store := settings.Open(put(t, string(raw)))
		var part *settings.PartError
		if !errors.As(store.Trouble(), &part) {
			t.Errorf("%s: %v", name, store.Trouble())
		}
		got := reflect.ValueOf(store.Current()).Elem()
		for k := range v.NumField() {
			other := v.Type().Field(k).Name
			if k == i || name == "connections" && other == "Connection" {
				continue
			}
			if !reflect.DeepEqual(got.Field(k).Interface(), v.Field(k).Interface()) {
				t.Errorf("with a wrong %s, %s is %v, want %v", name, other, got.Field(k), v.Field(k))
			}
		}
	}
}

func TestWhatCannotBeReadIsNeverOverwritten(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, settings.FileName)
	// Opening a link to itself fails even for root, who may read files without permission.
	if err := os.Symlink(settings.FileName, path); err != nil {
		t.Skip(err)
	}
	if _, err := os.ReadFile(path); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Skip("a link to itself counts as none here")
	}
	for _, c := range []string{folder, filepath.Join(path, "under a file")} {
		store := settings.Open(c)
		var unreadable *settings.UnreadableError
		if !errors.As(store.Trouble(), &unreadable) || unreadable.Notice().Sentence.Key == "" {
			t.Fatalf("%s: %v, want an UnreadableError", c, store.Trouble())
		}
		if err := store.Update(func(s *settings.Settings) { s.Theme = "light" }); !errors.As(err, &unreadable) {
			t.Fatalf("%s: Update: %v, want an UnreadableError", c, err)
		}
		if store.Current().Theme != "light" {
			t.Error("the process doesn't use the change")
		}
	}
	// It is not overwritten when it is readable again, either: its content is unknown.
	store := settings.Open(folder)
	if err := errors.Join(os.Remove(path), os.WriteFile(path, []byte(`{"theme":"dark"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	if store.Update(func(s *settings.Settings) { s.Variants = 2 }) == nil {
		t.Error("Update reports that the change was written")
	}
	if raw, _ := os.ReadFile(path); string(raw) != `{"theme":"dark"}` {
		t.Errorf("the file holds %s", raw)
	}
}

func TestAFileThatBecomesUnreadableStays(t *testing.T) {
	folder := put(t, `{"theme":"dark"}`)
	store := settings.Open(folder)
	path := filepath.Join(folder, settings.FileName)
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	var unreadable *settings.UnreadableError
	if err := store.Update(func(s *settings.Settings) { s.Variants = 2 }); !errors.As(err, &unreadable) {
		t.Fatalf("Update: %v", err)
	}
	if err := errors.Join(os.Remove(path), os.WriteFile(path, []byte(`{"theme":"light"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	// What could not be written is written with the next change.
	if err := store.Update(func(s *settings.Settings) { s.Language = "zh" }); err != nil {
		t.Fatal(err)
	}
	if s := settings.Open(folder).Current(); s.Variants != 2 || s.Language != "zh" || s.Theme != "light" {
		t.Errorf("kept %+v", s)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Update(func(s *settings.Settings) { s.Theme = "" }); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); !slices.Equal(got, []string{"settings.damaged-1.json", settings.FileName}) {
		t.Errorf("a file that was damaged meanwhile: %v", got)
	}
	if s := settings.Open(folder).Current(); s.Variants != 2 || s.Language != "zh" {
		t.Errorf("after damage: %+v", s)
	}
}

func TestOnlyChangesAreWritten(t *testing.T) {
	folder := t.TempDir()
	a, b := settings.Open(folder), settings.Open(folder)
	change := func(s *settings.Store, f func(*settings.Settings)) {
		t.Helper()
		if err := s.Update(f); err != nil {
			t.Fatal(err)
		}
	}
	change(a, func(s *settings.Settings) { s.Connection, s.Brush.Size = settings.Dddai, 10 })
	change(b, func(s *settings.Settings) { s.Brush.Hardness, s.Variants = 0.5, 9 })
	change(a, func(s *settings.Settings) { s.Remember("/a") })
	change(b, func(s *settings.Settings) { s.Remember("/b") })
	s := settings.Open(folder).Current()
	if s.Connection != settings.Dddai || s.Brush.Size != 10 || s.Brush.Hardness != 0.5 || s.Variants != 9 || !slices.Equal(s.Recent, []string{"/b", "/a"}) {
		t.Errorf("two programs kept %+v", s)
	}
	if s := b.Current(); s.Connection != settings.Builtin || s.Brush.Size != 64 {
		t.Error("a program's settings change under it")
	}
	info, _ := os.Stat(filepath.Join(folder, settings.FileName))
	change(a, func(s *settings.Settings) {})
	if again, _ := os.Stat(filepath.Join(folder, settings.FileName)); !os.SameFile(info, again) {
		t.Error("the file is written without a change")
	}
}

func TestWhatANewerVersionWroteIsKept(t *testing.T) {
	content := `{"version":7,"telepathy":{"on":true},"theme":{"name":"dusk"},"variants":3,
		"brush":{"size":12,"shape":"star"},
		"connections":[{"id":"a","name":"A","region":"eu","quirks":{"slow":true}},{"id":"b","models":[{"name":"m"}],"zone":2}]}`
	folder := put(t, content)
	store := settings.Open(folder)
	if store.Trouble() != nil || store.Current().Brush.Size != 12 || store.Current().Theme != "" {
		t.Fatalf("%v, %+v", store.Trouble(), store.Current())
	}
	err := store.Update(func(s *settings.Settings) {
		s.Variants = 5
		c, _ := s.Find("a")
		c.Name = "Renamed"
	})
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(content), &want); err != nil {
		t.Fatal(err)
	}
	got := fields(t, folder)
	for _, name := range []string{"version", "telepathy", "theme"} {
		if !reflect.DeepEqual(got[name], want[name]) {
			t.Errorf("%s became %v", name, got[name])
		}
	}
	a := got["connections"].([]any)[0].(map[string]any)
	if a["region"] != "eu" || a["name"] != "Renamed" || a["quirks"].(map[string]any)["slow"] != true || got["variants"] != 5.0 {
		t.Errorf("%v", got)
	}
	if b := got["connections"].([]any)[1].(map[string]any); b["zone"] != 2.0 {
		t.Errorf("%v", b)
	}
	if brush := got["brush"].(map[string]any); brush["shape"] != "star" || brush["size"] != 12.0 {
		t.Errorf("brush %v", brush)
	}
	if len(names(t, folder)) != 1 {
		t.Errorf("%v", names(t, folder))
	}
	// A field that this version changes is written in its own form.
	if err := store.Update(func(s *settings.Settings) { s.Theme = "light" }); err != nil || fields(t, folder)["theme"] != "light" {
		t.Errorf("%v, %v", fields(t, folder)["theme"], err)
	}
}

func TestSoonGathersChanges(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := settings.Open(folder)
		report := func(err error) { t.Error(err) }
		for i := range 50 {
			store.Soon(func(s *settings.Settings) { s.Brush.Size = float64(i + 1) }, report)
		}
		if len(names(t, folder)) != 0 || store.Current().Brush.Size != 50 {
			t.Errorf("at once: %v, %v", names(t, folder), store.Current().Brush.Size)
		}
		timePasses()
		if got := settings.Open(folder).Current().Brush.Size; got != 50 {
			t.Errorf("a moment later the size is %v", got)
		}
		store.Soon(func(s *settings.Settings) { s.Theme = "light" }, report)
		if err := store.Update(func(s *settings.Settings) { s.Language = "zh" }); err != nil {
			t.Error(err)
		}
		if s := settings.Open(folder).Current(); s.Theme != "light" || s.Language != "zh" {
			t.Errorf("Update leaves behind what was to be written soon: %+v", s)
		}
	})
}

const (
	folderVariable = "OVERPAINT_TEST_SETTINGS"
	writers        = 4
	rounds         = 15
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(folderVariable); folder != "" {
		writeMuch(folder, os.Getenv(folderVariable+"_ID"))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeMuch adds connections, one with each Update, and reads the file between.
func writeMuch(folder, id string) {
	store := settings.Open(folder)
	for i := range rounds {
		err := store.Update(func(s *settings.Settings) {
			s.Connections = append(s.Connections, settings.Connection{ID: fmt.Sprintf("%s-%d", id, i), Profile: "classic"})
			if c, ok := s.Find(settings.OpenAI); ok && id == "0" {
				c.TimeoutSeconds = i + 1
			}
		})
		if err == nil {
			err = settings.Open(folder).Trouble()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// TestManyProgramsWriteAtOnce: nothing that any of them added is lost.
func TestManyProgramsWriteAtOnce(t *testing.T) {
	folder := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var running []*exec.Cmd
	for i := range writers {
		c := exec.Command(program)
		c.Env = append(os.Environ(), folderVariable+"="+folder, fmt.Sprintf("%s_ID=%d", folderVariable, i))
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, c)
	}
	for _, c := range running {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	s := settings.Open(folder).Current()
	for i := range writers {
		for r := range rounds {
			if _, ok := s.Find(fmt.Sprintf("%d-%d", i, r)); !ok {
				t.Errorf("connection %d of program %d is lost", r, i)
			}
		}
	}
	if c, _ := s.Find(settings.OpenAI); c.TimeoutSeconds != rounds {
		t.Errorf("the value that one program counts up is %d, want %d", c.TimeoutSeconds, rounds)
	}
	if got := names(t, folder); !slices.Equal(got, []string{settings.FileName}) {
		t.Errorf("left: %v", got)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"connections":[{"id":"a","limits":{"sizes":[{"X":1,"Y":2}]}}],"brush":{"size":3}}`))
	f.Add([]byte(`{"brush":null,"connections":null,"recent":[null]}`))
	f.Add([]byte(`{"version":9,"theme":{},"x":[1],"connections":[{"id":"a","id":"b","Quirks":{"y":1}},[]]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		folder := put(t, string(raw))
		store := settings.Open(folder)
		s := store.Current()
		if s.Brush.Size < 1 || s.Brush.Size > 1000 || s.Variants < 1 {
			t.Fatalf("unusable settings: %+v", s)
		}
		if store.Trouble() != nil {
			kept, err := os.ReadFile(filepath.Join(folder, "settings.damaged-1.json"))
			if err != nil || string(kept) != string(raw) {
				t.Fatalf("kept %q, %v", kept, err)
			}
		}
		if err := store.Update(func(s *settings.Settings) { s.Brush.Size++; s.WindowWidth++ }); err != nil {
			t.Fatal(err)
		}
		again := settings.Open(folder)
		if again.Trouble() != nil {
			t.Fatalf("what was kept does not load: %v", again.Trouble())
		}
	})
}
