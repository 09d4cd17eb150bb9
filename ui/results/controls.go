package results

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// controls change the chosen result. There is one set of them, under its row.
type controls struct {
	id               int64
	opacity, feather *slider
	counts           *slider
	match            *widgets.Check
	align, keep      *widgets.Check
	sharpen, grain   *widgets.Check
	enlarged         bool // they are shown
	details          *widgets.Label
	kept             bool // the slider of how much counts is shown
	mask, mix, swap  *widgets.Button
	again            *widgets.Button
	buttons          *fyne.Container
}

// mostFeather is the largest feather, in pixels of the picture.
const mostFeather = 128

func newControls(l *List) *controls {
	c := &controls{}
	c.opacity = newSlider("result.opacity", 100, "%", func(v float64, done bool) {
		if l.do.Opacity != nil {
			l.do.Opacity(c.id, v/100, done)
		}
	})
	c.feather = newSlider("result.feather", mostFeather, " px", func(v float64, done bool) {
		if l.do.Feather != nil {
			l.do.Feather(c.id, int(v), done)
		}
	})
	c.counts = newSlider("result.counts", 100, "%", func(v float64, done bool) {
		if l.do.Counts != nil {
			l.do.Counts(c.id, v/50-1, done)
		}
	})
	check := func(key string, f *func(int64, bool)) *widgets.Check {
		k := widgets.NewCheck(text.T(key), func(on bool) {
			if *f != nil {
				(*f)(c.id, on)
			}
		})
		k.SetTip(text.T(key + ".tip"))
		return k
	}
	c.match, c.align, c.keep = check("result.match", &l.do.Match), check("result.align", &l.do.Align), check("result.keep_more", &l.do.KeepMore)
	c.sharpen, c.grain = check("result.sharpen", &l.do.Sharpen), check("result.grain", &l.do.Grain)
	c.details = widgets.NewLabel("").Wrap().MaxLines(4)
	button := func(key string, f *func(int64)) *widgets.Button {
		b := widgets.NewButton(text.T(key), "", widgets.Normal, func() {
			if *f != nil {
				(*f)(c.id)
			}
		})
		b.SetTip(text.T(key + ".tip"))
		return b
	}
	c.mask = button("results.edit_mask", &l.do.EditMask)
	c.mix = button("results.mix", &l.do.Mix)
	c.swap = button("results.swap", &l.do.Swap)
	c.again = button("result.mask", &l.do.ReuseMask)
	c.buttons = container.New(&wrapLayout{}, c.mask, c.mix, c.swap, c.again)
	return c
}

func (c *controls) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{c.opacity.root, c.feather.root, c.match, c.align, c.sharpen, c.grain, c.keep, c.counts.root, c.details, c.buttons}
}

func (c *controls) show(on bool) {
	for _, o := range c.objects() {
		if on && (o != c.counts.root || c.kept) && (o != c.sharpen && o != c.grain || c.enlarged) {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

func (c *controls) set(r *Result) {
	c.id = r.ID
	c.opacity.set(r.Opacity * 100)
	c.feather.set(float64(r.Feather))
	c.counts.set((r.Counts + 1) * 50)
	c.match.SetChecked(r.Match)
	c.align.SetChecked(r.Align)
	c.sharpen.SetChecked(r.Sharpen)
	c.grain.SetChecked(r.Grain)
	c.enlarged = r.Enlarged
	c.keep.SetChecked(r.KeepMore)
	c.kept = r.KeepMore
	c.details.SetText(r.Details)
	style := map[bool]widgets.Style{false: widgets.Normal, true: widgets.Outlined}
	c.mask.SetStyle(style[r.MaskEdited])
	c.mix.SetStyle(style[r.Mixed])
	for _, b := range []*widgets.Button{c.mix, c.swap} {
		if r.Variants > 1 {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	c.mix.SetTip(text.T("results.mix.tip"))
	c.swap.SetTip(text.T("results.swap.tip"))
	if r.Variants < 2 {
		c.mix.SetTip(text.T("results.one_variant"))
		c.swap.SetTip(text.T("results.one_variant"))
	}
}

const lineHigh = float32(24)

// height returns the height of the controls.
func (c *controls) height() float32 {
	h := 5*lineHigh + 6 + c.told() + c.buttons.MinSize().Height + theme.Gap
	if c.kept {
		h += lineHigh
	}
	if c.enlarged {
		h += 2 * lineHigh
	}
	return h
}

// told is how much room the details take.
func (c *controls) told() float32 {
	if c.details.Text() == "" {
		return 0
	}
	return c.details.MinSize().Height + 4
}

func (c *controls) place(y, width float32) {
	put := func(o fyne.CanvasObject, h float32) {
		o.Move(fyne.NewPos(theme.Gap, y))
		o.Resize(fyne.NewSize(width-2*theme.Gap, h))
		y += h
	}
	labels := float32(0)
	for _, s := range []*slider{c.opacity, c.feather, c.counts} {
		labels = max(labels, s.label.MinSize().Width)
	}
	for _, s := range []*slider{c.opacity, c.feather, c.counts} {
		s.layout.labels = labels
	}
	put(c.opacity.root, lineHigh)
	put(c.feather.root, lineHigh)
	put(c.match, lineHigh)
	put(c.align, lineHigh)
	if c.enlarged {
		put(c.sharpen, lineHigh)
		put(c.grain, lineHigh)
	}
	put(c.keep, lineHigh)
	if c.kept {
		put(c.counts.root, lineHigh)
	}
	c.details.Resize(fyne.NewSize(width-2*theme.Gap, c.details.Size().Height))
	put(c.details, c.told())
	y += 6
	put(c.buttons, c.buttons.MinSize().Height)
}

// slider is a line of label, slider and number.
type slider struct {
	root   *fyne.Container
	label  *widgets.Label
	knob   *widgets.Slider
	field  *widgets.NumberField
	layout *lineLayout
}

func newSlider(key string, most float64, unit string, changed func(v float64, done bool)) *slider {
	s := &slider{
		label: widgets.NewLabel(text.T(key)), knob: widgets.NewSlider(0, most, false),
		field: widgets.NewNumberField(0, most, unit), layout: &lineLayout{},
	}
	s.knob.SetTip(text.T(key + ".tip"))
	s.knob.OnChanged = func(v float64) {
		s.field.SetValue(v)
		changed(v, false)
	}
	s.knob.OnEnded = func(v float64) { changed(v, true) }
	s.field.OnChanged = func(v float64) {
		s.knob.SetValue(v)
		changed(v, true)
	}
	s.root = container.New(s.layout, s.label, s.knob, s.field)
	return s
}

func (s *slider) set(v float64) {
	s.knob.SetValue(v)
	s.field.SetValue(v)
}

// lineLayout gives the slider what label and number leave.
type lineLayout struct{ labels float32 }

func (l *lineLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(160, lineHigh) }

func (l *lineLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	number := o[2].MinSize().Width
	x := l.labels + theme.Gap
	place := func(o fyne.CanvasObject, x, w, h float32) {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
	}
	place(o[0], 0, l.labels, lineHigh)
	place(o[1], x, max(28, s.Width-x-number-theme.Gap), theme.ControlHeight)
	place(o[2], s.Width-number, number, theme.ControlHeight)
}

// wrapLayout puts buttons side by side, with the last ones below where the panel
// is too narrow.
type wrapLayout struct{ width float32 }

const buttonGap = float32(6)

func (l *wrapLayout) flow(o []fyne.CanvasObject, put func(o fyne.CanvasObject, x, y float32)) (high float32) {
	x, y := float32(0), float32(0)
	for _, b := range o {
		m := b.MinSize()
		if x > 0 && l.width > 0 && x+m.Width > l.width {
			x, y = 0, y+m.Height+buttonGap
		}
		put(b, x, y)
		x += m.Width + buttonGap
		high = y + m.Height
	}
	return high
}

func (l *wrapLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(80, l.flow(o, func(fyne.CanvasObject, float32, float32) {}))
}

func (l *wrapLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.flow(o, func(b fyne.CanvasObject, x, y float32) {
		b.Resize(b.MinSize())
		b.Move(fyne.NewPos(x, y))
	})
}
