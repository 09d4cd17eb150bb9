package window

import (
	"strings"

	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
)

// keyboard names the keys that shortcuts, menu and canvas obey, the tools'
// first. What each does is "keyboard." and its name in the translations.
var keyboard = []struct{ keys, does string }{
	{"X", "swap"}, {"[   ]", "size"}, {"Shift+[   ]", "hardness"},
	{"Ctrl+A, Ctrl+D", "mask"}, {"Shift+I", "invert"},
	{"Ctrl+Z", "undo"}, {"Ctrl+Shift+Z, Ctrl+Y", "redo"},
	{"Ctrl+Enter", "generate"}, {"Esc", "cancel"},
	{"Ctrl+wheel, Ctrl +/-", "zoom"}, {"Ctrl+0, Ctrl+1", "fit"}, {"Space", "pan"},
	{"1–9", "show"}, {"Enter", "use"}, {"S", "save"}, {"Del", "discard"},
	{"Tab", "original"}, {"C", "compare"},
	{"F6, Shift+Tab", "focus"},
	{"Ctrl+O, Ctrl+S", "file"}, {"Ctrl+Shift+S", "project"}, {"Ctrl+C, Ctrl+V", "clipboard"},
	{"Ctrl+E", "extend"}, {"Ctrl+H, Ctrl+,", "history"}, {"F1", "this"}, {"Ctrl+Q", "quit"},
}

func (w *Window) showKeyboard() {
	var list []dialogs.Shortcut
	for _, t := range panel.Tools() {
		list = append(list, dialogs.Shortcut{Keys: t.Key, Does: panel.ToolName(t.ID)})
	}
	for _, k := range keyboard {
		list = append(list, dialogs.Shortcut{Keys: strings.NewReplacer("wheel", text.T("keyboard.wheel")).Replace(k.keys), Does: text.T("keyboard." + k.does)})
	}
	dialogs.ShowKeyboard(w.win, list)
}
