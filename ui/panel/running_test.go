package panel_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// places returns where the buttons lie, by their labels.
func places(p *panel.SidePanel) map[string][2]fyne.Position {
	all := map[string][2]fyne.Position{}
	uitest.Walk(p.Object(), func(o fyne.CanvasObject, at fyne.Position) {
		if b, ok := o.(*widgets.Button); ok {
			all[b.Text()] = [2]fyne.Position{at, at.AddXY(b.Size().Width, b.Size().Height)}
		}
	})
	return all
}

func TestGenerateNeverMoves(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 600))
	at := places(p)["Generate"]
	for _, change := range []func(){
		func() {
			p.SetReady("Paint over what should change first, and then say in the prompt what should be there.", "")
		},
		func() { p.SetReady("A connection with a name of its own has no key yet.", "Enter the key…") },
		func() { p.SetRunning(true) },
		func() { p.SetProgress(0.4, strings.Repeat("a long sentence ", 10)) },
		func() { p.SetPrice(panel.PriceSentence(4, false, text.T("ui.send.cost", "Price", "$0.16"))) },
		func() { p.SetReady("", "") },
		func() { p.SetRunning(false) },
		func() { p.SetProfile(profile.Builtin().For("gpt-image-2", "")) },
		func() { // and with all that there is above it
			p.SetRunning(true)
			p.SetPrice(panel.PriceSentence(4, false, text.T("ui.send.cost", "Price", "$0.16")))
			test.Tap(buttonOf(t, p, "More options"))
		},
	} {
		change()
		now := places(p)
		if now["Generate"] != at {
			t.Errorf("Generate moved from %v to %v", at, now["Generate"])
		}
		if c, ok := now["Cancel"]; ok && c[1].Y > at[0].Y {
			t.Errorf("Cancel at %v shares a place with Generate at %v", c, at)
		}
	}
	if !uitest.Has(p.Object(), "about $0.16") {
		t.Error("the price can't be seen with More options open")
	}
}

// buttonOf finds a button by its label.
func buttonOf(t *testing.T, p *panel.SidePanel, label string) (found *widgets.Button) {
	t.Helper()
	uitest.Walk(p.Object(), func(o fyne.CanvasObject, _ fyne.Position) {
		if b, ok := o.(*widgets.Button); ok && b.Text() == label {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("there is no button %q", label)
	}
	return found
}

func TestRunningAndPriceSentences(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {"2 edits running · 0:31", "1 running · 3 waiting · 61:05", "1 edit waiting", "4 variants · about $0.16", "1 variant", "8 tiles · about $0.16"},
		"zh": {"2 项正在进行 · 0:31", "1 项进行中 · 3 项排队 · 61:05", "1 项正在排队", "4 张 · 约 $0.16", "1 张", "8 块 · 约 $0.16"},
	} {
		uitest.App(t, language, theme.Dark)
		for i, got := range []string{
			panel.RunningSentence(2, 0, 31*time.Second), panel.RunningSentence(1, 3, 3665*time.Second),
			panel.RunningSentence(0, 1, 0), panel.PriceSentence(4, false, text.T("ui.send.cost", "Price", "$0.16")), panel.PriceSentence(1, false, ""),
			panel.PriceSentence(8, true, text.T("ui.send.cost", "Price", "$0.16")),
		} {
			if got != want[i] {
				t.Errorf("%q, want %q", got, want[i])
			}
		}
	}
}

func TestSidePanelLooks(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		for name, ready := range map[string]string{"ready": "", "not": text.T("ui.reason.no_mask"), "keyless": text.T("ui.reason.no_key_of", "Name", "dddai.dev")} {
			p := panel.NewSidePanel()
			w := uitest.Window(t, p.Object(), fyne.NewSize(300, 572))
			p.SetServices([]widgets.Option{{ID: "a", Text: "dddai.dev"}, {ID: "b", Text: "OpenAI"}, {ID: "c", Text: "third"}}, []string{"a", "b"})
			p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
			p.SetEarlier([]string{"one"})
			p.SetSnippets([]settings.Snippet{{Name: "light", Prompt: "soft morning light"}})
			p.SetPrompt("Violet petals instead of the striped ones, soft morning light")
			p.SetReady(ready, "")
			if name == "keyless" {
				p.SetReady(ready, text.T("ui.reason.enter_key"))
			}
			p.SetPrice(panel.PriceSentence(4, false, text.T("ui.send.cost", "Price", "$0.16")))
			p.SetRunning(ready == "")
			p.SetProgress(0.48, panel.RunningSentence(2, 0, 31*time.Second))
			if faults := uitest.Clipped(p.Object()); len(faults) > 0 {
				t.Error(faults)
			}
			icons := 0
			uitest.Walk(p.Object(), func(o fyne.CanvasObject, at fyne.Position) {
				if b, ok := o.(*widgets.ToolButton); ok && at.Y < 30 && b.Size().Width > 0 {
					icons++
				}
			})
			if icons != 2 {
				t.Errorf("%d buttons are beside the prompt's label", icons)
			}
			uitest.Shot(t, w, "side-"+name+"-"+strings.NewReplacer("TestSidePanelLooks/", "", "_", "-").Replace(t.Name()))
		}
	})
}
