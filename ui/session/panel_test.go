package session_test

import (
	"errors"
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

func TestGenerateSaysWhyItCanNotBeDone(t *testing.T) {
	b := newBench(t)
	reason := func(key string, notice ...string) {
		t.Helper()
		b.until(key, func() bool { return b.Panel().Reason.Key == key })
		before := len(b.Edits())
		b.advance(time.Minute)
		b.Generate()
		b.noticed(append(notice, key)[0])
		if len(b.Edits()) != before {
			t.Error("an edit was made")
		}
	}
	reason("ui.reason.no_picture")
	b.open("lake.png")
	reason("ui.reason.no_mask")
	b.spot()
	if r := b.Panel().Reason; !r.IsZero() {
		t.Errorf("right after the first stroke: %q", r)
	}
	b.SetPrompt("")
	reason("ui.reason.no_prompt")
	b.SetPrompt(strings.Repeat("长", 1001))
	reason("ui.reason.long_prompt")
	b.SetPrompt("a boat")
	b.service.set(func(s *fakeState) { s.keys = map[string]secret.Source{} })
	b.SettingsChanged()
	reason("ui.reason.no_key_of")
	if p := b.Panel(); p.Reason.String() != "Relay has no key yet." || p.Keyless != relay {
		t.Errorf("it says %q of %q", p.Reason, p.Keyless)
	}
	b.Act(b.noticed("ui.reason.no_key_of").ID)
	if w := b.wished(session.WishSettings); w.Connection != relay || !w.Key {
		t.Errorf("the notice leads to %+v", w)
	}
	b.FindKey()
	if w := b.wished(session.WishSettings); w.Connection != relay || !w.Key {
		t.Errorf("the reason leads to %+v", w)
	}
	if s := b.Panel().Services; !s[1].NoKey || !s[1].Chosen || s[0].NoKey || s[0].ID != settings.Builtin {
		t.Errorf("the services are %+v", s)
	}
	b.service.set(func(s *fakeState) { s.locked = true })
	b.SettingsChanged()
	reason("ui.reason.keyring_locked", "notice.keyring_locked")
	if r := b.Panel().Remedy.String(); r != "Unlock the keyring…" {
		t.Errorf("the remedy is %q", r)
	}
	if s := b.Panel().Services; !s[1].NoKey || !s[1].Locked {
		t.Errorf("with a locked keyring the services are %+v", s)
	}
	for _, find := range []func(){b.Generate, b.FindKey} {
		b.service.set(func(s *fakeState) { s.keys[relay], s.locked = secret.FromKeyring, false }) // which they find out
		find()
		b.until("the key", func() bool { p := b.Panel(); return p.Reason.IsZero() && p.Remedy.IsZero() })
		b.service.set(func(s *fakeState) { delete(s.keys, relay); s.locked = true })
		b.SettingsChanged()
		b.until("the lock", func() bool { return b.Panel().Reason.Key == "ui.reason.keyring_locked" })
	}
	b.service.set(func(s *fakeState) { s.locked = false })
	b.SettingsChanged()
	reason("ui.reason.no_key_of")
	b.SaveSettings(func(*settings.Settings) {}, map[string]secret.Key{relay: {}}, []string{other})
	b.noticed("dialog.key.session")
	b.until("a key", func() bool { return b.Panel().Reason.IsZero() })
	b.Wishes()
	if b.FindKey(); b.Panel().Keyless != "" || len(b.Wishes()) > 0 {
		t.Errorf("the key of %q is still missing", b.Panel().Keyless)
	}
	b.settings.fails(errors.New("the disk is full"))
	b.SetModel(relay, "n")
	b.noticed("error.local")
}

func TestAnOlderAnswerAboutAKeyReplacesNoNewerOne(t *testing.T) {
	b := ready(t)
	b.until("the key", func() bool { return b.Panel().Reason.IsZero() && b.Spent().Known })
	older := make(chan struct{})
	b.service.set(func(s *fakeState) { s.locked, s.keys, s.keyWait = true, nil, older })
	asked := b.service.seen().asked
	b.SettingsChanged()
	b.until("the first question", func() bool { return b.service.seen().asked > asked })
	newer := make(chan struct{})
	b.service.set(func(s *fakeState) {
		s.locked, s.keys, s.keyWait = false, map[string]secret.Source{}, newer
	})
	b.SettingsChanged()
	close(newer)
	b.until("no key", func() bool { return b.Panel().Reason.Key == "ui.reason.no_key_of" })
	b.planned()
	b.drain()
	close(older)
	(<-b.posts)()
	b.drain()
	if r := b.Panel().Reason; r.Key != "ui.reason.no_key_of" {
		t.Errorf("the older answer came last, and it says %q", r)
	}
}

func TestWhatWouldBeSentIsKnownBeforeItIs(t *testing.T) {
	b := ready(t)
	p := b.Panel()
	if p.Sending.Thumbnail == nil || p.Sending.Mask <= 0 || p.Sending.Bytes != 0 || p.Sending.Window.Empty() {
		t.Errorf("%+v", p.Sending)
	}
	b.advance(time.Second) // the user rests
	b.until("the bytes", func() bool { return b.Panel().Sending.Bytes == 12345 })
	if v := b.View(); v.Frame != p.Sending.Window || v.Handles {
		t.Errorf("the frame is %v", v.Frame)
	}
	b.ChangeMask(session.MaskNone, 0)
	b.until("nothing to send", func() bool { return b.Panel().Sending == nil })
}

func TestServicesAreChosenOneOrSeveral(t *testing.T) {
	b := ready(t)
	chosen := func(want ...string) {
		t.Helper()
		var got []string
		for _, s := range b.Panel().Services {
			if s.Chosen {
				got = append(got, s.ID)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("chosen are %v, want %v", got, want)
		}
	}
	b.ChooseServices(relay, other)
	chosen(relay, other)
	b.ChooseServices(other)
	chosen(other)
	if b.Panel().Profile.ID != "gpt-image" || b.Panel().Size != (image.Point{X: 64, Y: 64}) {
		t.Errorf("profile %q, size %v", b.Panel().Profile.ID, b.Panel().Size)
	}
	b.ChooseServices(other, settings.Builtin) // it is never asked together with others
	chosen(settings.Builtin)
	b.ChooseServices(settings.Builtin, other)
	chosen(other)
	b.ChooseServices()
	chosen(settings.Builtin)
	b.ChooseServices(other, other, "gone")
	chosen(other)
	b.advance(time.Second)
	b.until("the choice to be kept", func() bool { return b.settings.Current().Connection == other })
	b.SetModel(other, "gpt-image-1.5")
	b.until("the model", func() bool { return b.Panel().Services[2].Model == "gpt-image-1.5" })
	chosen(other)
	b.SaveSettings(func(s *settings.Settings) { s.Remove(other) }, nil, nil)
	b.until("the built-in engine", func() bool { return b.Panel().Services[0].Chosen })
}

func TestModelsAreAskedForOnceThereIsAKey(t *testing.T) {
	b := newBench(t)
	b.service.set(func(s *fakeState) { s.models = []string{"one", "two"} })
	b.settings.set(func(s *settings.Settings) { s.Connections[1].Models = nil })
	b.ChooseServices(other)
	b.until("the models", func() bool { return len(b.Panel().Services[2].Models) == 2 })
}

func TestFurtherOptionsGoAlong(t *testing.T) {
	b := ready(t)
	b.ChooseServices(other)
	b.SetSize(image.Point{})
	b.SetMore(session.More{Previews: 9, Seed: 5, User: "u", Options: map[string]string{"quality": "low"}})
	b.AddReference()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: b.photo("like.png")})
	b.AddReference()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: b.photo("like.png")}) // the same
	if n := len(b.Panel().More.References); n != 1 {
		t.Fatalf("%d references", n)
	}
	_, id := b.generate()
	r := b.service.seen().edits[id].Job.Request()
	if !r.Stream || r.Partials != 3 || r.Options["quality"] != "low" || len(r.References) != 1 || r.User != "u" {
		t.Errorf("asked is %+v", r)
	}
	if got := b.Panel().Earlier; len(got) != 1 {
		b.advance(time.Second)
		b.until("the prompt among the earlier ones", func() bool { return len(b.Panel().Earlier) == 1 })
	}
	for i, ref := range []session.Reference{{Path: filepath.Join(b.folder, "gone.png")}, {Path: filepath.Join(b.folder, "gone.png"), Name: session.Sentence{Key: "ui.references.kept", Args: []any{"Number", 2}}}} {
		b.SetMore(session.More{References: []session.Reference{ref}})
		b.advance(time.Minute)
		b.Generate()
		n := b.noticed([]string{"window.reference_gone", "window.reference_deleted"}[i])
		if i == 1 && !strings.HasPrefix(n.Text.String(), "Picture 2 from the history can't be sent") {
			t.Errorf("it says %q", n.Text)
		}
	}
}

func TestTheDrawnFrameIsKeptWhileItHoldsTheMask(t *testing.T) {
	b := ready(t)
	automatic := b.Panel().Sending.Window
	b.SelectTool(session.ToolMove)
	if !b.View().Handles {
		t.Error("the frame can't be dragged")
	}
	frame := image.Rect(40, 30, 120, 110)
	drag := func(r image.Rectangle) {
		t.Helper()
		b.DragFrame(r, true)
		b.planned()
	}
	b.DragFrame(frame, false)
	if b.Tool().Drawn {
		t.Error("it is drawn before the person has let go")
	}
	b.DragFrame(b.View().Frame, true) // came back to where it was
	if b.Tool().Drawn {
		t.Error("it is drawn although it came back")
	}
	drag(frame)
	if got := b.Panel().Sending.Window; !got.In(image.Rect(30, 20, 130, 120)) || got == automatic {
		t.Fatalf("the window is %v", got)
	}
	was := b.Panel().Sending.Window
	b.stroke(box(60, 40, 95, 70))
	b.planned()
	if got := b.Panel().Sending.Window; got != was || !b.Tool().Drawn {
		t.Errorf("with the mask inside it is %v, was %v", got, was)
	}
	b.stroke(box(0, 0, 9, 9)) // outside of it
	b.until("it to be forgotten", func() bool { return !b.Tool().Drawn })
	drag(frame)
	b.ForgetFrame()
	b.until("it to be given up", func() bool { return !b.Tool().Drawn })
}

func TestTheCanvasIsOnlyExtended(t *testing.T) {
	b := ready(t)
	b.SelectTool(session.ToolExtend)
	if v := b.View(); v.Frame != image.Rect(0, 0, 160, 120) || !v.Handles {
		t.Errorf("the edges are at %v", v.Frame)
	}
	b.DragFrame(image.Rect(-20, 10, 150, 130), false)
	if v := b.View(); v.Frame != image.Rect(-20, 0, 160, 130) {
		t.Errorf("the edges are at %v", v.Frame)
	}
	b.DragFrame(image.Rect(-20, 10, 150, 130), true)
	if got := b.Document().Size; got != image.Pt(180, 130) {
		t.Fatalf("the canvas is %v", got)
	}
	if b.mask().At(5, 5) != 255 || b.mask().At(95, 55) != 255 {
		t.Error("the border isn't in the mask, or what was painted is gone")
	}
	b.Extend(session.Sides{})
	b.noticed("document.no_side")
	b.Extend(session.Sides{Left: 1 << 28})
	b.noticed("input.extend_large")
	b.Undo()
	if got := b.Document().Size; got != size {
		t.Errorf("undone, the canvas is %v", got)
	}
	b.DragFrame(image.Rect(0, 0, 160, 120), true) // nothing
	if got := b.Document().Size; got != size {
		t.Errorf("the canvas is %v", got)
	}
}

func TestAnotherToolEndsTheStroke(t *testing.T) {
	open := false
	b := ready(t, func(b *bench, o *session.Options) {
		o.SettleShape = func() bool {
			if !open && b.Editing().Stroke { // as the canvas does when the button is released
				b.Paint("step.brush", box(10, 10, 20, 20))
			}
			return open
		}
	})
	b.BeginStroke()
	b.SelectTool("lasso")
	if m := b.mask(); b.shapes != 0 || b.Editing().Stroke || m.At(15, 15) != 255 {
		t.Error("the stroke is lost when another tool is taken")
	}
	open = true
	b.BeginStroke()
	b.SelectTool("polygon")
	b.noticed("tool.shape_dropped")
	if b.shapes != 1 || b.Editing().Stroke {
		t.Error("the open shape goes on with another tool in hand")
	}
}

func TestTools(t *testing.T) {
	b := ready(t)
	b.SwapBrush()
	if b.Tool().ID != "eraser" {
		t.Errorf("in hand is %q", b.Tool().ID)
	}
	b.SwapBrush()
	b.BeginStroke()
	b.SelectTool("lasso")
	if b.shapes != 1 || b.Editing().Stroke {
		t.Error("the shape goes on with another tool in hand")
	}
	set := b.Tool().Settings
	set.Brush.Size = 1
	b.SetTool(set)
	b.ResizeBrush(false)
	if b.Tool().Settings.Brush.Size != 1 {
		t.Error("the brush is smaller than a pixel")
	}
	set.Brush.Size, set.Brush.Hardness = 1000, 1
	b.SetTool(set)
	b.ResizeBrush(true)
	b.HardenBrush(true)
	if s := b.Tool().Settings.Brush; s.Size != 1000 || s.Hardness != 1 {
		t.Errorf("the brush is %+v", s)
	}
	look := session.MaskLook{Mode: "tint", Colour: "#123456", Strength: 0.5}
	b.PreviewMaskLook(&look)
	if b.View().Look != look || b.MaskLook() == look {
		t.Error("a look that is being chosen isn't seen, or is chosen")
	}
	b.PreviewMaskLook(nil)
	b.SetMaskLook(look)
	if b.View().Look != look || b.MaskLook() != look {
		t.Error("the look isn't chosen")
	}
}

func TestNoticesAreQuietAndFew(t *testing.T) {
	b := newBench(t)
	b.HasMask()
	b.LoadMask() // says the same
	if n := b.Notices(); len(n) != 1 || n[0].Error != nil {
		t.Fatalf("told is %v", n)
	}
	b.open("lake.png")
	b.Reuse(historyItem(), func(string) string { return b.photo("ref.png") })
	n := b.Notices()
	if len(n) != 1 || n[0].Text.Key != "notice.reused" || !n[0].Good {
		t.Fatalf("told is %v", n)
	}
	b.advance(7 * time.Second)
	if n := b.Notices(); len(n) != 0 {
		t.Fatalf("still told is %v", n)
	}
	b.spot()
	_, one := b.generate()
	_, two := b.generate()
	b.begins(one)
	b.Cancel() // offers something
	offered := b.noticed("notice.cancelled")
	b.ends(one, 1, 2, nil) // and so does this
	b.HasMask()
	b.ChangeMask(session.MaskNone, 0)
	b.until("no mask", func() bool { return b.mask().Empty() })
	b.HasMask()
	list := b.Notices()
	if len(list) != 3 || list[0].ID != offered.ID || list[2].Text.Key != "mask.nothing" {
		t.Errorf("told is %+v", list)
	}
	b.advance(time.Minute)
	if list := b.Notices(); len(list) != 3 {
		t.Errorf("told is %+v", list)
	}
	b.Dismiss(offered.ID)
	b.Dismiss(offered.ID)
	b.Act(offered.ID) // gone
	b.ends(two, 0, 2, &api.Error{Kind: api.KindCancelled})
}

func TestNewWindow(t *testing.T) {
	b := newBench(t)
	b.NewWindow()
	if w := b.wished(session.WishWindow); w.Path != "" || w.Entry != 0 {
		t.Errorf("%+v", w)
	}
	b.ShowHistory(7)
	if w := b.wished(session.WishHistory); w.Entry != 7 {
		t.Errorf("%+v", w)
	}
	if len(b.Wishes()) != 0 {
		t.Error("a wish comes twice")
	}
}

func TestAnotherWindowsChoicesLeaveThisWindowsAlone(t *testing.T) {
	b := ready(t)
	b.ChooseServices(other)
	b.ResizeBrush(true)
	brush := b.Tool().Settings.Brush
	if err := b.settings.Update(func(s *settings.Settings) { s.Connection, s.Brush.Size = relay, 7 }); err != nil {
		t.Fatal(err)
	}
	b.SettingsChanged()
	if !b.Panel().Services[2].Chosen || b.Tool().Settings.Brush != brush {
		t.Errorf("in hand is %+v, asked %+v", b.Tool().Settings.Brush, b.Panel().Services)
	}
	b.ChooseServices()
	b.SettingsChanged()
	if !b.Panel().Services[0].Chosen {
		t.Error("the built-in engine isn't chosen any more")
	}
}

func TestPromptsAreKeptUnderNames(t *testing.T) {
	b := newBench(t)
	kept := func(want ...settings.Snippet) {
		t.Helper()
		b.until("the kept prompts", func() bool { return slices.Equal(b.Panel().Snippets, want) })
	}
	b.KeepSnippet(" light ", "soft morning light")
	kept(settings.Snippet{Name: "light", Prompt: "soft morning light"})
	b.KeepSnippet("light", "hard light")
	b.KeepSnippet("", "no name")
	b.KeepSnippet("nothing", " ")
	b.KeepSnippet("film", "on film")
	kept(settings.Snippet{Name: "light", Prompt: "hard light"}, settings.Snippet{Name: "film", Prompt: "on film"})
	b.SetSnippets([]settings.Snippet{{Name: "grain", Prompt: "on film"}})
	kept(settings.Snippet{Name: "grain", Prompt: "on film"})
}

// A service that can't be asked doesn't count as ready until it answers or the settings change.
func TestAServiceThatFailedIsNotReady(t *testing.T) {
	b := ready(t)
	failed := func() bool { return b.Panel().Services[1].Failed }
	fail := func(kind api.Kind) {
		_, id := b.generate()
		b.begins(id)
		b.ends(id, 0, 2, &api.Error{Kind: kind, Sentence: api.Sentence{Key: "error.local"}})
	}
	fail(api.KindModeration)
	if failed() {
		t.Error("it failed since it refused what was asked for")
	}
	fail(api.KindNetwork)
	if !failed() || b.Panel().Services[0].Failed {
		t.Error("the service that wasn't reached counts as ready, or the engine doesn't")
	}
	b.made()
	if failed() {
		t.Error("it failed although it has answered")
	}
	fail(api.KindAuth)
	if !failed() {
		t.Error("the service that refused the key counts as ready")
	}
	b.SettingsChanged()
	if failed() {
		t.Error("it failed although it is set up anew")
	}
}

// The mask is grown before it is sent, which may leave nothing of a tiny picture.
func TestTheEngineNeedsSomethingTheGrownMaskLeaves(t *testing.T) {
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "tiny.png")
	b.write(path, image.NewGray(image.Rect(0, 0, 12, 4)))
	b.Open(path)
	b.until("the picture", func() bool { return b.Document().Open })
	b.ChooseServices(settings.Builtin)
	paint := func(r image.Rectangle) {
		at := func(p image.Point) mask.Point { return mask.Point{X: float64(p.X), Y: float64(p.Y)} }
		b.BeginStroke()
		b.Paint("step.brush", mask.Rectangle(image.Pt(12, 4), at(r.Min), at(r.Max)))
		b.planned()
	}
	paint(image.Rect(5, 1, 7, 2))
	if r := b.Panel().Reason; !r.IsZero() {
		t.Errorf("the grown mask leaves both ends, and it says %q", r)
	}
	paint(image.Rect(3, 1, 9, 2))
	if r := b.Panel().Reason; r.Key != "ui.reason.grown_over" || !strings.Contains(r.String(), "4 px") || b.Can("generate") {
		t.Errorf("it says %q", r)
	}
	b.ChooseServices(other)
	b.planned()
	if r := b.Panel().Reason; !r.IsZero() {
		t.Errorf("a service isn't asked: %q", r)
	}
}

// The built-in engine doesn't read the prompt, however long it is.
func TestALongPromptIsNoReasonForTheEngine(t *testing.T) {
	b := ready(t)
	b.ChooseServices(settings.Builtin)
	b.SetPrompt(strings.Repeat("a boat ", 2000))
	b.planned()
	if p := b.Panel(); !p.Reason.IsZero() || p.Profile.PromptChars != 0 {
		t.Errorf("it says %q, the limit is %d", p.Reason, p.Profile.PromptChars)
	}
}

// The built-in engine fills from what isn't masked; a service can make all of a picture anew.
func TestTheEngineNeedsSomethingUnmasked(t *testing.T) {
	b := ready(t)
	b.ChangeMask(session.MaskAll, 0)
	b.until("what is sent", func() bool { s := b.Panel().Sending; return s != nil && s.Mask == 1 })
	if r := b.Panel().Reason; !r.IsZero() {
		t.Errorf("a service isn't asked: %q", r)
	}
	b.ChooseServices(settings.Builtin)
	b.until("the reason", func() bool { return b.Panel().Reason.Key == "ui.reason.all_masked" })
	b.Undo()
	b.until("no reason", func() bool { return b.Panel().Reason.IsZero() })
}
