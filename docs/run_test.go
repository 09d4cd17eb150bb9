package docs

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
)

// notRun are the beginnings of what stands in the pages as code and isn't run, and why.
var notRun = map[string]string{
	"overpaint services find": "looks for services on this computer",
	"sd-server ":              "another program",
	"local-ai ":               "another program",
	"vllm ":                   "another program",
	"sglang ":                 "another program",
	"unzip ":                  "of the application for macOS, of which a Mac makes the zip",
	"codesign ":               "a Mac's, with a certificate",
	"ditto ":                  "a Mac's",
	"xcrun ":                  "a Mac's, with an account",
	"spctl ":                  "a Mac's",
	`{"mcpServers": `:         "a client's settings",
}

// fragments are quoted in sentences and are no whole commands.
var fragments = []string{"overpaint", "overpaint export", "overpaint edit -resume", "overpaint edit -json"}

// whole returns a page's commands: the lines of its blocks that have no language, and what
// else in backquotes begins as one.
func whole(page string) []string {
	var found []string
	for i, part := range strings.Split(page, "```") {
		switch {
		case i%2 == 0:
			for _, q := range quoted(strings.ReplaceAll(part, "\n", " ")) {
				if regexp.MustCompile(`^((sudo )?make|go (test|run|vet)|\.ci/\S+|overpaint)( |$)`).MatchString(q) && !slices.Contains(fragments, q) {
					found = append(found, q)
				}
			}
		case strings.HasPrefix(part, "\n"):
			for _, line := range strings.Split(part, "\n") {
				line, _, _ = strings.Cut(line, " # ")
				found = append(found, alternatives(strings.TrimSpace(line))...)
			}
		}
	}
	return slices.DeleteFunc(found, func(c string) bool { return c == "" })
}

// alternatives returns the commands of a line that names several of one kind:
// "overpaint history list | recover".
func alternatives(line string) []string {
	parts := strings.Split(line, " | ")
	if before := strings.Fields(parts[0]); len(parts) > 1 {
		for i := range parts[1:] {
			parts[i+1] = strings.Join(before[:2], " ") + " " + parts[i+1]
		}
	}
	return parts
}

// words splits a command into words as a shell does, but for all but double quotes.
func words(command string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(command, -1) {
		all = append(all, m[1]+m[2])
	}
	return all
}

// TestCommandsRun runs what the pages tell the reader to type: the program's own commands
// on sample files, in a home of their own and against a service in this process; of make,
// go and scripts, whose work takes minutes, what can be done without doing it.
func TestCommandsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("SKIPPED: make is missing")
	}
	files := samples(t)
	edit := newHome(t, files)
	seen, skipped := map[string]bool{}, map[string]bool{}
	for page, content := range pages(t) {
		if page == "../CHANGELOG.md" {
			continue // it names commands, and tells nobody to type them
		}
		for _, command := range whole(content) {
			if seen[command] {
				continue
			}
			seen[command] = true
			if beginning := skippedBy(command); beginning != "" {
				skipped[beginning] = true
				continue
			}
			t.Run(filepath.Base(page)+": "+command, func(t *testing.T) { runCommand(t, command, edit, files) })
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d commands found", len(seen))
	}
	for beginning := range notRun {
		if !skipped[beginning] {
			t.Errorf("no page has %q any more", beginning)
		}
	}
}

// skippedBy returns the beginning of a command by which it isn't run, or "".
func skippedBy(command string) string {
	for beginning := range notRun {
		if strings.HasPrefix(command, beginning) {
			return beginning
		}
	}
	return ""
}

// runCommand runs one command. edit is the name of an edit in the history, files what lies
// in the folder where the program runs.
func runCommand(t *testing.T, command, edit string, files map[string][]byte) {
	args := words(strings.TrimPrefix(command, "sudo "))
	switch {
	case args[0] == "make":
		outside(t, "make", append([]string{"-n"}, args[1:]...)...)
	case args[0] == "go" && args[1] == "run":
		outside(t, "go", "list", args[2])
	case args[0] == "go":
		outside(t, "go", append([]string{"list", "-test"}, args[2:]...)...)
	case strings.HasPrefix(args[0], ".ci/"):
		outside(t, "bash", "-n", args[0])
	case args[0] == "overpaint":
		t.Chdir(folder(t, files))
		if args[1] == "select" {
			_ = os.Remove("mask.png") // which it makes
		}
		for i, a := range args {
			switch a {
			case "EDIT":
				args[i] = edit
			case "DIR":
				args[i] = "exported"
			}
		}
		inside(t, args[1:]...)
	default:
		t.Error("this is neither run nor among those that can't be")
	}
}

// outside runs a program at the top of the repo.
func outside(t *testing.T, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = ".."
	c.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=") // make may have started this test
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", c.Args, err, out)
	}
}

// inside runs the command line of the program and returns what it prints.
func inside(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := cli.Main(t.Context(), args, &stdout, &stderr); status != cli.ExitDone {
		t.Errorf("exit status %d: %s%s", status, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// newHome gives the program a home of its own for as long as the test runs, with the
// connections that the pages name and a service behind them, and makes one edit, whose name
// it returns.
func newHome(t *testing.T, files map[string][]byte) (edit string) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"CONFIG", "DATA", "CACHE"} {
		t.Setenv("XDG_"+name+"_HOME", filepath.Join(home, strings.ToLower(name)))
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(home, "no-bus")) // no keyring
	t.Setenv("LC_ALL", "C")
	relay := apitest.New(t)
	t.Setenv("OVERPAINT_API_KEY", relay.Key)
	err := settings.OpenDefault().Update(func(s *settings.Settings) {
		for _, name := range []string{"dddai.dev", "stable-diffusion.cpp"} {
			c := settings.Custom(name, "")
			if known, ok := s.Find(name); ok {
				c = *known
			}
			c.BaseURL, c.Model, c.Profile = relay.URL, "dall-e-2", "classic"
			c.Price = settings.Price{Picture: 20_000, Currency: "USD"}
			s.Put(c)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t, files)
	inside(t, "edit", "-engine", "dddai.dev", "-prompt", "a hat", "-size", "256x256", "-out", dir, "-mask", filepath.Join(dir, "mask.png"), filepath.Join(dir, "photo.png"))
	list := strings.Fields(inside(t, "history", "list"))
	if len(list) == 0 {
		t.Fatal("the edit isn't in the history")
	}
	return list[0]
}

// folder makes a folder with files.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// samples makes the files that the pages name.
func samples(t *testing.T) map[string][]byte {
	t.Helper()
	photo := image.NewNRGBA(image.Rect(0, 0, 1300, 900))
	lake, err := os.Open("../assets/photos/lakeshore.png")
	if err != nil {
		t.Fatal(err)
	}
	defer lake.Close()
	decoded, err := png.Decode(lake)
	if err != nil {
		t.Fatal(err)
	}
	draw.ApproxBiLinear.Scale(photo, photo.Bounds(), decoded, decoded.Bounds(), draw.Src, nil)
	hole := mask.Ellipse(photo.Bounds().Size(), mask.Point{X: 600, Y: 400}, mask.Point{X: 640, Y: 440})
	o := job.DefaultOptions()
	o.Prompt = "no lamp post"
	lamp, err := recipe.Of(o, "dddai.dev", hole)
	if err != nil {
		t.Fatal(err)
	}
	var asJPEG, asPNG, asMask, asRecipe bytes.Buffer
	for _, err := range []error{jpeg.Encode(&asJPEG, photo, nil), png.Encode(&asPNG, photo), hole.EncodePNG(&asMask), lamp.Write(&asRecipe)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string][]byte{
		"photo.jpg": asJPEG.Bytes(), "photo.png": asPNG.Bytes(), "mask.png": asMask.Bytes(), "lamp.overpaint-recipe": asRecipe.Bytes(),
		"photos/a.jpg": asJPEG.Bytes(), "photos/a.mask.png": asMask.Bytes(), "results/other.txt": nil,
	}
}
