package dialogs

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Usage shows what was spent, day by day or month by month.
type Usage struct {
	// Fetch passes the totals, the latest first, to tell, later and on Fyne's goroutine.
	Fetch func(by history.Period, tell func([]history.Total))
	// Name returns a connection's name, "" for one that was removed.
	Name func(connection string) string
}

// ShowUsage opens the dialog.
func ShowUsage(w fyne.Window, u Usage) {
	var totals []history.Total
	asked := 0 // counts questions, so that an old answer is known
	empty := widgets.NewLabel("").Align(fyne.TextAlignCenter)
	list := newList(func() int { return len(totals) },
		func() fyne.CanvasObject { return newUsageRow() },
		func(i int, o fyne.CanvasObject) { o.(*usageRow).set(totals[i], u.Name) }, func(int) {})
	fetch := func(by string) {
		period := history.ByDay
		if by == "month" {
			period = history.ByMonth
		}
		asked++
		number := asked
		totals = nil
		list.Refresh()
		empty.SetText(text.T("dialog.loading"))
		u.Fetch(period, func(t []history.Total) {
			if number != asked {
				return
			}
			totals = t
			empty.SetText("")
			if len(t) == 0 {
				empty.SetText(text.T("dialog.usage.none"))
			}
			list.Refresh()
		})
	}
	by := widgets.NewDropdown(widgets.Option{ID: "day", Text: text.T("dialog.usage.day")}, widgets.Option{ID: "month", Text: text.T("dialog.usage.month")})
	by.OnChanged = fetch
	head := newUsageRow()
	head.words(text.T("dialog.usage.period"), text.T("dialog.connection"), text.T("dialog.usage.count"), text.T("dialog.usage.tokens"), text.T("dialog.usage.cost"))
	table := container.NewBorder(head, nil, nil, nil, container.NewStack(list, widgets.Column(0, nil, empty, nil)))
	high := max(200, min(420, w.Canvas().Size().Height-300))
	body := widgets.Column(12, widgets.Row(0, widgets.Sized(140, 0, by)), widgets.Sized(0, high, table),
		widgets.NewLabel(text.T("dialog.usage.note")).Wrap())
	newSheet(w, text.T("dialog.usage"), wide+40, body, nil, action{label: text.T("dialog.close")})
	fetch("day")
}

// usageRow is a line of the table.
type usageRow struct {
	widget.BaseWidget
	cells [5]*widgets.Label
}

func newUsageRow() *usageRow {
	r := &usageRow{}
	for i := range r.cells {
		r.cells[i] = widgets.NewLabel("").Cut()
		if i >= 2 {
			r.cells[i].Align(fyne.TextAlignTrailing)
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *usageRow) CreateRenderer() fyne.WidgetRenderer {
	row := &fyne.Container{Layout: usageLayout{}}
	for _, c := range r.cells {
		row.Objects = append(row.Objects, c)
	}
	return widget.NewSimpleRenderer(row)
}

func (r *usageRow) words(words ...string) {
	for i, s := range words {
		r.cells[i].SetText(s)
	}
}

func (r *usageRow) set(t history.Total, name func(string) string) {
	who := name(t.Connection)
	if who == "" {
		who = text.T("dialog.usage.removed")
	}
	pictures := fmt.Sprint(t.Pictures)
	if t.Uncertain > 0 {
		pictures += fmt.Sprintf(" (+%d?)", t.Uncertain)
	}
	tokens := ""
	if n := t.Usage["total_tokens"]; n > 0 {
		tokens = fmt.Sprint(n)
	}
	for _, c := range r.cells {
		c.Colored(theme.Text)
	}
	r.words(t.Period, who, pictures, tokens, costText(t))
}

func costText(t history.Total) string {
	if t.Cost == 0 {
		return "–"
	}
	return settings.Money(t.Cost, t.Currency)
}

// usageLayout gives the cells of a line their parts of the width.
type usageLayout struct{}

var usageParts = [5]float32{0.18, 0.34, 0.16, 0.16, 0.16}

func (usageLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const pad = 8
	x := float32(pad)
	for i, c := range o {
		width := (s.Width - 2*pad) * usageParts[i]
		high := c.MinSize().Height
		c.Resize(fyne.NewSize(width-4, high))
		c.Move(fyne.NewPos(x, (s.Height-high)/2))
		x += width
	}
}

func (usageLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(320, theme.ControlHeight)
}

// TotalsText returns totals in one line: the number of pictures and their cost in each
// currency.
func TotalsText(totals []history.Total) string {
	pictures, order, sums := 0, []string{}, map[string]int64{}
	for _, t := range totals {
		pictures += t.Pictures
		if _, ok := sums[t.Currency]; !ok {
			order = append(order, t.Currency)
		}
		sums[t.Currency] += t.Cost
	}
	parts := []string{text.N("dialog.usage.pictures", pictures)}
	for _, currency := range order {
		if sums[currency] > 0 {
			parts = append(parts, settings.Money(sums[currency], currency))
		}
	}
	return strings.Join(parts, text.T("dialog.usage.and"))
}
