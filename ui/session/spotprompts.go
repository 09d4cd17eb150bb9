package session

import (
	"image"
	"slices"
	"strings"

	"overpaint.dev/overpaint/editor/region"
)

// spotPrompt is the prompt of one spot of the mask, which replaces the common one.
type spotPrompt struct {
	window image.Rectangle // in which the spot was sent when the prompt was written
	text   string
}

// maxSpotPrompts is how many are kept, including those of spots that are not masked at
// present.
const maxSpotPrompts = 4 * region.MaxSpots

// SetSpotPrompt changes the prompt of the nth of Panel().Windows, from 0; "" stands for the
// common prompt. The prompt stays with its spot when the mask changes.
func (s *Session) SetSpotPrompt(n int, prompt string) {
	defer s.act(Panel)()
	p := &s.panel
	if n < 0 || n >= len(p.windows) {
		return
	}
	at := matched(p.spotPrompts, p.windows)
	list := slices.Clone(p.spotPrompts)
	switch {
	case at[n] >= 0:
		list[at[n]] = spotPrompt{p.windows[n], prompt}
	case prompt != "":
		list = append(list, spotPrompt{p.windows[n], prompt})
	}
	list = slices.DeleteFunc(list, func(o spotPrompt) bool { return o.text == "" })
	if over := len(list) - maxSpotPrompts; over > 0 {
		list = list[over:]
	}
	p.spotPrompts = list
}

// matched returns for each window the index of the prompt that belongs to it, -1 for none: the
// one whose window overlaps it most.
func matched(list []spotPrompt, windows []image.Rectangle) []int {
	at := make([]int, len(windows))
	used := make([]bool, len(list))
	for i, w := range windows {
		at[i] = -1
		most := 0
		for k, o := range list {
			common := area(w.Intersect(o.window))
			if !used[k] && common > most && 2*common >= min(area(w), area(o.window)) {
				at[i], most = k, common
			}
		}
		if at[i] >= 0 {
			used[at[i]] = true
		}
	}
	return at
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// promptsOf returns the prompt of each window, "" where it has none of its own.
func promptsOf(list []spotPrompt, windows []image.Rectangle) []string {
	texts := make([]string, len(windows))
	for i, k := range matched(list, windows) {
		if k >= 0 {
			texts[i] = list[k].text
		}
	}
	return texts
}

// spotPrompts returns the prompts of the windows that would be sent; nil where there is one
// window, or the service takes no prompt.
func (s *Session) spotPrompts() []string {
	p := &s.panel
	if _, words := s.service.Connection(p.services[0]); words && len(p.windows) > 1 && !p.tiles {
		return promptsOf(p.spotPrompts, p.windows)
	}
	return nil
}

// eachHasItsPrompt reports whether no window needs the common prompt.
func (s *Session) eachHasItsPrompt() bool {
	texts := s.spotPrompts()
	return len(texts) > 0 && !slices.Contains(texts, "")
}

// longestPrompt returns the length of the longest prompt in characters.
func (s *Session) longestPrompt() (n int) {
	for _, prompt := range append(s.spotPrompts(), s.panel.prompt) {
		n = max(n, len([]rune(prompt)))
	}
	return n
}

// editName returns the name of the next edit in the gallery: its prompt, or those of its
// spots.
func (s *Session) editName() string {
	if s.panel.prompt != "" {
		return s.panel.prompt
	}
	return strings.Join(slices.DeleteFunc(s.spotPrompts(), func(t string) bool { return t == "" }), " / ")
}

// spotPrompter returns a function that assigns prompts to the windows of a service, which may
// differ from those of the first service; nil where there are none, or the service takes no
// prompt.
func (s *Session) spotPrompter(connection string) func([]image.Rectangle) []string {
	list := s.panel.spotPrompts
	if _, words := s.service.Connection(connection); !words || len(list) == 0 {
		return nil
	}
	return func(windows []image.Rectangle) []string {
		if len(windows) < 2 {
			return nil
		}
		return promptsOf(list, windows)
	}
}
