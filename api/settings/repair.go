package settings

import (
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/assets/plain"
)

// repair brings each value of a file that may have been edited by hand into its range.
func (s *Settings) repair() {
	d := Default()
	seen := map[string]bool{Builtin: true, "": true}
	s.Connections = slices.DeleteFunc(s.Connections, func(c Connection) bool {
		if seen[c.ID] {
			return true
		}
		seen[c.ID] = true
		return false
	})
	for i := range s.Connections {
		c := &s.Connections[i]
		for _, text := range []*string{&c.Name, &c.BaseURL, &c.Model, &c.User, &c.Proxy, &c.Price.Currency, &c.Price.AsOf} {
			*text = short(*text, maxText)
		}
		c.SetModels(c.Models)
		c.Profile = chosenProfile(*c)
		c.Dialect = short(c.Dialect, maxText)
		maps.DeleteFunc(c.Headers, func(name, value string) bool { return !goodHeader(name, value) })
		c.ResponseFormat = oneOf(c.ResponseFormat, "", "url", "b64_json")
		c.Parallel = within(c.Parallel, 0, 16, 0)
		if p, ok := c.Price.Tokens[InputTokens]; ok { // an old file, which has one price for text and images
			c.Price.Tokens[TextTokens], c.Price.Tokens[ImageTokens] = p, p
			delete(c.Price.Tokens, InputTokens)
		}
		c.TimeoutSeconds = within(c.TimeoutSeconds, 0, 24*3600, 0)
	}
	if !seen[s.Connection] || s.Connection == "" {
		s.Connection = Builtin
	}
	s.Language = oneOf(s.Language, "", "en", "zh")
	s.Theme = oneOf(s.Theme, "", "dark", "light")
	s.Brush.Size = within(s.Brush.Size, 1, 1000, d.Brush.Size)
	s.Brush.Hardness = within(s.Brush.Hardness, 0, 1, d.Brush.Hardness)
	s.Brush.Tolerance = within(s.Brush.Tolerance, 0, 255, d.Brush.Tolerance)
	s.View.Mode = oneOf(s.View.Mode, d.View.Mode, "tint", "black", "white", "outline")
	s.View.Strength = within(s.View.Strength, 0, 1, d.View.Strength)
	s.Window.Context = within(s.Window.Context, 1, 8, d.Window.Context)
	s.Window.Min = within(s.Window.Min, 1, 8192, d.Window.Min)
	s.Window.Grow = within(s.Window.Grow, 0, 256, d.Window.Grow)
	s.Blend.Grow = within(s.Blend.Grow, 0, 256, d.Blend.Grow)
	s.Blend.Feather = within(s.Blend.Feather, 0, 512, d.Blend.Feather)
	s.Blend.Seam = within(s.Blend.Seam, 0, 32, d.Blend.Seam)
	s.Blend.Opacity = within(s.Blend.Opacity, 0, 1, d.Blend.Opacity)
	s.Variants = within(s.Variants, 1, 10, d.Variants)
	s.Saving.Format = oneOf(s.Saving.Format, d.Saving.Format, "source", "png", "jpeg", "webp", "tiff", "bmp")
	s.Saving.Quality = within(s.Saving.Quality, 1, 100, d.Saving.Quality)
	s.Saving.Sampling = oneOf(s.Saving.Sampling, d.Saving.Sampling, "", "4:2:0", "4:4:4")
	if s.Saving.Template == "" {
		s.Saving.Template = d.Saving.Template
	}
	s.Saving.Template = short(s.Saving.Template, maxTemplate)
	s.Exports = s.Exports[:min(len(s.Exports), MaxExports)]
	for i := range s.Exports {
		p := &s.Exports[i]
		p.Name, p.Template, p.Folder = short(p.Name, maxTemplate), short(p.Template, maxTemplate), short(p.Folder, maxText)
		p.Repair()
	}
	s.Recent = s.Recent[:min(len(s.Recent), MaxRecent)]
	s.Prompts = s.Prompts[:min(len(s.Prompts), MaxPrompts)]
	for i := range s.Prompts {
		s.Prompts[i] = ShortPrompt(s.Prompts[i])
	}
	if len(s.WindowPlace) != 2 {
		s.WindowPlace = nil
	}
	s.Snippets = s.Snippets[:min(len(s.Snippets), MaxPrompts)]
	for i := range s.Snippets {
		s.Snippets[i].Name, s.Snippets[i].Prompt = short(s.Snippets[i].Name, maxTemplate), ShortPrompt(s.Snippets[i].Prompt)
	}
	s.HistoryBytes = within(s.HistoryBytes, 0, math.MaxInt64, d.HistoryBytes)
	for _, limit := range []*int64{&s.EditCap, &s.DailyCap, &s.MonthlyCap} {
		*limit = within(*limit, 0, math.MaxInt64, 0)
	}
}

// Largest lengths of texts, in characters: longer ones would stall the window.
const (
	maxText     = 2000
	maxTemplate = 200
	maxPrompt   = 32_000
)

// ShortPrompt returns the beginning of a prompt, up to the longest that any model accepts.
func ShortPrompt(prompt string) string { return short(prompt, maxPrompt) }

// short returns the beginning of a text, at most so many characters.
func short(s string, most int) string {
	s, _ = plain.Cut(s, most)
	return s
}

// goodHeader reports whether a header can be sent: it is well formed, and isn't one that
// describes the body.
func goodHeader(name, value string) bool {
	switch strings.ToLower(name) {
	case "content-type", "content-length", "transfer-encoding", "host", "connection", "accept-encoding":
		return false
	}
	return httpguts.ValidHeaderFieldName(name) && httpguts.ValidHeaderFieldValue(value) && len(name)+len(value) <= maxText
}

// chosenProfile returns the profile that the user chose. Files written before version 0.2
// name one for each connection, which was mostly derived from the model's name.
func chosenProfile(c Connection) string {
	known, ok := profile.Builtin().Named(c.Model)
	if c.Profile == "classic" && (!ok || known.ID == "classic") || c.Profile == "gpt-image" && ok && strings.HasPrefix(known.ID, "gpt-image") {
		return ""
	}
	return short(c.Profile, maxText)
}

// within returns v where it lies between low and high, and otherwise instead.
func within[T int | int64 | float64](v, low, high, instead T) T {
	if v >= low && v <= high { // false for NaN too
		return v
	}
	return instead
}

// oneOf returns v where it is one of allowed, and otherwise instead.
func oneOf(v, instead string, allowed ...string) string {
	if slices.Contains(allowed, v) {
		return v
	}
	return instead
}
