package session_test

import (
	"image"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/session"
)

func TestKeysAreChangedAtOnceAndKept(t *testing.T) {
	b := newBench(t)
	u, _ := keys.Parse("Ctrl+U")
	j, _ := keys.Parse("Ctrl+J")
	b.SetKeys(b.Keys().With("undo", u))
	if b.Keys().Find(u) != "undo" || b.told[len(b.told)-1]&session.Menu == 0 {
		t.Error("a changed key isn't obeyed at once, or nobody is told")
	}
	b.SetKeys(b.Keys().With("redo", j))
	b.SettingsChanged() // while neither is written
	if b.Keys().Label("undo") != "Ctrl+U" || b.Keys().Label("redo") != "Ctrl+J" {
		t.Error("a key that was just changed is the old one again")
	}
	b.until("both in the settings", func() bool { return len(b.settings.Current().Keys) == 2 })
	b.until("the other windows' keys", func() bool {
		b.SettingsChanged()
		return b.Keys().Label("redo") == "Ctrl+J"
	})
	b.drain()
	if err := b.settings.Update(func(s *settings.Settings) { s.Keys = nil }); err != nil {
		t.Fatal(err)
	}
	b.until("the keys that another window has reset", func() bool {
		b.SettingsChanged()
		return b.Keys().Label("undo") == "Ctrl+Z"
	})
}

func TestPanelsAndPlacesAreKept(t *testing.T) {
	b := newBench(t)
	b.TogglePanels()
	b.SettingsChanged()
	if !b.PanelsHidden() {
		t.Error("the panels are there again")
	}
	b.KeepWindow(1000, 700)
	b.KeepPlace(-20, 40)
	b.KeepSide(310)
	b.KeepCards(200)
	b.advance(1e9)
	b.until("what is kept", func() bool { return b.settings.Current().CardSize == 200 })
	if s := b.settings.Current(); !s.PanelsHidden || s.WindowWidth != 1000 || !slices.Equal(s.WindowPlace, []int{-20, 40}) || s.SideWidth != 310 {
		t.Errorf("kept is %+v", s)
	}
	b.TogglePanels()
	if b.PanelsHidden() {
		t.Error("the panels don't come back")
	}
}

func TestMaskAndFrameAreHiddenUntilTheyAreEdited(t *testing.T) {
	b := ready(t)
	b.until("a frame", func() bool { return !b.View().Frame.Empty() })
	b.ToggleFrame()
	b.ToggleMask()
	if v := b.View(); v.Mask != session.MaskHidden || !v.Frame.Empty() || b.MaskVisible() || b.FrameVisible() {
		t.Errorf("mask %v, frame %v", v.Mask, v.Frame)
	}
	b.SelectTool(session.ToolMove)
	if b.View().Frame.Empty() {
		t.Error("the frame isn't seen with the tool for it")
	}
	b.SelectTool("brush")
	for name, edit := range map[string]func(){
		"a stroke":   func() { b.BeginStroke(); b.EndStroke() },
		"a change":   func() { b.ChangeMask(session.MaskInvert, 0) },
		"a preview":  func() { b.PreviewMask(session.MaskGrow, 3) },
		"the toggle": b.ToggleMask,
	} {
		if b.MaskVisible() {
			b.ToggleMask()
		}
		edit()
		if v := b.View(); v.Mask != session.MaskShownAsChosen || !b.MaskVisible() {
			t.Errorf("the mask stays unseen after %s", name)
		}
	}
	if b.FrameVisible() {
		t.Error("the frame has come back by itself")
	}
}

func TestEarlierPromptsAreFound(t *testing.T) {
	b := newBench(t)
	if err := b.settings.Update(func(s *settings.Settings) {
		for _, p := range []string{"a boat on the lake", "A red Boat", "no lamp post"} {
			s.RememberPrompt(p)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string][]string{
		"": {"no lamp post", "A red Boat", "a boat on the lake"}, "boat": {"A red Boat", "a boat on the lake"},
		"LAKE boat": {"a boat on the lake"}, "car": {},
	} {
		if got := b.FindPrompts(words); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
}

func TestTheDesktopIsNotifiedOfTheEndOfAnEdit(t *testing.T) {
	b := ready(t)
	edit, one := b.generate()
	b.begins(one)
	b.arrives(edit, one, 0, 10)
	b.arrives(edit, one, 1, 20)
	b.ends(one, 2, 2, nil)
	if got := b.wished(session.WishNotify).Text.String(); got != "Relay: 2 variants are ready." {
		t.Errorf("told is %q", got)
	}
	_, two := b.generate()
	b.ends(two, 0, 2, &api.Error{Kind: api.KindNetwork})
	if got := b.wished(session.WishNotify).Text.String(); got != "Relay: the edit failed." {
		t.Errorf("told is %q", got)
	}
	_, three := b.generate()
	b.ends(three, 0, 2, &api.Error{Kind: api.KindCancelled})
	b.drain()
	for _, w := range append(b.Wishes(), b.wishes...) {
		if w.Kind == session.WishNotify {
			t.Error("told that what was cancelled has ended")
		}
	}
}

func TestTheMemoryIsTheSumOfAllWindows(t *testing.T) {
	limit := int64(0)
	m := document.NewMemory(document.NewCache(0), func(l int64) int64 { limit = l; return 0 })
	shared := func(_ *bench, o *session.Options) { o.Memory = m }
	one, two := newBench(t, shared), newBench(t, shared)
	one.open("lake.png")
	first := limit
	two.open("lake.png")
	size := two.Document().Size
	if got, want := limit-first, int64(4*size.X*size.Y)*5/2; got != want {
		t.Errorf("the second picture adds %d bytes, want %d", got, want)
	}
	two.Extend(session.Sides{Right: 50})
	if got, want := limit-first, int64(4*(size.X+50)*size.Y)*5/2; got != want || two.Document().Size != size.Add(image.Pt(50, 0)) {
		t.Errorf("extended, the second picture adds %d bytes, want %d", got, want)
	}
	two.finish()
	if limit != first {
		t.Errorf("after the second window: %d bytes, want %d", limit, first)
	}
}

func TestAConnectionThatIsSelectedInTheSettingsIsAsked(t *testing.T) {
	b := ready(t)
	b.SaveSettings(func(s *settings.Settings) {
		s.Connection = s.Put(settings.Connection{Name: "New", BaseURL: "http://127.0.0.1:1", Profile: "classic"})
	}, nil, nil)
	b.until("the new connection", func() bool {
		list := b.Panel().Services
		return len(list) == 4 && list[3].Chosen && !list[1].Chosen
	})
	b.wished(session.WishShare)
	b.ChooseServices(relay, other)
	b.SaveSettings(func(s *settings.Settings) { s.MonthlyCap = 7 }, nil, nil)
	b.wished(session.WishShare)
	if list := b.Panel().Services; !list[1].Chosen || !list[2].Chosen {
		t.Errorf("another setting changes who is asked: %+v", list)
	}
}

// TestResultsAreFolded keeps the fold for the next start, and unfolds for a chosen one.
func TestResultsAreFolded(t *testing.T) {
	b := ready(t)
	first, _ := b.made()
	b.Use(first)
	id := b.Results()[0].ID
	b.ChooseResult(0)
	if b.FoldResults(true); !b.ResultsFolded() {
		t.Fatal("it is not folded")
	}
	b.advance(1e9)
	b.until("the fold to be kept", func() bool { return b.settings.Current().ResultsFolded })
	if b.ChooseResult(id); b.ResultsFolded() {
		t.Error("the chosen result's controls are folded away")
	}
}
