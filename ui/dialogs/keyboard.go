package dialogs

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Keyboard shows the keys of all commands and changes them.
type Keyboard struct {
	// Keys are the keys as they are now.
	Keys func() *keys.Map
	// Modifiers returns the modifier keys that are held.
	Modifiers func() fyne.KeyModifier
	// Chord returns the chord of a key pressed with modifiers, and whether it is one.
	Chord func(name fyne.KeyName, held fyne.KeyModifier) (keys.Chord, bool)
	// OnChange is called with the keys after each change, which takes effect at once.
	OnChange func(*keys.Map)
}

// ShowKeyboard opens the dialog.
func ShowKeyboard(w fyne.Window, k Keyboard) {
	d := &keyboardSheet{Keyboard: k, catcher: newCatcher()}
	d.catcher.pressed = d.pressed
	d.search = widgets.NewField()
	d.search.PlaceHolder = text.T("dialog.keyboard.search")
	d.search.OnChanged = func(string) { d.leave() }
	d.left, d.right = widgets.Column(3), widgets.Column(3)
	d.note = widgets.NewLabel("").Cut()
	d.take = widgets.NewButton(text.T("dialog.keyboard.take"), "", widgets.Normal, d.takeKey)
	d.none = widgets.NewButton(text.T("dialog.keyboard.none"), "", widgets.Normal, func() { d.give() })
	high := w.Canvas().Size().Height - 270
	scroll := container.NewVScroll(widgets.Pad(0, 14, 0, 0, widgets.Halves(28, d.left, d.right)))
	d.list = widgets.Sized(0, min(620, max(240, high)), scroll)
	bottom := widgets.Sized(0, theme.ControlHeight, container.NewBorder(nil, nil, nil, widgets.Row(theme.Gap, d.none, d.take), widgets.Column(0, nil, d.note, nil)))
	body := widgets.Column(12, d.search, d.list, bottom,
		widgets.NewLabel(text.T("dialog.keyboard.pen")).Wrap(), container.NewWithoutLayout(d.catcher))
	d.leave()
	newSheet(w, text.T("dialog.keyboard"), 800, body, d.search,
		action{label: text.T("dialog.keyboard.reset_all"), stays: true, do: d.resetAll},
		action{label: text.T("dialog.close")})
}

// keyboardSheet is the open dialog.
type keyboardSheet struct {
	Keyboard
	search      *widgets.Field
	list        fyne.CanvasObject
	left, right *fyne.Container
	note        *widgets.Label
	take, none  *widgets.Button
	catcher     *catcher

	command string     // whose key is waited for, or ""
	wanted  keys.Chord // that another command would lose
}

// commandName returns a command's name in the current language.
func commandName(id string) string {
	if strings.HasPrefix(id, "tool.") {
		return text.T(id)
	}
	return text.T("keyboard." + id)
}

// fill lists the commands that are searched for, group by group.
func (d *keyboardSheet) fill() {
	d.left.RemoveAll()
	d.right.RemoveAll()
	m, words := d.Keys(), strings.Fields(strings.ToLower(d.search.Text))
	for _, group := range keys.Groups() {
		column := d.right
		if group == keys.Tools || group == keys.Mask || group == keys.File {
			column = d.left
		}
		headed := false
		for _, c := range keys.Commands() {
			if c.Group != group || !found(commandName(c.ID)+" "+keysText(m, c), words) {
				continue
			}
			if !headed {
				headed = true
				column.Add(widgets.Pad(6, 0, 2, 0, widgets.NewHeading(text.T("keyboard.group."+string(group)))))
			}
			column.Add(d.row(m, c))
		}
	}
	d.list.Refresh()
}

// found reports whether a text has all words in it.
func found(s string, words []string) bool {
	s = strings.ToLower(s)
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// keysText names all keys of a command.
func keysText(m *keys.Map, c keys.Command) string {
	if key := "keyboard." + c.ID + ".keys"; text.Has(key) {
		return text.T(key)
	}
	if c.Fixed {
		return strings.Join(c.Keys, ", ")
	}
	var list []string
	for _, k := range m.Of(c.ID) {
		list = append(list, k.Label(runtime.GOOS))
	}
	return strings.Join(list, ", ")
}

// keyWidth is the width of the buttons with the keys.
const keyWidth float32 = 138

// row is a command with its keys, and a way back to its first ones where they
// were changed.
func (d *keyboardSheet) row(m *keys.Map, c keys.Command) fyne.CanvasObject {
	name := widgets.NewText(commandName(c.ID)).Cut()
	if c.Fixed {
		key := widgets.Sized(keyWidth, theme.ControlHeight, widgets.Column(0, nil, widgets.Pad(0, 4, 0, 4, widgets.NewLabel(keysText(m, c)).Align(fyne.TextAlignCenter).Cut()), nil))
		return container.NewBorder(nil, nil, nil, key, widgets.Column(0, nil, name, nil))
	}
	label := keysText(m, c)
	if label == "" {
		label = "–"
	}
	if c.ID == d.command {
		label = text.T("dialog.keyboard.press")
	}
	key := widgets.NewButton(label, "", widgets.Normal, func() { d.ask(c.ID) })
	key.SetTip(text.T("dialog.keyboard.change"))
	right := widgets.Row(2, widgets.Sized(keyWidth, theme.ControlHeight, key))
	if m.Changed(c.ID) {
		reset := widgets.NewToolButton("undo", text.T("dialog.keyboard.reset"), func() { d.change(d.Keys().Without(c.ID)) }).Small()
		right.Objects = append([]fyne.CanvasObject{reset}, right.Objects...)
	}
	if other := rival(m, c.ID); other != "" {
		key.SetTip(text.T("dialog.keyboard.conflict", "Other", commandName(other)))
		right.Objects = append([]fyne.CanvasObject{widgets.NewIcon("warning", 16, theme.Warning)}, right.Objects...)
	}
	return container.NewBorder(nil, nil, nil, right, widgets.Column(0, nil, name, nil))
}

// rival returns another command that has one of a command's keys, or "".
func rival(m *keys.Map, id string) string {
	for _, k := range m.Of(id) {
		for _, user := range m.Users(k) {
			if user != id {
				return user
			}
		}
	}
	return ""
}

// ask waits for a command's new key.
func (d *keyboardSheet) ask(id string) {
	d.command = id
	d.say(text.T("dialog.keyboard.press")+" "+text.T("dialog.keyboard.note"), theme.Text)
	d.take.Hide()
	d.none.Show()
	d.fill()
	d.catcher.begin()
}

// say writes the line under the list.
func (d *keyboardSheet) say(s string, color fyne.ThemeColorName) { d.note.Colored(color).SetText(s) }

// leave stops waiting and changes nothing.
func (d *keyboardSheet) leave() {
	d.command, d.catcher.waiting = "", false
	d.take.Hide()
	d.none.Hide()
	d.say(text.T("dialog.keyboard.note"), theme.Secondary)
	d.fill()
}

// pressed handles a key while one is waited for.
func (d *keyboardSheet) pressed(e *fyne.KeyEvent) {
	held := d.Modifiers()
	if e.Name == fyne.KeyEscape && held == 0 {
		d.leave()
		return
	}
	c, ok := d.Chord(e.Name, held)
	if !ok {
		return
	}
	m := d.Keys()
	d.take.Hide()
	if other := m.Taken(c); other != "" {
		d.say(text.T("dialog.keyboard.fixed", "Keys", c.String(), "Other", commandName(other)), theme.Warning)
		return
	}
	for _, user := range m.Users(c) {
		if user != d.command {
			d.wanted = c
			d.say(text.T("dialog.keyboard.taken", "Keys", c.String(), "Other", commandName(user)), theme.Warning)
			d.take.Show()
			return
		}
	}
	d.give(c)
}

// takeKey gives the command a key that another one loses.
func (d *keyboardSheet) takeKey() { d.give(d.wanted) }

// give gives the waiting command these keys.
func (d *keyboardSheet) give(list ...keys.Chord) {
	m := d.Keys().With(d.command, list...)
	d.leave()
	d.change(m)
}

func (d *keyboardSheet) change(m *keys.Map) {
	d.OnChange(m)
	d.fill()
}

func (d *keyboardSheet) resetAll() {
	d.leave()
	d.change(keys.New(nil))
}

// catcher has the focus while a key is waited for, so that no other control and no command
// gets it.
type catcher struct {
	widget.BaseWidget
	pressed func(*fyne.KeyEvent)
	waiting bool
	caught  bool // what is typed now was caught as it went down
}

func newCatcher() *catcher {
	c := &catcher{}
	c.ExtendBaseWidget(c)
	return c
}

// begin takes the focus.
func (c *catcher) begin() {
	c.waiting = true
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(c); canvas != nil {
		canvas.Focus(c)
	}
}

// AcceptsTab has Tab come here too.
func (c *catcher) AcceptsTab() bool { return true }

// KeyDown hears every key.
func (c *catcher) KeyDown(e *fyne.KeyEvent) {
	if c.caught = c.waiting; c.caught {
		c.pressed(e)
	}
}

// KeyUp implements desktop.Keyable.
func (c *catcher) KeyUp(*fyne.KeyEvent) {}

// TypedKey passes on what was not caught: Esc closes the dialog again.
func (c *catcher) TypedKey(e *fyne.KeyEvent) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(c); canvas != nil && !c.caught && canvas.OnTypedKey() != nil {
		canvas.OnTypedKey()(e)
	}
}

// TypedRune implements fyne.Focusable.
func (c *catcher) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (c *catcher) FocusGained() {}

// FocusLost ends the waiting.
func (c *catcher) FocusLost() { c.waiting = false }

// MinSize is zero.
func (c *catcher) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget: there is nothing to see.
func (c *catcher) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
