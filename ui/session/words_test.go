package session_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/session"
)

// key is what a key of the translations looks like.
var key = regexp.MustCompile(`^(dialog|document|error|input|mask|menu|notice|paste|project|service|session|step|ui|window)\.[a-z_]+(\.[a-z_]+)*$`)

func TestEverySentenceIsThereInBothLanguages(t *testing.T) {
	t.Cleanup(func() { text.Use("en") })
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(l.Value)
			if err != nil || !key.MatchString(s) {
				return true
			}
			for _, suffix := range suffixes(s) {
				found++
				for _, language := range text.Languages() {
					if text.Use(language); !text.Has(s + suffix) {
						t.Errorf("%s: there is no sentence %q in %s", e.Name(), s+suffix, language)
					}
				}
			}
			return true
		})
	}
	if found < 80 {
		t.Errorf("only %d sentences found: the search went wrong", found)
	}
}

// suffixes are what the code puts behind a key.
func suffixes(key string) []string {
	switch key {
	case "dialog.unsaved", "dialog.unsaved_mask":
		return []string{"", ".text", ".discard"}
	}
	return []string{""}
}

func TestSentencesOfKindsStagesAndChangesAreThere(t *testing.T) {
	for _, k := range apitest.Kinds() {
		for _, prefix := range []string{"error.", "dialog.short."} {
			if !text.Has(prefix + string(k)) {
				t.Errorf("there is no sentence %q", prefix+string(k))
			}
		}
	}
	for _, stage := range []api.Stage{api.Queued, api.Uploading, api.Waiting, api.Pausing, api.Downloading, api.Computing} {
		if !text.Has("ui.stage." + string(stage)) {
			t.Errorf("there is no sentence for %q", stage)
		}
	}
	for _, c := range []session.MaskChange{
		session.MaskAll, session.MaskNone, session.MaskInvert, session.MaskGrow, session.MaskShrink,
		session.MaskFeather, session.MaskFillHoles, session.MaskTransparency,
	} {
		if !text.Has("step." + string(c)) {
			t.Errorf("there is no name for %q", c)
		}
	}
}

func TestSentencesAreInTheLanguageThatIsChosenWhenTheyAreShown(t *testing.T) {
	t.Cleanup(func() { text.Use("en") })
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	_, two := b.generate()
	b.Cancel()
	n := b.noticed("notice.cancelled").Text
	if got := n.String(); got != "Cancelled: “a boat on the lake”. 1 queued edit will continue." {
		t.Errorf("it says %q", got)
	}
	text.Use("zh")
	if got := n.String(); !strings.Contains(got, "已取消") || !strings.Contains(got, "a boat on the lake") {
		t.Errorf("it says %q", got)
	}
	text.Use("en")
	b.ends(two, 0, 2, &api.Error{Kind: api.KindCancelled})
	if s := (session.Sentence{}); s.String() != "" || !s.IsZero() {
		t.Errorf("nothing is %q", s)
	}
}

func TestLongPromptsAreCutInSentences(t *testing.T) {
	b := ready(t)
	b.SetPrompt(strings.Repeat("long ", 30))
	_, id := b.generate()
	b.begins(id)
	b.generate()
	b.Cancel()
	if got := b.noticed("notice.cancelled").Text.String(); !strings.Contains(got, "…") || len(got) > 150 {
		t.Errorf("it says %q", got)
	}
	b.CancelAll()
	b.SetPrompt("")
	b.ChooseServices()
	b.advance(time.Minute)
	b.generate()
	b.generate()
	b.Cancel()
	if got := b.noticed("notice.cancelled").Text.String(); !strings.Contains(got, "edit") {
		t.Errorf("it says %q", got)
	}
}

func TestWhatAnEarlierRunLeftAtServicesIsTold(t *testing.T) {
	for want, r := range map[string]service.Recovery{
		"":                         {},
		"notice.recovered":         {Entries: []int64{3, 4}, Pictures: 2},
		"notice.recovered_unknown": {Entries: []int64{4}, Unknown: true},
	} {
		b := newBench(t)
		b.service.set(func(s *fakeState) { s.recovered = r })
		b.Recover()
		if want == "" {
			b.TellRecovered(service.Recovery{Entries: []int64{1}}) // nothing had left this computer
			b.drain()
			if len(b.Notices()) != 0 {
				t.Errorf("told is %v", b.Notices())
			}
			continue
		}
		b.Act(b.noticed(want).ID)
		if w := b.wished(session.WishHistory); w.Entry != 4 {
			t.Errorf("the history at %d", w.Entry)
		}
	}
	b := newBench(t)
	b.service.set(func(s *fakeState) { s.fault = api.InputError("error.local") })
	b.Recover()
	b.FetchKept(9)
	b.noticed("error.local")
	if len(b.service.seen().fetched) != 1 {
		t.Errorf("fetched %v", b.service.seen().fetched)
	}
	b.Reopen(9, false) // there is no history
	b.noticed("notice.not_reopened")
}
