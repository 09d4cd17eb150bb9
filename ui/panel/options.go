package panel

import (
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// OptionsBar shows the selected tool's settings above the canvas.
type OptionsBar struct {
	// OnChanged is called with the settings after each change by the user.
	OnChanged func(tool.Settings)
	// OnAutomatic is called when the drawn window is to be dropped.
	OnAutomatic func()
	// OnDone is called when painting on a result is to end.
	OnDone func()

	root       *fyne.Container
	name       *widgets.Label
	size       *widgets.Range
	hardness   *widgets.Range
	tolerance  *widgets.Range
	contiguous *widgets.Segmented
	paint      *widgets.Segmented
	shape      *widgets.Segmented
	line       *widgets.Segmented
	hint       *widgets.Label
	hinted     *widgets.Tipped // the hint, with a tooltip where there is too little room
	titled     *widgets.Tipped // the name, likewise
	note       *widgets.Label
	editing    string // what is painted on instead of the next edit's mask, or ""
	done       *widgets.Button
	automatic  *widgets.Button
	drawn      bool
	ignored    bool // guide lines, by the services that are chosen
	id         string
}

// NewOptionsBar returns a bar for the brush with the design's defaults.
func NewOptionsBar() *OptionsBar {
	b := &OptionsBar{
		name:      widgets.NewHeading(""),
		size:      widgets.NewRange(text.T("ui.size"), 1, 1000, true, ""),
		hardness:  widgets.NewRange(text.T("ui.hardness"), 0, 100, false, "%"),
		tolerance: widgets.NewRange(text.T("ui.tolerance"), 0, 255, false, ""),
		contiguous: widgets.NewSegmented(
			widgets.Option{ID: "yes", Text: text.T("ui.contiguous")}, widgets.Option{ID: "no", Text: text.T("ui.everywhere")}),
		paint: widgets.NewSegmented(
			widgets.Option{ID: "add", Text: text.T("ui.paint")}, widgets.Option{ID: "subtract", Text: text.T("ui.erase")}),
		shape: widgets.NewSegmented(
			widgets.Option{ID: "add", Text: text.T("ui.add")}, widgets.Option{ID: "subtract", Text: text.T("ui.subtract")},
			widgets.Option{ID: "intersect", Text: text.T("ui.intersect")}),
		line: widgets.NewSegmented(
			widgets.Option{ID: "straight", Text: text.T("ui.straight")}, widgets.Option{ID: "freehand", Text: text.T("ui.freehand")}),
		hint: widgets.NewLabel("").Cut(),
		note: widgets.NewLabel(""),
	}
	b.tolerance.SetTip(text.T("ui.tolerance.tip"))
	b.contiguous.SetTip(text.T("ui.contiguous.tip"))
	b.shape.SetTip(WithKey(text.T("ui.shape.tip"), text.Keys(runtime.GOOS, "Ctrl")))
	b.line.SetTip(text.T("ui.straight.tip"))
	changed := func(float64) { b.changed() }
	b.size.OnChanged, b.hardness.OnChanged, b.tolerance.OnChanged = changed, changed, changed
	for _, s := range []*widgets.Segmented{b.contiguous, b.paint, b.shape, b.line} {
		s.OnChanged = func(string) { b.changed() }
	}
	b.automatic = widgets.NewButton(text.T("ui.auto"), "", widgets.Normal, func() { run(b.OnAutomatic) })
	b.automatic.SetTip(text.T("result.automatic.tip"))
	b.done = widgets.NewButton(text.T("ui.done"), "", widgets.Normal, func() { run(b.OnDone) })
	b.done.SetTip(WithKey(text.T("ui.done.tip"), "Esc"))
	b.done.Hide()
	b.hinted, b.titled = widgets.NewTipped(b.hint), widgets.NewTipped(b.name)
	parts := widgets.Row(optionsGap, b.titled, b.size.Object(), b.hardness.Object(), b.tolerance.Object(), b.contiguous, b.paint, b.shape, b.line, b.automatic)
	row := container.New(barLayout{b}, parts, b.hinted, container.NewStack(b.note, b.done))
	b.root = widgets.On(theme.Panel, widgets.Sized(0, theme.OptionsHeight, widgets.Pad(0, 12, 0, 12, row)))
	b.SetSettings(tool.Settings{Tolerance: 32, Contiguous: true})
	b.size.SetValue(64)
	b.hardness.SetValue(80)
	b.SetTool("brush")
	b.SetKeys(keys.New(nil).Label)
	return b
}

// SetKeys puts the keys of commands (ui/keys) into the tooltips.
func (b *OptionsBar) SetKeys(label func(command string) string) {
	b.size.SetTip(WithKey(text.T("ui.size.tip"), both(label("smaller"), label("larger"))))
	b.hardness.SetTip(WithKey(text.T("ui.hardness.tip"), both(label("softer"), label("harder"))))
	b.paint.SetTip(WithKey(text.T("ui.paint.tip"), label("swap")))
}

// both returns the names of two keys, or of the one that there is.
func both(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "  " + b
}

// Object returns the bar's root object.
func (b *OptionsBar) Object() fyne.CanvasObject { return b.root }

// SetTool shows the settings that a tool has.
func (b *OptionsBar) SetTool(id string) {
	b.id = id
	b.name.SetText(ToolName(id))
	brush := id == "brush" || id == "eraser"
	shape := id == "rectangle" || id == "ellipse" || id == "lasso" || id == "polygon"
	show(b.size.Object(), brush || id == Quick)
	show(b.hardness.Object(), brush)
	show(b.paint, id == "brush")
	show(b.tolerance.Object(), id == "wand")
	show(b.contiguous, id == "wand")
	show(b.shape, shape || id == "wand" || id == Quick)
	show(b.line, id == Guide)
	hint := ""
	if id == Guide && b.ignored {
		hint = text.T("tool.guide.ignored")
	} else if !brush && id != "wand" {
		hint = text.T("tool." + id + ".hint")
	}
	color := theme.Secondary
	if b.editing != "" {
		hint, color = b.editing, theme.AccentText
	}
	b.hint.Colored(color).SetText(hint)
	show(b.hinted, hint != "")
	show(b.done, b.editing != "")
	show(b.note, b.editing == "")
	show(b.automatic, id == Move && b.drawn)
	b.root.Refresh()
}

// SetEditing says which mask is being painted on, with a button that ends that; "" is the next
// edit's.
func (b *OptionsBar) SetEditing(sentence string) {
	if b.editing != sentence {
		b.editing = sentence
		b.SetTool(b.id)
	}
}

// SetIgnored says in the place of the guide line's hint that no chosen service follows guide lines.
func (b *OptionsBar) SetIgnored(on bool) {
	if b.ignored != on {
		b.ignored = on
		b.SetTool(b.id)
	}
}

// SetDrawn shows whether the user drew the window that is sent, with a button that makes it
// automatic again.
func (b *OptionsBar) SetDrawn(on bool) {
	if b.drawn != on {
		b.drawn = on
		b.SetTool(b.id)
	}
}

// hideable is a widget or a container.
type hideable interface {
	Show()
	Hide()
}

func show(o hideable, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// SetSettings shows settings. A brush without a size leaves size and hardness
// as they are.
func (b *OptionsBar) SetSettings(s tool.Settings) {
	if s.Brush.Size > 0 {
		b.size.SetValue(s.Brush.Size)
		b.hardness.SetValue(s.Brush.Hardness * 100)
	}
	b.tolerance.SetValue(float64(s.Tolerance))
	b.contiguous.Select(pick(s.Contiguous, "yes", "no"))
	b.paint.Select(pick(s.Mode == tool.Subtract, "subtract", "add"))
	b.shape.Select(modes[s.Mode])
	b.line.Select(pick(s.Freehand, "freehand", "straight"))
}

// Settings returns the settings as they are shown.
func (b *OptionsBar) Settings() tool.Settings {
	var s tool.Settings
	s.Brush.Size, s.Brush.Hardness = b.size.Value(), b.hardness.Value()/100
	s.Tolerance = int(b.tolerance.Value())
	s.Contiguous = b.contiguous.Selected() == "yes"
	s.Freehand = b.line.Selected() == "freehand"
	mode := b.shape
	if b.id == "brush" || b.id == "eraser" {
		mode = b.paint
	}
	s.Mode = tool.Mode(slices.Index(modes[:], mode.Selected()))
	return s
}

// modes are the modes of tools, as the controls name them.
var modes = [...]string{tool.Add: "add", tool.Subtract: "subtract", tool.Intersect: "intersect"}

func pick(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

// changed keeps both add-or-subtract controls in step and calls OnChanged.
func (b *OptionsBar) changed() {
	s := b.Settings()
	b.SetSettings(s)
	if b.OnChanged != nil {
		b.OnChanged(s)
	}
}

// SetNote shows a remark at the right end, such as by how much the mask is grown.
func (b *OptionsBar) SetNote(s string) {
	b.note.SetText(s)
	b.root.Refresh()
}

// optionsGap is between the controls.
const optionsGap float32 = 12

// editingWidth is the room that the sliders leave for the mask's name.
const editingWidth float32 = 150

// barLayout places a row of controls. Where there is too little room for them
// the sliders become shorter, and the hint behind them is cut. The note
// is at the right end, and left out where the row needs the room; the button
// that ends painting on a result, which is in its place then, never is.
type barLayout struct{ bar *OptionsBar }

func (l barLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	row, hint, note := o[0].(*fyne.Container), l.bar.hinted, o[2]
	m := note.MinSize()
	room, editing := s.Width, l.bar.editing != ""
	if editing {
		room -= m.Width + theme.Gap
		l.shorten(row, room-editingWidth-optionsGap)
	} else {
		l.shorten(row, room)
	}
	row.Resize(s)
	row.Layout.Layout(row.Objects, s)
	used := row.MinSize().Width
	if hint.Visible() {
		used += optionsGap
		full := fyne.MeasureText(l.bar.hint.Text(), theme.LabelSize, fyne.TextStyle{}).Width
		high := hint.MinSize().Height
		hint.Resize(fyne.NewSize(max(0, min(full+1, room-used)), high))
		hint.Move(fyne.NewPos(used, (s.Height-high)/2))
		used += full
	}
	note.Resize(m)
	note.Move(fyne.NewPos(s.Width-m.Width, (s.Height-m.Height)/2))
	if fits := editing || used+theme.Gap+m.Width <= s.Width; fits != note.Visible() {
		show(note, fits)
	}
	l.bar.tellHidden(used+1 > room, editing || note.Visible())
}

// tellHidden puts what there is no room for into tooltips: the hint's end, and the note.
func (b *OptionsBar) tellHidden(cut, noted bool) {
	var lines []string
	if cut && b.hinted.Visible() {
		lines = append(lines, b.hint.Text())
	}
	if !noted {
		lines = append(lines, b.note.Text())
	}
	b.hinted.SetTip(strings.Join(lines, "\n"))
	b.titled.SetTip(b.hinted.Tip())
}

// shorten makes the sliders as short as the width demands. Where they can't be short enough it
// does without the tool's name, and they are as long as that allows.
func (l barLayout) shorten(row *fyne.Container, width float32) {
	var shown []*widgets.Range
	for _, r := range []*widgets.Range{l.bar.size, l.bar.hardness, l.bar.tolerance} {
		if r.Object().Visible() {
			shown = append(shown, r)
		}
	}
	name := optionsGap + l.bar.name.MinSize().Width
	// over is by how much the row is too wide, with the name or without it.
	over := func(named bool) float32 {
		wide := row.MinSize().Width
		switch shown := l.bar.titled.Visible(); {
		case named && !shown:
			wide += name
		case shown && !named:
			wide -= name
		}
		return wide - width
	}
	fit := func(named bool) bool {
		for _, r := range shown {
			r.Shorten(0)
		}
		if by := over(named); by > 0 {
			for _, r := range shown {
				r.Shorten(by / float32(len(shown)))
			}
		}
		return over(named) <= 0
	}
	named := fit(true)
	if !named {
		fit(false)
	}
	if named != l.bar.titled.Visible() {
		show(l.bar.titled, named)
	}
}

// MinSize asks for no width: a window narrower than the row still works.
func (barLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[0].MinSize().Height)
}
