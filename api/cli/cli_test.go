package cli_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/picture"
)

// asProgram is the variable that makes the test's binary act as the program.
const asProgram = "OVERPAINT_TEST_CLI"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

// bench is a folder with a picture and a mask, and a home folder for the test.
type bench struct {
	t               *testing.T
	dir, image, out string
	pixels          *image.NRGBA
}

// hole is where the mask that newBench writes is transparent.
var hole = image.Rect(45, 30, 69, 48)

func newBench(t *testing.T) *bench {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"CONFIG", "DATA", "CACHE"} {
		t.Setenv("XDG_"+name+"_HOME", filepath.Join(dir, "home", strings.ToLower(name)))
	}
	t.Setenv("OVERPAINT_API_KEY", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(dir, "no-bus")) // no keyring
	t.Setenv("LC_ALL", "C")
	b := &bench{t: t, dir: dir, image: filepath.Join(dir, "beach.png"), out: filepath.Join(dir, "out"), pixels: gradient(120, 90)}
	writePNG(t, b.image, b.pixels)
	m := image.NewNRGBA(image.Rect(0, 0, 120, 90))
	for y := range 90 {
		for x := range 120 {
			c := color.NRGBA{A: 255}
			if image.Pt(x, y).In(hole) {
				c = color.NRGBA{255, 255, 255, 0}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	writePNG(t, b.path("mask.png"), m)
	return b
}

// gradient returns an opaque picture with some texture.
func gradient(w, h int) *image.NRGBA {
	r := rand.New(rand.NewPCG(3, 4))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			n := uint8(r.UintN(24))
			img.SetNRGBA(x, y, color.NRGBA{uint8(x*200/w) + n, uint8(y*200/h) + n, 90 + n, 255})
		}
	}
	return img
}

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// outcome is the result of one run.
type outcome struct {
	status         int
	stdout, stderr string
}

func run(ctx context.Context, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := cli.Main(ctx, args, &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// edit runs edit with the bench's picture, mask and folder.
func (b *bench) edit(args ...string) outcome {
	b.t.Helper()
	all := append([]string{"edit", "-mask", b.path("mask.png"), "-out", b.out}, args...)
	return run(b.t.Context(), append(all, b.image)...)
}

// quick is edit with a service that answers at once.
func (b *bench) quick(args ...string) outcome {
	b.t.Helper()
	var s *service
	s = newService(b.t, pictures(10, &s))
	return b.edit(append([]string{"-base-url", s.URL + "/v1", "-model", "m", "-prompt", "x", "-size", "256x256"}, args...)...)
}

// events reads the output of -json.
func (o outcome) events(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(o.stdout) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, e)
	}
	return all
}

// last returns the last event, which must be of a type.
func (o outcome) last(t *testing.T, event string) map[string]any {
	t.Helper()
	all := o.events(t)
	if len(all) == 0 || all[len(all)-1]["event"] != event {
		t.Fatalf("the last event is not %s:\n%s%s", event, o.stdout, o.stderr)
	}
	return all[len(all)-1]
}

// files returns the names in the folder for results, "" joined by spaces.
func (b *bench) files() string {
	entries, _ := os.ReadDir(b.out)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func (b *bench) result(name string) *image.NRGBA {
	b.t.Helper()
	p, err := picture.Open(filepath.Join(b.out, name), picture.DefaultLimits)
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Pix
}

// compare fails where got differs from want further than the feather from the
// hole, and returns how many pixels differ inside the hole.
func compare(t *testing.T, got, want *image.NRGBA, hole image.Rectangle) (inside int) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Fatalf("the result is %v, want %v", got.Rect, want.Rect)
	}
	d := settings.Default().Blend
	near := hole.Inset(-max(d.Feather, d.Grow))
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if got.NRGBAAt(x, y) == want.NRGBAAt(x, y) {
				continue
			}
			if p := image.Pt(x, y); !p.In(near) {
				t.Fatalf("(%d, %d) changed outside the mask", x, y)
			} else if p.In(hole) {
				inside++
			}
		}
	}
	return inside
}

func TestVersionAndHelp(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	if o := run(t.Context(), "version"); o.status != 0 || !strings.HasPrefix(o.stdout, "overpaint ") {
		t.Errorf("version: %+v", o)
	}
	version, commit, date := cli.Version, cli.Commit, cli.Date
	t.Cleanup(func() { cli.Version, cli.Commit, cli.Date = version, commit, date })
	cli.Version, cli.Commit, cli.Date = "1.2.3", "abc1234", "2026-11-26"
	if o := run(t.Context(), "version"); !strings.HasPrefix(o.stdout, "overpaint 1.2.3 (abc1234, 2026-11-26) go1.") {
		t.Errorf("version: %q", o.stdout)
	}
	for _, args := range [][]string{{"edit", "-h"}, {"edit", "--help"}, {"help"}} {
		if o := run(t.Context(), args...); o.status != 0 || !strings.Contains(o.stdout, "-response-format") {
			t.Errorf("%v: %+v", args, o)
		}
	}
	for _, args := range [][]string{nil, {"paint"}} {
		if o := run(t.Context(), args...); o.status != 2 || o.stdout != "" || o.stderr == "" {
			t.Errorf("%v: %+v", args, o)
		}
	}
}

func TestEditWithTheBuiltinEngine(t *testing.T) {
	b := newBench(t)
	o := b.edit("-prompt", "sand", "-n", "4", "-json")
	if o.status != 0 || o.stderr != "" {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	if got := b.files(); got != "beach-1.png beach-2.png beach-3.png beach-4.png" {
		t.Fatalf("files: %s", got)
	}
	pictures := map[string]bool{}
	for _, name := range strings.Fields(b.files()) {
		img := b.result(name)
		if n := compare(t, img, b.pixels, hole); n < hole.Dx()*hole.Dy()/2 {
			t.Errorf("%s: only %d pixels of the hole changed", name, n)
		}
		pictures[string(img.Pix)] = true
	}
	if len(pictures) != 4 {
		t.Errorf("%d different variants, want 4", len(pictures))
	}
	done := o.last(t, "done")
	if done["asked"] != 4.0 || done["got"] != 4.0 || done["outside_changed"] != 0.0 {
		t.Errorf("done: %v", done)
	}
	var order []string
	for _, e := range o.events(t) {
		if kind := e["event"].(string); len(order) == 0 || order[len(order)-1] != kind {
			order = append(order, kind)
		}
	}
	if order[0] != "queued" || order[len(order)-2] != "variant" {
		t.Errorf("order of events: %v", order)
	}
	// The same seed gives the same pictures.
	again := newBench(t)
	again.edit("-n", "1")
	if !bytes.Equal(again.result("beach-1.png").Pix, b.result("beach-1.png").Pix) {
		t.Error("the second run gave other pictures")
	}
}

func TestPathsAreWrittenToStdout(t *testing.T) {
	b := newBench(t)
	o := b.quick("-n=2", "-align=false") // alignment would print a notice on the answer, a red square
	// Variants arrive in any order where each is downloaded by itself.
	lines := strings.Split(strings.TrimSuffix(o.stdout, "\n"), "\n")
	slices.Sort(lines)
	want := []string{filepath.Join(b.out, "beach-1.png"), filepath.Join(b.out, "beach-2.png")}
	if o.status != 0 || !slices.Equal(lines, want) || o.stderr != "" {
		t.Fatalf("%+v", o)
	}
}

func TestFilesAreNeverReplaced(t *testing.T) {
	b := newBench(t)
	write(t, filepath.Join(b.out, "beach-1.png"), []byte("mine"))
	write(t, filepath.Join(b.out, "beach-3.png"), []byte("mine too"))
	if o := b.quick("-n", "2"); o.status != 0 {
		t.Fatal(o.stderr)
	}
	if got := b.files(); got != "beach-1.png beach-2.png beach-3.png beach-4.png" {
		t.Fatalf("files: %s", got)
	}
	one, _ := os.ReadFile(filepath.Join(b.out, "beach-1.png"))
	three, _ := os.ReadFile(filepath.Join(b.out, "beach-3.png"))
	if string(one)+string(three) != "minemine too" {
		t.Fatal("a file was replaced")
	}
}

func TestOwnTransparencyIsTheMask(t *testing.T) {
	b := newBench(t)
	for y := hole.Min.Y; y < hole.Max.Y; y++ {
		for x := hole.Min.X; x < hole.Max.X; x++ {
			b.pixels.SetNRGBA(x, y, color.NRGBA{})
		}
	}
	writePNG(t, b.image, b.pixels)
	if o := run(t.Context(), "edit", "-out", b.out, b.image); o.status != 0 {
		t.Fatal(o.stderr)
	}
	img := b.result("beach-1.png")
	compare(t, img, b.pixels, hole)
	if !img.Opaque() {
		t.Fatal("the result has transparent pixels left")
	}
}

func TestExtend(t *testing.T) {
	b := newBench(t)
	o := b.edit("-extend", "12,0,0,9", "-json")
	if o.status != 0 {
		t.Fatal(o.stderr)
	}
	img := b.result("beach-1.png")
	if img.Rect.Size() != image.Pt(132, 99) || !img.Opaque() {
		t.Fatalf("the result is %v, opaque %v", img.Rect.Size(), img.Opaque())
	}
	if done := o.last(t, "done"); done["outside_changed"] != 0.0 {
		t.Fatalf("done: %v", done)
	}
	// Far from border and mask everything is where it was, moved by 12.
	far := image.Rect(86, 6, 115, 73)
	changed := 0
	for y := far.Min.Y; y < far.Max.Y; y++ {
		for x := far.Min.X; x < far.Max.X; x++ {
			if img.NRGBAAt(x+12, y) != b.pixels.NRGBAAt(x, y) {
				changed++
			}
		}
	}
	if changed != 0 {
		t.Fatalf("%d pixels changed", changed)
	}
	if inside := img.NRGBAAt(hole.Min.X+12+12, hole.Min.Y+9); inside == b.pixels.NRGBAAt(hole.Min.X+12, hole.Min.Y+9) {
		t.Fatal("the mask was not edited with the border")
	}
}

func TestTextInThePicture(t *testing.T) {
	b := newBench(t)
	b.edit("-prompt", "Sand & 海", "-seed", "7")
	raw, err := os.ReadFile(filepath.Join(b.out, "beach-1.png"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte("Sand & 海")) || !bytes.Contains(raw, []byte(`"seed":7`)) {
		t.Fatal("the prompt or the seed is not in the picture")
	}
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { s.Saving.Text = false }); err != nil {
		t.Fatal(err)
	}
	b.quick("-prompt", "Sand & 海")
	if raw, err = os.ReadFile(filepath.Join(b.out, "beach-2.png")); err != nil || bytes.Contains(raw, []byte("Sand")) {
		t.Fatalf("%v: the prompt is in the picture although that is switched off", err)
	}
}

// TestBadInput checks for each bad input: status 2, one sentence, no file
// written, and an error event.
func TestBadInput(t *testing.T) {
	b := newBench(t)
	write(t, b.path("words.png"), []byte("these are words"))
	whole, err := os.ReadFile(b.image)
	if err != nil {
		t.Fatal(err)
	}
	write(t, b.path("half.png"), whole[:60])
	write(t, b.path("huge.png"), hugePNG(whole))
	writePNG(t, b.path("small.png"), image.NewNRGBA(image.Rect(0, 0, 10, 10)))
	keep := image.NewNRGBA(image.Rect(0, 0, 120, 90))
	for i := range keep.Pix {
		if i%4 == 3 {
			keep.Pix[i] = 255
		}
	}
	writePNG(t, b.path("nothing.png"), keep)
	write(t, b.path("file/x"), nil)
	mask := []string{"-mask", b.path("mask.png")}
	cases := []struct {
		name string
		args []string // without -out; the picture last
		says string
	}{
		{"no picture file", append(mask, b.path("none.png")), "no file"},
		{"not a picture", append(mask, b.path("words.png")), "not a picture"},
		{"truncated", append(mask, b.path("half.png")), "damaged"},
		{"over the memory limit", append(mask, b.path("huge.png")), "400 megapixels"},
		{"folder without pictures", append(mask, b.path("file")), "no picture"},
		{"results in the folder itself", append(mask, "-out", b.dir, b.dir), "-out"},
		{"results of several in one file", append(mask, "-out", b.path("x.png"), b.image, "other.png"), "x.png"},
		{"standard input among several", append(mask, b.image, "-"), "input"},
		{"concurrency", append(mask, "-concurrency", "0", b.image), "-concurrency"},
		{"budget", append(mask, "-max-cost", "none", b.image), "-max-cost"},
		{"no mask file", []string{"-mask", b.path("none.png"), b.image}, "no file"},
		{"mask no picture", []string{"-mask", b.path("words.png"), b.image}, "not a mask"},
		{"mask of another size", []string{"-mask", b.path("small.png"), b.image}, "10 × 10"},
		{"empty mask", []string{"-mask", b.path("nothing.png"), b.image}, "empty"},
		{"no mask and no transparency", []string{b.image}, ""},
		{"n 0", append(mask, "-n", "0", b.image), "1 to 10"},
		{"n 11", append(mask, "-n", "11", b.image), "1 to 10"},
		{"n no number", append(mask, "-n", "many", b.image), "many"},
		{"size no size", append(mask, "-size", "big", b.image), "big"},
		{"response format", append(mask, "-response-format", "jpeg", b.image), "jpeg"},
		{"seed", append(mask, "-seed", "x", b.image), "-seed"},
		{"align", append(mask, "-align=perhaps", b.image), "-align"},
		{"extend three", append(mask, "-extend", "1,2,3", b.image), "1,2,3"},
		{"extend negative", append(mask, "-extend", "1,2,3,-4", b.image), "-4"},
		{"extend too far", append(mask, "-extend", "0,0,99999,99999", b.image), "400 megapixels"},
		{"extend overflow", append(mask, "-extend", "0,0,9223372036854775807,1", b.image), ""},
		{"unknown engine", append(mask, "-engine", "nobody", b.image), "dddai.dev"},
		{"model alone", append(mask, "-model", "m", b.image), "-engine"},
		{"engine and base url", append(mask, "-engine", "builtin", "-base-url", "http://localhost/v1", b.image), "together"},
		{"base url", append(mask, "-base-url", "localhost", b.image), "localhost"},
		{"no key", append(mask, "-engine", "dddai", "-prompt", "x", b.image), "OVERPAINT_API_KEY"},
		{"unknown flag", append(mask, "-colour", "red", b.image), "-colour"},
		{"flag without value", []string{b.image, "-mask"}, "-mask"},
		{"no picture", mask, "picture"},
	}
	for _, lang := range []string{"C", "zh_CN.UTF-8"} {
		t.Setenv("LC_ALL", lang)
		for _, c := range cases {
			o := run(t.Context(), append([]string{"edit", "-json", "-out", b.out}, c.args...)...)
			if o.status != 2 {
				t.Errorf("%s: status %d, want 2: %s", c.name, o.status, o.stderr)
				continue
			}
			e := o.last(t, "error")
			message, _ := e["message"].(string)
			if e["kind"] != "input" || message == "" || strings.Contains(message, "input.") || strings.Contains(message, "{{") || strings.Contains(message, "<no value>") {
				t.Errorf("%s: event %v", c.name, e)
			}
			if strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, message) {
				t.Errorf("%s: stderr %q", c.name, o.stderr)
			}
			if lang == "C" && !strings.Contains(message, c.says) {
				t.Errorf("%s: %q doesn't name %q", c.name, message, c.says)
			}
			if got := b.files(); got != "" {
				t.Fatalf("%s: wrote %s", c.name, got)
			}
		}
	}
}

func TestFolderThatCantBeWritten(t *testing.T) {
	b := newBench(t)
	write(t, b.path("file"), nil)
	b.out = b.path("file/results") // a file has no subfolders, not even for root
	if o := b.edit("-json"); o.status != 2 || !strings.Contains(o.last(t, "error")["message"].(string), "results") {
		t.Fatalf("%+v", o)
	}
}

func crc(data []byte) []byte { return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(data)) }

// hugePNG returns the PNG file with a header that says 40000x40000.
func hugePNG(whole []byte) []byte {
	huge := bytes.Clone(whole)
	copy(huge[16:24], []byte{0, 0, 0x9c, 0x40, 0, 0, 0x9c, 0x40})
	copy(huge[29:33], crc(huge[12:29]))
	return huge
}

// TestInvalidProfilesAreReported has two files that are no profiles: each is named on a line
// of its own, and the edit is still made.
func TestInvalidProfilesAreReported(t *testing.T) {
	b := newBench(t)
	dirs, err := settings.Dirs()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"a.json": `{"id": "a", "promt_chars": 5}`, "b.json": `{`, "c.json": `{"id": "c"}`} {
		write(t, filepath.Join(dirs.Config, settings.ProfilesFolder, name), []byte(data))
	}
	o := b.quick()
	want := "overpaint: The profile a.json was passed over because it has a field that profiles don't have: “promt_chars”.\n" +
		"overpaint: The profile b.json was passed over because it isn't complete JSON.\n"
	if o.status != 0 || !strings.HasPrefix(o.stderr, want) || strings.Contains(o.stderr, "c.json") {
		t.Errorf("%+v", o)
	}
}

func TestDamagedSettingsAreReported(t *testing.T) {
	b := newBench(t)
	dirs, err := settings.Dirs()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dirs.Config, settings.FileName), []byte("{"))
	if o := b.quick(); o.status != 0 || !strings.Contains(o.stderr, "damaged") {
		t.Fatalf("%+v", o)
	}
	if o := b.quick("-align=false"); o.status != 0 || o.stderr != "" {
		t.Fatalf("the second time: %+v", o)
	}
}
