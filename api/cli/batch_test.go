package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
)

// album makes a folder with so many pictures, each with its mask beside it, and one more
// picture in a subfolder.
func (b *bench) album(n int) string {
	b.t.Helper()
	mask, err := os.ReadFile(b.path("mask.png"))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range n {
		name := fmt.Sprintf("album/p%d", i)
		if i == n-1 {
			name = "album/below/last"
		}
		img := gradient(120, 90)
		img.Pix[0] = uint8(i)
		write(b.t, b.path(name+".mask.png"), mask)
		writePNG(b.t, b.path(name+".png"), img)
	}
	return b.path("album")
}

// connect saves a connection to a relay that charges two cents for a picture and plays a
// scenario, or the one set by Use where scenario is "".
func (b *bench) connect(name string, r *apitest.Relay, scenario string) {
	b.t.Helper()
	b.t.Setenv("OVERPAINT_API_KEY", r.Key)
	base := r.URL
	if scenario != "" {
		base = r.Base(scenario)
	}
	c := settings.Custom(name, base)
	c.Model, c.Profile, c.Price = "dall-e-2", "classic", settings.Price{Picture: 20_000, Currency: "USD"}
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { s.Put(c) }); err != nil {
		b.t.Fatal(err)
	}
}

// batchArgs returns the arguments of an edit of an album by a saved connection.
func (b *bench) batchArgs(args ...string) []string {
	all := []string{"edit", "-r", "-prompt", "a hat", "-size", "256x256", "-json", "-out", b.out, "-engine", "Relay"}
	return append(append(all, args...), b.path("album"))
}

func (b *bench) batch(args ...string) outcome {
	b.t.Helper()
	return run(b.t.Context(), b.batchArgs(args...)...)
}

// counts returns the last event's done, kept, failed, unknown and not_asked.
func (o outcome) counts(t *testing.T) [5]int {
	t.Helper()
	e := o.last(t, "batch")
	var n [5]int
	for i, name := range []string{"done", "kept", "failed", "unknown", "not_asked"} {
		n[i] = int(e[name].(float64))
	}
	return n
}

// results are the files in the folder of the results and below.
func (b *bench) results() (names []string) {
	b.t.Helper()
	err := filepath.WalkDir(b.out, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(b.out, path)
			names = append(names, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return names
}

// TestFoldersOfPictures edits all pictures of a folder, each by the mask beside it.
func TestFoldersOfPictures(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.album(4)
	b.connect("Relay", r, "")
	o := b.batch()
	if o.status != 0 || o.counts(t) != [5]int{4, 0, 0, 0, 0} || r.Posts() != 4 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	if got := strings.Join(b.results(), " "); got != "below/last-1.png p0-1.png p1-1.png p2-1.png" {
		t.Errorf("results %s", got)
	}
	about := map[string]int{}
	for _, e := range o.events(t) {
		if e["event"] == "picture" {
			if e["status"] != "done" || e["exit"] != 0.0 || e["cost"] != 20_000.0 || len(e["paths"].([]any)) != 1 {
				t.Errorf("a picture ended as %v", e)
			}
			about[e["image"].(string)]++
		} else if e["event"] != "batch" && e["image"] == nil {
			t.Errorf("of no picture: %v", e)
		}
	}
	if len(about) != 4 {
		t.Errorf("told of %v", about)
	}
	// Once more, and without -r: only the folder itself; a picture named twice counts once.
	out := b.out + "/"
	if o = run(t.Context(), "edit", "-out", out, "-json", b.path("album"), b.path("album/p0.png")); o.counts(t)[0] != 3 {
		t.Errorf("without -r: %v: %s", o.counts(t), o.stderr)
	}
}

// TestOneMaskForAll uses a mask that hasn't the size of one of the pictures.
func TestOneMaskForAll(t *testing.T) {
	b := newBench(t)
	writePNG(t, b.path("other.png"), gradient(100, 100))
	o := b.edit("-json", b.path("other.png"))
	if o.status != 1 || o.counts(t) != [5]int{1, 0, 1, 0, 0} || b.files() != "beach-1.png" {
		t.Fatalf("status %d, %v, files %s: %s", o.status, o.counts(t), b.files(), o.stderr)
	}
	// With -resume the built-in engine's results are not made again.
	if o = b.edit("-json", "-resume"); o.status != 0 || o.counts(t) != [5]int{0, 1, 0, 0, 0} || b.files() != "beach-1.png" {
		t.Fatalf("status %d, %v, files %s: %s", o.status, o.counts(t), b.files(), o.stderr)
	}
}

// TestBudgetOfManyPictures: the budget is never exceeded, not by several runs together either.
func TestBudgetOfManyPictures(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.album(5)
	b.connect("Relay", r, "")
	o := b.batch("-max-cost", "0.05", "-concurrency", "1")
	if o.status != 1 || o.counts(t) != [5]int{2, 0, 1, 0, 2} || r.Posts() != 2 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	if o = b.batch("-max-cost", "0.05", "-resume"); r.Posts() != 2 || o.counts(t)[1] != 2 {
		t.Fatalf("%v, %d requests: %s", o.counts(t), r.Posts(), o.stderr)
	}
	o = b.batch("-max-cost", "0.10", "-resume")
	if o.status != 0 || o.counts(t) != [5]int{3, 2, 0, 0, 0} || r.Posts() != 5 || len(b.results()) != 5 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	if o := b.batch("-max-cost", "1", "-engine", "dddai.dev"); o.status != 2 || r.Posts() != 5 {
		t.Fatalf("without a price: status %d: %s", o.status, o.stderr)
	}
}

// TestResumeSavesWhatIsInTheHistory, without a request.
func TestResumeSavesWhatIsInTheHistory(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.album(2)
	b.connect("Relay", r, "")
	if o := b.batch("-n", "2"); o.status != 0 {
		t.Fatal(o.stderr)
	}
	want, err := os.ReadFile(filepath.Join(b.out, "p0-2.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"p0-2.png", "below/last-1.png", "below/last-2.png"} {
		if err := os.Remove(filepath.Join(b.out, name)); err != nil {
			t.Fatal(err)
		}
	}
	o := b.batch("-n", "2", "-resume")
	if o.status != 0 || o.counts(t) != [5]int{0, 2, 0, 0, 0} || r.Posts() != 2 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	if got := strings.Join(b.results(), " "); got != "below/last-1.png below/last-2.png p0-1.png p0-2.png" {
		t.Errorf("results %s", got)
	}
	if got, err := os.ReadFile(filepath.Join(b.out, "p0-2.png")); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the saved pixels differ: %v", err)
	}
	// Another prompt, another number of variants and another picture are other edits.
	img := gradient(120, 90)
	img.Pix[0] = 99
	writePNG(t, b.path("album/p0.png"), img)
	if o = b.batch("-n", "2", "-resume"); o.counts(t) != [5]int{1, 1, 0, 0, 0} || r.Posts() != 3 {
		t.Errorf("another picture: %v, %d requests", o.counts(t), r.Posts())
	}
	if o = b.batch("-n", "1", "-resume"); o.counts(t) != [5]int{2, 0, 0, 0, 0} || r.Posts() != 5 {
		t.Errorf("another number: %v, %d requests", o.counts(t), r.Posts())
	}
}

// TestOneRunResumesAtATime: two at the same time would request the same pictures.
func TestOneRunResumesAtATime(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.album(2)
	b.connect("Relay", r, "")
	store, err := history.OpenDefault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	lock, err := store.Alone("resume")
	if err != nil {
		t.Fatal(err)
	}
	if o := b.batch("-resume"); o.status != cli.ExitInput || r.Posts() != 0 || !strings.Contains(o.stderr, "-resume") {
		t.Fatalf("status %d, %d requests: %s", o.status, r.Posts(), o.stderr)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if o := b.batch("-resume"); o.status != cli.ExitDone || r.Posts() != 2 {
		t.Fatalf("status %d, %d requests: %s", o.status, r.Posts(), o.stderr)
	}
}

// TestResumeDoesNotRepeatWhatMayHaveBeenCharged: an earlier run lost its answer.
func TestResumeDoesNotRepeatWhatMayHaveBeenCharged(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.album(2)
	b.connect("Relay", r, "")
	r.Use("cut")
	first := b.batch("-concurrency", "1")
	posts := r.Posts()
	r.Use("")
	o := b.batch("-resume")
	if posts != 2 || first.status != 4 || o.status != 4 || o.counts(t) != [5]int{0, 0, 0, 2, 0} || r.Posts() != posts {
		t.Fatalf("status %d and %d, %v, %d and %d requests: %s", first.status, o.status, o.counts(t), posts, r.Posts(), o.stderr)
	}
	if !strings.Contains(o.stderr, "without -resume it is") {
		t.Errorf("it says %s", o.stderr)
	}
}

// TestKilledInTheMiddle kills the program while it requests many pictures, then runs it with
// -resume: no picture is requested twice, and the service charged for those that were
// delivered or are reported as unknown.
func TestKilledInTheMiddle(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	for _, at := range []int{1, 3, 6} {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			b, r := newBench(t), apitest.New(t)
			var book apitest.Book
			r.Ledger(&book)
			const pictures = 8
			b.album(pictures)
			b.connect("Relay", r, "")
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			child := exec.Command(exe, b.batchArgs("-concurrency", "2", "-resume")...)
			child.Env = append(os.Environ(), asProgram+"=1")
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			for range at {
				<-r.Arrived()
			}
			child.Process.Kill()
			child.Wait()
			o := b.batch("-resume", "-concurrency", "2")
			n := o.counts(t)
			if n[0]+n[1]+n[3] != pictures || n[2]+n[4] != 0 || n[3] > 2 {
				t.Fatalf("status %d, %v: %s", o.status, n, o.stderr)
			}
			delivered := b.results()
			// Requests that were in progress may have been charged: these are unknown.
			if charged := book.Charged(); charged < len(delivered) || charged > len(delivered)+n[3] {
				t.Errorf("charged %d times, delivered %d, unknown %d", charged, len(delivered), n[3])
			}
			if slices.ContainsFunc(delivered, func(name string) bool { return !strings.HasSuffix(name, "-1.png") }) {
				t.Errorf("delivered twice: %v", delivered)
			}
			posts := r.Posts()
			if o := b.batch("-resume"); o.counts(t)[0] != 0 || r.Posts() != posts {
				t.Errorf("once more: %v, %d requests more", o.counts(t), r.Posts()-posts)
			}
		})
	}
}

// TestSeveralEnginesAtOnce: each may fail alone, and their results have their names.
func TestSeveralEnginesAtOnce(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.album(2)
	b.connect("Relay", r, "")
	b.connect("The other", r, "moderation")
	o := b.batch("-engine", "The other")
	if o.status != 3 || o.counts(t) != [5]int{2, 0, 2, 0, 0} || r.Posts() != 4 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	if got := strings.Join(b.results(), " "); got != "below/last-Relay-1.png p0-Relay-1.png" {
		t.Errorf("results %s", got)
	}
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { s.EditCap = 30_000 }); err != nil {
		t.Fatal(err)
	}
	if o = b.batch("-engine", "The other"); o.status != 2 || r.Posts() != 4 || !strings.Contains(o.stderr, "one edit is $0.03") {
		t.Errorf("over the cap of both together: status %d, %d requests: %s", o.status, r.Posts(), o.stderr)
	}
}
