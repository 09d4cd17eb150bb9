package history_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// clock is a time that tests set.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func noon(day string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15", day+" 12", time.Local)
	if err != nil {
		panic(err)
	}
	return t
}

func open(t *testing.T, folder string, c *clock) *history.Store {
	t.Helper()
	var options []history.Option
	if c != nil {
		options = append(options, history.WithClock(c.read))
	}
	s, err := history.Open(t.Context(), folder, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// plain returns a picture of one colour, by which it is told from others.
func plain(side int, v uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.SetNRGBA(i%side, i/side, color.NRGBA{v, uint8(i), uint8(i / side), 255})
	}
	return img
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func entry(prompt string, n int) history.Entry {
	a := image.NewAlpha(image.Rect(3, 4, 9, 8))
	for i := range a.Pix {
		a.Pix[i] = 255
	}
	return history.Entry{
		Connection: "relay", Name: "My relay", Price: settings.Price{Picture: 20_000, Currency: "USD"}, Source: "/pictures/a.jpg",
		Request: &api.Request{
			Prompt: prompt, N: n, Model: "dall-e-2", Size: image.Pt(512, 512), ResponseFormat: "url", User: "somebody",
			Options: map[string]string{"quality": "high"},
		},
		Canvas: plain(32, 1), Mask: mask.FromAlpha(a, image.Pt(32, 32)),
		Plan: region.Plan{Window: image.Rect(0, 0, 32, 32), Send: image.Pt(512, 512), Grow: 4}, Blend: region.DefaultBlend(),
	}
}

// made counts the variants of all tests, so that each is a picture of its own.
var made atomic.Int64

// distinct returns a picture file that is like no other.
func distinct(t *testing.T) []byte {
	t.Helper()
	img, n := plain(16, 1), made.Add(1)
	img.SetNRGBA(0, 0, color.NRGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255})
	return encode(t, img)
}

// do carries out a job: a raw answer and n variants, each a picture of its own.
func do(t *testing.T, s *history.Store, e history.Entry, fault *api.Error) int64 {
	t.Helper()
	r := begin(t, s, e)
	receive(t, r, api.Arrival{ContentType: "application/json", Index: -1, Status: 200}, []byte("raw "+e.Request.Prompt))
	got := 0
	if fault == nil {
		got = max(e.Request.N, 1)
	}
	for i := range got {
		keep(t, r, api.Answer{Index: i, Encoded: distinct(t), RevisedPrompt: "revised", Method: api.Pieces})
	}
	r.End(api.Result{Asked: max(e.Request.N, 1), Got: got, RequestID: "req", Usage: map[string]int64{"total_tokens": 7}}, fault)
	return r.ID()
}

// begin records a job and says that it is sent.
func begin(t *testing.T, s *history.Store, e history.Entry) *history.Record {
	t.Helper()
	r, err := s.Record(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, r, api.Sending{Bytes: 3, Index: -1})
	keep(t, r, api.Sent{Bytes: 3, Index: -1})
	return r
}

func keep(t *testing.T, r *history.Record, events ...api.Event) {
	t.Helper()
	for _, e := range events {
		if err := r.Keep(e); err != nil {
			t.Fatal(err)
		}
	}
}

// receive spools an answer, in two pieces, and closes it.
func receive(t *testing.T, r *history.Record, a api.Arrival, body []byte) {
	t.Helper()
	w, err := r.Spool(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]byte{body[:len(body)/2], body[len(body)/2:]} {
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, s *history.Store, f history.Filter) []history.Item {
	t.Helper()
	items, err := s.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func ids(items []history.Item) (all []int64) {
	for _, i := range items {
		all = append(all, i.ID)
	}
	return all
}

// onDisk counts the files of pictures and answers.
func onDisk(t *testing.T, folder string) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(folder, "files"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobIsReadBackCompletely(t *testing.T) {
	folder := t.TempDir()
	c := &clock{noon("2026-03-10")}
	s := open(t, folder, c)
	e := entry("a red hat", 2)
	id := do(t, s, e, nil)
	i, err := s.Item(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if !i.Over || i.Outcome != "" || i.Trouble != nil || i.Connection != "relay" || i.Name != "My relay" || i.Source != "/pictures/a.jpg" ||
		i.RequestID != "req" || i.Usage["total_tokens"] != 7 || !i.Created.Equal(c.now) || i.Asked != 2 {
		t.Fatalf("item %+v", i)
	}
	o := i.Options()
	if o.Prompt != "a red hat" || o.N != 2 || o.Model != "dall-e-2" || o.Size != image.Pt(512, 512) || o.ResponseFormat != "url" ||
		o.Extra["quality"] != "high" || o.Region.Window != e.Plan.Window || o.Blend != e.Blend || o.User != "" {
		t.Fatalf("options %+v", o)
	}
	raw, err := s.File(i.Canvas)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := picture.Decode(raw, picture.DefaultLimits); err != nil || !bytes.Equal(p.Pix.Pix, e.Canvas.Pix) {
		t.Fatalf("the picture came back changed (%v)", err)
	}
	if raw, err = s.File(i.Mask); err != nil {
		t.Fatal(err)
	}
	if m, err := mask.Decode(raw, e.Mask.Size()); err != nil || !m.Equal(e.Mask) {
		t.Fatalf("the mask came back changed (%v)", err)
	}
	if len(i.Variants) != 2 || i.Variants[1].Index != 1 || i.Variants[1].RevisedPrompt != "revised" {
		t.Fatalf("variants %+v", i.Variants)
	}
	if raw, err = s.File(i.Variants[1].File); err != nil || len(raw) == 0 || i.Variants[0].File == i.Variants[1].File {
		t.Fatalf("variant 1: %v", err)
	}
	// The raw answer isn't needed any more: picture, mask and two variants are left.
	if n := onDisk(t, folder); i.Answers != 0 || n != 4 {
		t.Fatalf("%d raw answers and %d files are kept", i.Answers, n)
	}
	if _, err := s.Item(t.Context(), id+1); !errors.Is(err, sql.ErrNoRows) {
		t.Fatalf("a job that isn't there: %v", err)
	}
}

func TestAJobCanBeReopened(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	e := entry("x", 1)
	e.Meta.EXIF = []byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	i, err := s.Item(t.Context(), do(t, s, e, nil))
	if err != nil {
		t.Fatal(err)
	}
	j, err := s.Reopen(i)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(j.State().Base.Pix.Pix, e.Canvas.Pix) || !j.Mask().Equal(e.Mask) || j.Plan() != e.Plan || j.Blend() != e.Blend {
		t.Fatal("the job is not as it was")
	}
	a, err := s.Answer(i.Variants[0])
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.Variant(a)
	if err != nil || v.RevisedPrompt != "revised" || v.Answer.Method != api.Pieces {
		t.Fatalf("variant %+v, %v", v, err)
	}
	// The same picture with other metadata is another file.
	e.Meta = picture.Metadata{}
	other, err := s.Item(t.Context(), do(t, s, e, nil))
	if err != nil || other.Canvas == i.Canvas {
		t.Fatalf("the metadata was lost, %v", err)
	}
}

// TestAWholePictureIsReopenedWithoutAMask: nobody painted one, and an answer is moved
// back by what it shows everywhere.
func TestAWholePictureIsReopenedWithoutAMask(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	o := job.DefaultOptions()
	o.Whole, o.Prompt, o.N = true, "by night", 1
	first, err := job.Prepare(t.Context(), document.NewState(&picture.Picture{Pix: plain(64, 7)}), o, profile.Builtin().For("gpt-image-2", ""))
	if err != nil || !first.Whole() {
		t.Fatal(err)
	}
	i, err := s.Item(t.Context(), do(t, s, history.EntryOf(first, nil, ""), nil))
	if err != nil {
		t.Fatal(err)
	}
	j, err := s.Reopen(i)
	if err != nil {
		t.Fatal(err)
	}
	if !j.Whole() || !j.State().Mask.Empty() || !j.Mask().Equal(first.Mask()) || j.Blend() != first.Blend() {
		t.Errorf("whole %t, painted %t, laid over as %+v", j.Whole(), !j.State().Mask.Empty(), j.Blend())
	}
	if back := i.Options(); !back.Whole || back.All {
		t.Errorf("the options are %+v", back)
	}
}

func TestRawAnswersStayWhereVariantsAreMissing(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	id := do(t, s, entry("x", 2), &api.Error{Kind: api.KindUnknown, Status: 200, RequestID: "req", Sentence: api.Sentence{Key: "error.unknown_download", Args: []any{"Address", "host", "N", 3}}})
	i, err := s.Item(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if i.Outcome != api.KindUnknown || i.Trouble == nil || i.Trouble.Key != "error.unknown_download" || i.Trouble.Status != 200 || i.Answers != 1 {
		t.Fatalf("item %+v, trouble %+v", i, i.Trouble)
	}
	// Later the address can be fetched.
	decode := func(_ context.Context, k history.KeptJob, raw api.Kept) (api.Recovered, error) {
		if k.Asked != 2 || k.Connection != "relay" || string(raw.Body) != "raw x" || raw.Status != 200 || raw.Index != -1 {
			t.Errorf("asked to decode %+v, %+v", k, raw)
		}
		return api.Recovered{Answers: []api.Answer{{Index: 0, Image: plain(8, 1)}, {Index: 1, Image: plain(8, 2)}}, Whole: true}, nil
	}
	if err := s.Restore(t.Context(), id, decode); err != nil {
		t.Fatal(err)
	}
	if i, _ = s.Item(t.Context(), id); i.Outcome != "" || len(i.Variants) != 2 || i.Answers != 0 {
		t.Fatalf("restored %+v", i)
	}
}

func TestSearch(t *testing.T) {
	c := &clock{noon("2026-03-10")}
	s := open(t, t.TempDir(), c)
	prompts := []string{"A red HAT on the chair", "去掉帽子和路灯", "blue sky, 100%_pure", `say "hat"`}
	var jobs []int64
	for n, p := range prompts {
		e := entry(p, 1)
		if n == 1 {
			e.Connection = "other"
		}
		c.now = noon(fmt.Sprintf("2026-03-%d", 10+n))
		jobs = append(jobs, do(t, s, e, nil))
	}
	if err := errors.Join(s.SetFavourite(jobs[2], true), s.SetVariantFavourite(jobs[0], 0, true)); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		filter history.Filter
		want   []int // numbers of jobs, from 1
	}{
		{history.Filter{}, []int{4, 3, 2, 1}},
		{history.Filter{Text: "hat"}, []int{4, 1}},
		{history.Filter{Text: "chair red"}, []int{1}},
		{history.Filter{Text: "chai"}, []int{1}},
		{history.Filter{Text: "帽子"}, []int{2}},
		{history.Filter{Text: "帽子和"}, []int{2}},
		{history.Filter{Text: "灯"}, []int{2}},
		{history.Filter{Text: `"hat"`}, []int{4}},
		{history.Filter{Text: "%_"}, []int{3}},
		{history.Filter{Text: "__"}, nil},
		{history.Filter{Text: "a* OR NEAR("}, nil},
		{history.Filter{Connection: "other"}, []int{2}},
		{history.Filter{Favourites: true}, []int{3, 1}},
		{history.Filter{From: noon("2026-03-11"), To: noon("2026-03-13")}, []int{3, 2}},
		{history.Filter{Before: jobs[2], Limit: 1}, []int{2}},
	}
	for _, c := range cases {
		var got []int
		for _, id := range ids(list(t, s, c.filter)) {
			got = append(got, slices.Index(jobs, id)+1)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.filter, got, c.want)
		}
	}
	if err := s.Delete(jobs[0]); err != nil {
		t.Fatal(err)
	}
	if got := ids(list(t, s, history.Filter{Text: "hat"})); !slices.Equal(got, jobs[3:]) {
		t.Errorf("after deletion: %v", got)
	}
}

func TestRepetitionsThatWereRefusedAreNotUnknown(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r, err := s.Record(t.Context(), entry("x", 1))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, r, api.Sending{}, api.Sent{})
	receive(t, r, api.Arrival{Index: -1, Status: 429}, []byte("slow down"))
	keep(t, r, api.Progress{Stage: api.Pausing})
	s.Close() // as if the program had ended in the pause
	again := open(t, folder, nil)
	if got, err := again.Recover(t.Context(), nil); err != nil || len(got) != 1 {
		t.Fatalf("recovered %v, %v", got, err)
	}
	if i, _ := again.Item(t.Context(), r.ID()); i.Outcome != api.KindCancelled {
		t.Fatalf("outcome %q", i.Outcome)
	}
}

func TestJobsUnderWayAreLeftAlone(t *testing.T) {
	folder := t.TempDir()
	s, other := open(t, folder, nil), open(t, folder, nil)
	r, err := s.Record(t.Context(), entry("x", 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range []*history.Store{s, other} {
		if got, err := each.Recover(t.Context(), nil); err != nil || len(got) != 0 {
			t.Fatalf("recovered %v, %v", got, err)
		}
		if err := each.Delete(r.ID()); err != nil {
			t.Fatal(err)
		}
		if i, err := each.Item(t.Context(), r.ID()); err != nil || i.Over {
			t.Fatalf("%+v, %v", i, err)
		}
	}
}

func TestChangedFilesAreNoticed(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	i, err := s.Item(t.Context(), do(t, s, entry("x", 1), nil))
	if err != nil {
		t.Fatal(err)
	}
	hash := i.Variants[0].File
	if err := os.WriteFile(filepath.Join(folder, "files", hash[:2], hash), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	var damage *history.DamagedError
	if _, err := s.File(hash); !errors.As(err, &damage) {
		t.Fatalf("File: %v", err)
	}
	if _, err := s.File("../../etc"); err == nil {
		t.Fatal("a name that is no hash was read")
	}
}
