package e2e

import "testing"

// TestMenusOpenBelowTheirTitles opens each menu by a click and by its key, the first of a
// window's time and the others.
func TestMenusOpenBelowTheirTitles(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	for _, menu := range []struct{ title, item, key string }{
		{"menu.mask", "menu.mask_all", "alt+m"},
		{"menu.file", "menu.settings", "alt+f"},
		{"menu.edit", "menu.extend", "alt+e"},
		{"menu.view", "menu.actual", "alt+v"},
		{"menu.help", "dialog.about", "alt+h"},
	} {
		title, item := e.text(menu.title), e.text(menu.item)
		open := map[string]func(){"a click": func() { e.press(title) }, "its key": func() { e.keys(menu.key) }}
		for how, open := range open {
			open()
			below, at := e.control(title, 0), e.control(item, 0)
			if at.At.X < below.At.X-1 || at.At.X > below.At.X+below.Size.Width/2 || at.At.Y < below.At.Y+below.Size.Height {
				t.Errorf("%q, opened by %s, is at %v; its title is at %v", title, how, at.At, below.At)
			}
			e.keys("Escape")
		}
	}
}
