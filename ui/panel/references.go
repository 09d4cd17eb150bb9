package panel

import (
	"image"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// previews returns the control for how many partial pictures are asked for.
func (m *moreOptions) previews(most int) fyne.CanvasObject {
	list := []widgets.Option{{ID: "0", Text: text.T("ui.previews.off")}}
	for n := 1; n <= most; n++ {
		list = append(list, widgets.Option{ID: strconv.Itoa(n), Text: strconv.Itoa(n)})
	}
	d := widgets.NewDropdown(list...)
	d.SetTip(text.T("ui.previews.tip"))
	m.watch(func() { d.Select(strconv.Itoa(min(m.value.Previews, most))) })
	d.OnChanged = func(id string) {
		m.value.Previews, _ = strconv.Atoi(id)
		m.tell()
	}
	return labeled("ui.previews", d)
}

// Reference is a further input picture.
type Reference struct {
	// Name is the picture's name, Number the number by which the prompt can refer to it.
	Name   string
	Number int
	// Thumb is a small picture, or nil.
	Thumb image.Image
}

// referenceList shows the further input pictures, and what can be done with them.
type referenceList struct {
	add, paste func()
	remove     func(i int)
	move       func(i, to int)
	mention    func(words string)

	root  *fyne.Container
	title *widgets.Label
	rows  *fyne.Container
	size  *widgets.Label
	adds  *widgets.Button
	most  int
	list  []Reference
	// dragged is the index of the row that is being dragged, or -1, and to where it would go;
	// mark shows that.
	dragged, to int
	mark        *widgets.Surface
}

func newReferenceList() *referenceList {
	l := &referenceList{
		title: widgets.NewLabel(""), rows: widgets.Column(4), size: widgets.NewLabel("").Wrap(), dragged: -1, mark: widgets.NewSurface(theme.Accent),
	}
	l.mark.Hide()
	l.adds = widgets.NewButton(text.T("ui.references.add"), "plus", widgets.Quiet, func() { run(l.add) })
	l.adds.SetTip(text.T("ui.references.tip"))
	paste := widgets.NewToolButton("paste", text.T("ui.references.paste"), func() { run(l.paste) }).Small()
	l.root = widgets.Column(4, l.title, container.NewStack(l.rows, container.NewWithoutLayout(l.mark)), l.size, widgets.Row(theme.Gap, l.adds, paste))
	l.setSize(0, 0)
	return l
}

func (l *referenceList) setMost(n int) {
	l.most = n
	l.title.SetText(text.T("ui.references", "Count", n))
	l.set(l.list)
}

// setSize sets the total size of the files and the most that each may have, in bytes; 0 is
// unknown.
func (l *referenceList) setSize(bytes, limit int64) {
	words := ""
	switch {
	case bytes > 0 && limit > 0:
		words = text.T("ui.references.size", "Have", megabytes(bytes), "Limit", limit/1_000_000)
	case bytes > 0:
		words = text.T("ui.references.size_alone", "Have", megabytes(bytes))
	}
	l.size.SetText(words)
	show(l.size, words != "")
}

func (l *referenceList) set(list []Reference) {
	l.list, l.dragged = list, -1
	l.mark.Hide()
	l.rows.RemoveAll()
	for i, r := range list {
		l.rows.Add(l.row(i, r))
	}
	show(l.rows, len(list) > 0)
	if len(list) < l.most {
		l.adds.Enable()
	} else {
		l.adds.Disable()
	}
}

// row is one reference: a press on its number puts that into the prompt.
func (l *referenceList) row(i int, r Reference) fyne.CanvasObject {
	words := text.T("ui.references.number", "Number", r.Number)
	number := widgets.NewButton(words, "", widgets.Quiet, func() { call(l.mention, words) })
	number.SetTip(text.T("ui.references.mention_tip"))
	up := widgets.NewToolButton("chevron-up", text.T("ui.references.up"), func() { l.move(i, i-1) }).Small()
	down := widgets.NewToolButton("chevron-down", text.T("ui.references.down"), func() { l.move(i, i+1) }).Small()
	show(up, i > 0)
	show(down, i+1 < len(l.list))
	remove := widgets.NewToolButton("close", text.T("ui.references.remove"), func() { call(l.remove, i) }).Small()
	thumb := widgets.NewPicture(32)
	thumb.SetImage(r.Thumb)
	name := widgets.NewText(r.Name).Cut()
	left := widgets.Row(6, thumb, number)
	return newReferenceRow(l, i, container.NewBorder(nil, nil, left, widgets.Row(0, up, down, remove), widgets.Column(0, nil, name, nil)))
}

// referenceRow is one reference, which can be dragged to another place.
type referenceRow struct {
	widget.BaseWidget
	l       *referenceList
	i       int
	content fyne.CanvasObject
}

func newReferenceRow(l *referenceList, i int, content fyne.CanvasObject) *referenceRow {
	r := &referenceRow{l: l, i: i, content: content}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *referenceRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

// Dragged shows where the row would go.
func (r *referenceRow) Dragged(e *fyne.DragEvent) { r.l.dragTo(r.i, r.Position().Y+e.Position.Y) }

// DragEnd puts it there.
func (r *referenceRow) DragEnd() { r.l.drop() }

// dragTo shows where a row would go that is dragged to a height within the list.
func (l *referenceList) dragTo(i int, y float32) {
	l.dragged, l.to = i, 0
	line := float32(0)
	for k, o := range l.rows.Objects {
		bottom := o.Position().Y + o.Size().Height
		if k != i && y > o.Position().Y+o.Size().Height/2 {
			l.to++
			line = bottom
		}
	}
	l.mark.Resize(fyne.NewSize(l.rows.Size().Width, 2))
	l.mark.Move(fyne.NewPos(0, max(0, line)))
	l.mark.Show()
}

// drop puts the row that is dragged where it would go.
func (l *referenceList) drop() {
	i := l.dragged
	l.dragged = -1
	l.mark.Hide()
	if i >= 0 && i != l.to && l.move != nil {
		l.move(i, l.to)
	}
}
