package session

import (
	"slices"
	"strings"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/ui/keys"
)

// layout is how the window is arranged and which keys it obeys.
type layout struct {
	keys *keys.Map
	// writing counts changes of the keys that are not written yet: until then what
	// the settings say is older.
	writing int
	hidden  bool // the panels around the canvas
	folded  bool // the list of results

	noMask, noFrame bool // the person doesn't want to see them now
}

// Tell says for a while something that is not the session's, as it is to be read.
func (s *Session) Tell(text string) {
	defer s.act()()
	s.report(say("ui.name", "Name", text))
}

// TellTrouble says, until it is dismissed, that something failed that is not the
// session's.
func (s *Session) TellTrouble(text string) {
	defer s.act()()
	s.notify(&notice{Notice: Notice{Text: say("ui.name", "Name", text), Bad: true}, stay: lasting})
}

// Offer says something that is not the session's, together with what can be done.
func (s *Session) Offer(text, action string, do func()) {
	defer s.act()()
	s.offer(say("ui.name", "Name", text), say("ui.name", "Name", action), do)
}

// Keys returns the keys of all commands.
func (s *Session) Keys() *keys.Map { return s.layout.keys }

// SetKeys changes the keys of commands. They are obeyed at once.
func (s *Session) SetKeys(m *keys.Map) {
	defer s.act(Menu | Tools)()
	s.layout.keys = m
	if s.layout.writing++; s.layout.writing == 1 {
		s.writeKeys()
	}
}

// writeKeys writes the keys down, and again where they were changed meanwhile:
// of two writes at once an older one might be the last.
func (s *Session) writeKeys() {
	custom, n := s.layout.keys.Custom(), s.layout.writing
	s.change(func(set *settings.Settings) { set.Keys = custom }, func() error {
		s.post(func() {
			if s.layout.writing -= n; s.layout.writing > 0 {
				s.writeKeys()
			}
		})
		return nil
	})
}

// takeLayout takes over what the settings say of keys and panels.
func (s *Session) takeLayout(set *settings.Settings) {
	if s.layout.writing == 0 {
		s.layout.keys = keys.New(set.Keys)
	}
	if len(s.keeping.pending) == 0 {
		s.layout.hidden, s.layout.folded = set.PanelsHidden, set.ResultsFolded
	}
}

// PanelsHidden reports that the panels around the canvas are not shown.
func (s *Session) PanelsHidden() bool { return s.layout.hidden }

// TogglePanels hides the panels around the canvas, or shows them again.
func (s *Session) TogglePanels() {
	defer s.act(Menu | Canvas)()
	hidden := !s.layout.hidden
	s.layout.hidden = hidden
	s.remember(func(set *settings.Settings) { set.PanelsHidden = hidden })
}

// ResultsFolded reports that of the list of results only the heading is shown.
func (s *Session) ResultsFolded() bool { return s.layout.folded }

// FoldResults folds the list of results, or unfolds it. To choose a result unfolds it.
func (s *Session) FoldResults(on bool) {
	if s.layout.folded == on {
		return
	}
	defer s.act(Results)()
	s.layout.folded = on
	s.remember(func(set *settings.Settings) { set.ResultsFolded = on })
}

// MaskVisible and FrameVisible report that the person wants to see the mask and
// the frame of what is sent.
func (s *Session) MaskVisible() bool { return !s.layout.noMask }

// FrameVisible is beside MaskVisible.
func (s *Session) FrameVisible() bool { return !s.layout.noFrame }

// ToggleMask hides the mask, or shows it again. It comes back by itself as soon
// as it is edited: nobody paints what they can't see.
func (s *Session) ToggleMask() {
	defer s.act(Canvas | Menu)()
	s.layout.noMask = !s.layout.noMask
}

// ToggleFrame hides the frame of what is sent, or shows it again. With the tool
// that moves it in hand it is always seen.
func (s *Session) ToggleFrame() {
	defer s.act(Canvas | Menu)()
	s.layout.noFrame = !s.layout.noFrame
}

// seeMask shows the mask, which is about to be edited.
func (s *Session) seeMask() {
	if s.layout.noMask {
		s.layout.noMask = false
		s.touch(Canvas | Menu)
	}
}

// KeepWindow remembers the window's size, in units.
func (s *Session) KeepWindow(width, height float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.WindowWidth, set.WindowHeight = width, height })
}

// KeepPlace remembers where the window is on the screen, in pixels.
func (s *Session) KeepPlace(x, y int) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.WindowPlace = []int{x, y} })
}

// KeepCards remembers the size of the gallery's cards, in units.
func (s *Session) KeepCards(size float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.CardSize = size })
}

// KeepSide remembers the width of the panel with the prompt, in units.
func (s *Session) KeepSide(width float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.SideWidth = width })
}

// FindPrompts returns the earlier prompts that have all words of a text in them,
// in any case and order, the latest first. Without words these are all.
func (s *Session) FindPrompts(words string) []string {
	list := strings.Fields(strings.ToLower(words))
	return slices.DeleteFunc(slices.Clone(s.settings.Current().Prompts), func(prompt string) bool {
		prompt = strings.ToLower(prompt)
		return slices.ContainsFunc(list, func(word string) bool { return !strings.Contains(prompt, word) })
	})
}
