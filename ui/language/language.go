// Package language chooses the language of everything that the person reads:
// the application's own sentences and those of Fyne's widgets.
package language

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"overpaint/assets/text"
)

// Use chooses the language by its code ("en", "zh"), "" by the system's. It
// must be called before the application and its first widget are made.
//
// Fyne takes the language from the system and has no call to choose another.
// So the chosen one is given to it under the system's name.
func Use(code string) error {
	text.Use(code)
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
