// Package language chooses the language of everything that the user reads:
// the application's own sentences and those of Fyne's widgets.
package language

import (
	"encoding/json"
	"os"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"overpaint.dev/overpaint/assets/text"
)

// Use chooses the language by its code ("en", "zh"), "" by the system's. It
// must be called before the application and its first widget are made, and may
// be called again later: what is made from then on speaks the new language.
//
// Fyne takes the language from the system and has no call to choose another.
// So the chosen one is given to it under the system's name, and on Unix the
// environment of this process is made to say the same: by it Fyne chooses
// among the fonts for Chinese, Japanese and Korean characters.
func Use(code string) error {
	restoreEnvironment()
	text.Use(code)
	if err := setEnvironment(text.Language()); err != nil {
		return err
	}
	raw, err := json.Marshal(sentences())
	if err != nil {
		return err
	}
	for _, l := range []fyne.Locale{lang.SystemLocale(), "zh-CN-Hans", "zh-Hans", "en"} {
		if err := lang.AddTranslationsForLocale(raw, l); err != nil {
			return err
		}
	}
	return nil
}

// changed are the variables that setEnvironment has set: to what, and what they
// were before.
var changed = map[string][2]string{}

func setVariable(name, value string) error {
	before := os.Getenv(name)
	if err := os.Setenv(name, value); err != nil {
		return err
	}
	changed[name] = [2]string{value, before}
	return nil
}

// restoreEnvironment takes back what setEnvironment did, so that the system's
// language can be told again.
func restoreEnvironment() {
	for name, v := range changed {
		switch {
		case os.Getenv(name) != v[0]: // another library's
		case v[1] == "":
			_ = os.Unsetenv(name)
		default:
			_ = os.Setenv(name, v[1])
		}
	}
	clear(changed)
}

// setEnvironment sets LANGUAGE, which names languages and nothing else: how
// text is encoded stays as it is. It counts in no locale that is plain C, so
// that becomes C.UTF-8, which is the same in Unicode.
func setEnvironment(code string) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return nil
	}
	name := map[string]string{"zh": "zh_CN"}[code]
	if name == "" {
		name = code
	}
	if err := setVariable("LANGUAGE", name); err != nil {
		return err
	}
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		switch os.Getenv(v) {
		case "":
			continue
		case "C", "POSIX":
			return setVariable(v, "C.UTF-8")
		}
		return nil
	}
	return setVariable("LC_MESSAGES", "C.UTF-8")
}

// sentences returns Fyne's own words by the keys that it has for them.
func sentences() map[string]any {
	m := map[string]any{}
	for key, ours := range fyneKeys {
		m[key] = map[string]string{"other": text.T(ours)}
	}
	return m
}

// fyneKeys are the keys that Fyne's menus, fields and file dialog ask for, and
// ours for the same.
var fyneKeys = map[string]string{
	"Advanced":          "fyne.advanced",
	"Cancel":            "fyne.cancel",
	"Confirm":           "fyne.confirm",
	"Copy":              "fyne.copy",
	"Create Folder":     "fyne.create_folder",
	"Cut":               "fyne.cut",
	"Enter filename":    "fyne.enter_filename",
	"Error":             "fyne.error",
	"Favourites":        "fyne.favourites",
	"File":              "fyne.file",
	"Folder":            "fyne.folder",
	"New Folder":        "fyne.new_folder",
	"No":                "fyne.no",
	"OK":                "fyne.ok",
	"Open":              "fyne.open",
	"Paste":             "fyne.paste",
	"Quit":              "fyne.quit",
	"Redo":              "fyne.redo",
	"Save":              "fyne.save",
	"Select all":        "fyne.select_all",
	"Show Hidden Files": "fyne.show_hidden",
	"Undo":              "fyne.undo",
	"Yes":               "fyne.yes",
	"file.name":         "fyne.name",
	"file.parent":       "fyne.parent",
}
