// Package text holds every sentence that a person reads, in English and in
// Simplified Chinese, and picks the language.
//
// The sentences stand in en/*.json and zh/*.json, one file per area of the
// application with the same name in both folders. A key is the area and a
// name ("mask.invert"); a value may hold placeholders ("{{.Name}}") and, for
// counts, an object with the plural forms ("one", "other").
package text

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"overpaint.dev/overpaint/assets/plain"
)

//go:embed en/*.json zh/*.json
var files embed.FS

var (
	bundle  = load()
	current atomic.Pointer[chosen]
)

type chosen struct {
	code      string
	localizer *i18n.Localizer
}

func init() { Use("") }

func load() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, lang := range Languages() {
		entries, err := files.ReadDir(lang)
		if err != nil {
			panic(err) // embedded at build time
		}
		for _, e := range entries {
			raw, err := sentences(runtime.GOOS, path.Join(lang, e.Name()))
			if err != nil {
				panic(err)
			}
			if _, err := b.ParseMessageFileBytes(raw, lang+".json"); err != nil {
				panic(fmt.Sprintf("text: %s/%s: %v", lang, e.Name(), err))
			}
		}
	}
	return b
}

// sentences returns a file of sentences, with the names of keys that a system's
// keyboards have.
func sentences(system, name string) ([]byte, error) {
	raw, err := files.ReadFile(name)
	return []byte(Keys(system, string(raw))), err
}

// Languages returns the codes of the languages there are, English first.
func Languages() []string { return []string{"en", "zh"} }

// Use chooses the language by its code; "" chooses by the environment
// (LC_ALL, LC_MESSAGES, LANGUAGE, LANG), else by the settings of Windows or macOS,
// and English where those name none that there is.
func Use(code string) {
	if code == "" {
		code = preferred(systemLanguages)
	}
	current.Store(&chosen{code, i18n.NewLocalizer(bundle, code)})
}

// preferred returns the code of the language that the environment names or, where
// it names none, the first of the system's that there is.
func preferred(system func() []string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return cmp.Or(known(v), "en")
		}
	}
	for _, tag := range system() {
		if code := known(tag); code != "" {
			return code
		}
	}
	return "en"
}

// known returns the code of the language that a tag ("zh-Hans-CN") or a locale
// ("zh_CN.UTF-8") names, "" where there is none such.
func known(tag string) string {
	for _, code := range Languages() {
		if rest, ok := strings.CutPrefix(strings.ToLower(tag), code); ok && (rest == "" || strings.ContainsAny(rest[:1], "-_.@:")) {
			return code
		}
	}
	return ""
}

// Language returns the code of the language in use.
func Language() string { return current.Load().code }

// T returns the sentence for key in the language in use. args are pairs of a
// placeholder's name and its value; values are cut, and what can't be seen in
// them is shown, as package plain does. The key itself comes back where there is
// no such sentence, so that the fault shows.
func T(key string, args ...any) string {
	return localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data(args)})
}

// N is T for a sentence that depends on a count, which it can name as {{.Count}}.
func N(key string, count int, args ...any) string {
	d := data(args)
	d["Count"] = count
	return localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: d, PluralCount: count})
}

// Sentences joins sentences to a text as the language in use does; empty ones are
// left out.
func Sentences(list ...string) string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
	return strings.Join(list, T("ui.between_sentences"))
}

func localize(c *i18n.LocalizeConfig) string {
	s, err := current.Load().localizer.Localize(c)
	if err != nil && s == "" {
		return c.MessageID
	}
	return s
}

func data(args []any) map[string]any {
	d := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		d[fmt.Sprint(args[i])] = shown(args[i+1])
	}
	return d
}

// maxValue is how many characters a value in a sentence has at most.
const maxValue = 1000

// shown makes a value of a sentence fit to be shown, whoever wrote it.
func shown(v any) any {
	switch v := v.(type) {
	case string:
		return plain.Text(v, maxValue)
	case error:
		return plain.Text(v.Error(), maxValue)
	case fmt.Stringer:
		return plain.Text(v.String(), maxValue)
	}
	return v
}

// Has reports whether there is a sentence for key in the language in use.
func Has(key string) bool {
	_, err := current.Load().localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2})
	return err == nil
}
