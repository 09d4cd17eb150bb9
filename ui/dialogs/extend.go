package dialogs

import (
	"image"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Sides are pixels added on each side of the canvas.
type Sides struct{ Left, Top, Right, Bottom int }

// Zero reports whether nothing is added.
func (s Sides) Zero() bool { return s == Sides{} }

// Size returns the canvas's new size.
func (s Sides) Size(old image.Point) image.Point {
	return image.Pt(old.X+s.Left+s.Right, old.Y+s.Top+s.Bottom)
}

// SidesFor spreads the growth from old to size by where the picture stays: x
// and y are 0 for the left and top, 1 for the right and bottom, 0.5 for the middle.
// A smaller size adds nothing in that direction.
func SidesFor(old, size image.Point, x, y float64) Sides {
	dx, dy := max(0, size.X-old.X), max(0, size.Y-old.Y)
	left, top := int(math.Round(float64(dx)*x)), int(math.Round(float64(dy)*y))
	return Sides{Left: left, Top: top, Right: dx - left, Bottom: dy - top}
}

// Scaled returns old with both sides multiplied.
func Scaled(old image.Point, factor float64) image.Point {
	return image.Pt(int(math.Round(float64(old.X)*factor)), int(math.Round(float64(old.Y)*factor)))
}

// ToRatio returns the smallest size with the ratio w:h that old fits into.
func ToRatio(old image.Point, w, h int) image.Point {
	if old.X*h >= old.Y*w {
		return image.Pt(old.X, (old.X*h+w-1)/w)
	}
	return image.Pt((old.Y*w+h-1)/h, old.Y)
}

var (
	factors = []struct {
		label string
		by    float64
	}{{"1.25×", 1.25}, {"1.5×", 1.5}, {"2×", 2}}
	ratios = []struct {
		label string
		w, h  int
	}{
		{"1:1", 1, 1},
		{"5:4", 5, 4},
		{"4:3", 4, 3},
		{"3:2", 3, 2},
		{"16:9", 16, 9},
		{"21:9", 21, 9},
		{"4:5", 4, 5},
		{"3:4", 3, 4},
		{"2:3", 2, 3},
		{"9:16", 9, 16},
	}
)

// extend is the open dialog.
type extend struct {
	old       image.Point
	maxPixels int64
	fields    [4]*widgets.NumberField // left, top, right, bottom
	anchors   [9]*widgets.AnchorButton
	anchor    int
	ratio     [2]*widgets.NumberField
	final     [2]*widgets.NumberField // width and height of the new canvas
	target    image.Point             // of the last factor or ratio, or zero
	result    *widgets.Label
	sheet     *sheet
}

// AskExtend asks by how much a canvas of the given size is extended. The
// result has at most maxPixels pixels, unless that is 0.
func AskExtend(w fyne.Window, size image.Point, maxPixels int64, do func(Sides)) {
	d := &extend{old: size, maxPixels: maxPixels, anchor: 4, result: widgets.NewLabel("").Wrap().Colored(theme.Text)}
	body := d.build()
	d.sheet = newSheet(w, text.T("dialog.extend"), narrow, body, d.fields[0],
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.extend.do"), do: func() { do(d.sides()) }})
	for _, f := range d.fields {
		f.OnSubmit = d.sheet.press
	}
	d.show()
}

func (d *extend) build() fyne.CanvasObject {
	label := func(key string) *widgets.Label { return widgets.NewLabel(text.T(key)) }
	for i := range d.fields {
		d.fields[i] = widgets.NewNumberField(0, 32768, "").Bordered().Strict()
		d.fields[i].OnFault = d.show
		d.fields[i].OnChanged = func(float64) {
			d.target = image.Point{}
			d.show()
		}
	}
	by := widgets.Row(6)
	for _, f := range factors {
		by.Add(widgets.NewButton(f.label, "", widgets.Normal, func() { d.choose(Scaled(d.old, f.by)) }))
	}
	to := []*fyne.Container{widgets.Row(6), widgets.Row(6)}
	for i, r := range ratios {
		to[i/6].Add(widgets.NewButton(r.label, "", widgets.Normal, func() { d.aimRatio(r.w, r.h) }))
	}
	free, final := d.freeRatio(), d.finalSize()
	grid := container.NewGridWithColumns(3)
	for i := range d.anchors {
		d.anchors[i] = widgets.NewAnchorButton(func() {
			d.anchor = i
			if d.target == (image.Point{}) {
				d.target = d.sides().Size(d.old)
			}
			d.choose(d.target)
		})
		grid.Add(d.anchors[i])
	}
	side := func(key string, i int) fyne.CanvasObject { return widgets.Labeled(label(key), d.fields[i]) }
	sides := widgets.Column(theme.Gap,
		widgets.Halves(theme.Gap, side("dialog.extend.left", 0), side("dialog.extend.right", 2)),
		widgets.Halves(theme.Gap, side("dialog.extend.top", 1), side("dialog.extend.bottom", 3)))
	return widgets.Column(14,
		widgets.NewLabel(text.T("dialog.extend.note")).Wrap(),
		widgets.Halves(theme.Gap, widgets.Labeled(label("dialog.extend.by"), by), widgets.Labeled(label("dialog.extend.size"), final)),
		widgets.Labeled(label("dialog.extend.ratio"), widgets.Column(6, to[0], to[1])),
		widgets.Labeled(label("dialog.extend.free"), free),
		widgets.Beside(20, widgets.Labeled(label("dialog.extend.anchor"), widgets.Row(0, widgets.Sized(96, 96, grid))), sides),
		d.result)
}

// freeRatio are two fields for any ratio, and a button that swaps them.
func (d *extend) freeRatio() fyne.CanvasObject {
	field := func() *widgets.NumberField {
		f := widgets.NewNumberField(1, 100, "").Bordered().Strict()
		f.OnChanged = func(float64) { d.aim(ToRatio(d.old, int(d.ratio[0].Value()), int(d.ratio[1].Value()))) }
		f.OnFault = d.show
		f.OnSubmit = func() { d.sheet.press() }
		return f
	}
	d.ratio = [2]*widgets.NumberField{field(), field()}
	swap := widgets.NewButton(text.T("dialog.extend.swap"), "", widgets.Normal, func() { d.aimRatio(int(d.ratio[1].Value()), int(d.ratio[0].Value())) })
	return widgets.Row(6, d.ratio[0], widgets.NewText(":"), d.ratio[1], swap)
}

// finalSize are two fields for the size of the new canvas. What is less than the picture's adds nothing.
func (d *extend) finalSize() fyne.CanvasObject {
	for i, old := range []int{d.old.X, d.old.Y} {
		f := widgets.NewNumberField(1, 32768, "").Bordered().Strict()
		f.OnFault = d.show
		f.SetValue(float64(old))
		f.OnChanged = func(float64) { d.aim(image.Pt(int(d.final[0].Value()), int(d.final[1].Value()))) }
		f.OnSubmit = func() { d.sheet.press() }
		d.final[i] = f
	}
	return widgets.Row(6, d.final[0], widgets.NewText("×"), d.final[1])
}

// aimRatio extends to a ratio, which the fields for it show too.
func (d *extend) aimRatio(w, h int) {
	d.ratio[0].SetValue(float64(w))
	d.ratio[1].SetValue(float64(h))
	d.choose(ToRatio(d.old, w, h))
}

// numbers are all fields.
func (d *extend) numbers() []*widgets.NumberField {
	return slices.Concat(d.final[:], d.ratio[:], d.fields[:])
}

// choose extends to a size that a button stands for, in place of what can't be read in a field.
func (d *extend) choose(size image.Point) {
	for _, f := range d.numbers() {
		f.SetValue(f.Value())
	}
	d.aim(size)
}

func (d *extend) sides() Sides {
	v := func(i int) int { return int(d.fields[i].Value()) }
	return Sides{Left: v(0), Top: v(1), Right: v(2), Bottom: v(3)}
}

func (d *extend) aim(size image.Point) {
	d.target = size
	s := SidesFor(d.old, size, float64(d.anchor%3)/2, float64(d.anchor/3)/2)
	for i, v := range []int{s.Left, s.Top, s.Right, s.Bottom} {
		d.fields[i].SetValue(float64(v))
	}
	d.show()
}

// show writes the result and allows the action only where there is one.
func (d *extend) show() {
	for i, a := range d.anchors {
		a.SetSelected(i == d.anchor)
	}
	s := d.sides()
	size := s.Size(d.old)
	for i, v := range []int{size.X, size.Y} {
		if f := d.final[i]; f.Fault() == widgets.NoFault && (d.target == (image.Point{}) || v == []int{d.target.X, d.target.Y}[i]) { // what is being typed stays
			f.SetValue(float64(v))
		}
	}
	sentence := text.T("dialog.extend.result", "Width", d.old.X, "Height", d.old.Y, "NewWidth", size.X, "NewHeight", size.Y)
	usable := true
	fault := faultOf(d.numbers()...)
	switch {
	case fault != "":
		sentence, usable = fault, false
	case s.Zero():
		sentence, usable = text.T("dialog.extend.nothing"), false
	case d.maxPixels > 0 && int64(size.X)*int64(size.Y) > d.maxPixels:
		sentence, usable = sentence+"\n"+text.T("dialog.extend.too_large", "Limit", d.maxPixels/1_000_000), false
	}
	d.result.SetText(sentence)
	if d.sheet == nil {
		return
	}
	if usable {
		d.sheet.safe().Enable()
	} else {
		d.sheet.safe().Disable()
	}
	d.sheet.fit()
}
