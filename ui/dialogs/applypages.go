package dialogs

import (
	"image"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// buildChoose makes the page with the choices.
func (d *ApplySheet) buildChoose() *fyne.Container {
	button := func(key string, do func()) *widgets.Button {
		return widgets.NewButton(text.T(key), "", widgets.Normal, do)
	}
	named := func(key string, o fyne.CanvasObject) *fyne.Container {
		return widgets.Labeled(widgets.NewLabel(text.T(key)), o)
	}
	beside := func(o, button fyne.CanvasObject) fyne.CanvasObject {
		return container.NewBorder(nil, nil, nil, widgets.Pad(0, 0, 0, theme.Gap, button), o)
	}
	d.recipe, d.prompt = widgets.NewText("").Cut(), widgets.NewLabel("").Cut()
	d.service = widgets.NewDropdown(d.Services...)
	d.service.OnChanged = func(id string) { d.tell(func() { d.Service(id) }) }
	d.model = widgets.NewCombo(text.T("ui.model.placeholder"))
	d.model.OnChanged = func(m string) { d.tell(func() { d.Model(m) }) }
	d.modelBox = named("apply.model", d.model)
	d.out = widgets.NewField()
	d.out.OnEnded = func(path string) { d.tell(func() { d.Out(path) }) }
	d.atOnce = widgets.NewStepper(1, 64)
	d.atOnce.SetTip(text.T("apply.at_once.tip"))
	d.atOnce.OnChanged = func(n int) { d.tell(func() { d.AtOnce(n) }) }
	d.deep = widgets.NewCheck(text.T("apply.deep"), func(on bool) { d.tell(func() { d.Deep(on) }) })
	d.count, d.clear = widgets.NewText("").Cut(), button("apply.clear", d.Clear)
	add := widgets.Row(theme.Gap, button("apply.pictures.add", d.AddPictures), button("apply.folder", d.AddFolder), d.clear)
	return widgets.Column(12,
		named("apply.recipe", beside(widgets.Column(2, d.recipe, d.prompt), widgets.Column(0, nil, button("apply.change", d.Recipe), nil))),
		widgets.Halves(theme.Gap, named("apply.service", d.service), d.modelBox),
		beside(named("apply.out", beside(d.out, button("apply.change", d.ChooseOut))), widgets.Sized(110, 0, named("apply.at_once", d.atOnce))),
		beside(widgets.Column(2, nil, d.count, d.deep, nil), widgets.Column(0, nil, add, nil)))
}

// showChoice shows what was chosen. What is being typed stays, unless another text was
// chosen than was shown before.
func (d *ApplySheet) showChoice(before Applying) {
	now := d.now
	d.recipe.SetText(plain.Line(now.Recipe, 120))
	d.prompt.SetText(plain.Line(now.Prompt, 200))
	show(d.prompt, now.Prompt != "")
	d.service.Select(now.Connection)
	d.model.SetSuggestions(now.Models)
	if now.Model != before.Model {
		d.model.SetText(now.Model)
	}
	show(d.modelBox, now.Connection != d.Services[0].ID)
	if now.Out != before.Out {
		d.out.SetText(now.Out)
	}
	d.atOnce.SetValue(now.AtOnce)
	d.deep.SetChecked(now.Deep)
	d.count.SetText(text.N("apply.pictures.count", len(now.Rows)))
	setAble(d.clear, len(now.Rows) > 0)
}

// buildWork makes the page with the run's progress.
func (d *ApplySheet) buildWork() *fyne.Container {
	d.progress, d.bar = widgets.NewText("").Cut(), widgets.NewProgress()
	return widgets.Column(8, d.progress, d.bar)
}

// newApplyRow makes an empty row of the list: name, how far it is, and why.
func newApplyRow() fyne.CanvasObject {
	name, state, reason := widgets.NewText("").Cut(), widgets.NewLabel(""), widgets.NewLabel("").Cut()
	top := container.NewBorder(nil, nil, nil, widgets.Pad(0, 0, 0, theme.Gap, state), name)
	return widgets.Pad(4, 10, 4, 8, widgets.Column(2, top, reason))
}

// update fills a row.
func (d *ApplySheet) update(i int, o fyne.CanvasObject) {
	if i >= len(d.now.Rows) {
		return
	}
	row := d.now.Rows[i]
	column := o.(*fyne.Container).Objects[0].(*fyne.Container)
	top := column.Objects[0].(*fyne.Container)
	name, state := top.Objects[0].(*widgets.Label), top.Objects[1].(*fyne.Container).Objects[0].(*widgets.Label)
	name.SetText(plain.Line(filepath.Base(row.Path), 120))
	state.SetText(joined(row.State, row.Cost))
	state.Colored(theme.Secondary)
	if row.Bad {
		state.Colored(theme.Warning)
	}
	reason := row.Reason
	if reason == "" {
		reason = filepath.Dir(row.Path)
	}
	column.Objects[1].(*widgets.Label).SetText(plain.Line(reason, 200))
	o.Refresh()
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// pick shows the full reason of the chosen row.
func (d *ApplySheet) pick() {
	reason := ""
	if i := d.rows.chosen; i >= 0 && i < len(d.now.Rows) {
		reason = d.now.Rows[i].Reason
	}
	if d.picked.Text() != reason {
		d.picked.SetText(reason)
		if d.sheet != nil {
			d.sheet.fit()
		}
	}
	show(d.picked, reason != "")
	show(d.price, d.now.Page == ApplyChoose && d.now.Price != "")
	show(d.reason, d.now.Page != ApplyReview && d.now.Reason != "")
}

// lookAt is a picture in a review, whole and at its aspect ratio.
type lookAt struct {
	img  *canvas.Image
	root fyne.CanvasObject
}

func newLookAt(title string, high float32) *lookAt {
	l := &lookAt{img: canvas.NewImageFromImage(nil)}
	l.img.FillMode = canvas.ImageFillContain
	l.root = widgets.Column(4, widgets.NewLabel(title),
		widgets.Sized(0, high, container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(1, 1, 1, 1, l.img))))
	return l
}

func (l *lookAt) set(img image.Image) {
	if l.img.Image != img {
		l.img.Image = img
		l.img.Refresh()
	}
}

// buildReview makes the page with a result beside the original.
func (d *ApplySheet) buildReview(high float32) *fyne.Container {
	d.name = widgets.NewText("").Cut()
	d.previous = widgets.NewToolButton("chevron-left", text.T("apply.previous"), func() { d.Step(false) })
	d.next = widgets.NewToolButton("chevron-right", text.T("apply.next"), func() { d.Step(true) })
	d.before, d.after = newLookAt(text.T("apply.before"), high), newLookAt(text.T("apply.after"), high)
	return widgets.Column(8,
		container.NewBorder(nil, nil, nil, widgets.Row(4, d.previous, d.next), widgets.Column(0, nil, d.name, nil)),
		widgets.Halves(theme.Gap, d.before.root, d.after.root))
}

func (d *ApplySheet) showReview() {
	now := d.now
	d.name.SetText(text.T("apply.review.at", "Number", now.Number, "Count", now.Results, "Name", plain.Line(now.Name, 120)))
	var before, after image.Image // a typed nil would not equal nil
	if now.Before != nil {
		before = now.Before
	}
	if now.After != nil {
		after = now.After
	}
	d.before.set(before)
	d.after.set(after)
	if now.Number <= 1 {
		d.previous.Disable()
	} else {
		d.previous.Enable()
	}
	if now.Number >= now.Results {
		d.next.Disable()
	} else {
		d.next.Enable()
	}
}
