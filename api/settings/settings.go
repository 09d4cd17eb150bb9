// Package settings keeps the user's settings: the connections to services, the language,
// the theme, the tools' sizes, how results are blended into the picture and saved. It
// never holds a key.
//
// The settings are one JSON file in the system's folder for configuration. A
// Settings is a plain value for one goroutine; a Store keeps one in a folder, which
// several processes may use at once.
package settings

import (
	"maps"
	"slices"
	"strings"

	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/region"
)

// Limits of the lists of recent pictures, of prompts and of export presets.
const (
	MaxRecent  = 20
	MaxPrompts = 100
	MaxExports = 100
)

// Settings are all settings of the user.
type Settings struct {
	Connections []Connection `json:"connections"`
	// Connection is the ID of the selected one, or Builtin.
	Connection string `json:"connection"`
	// Language is "en", "zh" or "" for the system's.
	Language string `json:"language"`
	// Theme is "dark", "light" or "" for the default.
	Theme string `json:"theme"`

	Brush Brush    `json:"brush"`
	View  MaskView `json:"mask_view"`
	// Window are the options for the window that is sent.
	Window Window `json:"window"`
	// Blend is how a new result is blended into the picture.
	Blend region.Blend `json:"blend"`

	// Refine reports whether a stroke over a variant that is shown accepts it and begins
	// the next mask on it; otherwise a stroke discards the variant.
	Refine bool `json:"refine"`

	// Variants is how many variants are requested.
	Variants int    `json:"variants"`
	Saving   Saving `json:"saving"`
	// Exports are the presets for copies of pictures; Export names the one used last.
	Exports []export.Preset `json:"exports"`
	Export  string          `json:"export,omitempty"`

	// Keys are the shortcuts by command that replace the default ones; an empty list
	// means none (ui/keys reads it).
	Keys map[string][]string `json:"keys,omitempty"`

	// Recent are the pictures opened last, the newest first; Prompts likewise.
	Recent  []string `json:"recent,omitempty"`
	Prompts []string `json:"prompts,omitempty"`
	// Snippets are prompts that are kept under names.
	Snippets []Snippet `json:"snippets,omitempty"`

	// HistoryBytes is the largest size of the history in bytes; 0 means no limit.
	HistoryBytes int64 `json:"history_bytes"`
	// EditCap, DailyCap and MonthlyCap limit the cost of one edit with all its services,
	// of a day and of a month, in millionths of a connection's currency. The user is asked
	// before a cap is passed; 0 means no cap.
	EditCap    int64 `json:"edit_cap,omitempty"`
	DailyCap   int64 `json:"daily_cap,omitempty"`
	MonthlyCap int64 `json:"monthly_cap,omitempty"`
	// CheckUpdates has the program check for newer releases when it starts.
	CheckUpdates bool `json:"check_updates,omitempty"`
	// LogPrompts allows prompts in the log.
	LogPrompts bool `json:"log_prompts,omitempty"`
	// WindowWidth and WindowHeight are the window's last size, or 0.
	WindowWidth  float32 `json:"window_width,omitempty"`
	WindowHeight float32 `json:"window_height,omitempty"`
	// WindowPlace is the window's last position, empty where that isn't known.
	WindowPlace []int `json:"window_place,omitempty"`
	// PanelsHidden reports that the panels around the canvas are not shown.
	PanelsHidden bool `json:"panels_hidden,omitempty"`
	// ResultsFolded reports that the list of results is collapsed to its heading.
	ResultsFolded bool `json:"results_folded,omitempty"`
	// CardSize is the size of the gallery's cards and SideWidth the width of the
	// panel with the prompt, or 0 for the default.
	CardSize  float32 `json:"card_size,omitempty"`
	SideWidth float32 `json:"side_width,omitempty"`
}

// Snippet is a prompt, or a part of one, that is saved under a name.
type Snippet struct {
	Name   string `json:"name"`
	Prompt string `json:"prompt"`
}

// KeepSnippet saves a prompt under a name, and replaces one of that name. Neither may be
// empty; at most MaxPrompts snippets are kept.
func (s *Settings) KeepSnippet(name, prompt string) {
	name, prompt = strings.TrimSpace(name), strings.TrimSpace(prompt)
	if name == "" || prompt == "" {
		return
	}
	if i := slices.IndexFunc(s.Snippets, func(o Snippet) bool { return o.Name == name }); i >= 0 {
		s.Snippets[i].Prompt = prompt
	} else if len(s.Snippets) < MaxPrompts {
		s.Snippets = append(s.Snippets, Snippet{Name: name, Prompt: prompt})
	}
}

// Brush are the settings of the brush and of the other tools.
type Brush struct {
	// Size is the diameter in pixels, 1 to 1000; Hardness 0 to 1.
	Size     float64 `json:"size"`
	Hardness float64 `json:"hardness"`
	// Tolerance is the magic wand's, 0 to 255.
	Tolerance  int  `json:"tolerance"`
	Contiguous bool `json:"contiguous"`
}

// MaskView is how the mask is shown.
type MaskView struct {
	// Mode is "tint", "black", "white" or "outline".
	Mode string `json:"mode"`
	// Colour is the tint as #rrggbb, "" for the theme's; Strength 0 to 1.
	Colour   string  `json:"colour,omitempty"`
	Strength float64 `json:"strength"`
}

// Window are the fields of region.Options that are kept.
type Window struct {
	Context float64 `json:"context"`
	Min     int     `json:"min"`
	Grow    int     `json:"grow"`
}

// Options returns the options for a plan.
func (w Window) Options() region.Options {
	return region.Options{Context: w.Context, Min: w.Min, Grow: w.Grow}
}

// Saving is how pictures are saved.
type Saving struct {
	// Template is the pattern of file names: {name} is the picture's name, {n} a number.
	Template string `json:"template"`
	// Format is "png", "jpeg", "webp", "tiff" or "bmp", or "source" for that of the
	// picture's own file; Quality is JPEG's and WebP's, 1 to 100.
	Format  string `json:"format"`
	Quality int    `json:"quality"`
	// Sampling is JPEG's chroma sampling, "4:2:0" or "4:4:4", "" for the default.
	Sampling string `json:"sampling,omitempty"`
	// Strip leaves out metadata; Label marks pictures that a model made.
	Strip bool `json:"strip,omitempty"`
	Label bool `json:"label"`
	// KeepOriginal keeps a photo's file beside it when it is replaced.
	KeepOriginal bool `json:"keep_original"`
	// Text reports that prompt, model and settings are written into a PNG's text chunks.
	Text bool `json:"text"`
}

// Default returns the settings of a new installation.
func Default() *Settings {
	o := region.DefaultOptions()
	return &Settings{
		Connections:  Presets(),
		Connection:   Builtin,
		Brush:        Brush{Size: 64, Hardness: 0.8, Tolerance: 32, Contiguous: true},
		View:         MaskView{Mode: "tint", Strength: 0.55},
		Window:       Window{Context: o.Context, Min: o.Min, Grow: o.Grow},
		Blend:        region.DefaultBlend(),
		Refine:       true,
		Variants:     4,
		Saving:       Saving{Template: "{name}-{n}", Format: "source", Quality: 90, Text: true, Label: true, KeepOriginal: true},
		Exports:      export.Presets(),
		HistoryBytes: 5 << 30,
	}
}

// Clone returns a deep copy of s, for another goroutine.
func (s *Settings) Clone() *Settings {
	c := *s
	c.Connections = make([]Connection, len(s.Connections))
	for i, conn := range s.Connections {
		c.Connections[i] = conn.clone()
	}
	c.Recent, c.Prompts, c.Snippets = slices.Clone(s.Recent), slices.Clone(s.Prompts), slices.Clone(s.Snippets)
	c.WindowPlace, c.Exports = slices.Clone(s.WindowPlace), slices.Clone(s.Exports)
	c.Keys = maps.Clone(s.Keys)
	for command, keys := range c.Keys {
		c.Keys[command] = slices.Clone(keys)
	}
	return &c
}

// Find returns the connection with this ID or, failing that, this name (in any
// case), and whether there is one.
func (s *Settings) Find(idOrName string) (*Connection, bool) {
	for i := range s.Connections {
		if s.Connections[i].ID == idOrName {
			return &s.Connections[i], true
		}
	}
	for i := range s.Connections {
		if strings.EqualFold(s.Connections[i].Name, idOrName) {
			return &s.Connections[i], true
		}
	}
	return nil, false
}

// Put adds a connection or replaces the one with its ID. A connection without an ID gets
// a new one. It returns the ID.
func (s *Settings) Put(c Connection) string {
	if c.ID == "" {
		c.ID = NewID()
	}
	if old, ok := s.Find(c.ID); ok && old.ID == c.ID {
		*old = c
	} else {
		s.Connections = append(s.Connections, c)
	}
	return c.ID
}

// Remove removes a connection; if it was selected, the built-in engine is selected instead.
func (s *Settings) Remove(id string) {
	s.Connections = slices.DeleteFunc(s.Connections, func(c Connection) bool { return c.ID == id })
	if s.Connection == id {
		s.Connection = Builtin
	}
}

// Remember puts a picture's path at the head of Recent.
func (s *Settings) Remember(path string) { s.Recent = front(s.Recent, path, MaxRecent) }

// RememberPrompt puts a prompt at the head of Prompts.
func (s *Settings) RememberPrompt(prompt string) {
	if prompt = strings.TrimSpace(prompt); prompt != "" {
		s.Prompts = front(s.Prompts, prompt, MaxPrompts)
	}
}

func front(list []string, first string, most int) []string {
	out := append(make([]string, 0, len(list)+1), first)
	for _, s := range list {
		if s != first && len(out) < most {
			out = append(out, s)
		}
	}
	return out
}
