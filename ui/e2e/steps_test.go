package e2e

import (
	"fmt"
	"image"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
)

// TestStepsBesideTheLoop does in three looks what the film doesn't show: two areas with
// prompts of their own, an edit that would go over the day's cap, a recipe, and a service
// that is found on this computer.
func TestStepsBesideTheLoop(t *testing.T) {
	for _, look := range []scene{{"en", "dark", image.Pt(900, 640), 1}, {"zh", "light", image.Pt(1280, 800), 1}, {"zh", "dark", image.Pt(1280, 800), 2}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			f := newFilm(t, look, absolute(t, filepath.Join(artefacts(t), "steps", look.String())), func(s *settings.Settings) {
				s.Variants, s.DailyCap = 1, 50_000
				s.Keys = map[string][]string{"save_recipe": {"Ctrl+R"}}
			})
			f.spotPrompts()
			f.dayCap()
			f.recipe()
			f.localService()
		})
	}
}

// asked returns the prompts that services were asked with, sorted.
func (f *film) asked() (prompts []string) {
	for _, r := range f.relays {
		for _, q := range r.Requests() {
			if q.Method == http.MethodPost {
				prompts = append(prompts, q.Field("prompt"))
			}
		}
	}
	slices.Sort(prompts)
	return prompts
}

// spotPrompts paints in two corners and writes what should be in the first one.
func (f *film) spotPrompts() {
	f.stroke(0.2, 0.25, 0.22, 0.27)
	f.wait("unsaved changes in the title", func() bool { return strings.HasPrefix(f.title(), "* ") })
	f.stroke(0.8, 0.85, 0.82, 0.87)
	all := f.prompt("no leaves", "去掉叶子")
	one := map[string]string{"en": "a bee", "zh": "一只蜜蜂"}[f.language]
	f.copyText(one)
	f.pressText("ui.spot_prompts.placeholder")
	f.keys("ctrl+v")
	f.frame("area-prompts")
	f.keys("Escape")
	f.generate(1)
	f.frame("areas-made")
	want := []string{one, all}
	slices.Sort(want)
	if got := f.asked(); !slices.Equal(got, want) {
		f.t.Errorf("asked with %q, want %q", got, want)
	}
	f.keys("Return") // use
}

// dayCap asks for an edit that would go over the day's cap: the safe answer sends nothing,
// and the other one sends it once.
func (f *film) dayCap() {
	before := len(f.asked())
	f.stroke(0.5, 0.4, 0.55, 0.5)
	f.xdotool("sleep", "1.1", "key", "ctrl+Return")
	f.control(f.text("dialog.cap.do"), 0)
	f.frame("cap")
	f.keys("Return") // the safe answer
	f.wait("the question to go", func() bool { return len(f.find(f.text("dialog.cap.do"))) == 0 })
	f.frame("cap-kept")
	if n := len(f.asked()); n != before {
		f.t.Errorf("%d requests were sent over the cap unasked", n-before)
	}
	f.xdotool("sleep", "1.1", "key", "ctrl+Return")
	f.twice(f.text("dialog.cap.do"))
	f.ended++
	f.waitLogged("ended", f.ended)
	f.frame("cap-passed")
	if n := len(f.asked()); n != before+1 {
		f.t.Errorf("%d requests, want 1", n-before)
	}
}

// recipe saves how the next edit is made, and is told before it would be replaced.
func (f *film) recipe() {
	f.keys("ctrl+r")
	f.control(f.text("dialog.save"), 0)
	f.frame("recipe")
	f.pressText("dialog.save")
	f.waitLogged("recipe saved", 1)
	f.frame("recipe-saved")
	path := filepath.Join(f.home, "flower"+recipe.Extension)
	r, err := recipe.Open(path, "flower")
	if err != nil || r.Prompt == "" || r.Connection != "dddai.dev" || len(r.Mask) == 0 {
		f.t.Errorf("the recipe is %+v, %v", r, err)
	}
	f.keys("ctrl+r")
	f.control(f.text("dialog.file.replace"), 0)
	f.frame("recipe-replaced")
	f.keys("Escape")
}

// localService finds a service that runs on this computer, and selects it by saving.
func (f *film) localService() {
	address, asked := f.serveLocally()
	f.keys("ctrl+comma")
	f.pressText("dialog.find_local")
	f.wait("the service to be asked", asked.Load)
	f.wait("the search to end", func() bool { return len(f.find(f.text("dialog.test.stop"))) == 0 })
	f.frame("local-found")
	f.keys("Down", "Return")
	f.frame("local-added")
	f.pressText("dialog.save")
	f.wait("it in the settings", func() bool {
		return slices.ContainsFunc(f.kept().Connections, func(c settings.Connection) bool { return c.BaseURL == address })
	})
	f.frame("local-selected")
}

// offering is held by the look that offers a local service: others would find it, too.
var offering sync.Mutex

// serveLocally answers like stable-diffusion.cpp at one of the ports that are looked at, and
// returns the address; asked tells once it was looked at. It waits until no other look does so.
func (f *film) serveLocally() (address string, asked *atomic.Bool) {
	offering.Lock()
	f.t.Cleanup(offering.Unlock)
	asked = new(atomic.Bool)
	for _, port := range []int{30010, 13305, 8091, 5001, 8189, 1234} {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Store(true)
			if r.URL.Path != "/v1/models" {
				http.NotFound(w, r)
				return
			}
			http.ServeFile(w, r, "../../api/local/testdata/stable-diffusion.cpp/v1_models.json")
		})}
		go func() { _ = s.Serve(l) }()
		f.t.Cleanup(func() { _ = s.Close() })
		return fmt.Sprintf("http://127.0.0.1:%d/v1", port), asked
	}
	f.t.Skip("all ports of local services are taken on this computer")
	return "", asked
}
