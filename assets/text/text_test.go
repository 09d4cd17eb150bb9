package text

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// messages reads a language's sentences as one map from key to the raw value.
func messages(t *testing.T, lang, name string) map[string]json.RawMessage {
	t.Helper()
	raw, err := files.ReadFile(path.Join(lang, name))
	if err != nil {
		t.Fatalf("%s has no %s", lang, name)
	}
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatalf("%s/%s: %v", lang, name, err)
	}
	return m
}

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func placeholders(raw json.RawMessage) []string {
	found := placeholder.FindAllString(string(raw), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestLanguagesAgree checks that each language has the same files, keys and
// placeholders, and that no key stands in two files.
func TestLanguagesAgree(t *testing.T) {
	seen := map[string]string{}
	entries, err := files.ReadDir("en")
	if err != nil {
		t.Fatal(err)
	}
	if zh, _ := files.ReadDir("zh"); len(zh) != len(entries) {
		t.Errorf("en has %d files, zh %d", len(entries), len(zh))
	}
	for _, e := range entries {
		en, zh := messages(t, "en", e.Name()), messages(t, "zh", e.Name())
		for key, value := range en {
			if other, ok := seen[key]; ok {
				t.Errorf("%s stands in %s and in %s", key, other, e.Name())
			}
			seen[key] = e.Name()
			if a, b := placeholders(value), placeholders(zh[key]); !slices.Equal(a, b) {
				t.Errorf("%s: en has %v, zh has %v", key, a, b)
			}
		}
		for key := range zh {
			if _, ok := en[key]; !ok {
				t.Errorf("%s: only in zh/%s", key, e.Name())
			}
		}
	}
}

func TestPreferred(t *testing.T) {
	for _, c := range []struct {
		env    string
		system []string
		want   string
	}{
		{"", nil, "en"},
		{"", []string{"zh-Hans-CN", "en-US"}, "zh"},
		{"", []string{"fr-FR", "zh-CN"}, "zh"},
		{"", []string{"en-GB", "zh-CN"}, "en"},
		{"", []string{"fr-FR"}, "en"},
		{"de_DE.UTF-8", []string{"zh-CN"}, "en"},
		{"zh_TW.UTF-8", []string{"en-US"}, "zh"},
		{"zhong", []string{"zh-CN"}, "en"},
	} {
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANGUAGE"} {
			t.Setenv(name, "")
		}
		t.Setenv("LANG", c.env)
		if got := preferred(func() []string { return c.system }); got != c.want {
			t.Errorf("LANG=%q, system %v: %s", c.env, c.system, got)
		}
	}
}

func TestUse(t *testing.T) {
	t.Cleanup(func() { Use("") })
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	Use("")
	if Language() != "zh" {
		t.Fatalf("LC_ALL=zh_CN.UTF-8 chose %q", Language())
	}
	t.Setenv("LC_ALL", "C")
	Use("")
	if Language() != "en" {
		t.Fatalf("LC_ALL=C chose %q", Language())
	}
	if Has("no.such.key") || !Has("error.auth") {
		t.Fatal("Has is wrong")
	}
	if got := T("no.such.key"); got != "no.such.key" {
		t.Fatalf("missing key gives %q", got)
	}
	if en := T("error.auth"); en == "error.auth" {
		t.Fatal("no English sentence")
	} else if Use("zh"); T("error.auth") == en {
		t.Fatal("Chinese and English are the same")
	}
}

func TestSentences(t *testing.T) {
	t.Cleanup(func() { Use("") })
	for language, want := range map[string]string{"en": "One. Two.", "zh": "一。二。"} {
		Use(language)
		parts := map[string][]string{"en": {"One.", "", "Two."}, "zh": {"一。", "", "二。"}}[language]
		if got := Sentences(parts...); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	if got := Sentences("", ""); got != "" {
		t.Errorf("nothing is joined to %q", got)
	}
}

// TestWordsAreThoseOfTheTrade holds the words that people who edit pictures use,
// in both languages.
func TestWordsAreThoseOfTheTrade(t *testing.T) {
	t.Cleanup(func() { Use("") })
	for code, words := range map[string]map[string]string{
		"en": {
			"dialog.cap.do": "Generate anyway", "dialog.language.system": "Same as system", "dialog.theme.system": "Same as system",
			"dialog.price.words": "Text input, per 1M tokens", "dialog.price.output": "Image output, per 1M tokens",
			"dialog.limit.prompt": "Prompt length", "menu.mask_transparency": "Mask from transparency", "result.mask": "Reuse mask", "tool.move": "Area",
		},
		"zh": {
			"ui.response_format": "返回格式", "tool.move": "发送区域", "step.brush": "画笔描边", "menu.mask_all": "全选为蒙版", "menu.mask_invert": "反选",
			"session.discard.do": "放弃", "dialog.short.rejected": "服务未接受请求",
		},
	} {
		Use(code)
		for key, want := range words {
			if got := T(key); got != want {
				t.Errorf("%s: %s says %q, want %q", code, key, got, want)
			}
		}
	}
	Use("en")
	if got := N("notice.cancelled", 2, "Edit", "a"); got != "Cancelled: a. 2 queued edits will continue." {
		t.Errorf("what was cancelled is told as %q", got)
	}
	Use("zh")
	if got := T("ui.send.leaves", "Percent", "12%"); got != "将上传照片的 12%" {
		t.Errorf("what leaves the computer is told as %q", got)
	}
}

// TestOneWordForOneThing finds words in the Chinese sentences that were given up
// for others.
func TestOneWordForOneThing(t *testing.T) {
	entries, err := files.ReadDir("zh")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for key, value := range messages(t, "zh", e.Name()) {
			for _, old := range []string{"应答", "发送窗口", "笔画", "丢弃", "变体"} {
				if strings.Contains(string(value), old) {
					t.Errorf("%s still says %s: %s", key, old, value)
				}
			}
		}
	}
}
