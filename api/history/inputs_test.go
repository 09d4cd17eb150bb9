package history_test

import (
	"image"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/picture"
)

// TestReferencesAreKept asks with further pictures, one of them twice and one
// partly transparent, and finds them again pixel by pixel.
func TestReferencesAreKept(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	e := entry("like these", 1)
	thin := plain(20, 9)
	for i := range thin.Pix {
		thin.Pix[i] = uint8(i * 7) // colours under transparency too
	}
	e.Request.References = []*image.NRGBA{plain(24, 5), thin, plain(24, 5)}
	id := do(t, s, e, nil)
	plainID := do(t, s, entry("alone", 1), nil)
	s.Close()

	s = open(t, folder, nil)
	item, err := s.Item(t.Context(), id)
	if err != nil || len(item.References) != 3 || item.References[0] != item.References[2] {
		t.Fatalf("%+v, %v", item, err)
	}
	for i, hash := range item.References {
		p, err := picture.Open(s.Path(hash), picture.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		want := e.Request.References[i]
		if p.Size() != want.Rect.Size() || !slices.Equal(p.Pix.Pix, want.Pix) {
			t.Errorf("picture %d is not what was sent", i)
		}
	}
	if other, err := s.Item(t.Context(), plainID); err != nil || other.References != nil {
		t.Errorf("without further pictures: %v, %v", other.References, err)
	}
	// Files go with the last job that needs them.
	before := onDisk(t, folder)
	if err := s.Delete(id); err != nil {
		t.Fatal(err)
	}
	if after := onDisk(t, folder); before-after != 3 { // two further pictures and a variant
		t.Errorf("%d files before, %d after", before, after)
	}
}

// TestTrimCountsReferences has a history that is too large by its further
// pictures alone.
func TestTrimCountsReferences(t *testing.T) {
	c := &clock{now: noon("2026-01-01")}
	s := open(t, t.TempDir(), c)
	e := entry("large", 1)
	big := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range big.Pix {
		big.Pix[i] = uint8(i * i >> 3)
	}
	e.Request.References = []*image.NRGBA{big}
	do(t, s, e, nil)
	size, err := s.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.now = noon("2026-02-01")
	if n, err := s.Trim(t.Context(), size); n != 0 || err != nil {
		t.Errorf("%d removed that fit, %v", n, err)
	}
	if n, err := s.Trim(t.Context(), size-1); n != 1 || err != nil {
		t.Errorf("%d removed, %v", n, err)
	}
}

// TestCancelledTooLateIsCounted cancels one job before its request has left
// and one after.
func TestCancelledTooLateIsCounted(t *testing.T) {
	c := &clock{now: noon("2026-03-01")}
	s := open(t, t.TempDir(), c)
	do(t, s, entry("early", 2), &api.Error{Kind: api.KindCancelled})
	do(t, s, entry("late", 2), &api.Error{Kind: api.KindCancelled, Sentence: api.Sentence{Key: api.CancelledSent}})
	days, err := s.Totals(t.Context(), history.ByDay, c.now, c.now)
	if err != nil || len(days) != 1 {
		t.Fatalf("%+v, %v", days, err)
	}
	// The first one is there for the tokens that the service reported.
	if days[0].Uncertain != 1 || days[0].Cost != 40_000 {
		t.Errorf("%+v", days[0])
	}
}

// TestUnknownCostByTokens counts what the tokens of pictures cost that nobody
// knows of whether they were made, after a restart too.
func TestUnknownCostByTokens(t *testing.T) {
	c := &clock{now: noon("2026-03-01")}
	folder := t.TempDir()
	s := open(t, folder, c)
	e := entry("lost", 2)
	e.Price, _ = settings.KnownPrice("https://api.openai.com/v1", "gpt-image-2")
	e.Request.Model, e.Request.Size = "gpt-image-2", image.Pt(1024, 1024) // at high quality
	r, err := s.Record(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(api.Sent{Bytes: 1}); err != nil {
		t.Fatal(err)
	}
	cost := func(when string) {
		t.Helper()
		if got, err := s.MonthCost(t.Context(), c.now, "USD"); err != nil || got != 2*7024*30 {
			t.Errorf("%s: %d, %v", when, got, err)
		}
	}
	r.End(api.Result{Asked: 2}, &api.Error{Kind: api.KindUnknown})
	cost("when it ended")
	if err := s.Restore(t.Context(), r.ID(), nil); err != nil {
		t.Fatal(err)
	}
	cost("when it was restored")
}
