package keys

import (
	"runtime"
	"slices"
)

// Group is what commands have to do with.
type Group string

// The groups, in the order in which they are listed.
const (
	Tools    Group = "tools"
	Mask     Group = "mask"
	Edit     Group = "edit"
	Variants Group = "variants"
	View     Group = "view"
	File     Group = "file"
)

// Groups returns all groups in their order.
func Groups() []Group { return []Group{Tools, Mask, Edit, Variants, View, File} }

// Command is something that can be done by a key. What it is called is
// "keyboard." and its ID in the translations, "tool." and the tool for tools.
type Command struct {
	ID    string
	Group Group
	// Keys are those that it has at first.
	Keys []string
	// Fixed keys can't be changed: they are held, or mean several things.
	Fixed bool
}

// Tool returns the ID of the command that takes a tool in hand.
func Tool(tool string) string { return "tool." + tool }

// Commands returns all commands, group by group.
func Commands() []Command { return slices.Clone(commands) }

func one(group Group, id string, keys ...string) Command {
	return Command{ID: id, Group: group, Keys: keys}
}

func fixed(group Group, id string, keys ...string) Command {
	return Command{ID: id, Group: group, Keys: keys, Fixed: true}
}

var commands = table(runtime.GOOS)

// table returns the commands with the keys that they have at first on a system,
// which is named as runtime.GOOS does. macOS hides a program by Cmd+H itself.
func table(system string) []Command {
	list := slices.Clone(usual)
	if system == "darwin" {
		i := slices.IndexFunc(list, func(c Command) bool { return c.ID == "history" })
		list[i].Keys = []string{"Ctrl+Shift+H"}
	}
	return list
}

// usual are the commands on most systems.
var usual = []Command{
	one(Tools, "tool.move", "V"), one(Tools, "tool.brush", "B"), one(Tools, "tool.eraser", "E"), one(Tools, "swap", "X"),
	one(Tools, "tool.rectangle", "R"), one(Tools, "tool.ellipse", "O"), one(Tools, "tool.lasso", "L"), one(Tools, "tool.polygon", "P"),
	one(Tools, "tool.quick", "Q"), one(Tools, "tool.wand", "W"), one(Tools, "tool.guide", "N"), one(Tools, "tool.hand", "H"), one(Tools, "tool.extend", "T"),
	one(Tools, "smaller", "["), one(Tools, "larger", "]"), one(Tools, "softer", "Shift+["), one(Tools, "harder", "Shift+]"),
	fixed(Tools, "resize"), fixed(Tools, "line"),

	one(Mask, "mask_all", "Ctrl+A"), one(Mask, "mask_none", "Ctrl+D"), one(Mask, "mask_invert", "Shift+I"),
	one(Mask, "mask_grow"), one(Mask, "mask_shrink"), one(Mask, "mask_feather"), one(Mask, "mask_holes"), one(Mask, "mask_hug"), one(Mask, "mask_shadow"),
	one(Mask, "mask_person", "Shift+P"), one(Mask, "mask_sky"), one(Mask, "mask_background"), one(Mask, "mask_transparency"),
	one(Mask, "mask_load"), one(Mask, "mask_save"), one(Mask, "guides_clear"),

	one(Edit, "undo", "Ctrl+Z"), one(Edit, "redo", "Ctrl+Shift+Z", "Ctrl+Y"), one(Edit, "steps", "Ctrl+Alt+Z"),
	one(Edit, "copy", "Ctrl+C"), one(Edit, "paste", "Ctrl+V"), one(Edit, "extend", "Ctrl+E"),
	one(Edit, "generate", "Ctrl+Enter"), one(Edit, "cancel", "Shift+Esc"), one(Edit, "prompt", "F6"), fixed(Edit, "leave", "Esc"),

	fixed(Variants, "show", "1–9"), fixed(Variants, "use", "Enter"), one(Variants, "save_shown", "S"), one(Variants, "discard", "Del"),
	fixed(Variants, "hold", "Tab"), one(Variants, "original"), one(Variants, "current"), one(Variants, "changes"),
	one(Variants, "compare", "C"), one(Variants, "sides", "K"), one(Variants, "swap_sides"), one(Variants, "grid", "G"),
	one(Variants, "save_all"),

	one(View, "zoom_in", "Ctrl+=", "Ctrl++"), one(View, "zoom_out", "Ctrl+-"), one(View, "fit", "Ctrl+0"), one(View, "actual", "Ctrl+1"),
	fixed(View, "wheel"), fixed(View, "pan", "Space"),
	one(View, "show_mask", "M"), one(View, "show_frame", "F"), one(View, "panels", "`"), one(View, "full_screen", "F11"),

	one(File, "new_window", "Ctrl+N"), one(File, "open", "Ctrl+O"), one(File, "previous_picture", "PgUp"), one(File, "next_picture", "PgDn"), one(File, "save", "Ctrl+S"), one(File, "save_as", "Ctrl+Alt+S"), one(File, "project", "Ctrl+Shift+S"), one(File, "save_recipe"), one(File, "apply_recipe"),
	one(File, "export", "Ctrl+Shift+E"), one(File, "export_again", "Ctrl+Alt+E"),
	one(File, "history", "Ctrl+H"), one(File, "settings", "Ctrl+,"), one(File, "keyboard", "F1"), one(File, "close", "Ctrl+W"), one(File, "quit", "Ctrl+Q"), fixed(File, "menus", "F10"),
}

func find(id string) (Command, bool) {
	i := slices.IndexFunc(commands, func(c Command) bool { return c.ID == id })
	if i < 0 {
		return Command{}, false
	}
	return commands[i], true
}
