package session

import (
	"slices"
	"strings"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/ui/keys"
)

// layout is how the window is arranged, and its keys.
type layout struct {
	keys *keys.Map
	// writing counts changes of the keys that are not written yet: until then the settings are
	// out of date.
	writing int
	hidden  bool // the panels around the canvas
	folded  bool // the list of results

	noMask, noFrame bool // the user doesn't want to see them now
}

// Tell posts a notice of text from outside the session, which disappears after a while.
func (s *Session) Tell(text string) {
	defer s.act()()
	s.report(say("ui.name", "Name", text))
}

// TellTrouble posts a notice of a failure outside the session, which stays until it is
// dismissed.
func (s *Session) TellTrouble(text string) {
	defer s.act()()
	s.notify(&notice{Notice: Notice{Text: say("ui.name", "Name", text), Bad: true}, stay: lasting})
}

// Offer posts a notice of text from outside the session, with an action.
func (s *Session) Offer(text, action string, do func()) {
	defer s.act()()
	s.offer(say("ui.name", "Name", text), say("ui.name", "Name", action), do)
}

// Keys returns the keys of all commands.
func (s *Session) Keys() *keys.Map { return s.layout.keys }

// SetKeys changes the keys of commands, at once.
func (s *Session) SetKeys(m *keys.Map) {
	defer s.act(Menu | Tools)()
	s.layout.keys = m
	if s.layout.writing++; s.layout.writing == 1 {
		s.writeKeys()
	}
}

// writeKeys writes the keys into the settings, and again where they have changed meanwhile, so
// that an older write is never the last.
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

// takeLayout applies the settings' keys and panels.
func (s *Session) takeLayout(set *settings.Settings) {
	if s.layout.writing == 0 {
		s.layout.keys = keys.New(set.Keys)
	}
	if len(s.keeping.pending) == 0 {
		s.layout.hidden, s.layout.folded = set.PanelsHidden, set.ResultsFolded
	}
}

// PanelsHidden reports whether the panels around the canvas are not shown.
func (s *Session) PanelsHidden() bool { return s.layout.hidden }

// TogglePanels hides the panels around the canvas, or shows them again.
func (s *Session) TogglePanels() {
	defer s.act(Menu | Canvas)()
	hidden := !s.layout.hidden
	s.layout.hidden = hidden
	s.remember(func(set *settings.Settings) { set.PanelsHidden = hidden })
}

// ResultsFolded reports whether only the heading of the list of results is shown.
func (s *Session) ResultsFolded() bool { return s.layout.folded }

// FoldResults folds or unfolds the list of results. Choosing a result unfolds it.
func (s *Session) FoldResults(on bool) {
	if s.layout.folded == on {
		return
	}
	defer s.act(Results)()
	s.layout.folded = on
	s.remember(func(set *settings.Settings) { set.ResultsFolded = on })
}

// MaskVisible reports whether the user has not hidden the mask.
func (s *Session) MaskVisible() bool { return !s.layout.noMask }

// FrameVisible reports whether the user has not hidden the frame of what is sent.
func (s *Session) FrameVisible() bool { return !s.layout.noFrame }

// ToggleMask hides the mask, or shows it again. Editing it shows it.
func (s *Session) ToggleMask() {
	defer s.act(Canvas | Menu)()
	s.layout.noMask = !s.layout.noMask
}

// ToggleFrame hides the frame of what is sent, or shows it again. With the tool that moves it
// selected it is always shown.
func (s *Session) ToggleFrame() {
	defer s.act(Canvas | Menu)()
	s.layout.noFrame = !s.layout.noFrame
}

// seeMask shows the mask, since it is about to be edited.
func (s *Session) seeMask() {
	if s.layout.noMask {
		s.layout.noMask = false
		s.touch(Canvas | Menu)
	}
}

// KeepWindow stores the window's size, in Fyne's units.
func (s *Session) KeepWindow(width, height float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.WindowWidth, set.WindowHeight = width, height })
}

// KeepPlace stores the window's position on the screen, in pixels.
func (s *Session) KeepPlace(x, y int) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.WindowPlace = []int{x, y} })
}

// KeepCards stores the size of the gallery's cards, in Fyne's units.
func (s *Session) KeepCards(size float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.CardSize = size })
}

// KeepSide stores the width of the panel with the prompt, in Fyne's units.
func (s *Session) KeepSide(width float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.SideWidth = width })
}

// FindPrompts returns the earlier prompts that contain all words of a text, in any case and
// order, the latest first; all of them where there are no words.
func (s *Session) FindPrompts(words string) []string {
	list := strings.Fields(strings.ToLower(words))
	return slices.DeleteFunc(slices.Clone(s.settings.Current().Prompts), func(prompt string) bool {
		prompt = strings.ToLower(prompt)
		return slices.ContainsFunc(list, func(word string) bool { return !strings.Contains(prompt, word) })
	})
}
