package widgets

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// TextInput is what the text fields have in common. While one has the focus, undo, cut, copy
// and paste apply to it.
type TextInput interface {
	fyne.Focusable
	fyne.Shortcutable
	Undo()
	Redo()
}

// Field is a line to type into, one control high.
type Field struct {
	widget.Entry
	tip
	// OnEnded is called when the user has finished: by Enter, or by moving the focus.
	OnEnded func(string)
	// OnKey is called with a key before the field handles it; true means that it was handled.
	OnKey func(*fyne.KeyEvent) bool
	// OnSubmit is called by Ctrl+Enter, and by Enter in a field of one line.
	OnSubmit func()

	guard    composing
	bare     bool // without a border until it is touched
	hovered  bool
	wrong    bool    // its border says so
	trailing float32 // room kept free on the right
	below    float32 // and below the text
	min      fyne.Size
	self     fyne.Widget // the widget that extends the field, or the field
}

var _ TextInput = (*Field)(nil)

// NewField returns an empty field.
func NewField() *Field {
	f := &Field{min: fyne.NewSize(40, theme.ControlHeight)}
	f.Entry.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	f.ExtendBaseWidget(f)
	Track(f)
	return f
}

// ControlName is the tooltip or, without one, what an empty field says.
func (f *Field) ControlName() string { return cmp.Or(withoutKey(f.tip.text), f.PlaceHolder) }

// SetWrong shows by the field's border whether its text can't be used.
func (f *Field) SetWrong(on bool) {
	if f.wrong != on {
		f.wrong = on
		f.Refresh()
	}
}

// NewKeyField returns a field whose text is hidden, with a button to show it, for a service's
// key.
func NewKeyField() *Field {
	f := NewField()
	f.Password = true
	return f
}

// ExtendBaseWidget is for widgets that embed the field.
func (f *Field) ExtendBaseWidget(w fyne.Widget) {
	if f.self == nil {
		f.self = w
	}
	f.Entry.ExtendBaseWidget(w)
}

// AcceptsTab is false: Tab moves the focus to the next control.
func (f *Field) AcceptsTab() bool { return false }

// TypedKey edits the text. Escape leaves the field, and is passed on only in a dialog, which
// it closes: in the window it could cancel an edit that may be charged. Function keys are
// passed on to the canvas.
func (f *Field) TypedKey(e *fyne.KeyEvent) {
	if f.guard.swallow(e.Name) {
		return
	}
	if f.OnKey != nil && f.OnKey(e) {
		return
	}
	c := canvasOf(f.self)
	if c == nil {
		return
	}
	switch e.Name {
	case fyne.KeyEscape:
		c.Unfocus()
		if c.Overlays().Top() != nil {
			passKey(c, e)
		}
		return
	case fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		passKey(c, e)
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		if !f.MultiLine {
			f.ended()
			if f.OnSubmit != nil {
				f.OnSubmit()
			}
			return
		}
	}
	f.Entry.TypedKey(e)
}

// TypedRune writes a character.
func (f *Field) TypedRune(r rune) {
	f.guard.rune()
	f.Entry.TypedRune(r)
}

// TypedShortcut handles the editing shortcuts and Ctrl+Enter, and passes the others on to the
// canvas.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	custom, ok := s.(*desktop.CustomShortcut)
	if !ok {
		f.Entry.TypedShortcut(s)
		return
	}
	switch custom.KeyName {
	case fyne.KeyReturn, fyne.KeyEnter:
		if custom.Modifier == fyne.KeyModifierShortcutDefault && f.OnSubmit != nil {
			f.OnSubmit()
			return
		}
	case fyne.KeyZ:
		if custom.Modifier == fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift {
			f.Redo()
			return
		}
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete:
		f.Entry.TypedShortcut(s)
		return
	}
	if c, ok := canvasOf(f.self).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// FocusGained implements fyne.Focusable.
func (f *Field) FocusGained() {
	f.guard = composing{focused: true}
	f.Entry.FocusGained()
}

// FocusLost ends the editing.
func (f *Field) FocusLost() {
	f.guard = composing{}
	f.Entry.FocusLost()
	f.ended()
}

// MouseDown places the cursor.
func (f *Field) MouseDown(e *desktop.MouseEvent) {
	f.guard.rune()
	f.leave(f.self)
	f.Entry.MouseDown(e)
}

// MouseIn implements desktop.Hoverable.
func (f *Field) MouseIn(*desktop.MouseEvent) {
	f.hovered = true
	f.enter(f.self)
	f.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (f *Field) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (f *Field) MouseOut() {
	f.hovered = false
	f.leave(f.self)
	f.Refresh()
}

func (f *Field) ended() {
	if f.OnEnded != nil {
		f.OnEnded(f.Text)
	}
}

// MinSize is the size that the design gives.
func (f *Field) MinSize() fyne.Size {
	f.ExtendBaseWidget(f)
	return f.min
}

// SetMinSize makes the field at least that large.
func (f *Field) SetMinSize(s fyne.Size) { f.min = s }

// SelectStem selects a file's name without its ending, so that typing replaces
// it and leaves the ending.
func (f *Field) SelectStem() {
	f.CursorColumn = utf8.RuneCountInString(strings.TrimSuffix(f.Text, filepath.Ext(f.Text)))
	f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	f.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

// CreateRenderer implements fyne.Widget. It keeps the inside of Fyne's entry and draws
// the box of the design around it.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	r := &fieldRenderer{WidgetRenderer: f.Entry.CreateRenderer(), f: f, back: box(), ring: newFocusRing()}
	r.paint()
	return r
}

// composing tells editing keys from those that an input method uses while it composes a word.
// On X11 the latter arrive here as well, but without their characters: so a character is
// awaited after each printable key, and editing keys are dropped while one is missing.
type composing struct {
	focused bool
	owed    int
}

func (c *composing) rune() { c.owed = 0 }

// swallow reports whether the key belongs to the input method.
func (c *composing) swallow(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyBackspace:
		if c.owed > 0 {
			c.owed--
			return true
		}
		return false
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		composing := c.owed > 0
		c.owed = 0
		return composing
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd,
		fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyDelete, fyne.KeyTab:
		return c.owed > 0
	}
	if c.focused && printable(name) {
		c.owed++
	}
	return false
}

func printable(name fyne.KeyName) bool { return len(name) == 1 || name == fyne.KeySpace }

// Offsets of the entry inside its box, which make its text start 9 units from
// the left and stand in the middle of a control's height.
const (
	entryInset float32 = 2
	entryExtra float32 = 4
)

type fieldRenderer struct {
	fyne.WidgetRenderer
	f    *Field
	back *canvas.Rectangle
	ring focusRing
}

// Objects replaces the entry's own box by the design's.
func (r *fieldRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.back, r.ring.Rectangle}, r.inside()...)
}

// inside returns the entry's objects without its box and border, which are its only
// rectangles.
func (r *fieldRenderer) inside() []fyne.CanvasObject {
	return slices.DeleteFunc(slices.Clone(r.WidgetRenderer.Objects()), func(o fyne.CanvasObject) bool {
		_, ok := o.(*canvas.Rectangle)
		return ok
	})
}

func (r *fieldRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	if s.Height < theme.ControlHeight { // a bar has no room around it
		r.ring.within(s)
	} else {
		r.ring.around(fyne.Position{}, s)
	}
	inner, shift := s.AddWidthHeight(-2*entryInset-r.f.trailing, 0), fyne.NewPos(entryInset, entryInset)
	if !r.f.MultiLine {
		inner.Height = max(s.Height, theme.ControlHeight) + entryExtra // else Fyne would scroll
		shift.Y = (s.Height - inner.Height) / 2
	} else {
		inner.Height -= 2*entryInset + r.f.below
	}
	r.WidgetRenderer.Layout(inner)
	for _, o := range r.inside() {
		o.Move(o.Position().Add(shift))
	}
}

func (r *fieldRenderer) MinSize() fyne.Size { return r.f.min }

func (r *fieldRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
}

func (r *fieldRenderer) paint() {
	f := r.f
	focused := f.guard.focused && !f.Disabled()
	fill, stroke := theme.Control, theme.Edge
	if f.bare && !f.hovered && !focused {
		fill, stroke = "", ""
	}
	if f.wrong {
		stroke = theme.Warning
	}
	paint(r.back, fill, stroke)
	r.ring.show(focused)
}
