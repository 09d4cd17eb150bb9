package dialogs

import (
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// historyPage is how many entries are fetched at once.
const historyPage = 60

// History is what the dialog needs to show the history. Functions with a tell parameter may
// call it later, on Fyne's goroutine.
type History struct {
	// Connections are those to filter by.
	Connections []widgets.Option
	// Selected is the ID of the entry selected first, 0 for the newest.
	Selected int64
	// List fetches entries, the newest first.
	List func(f history.Filter, tell func([]history.Item))
	// Thumbnail fetches a thumbnail of a file of the history, or nil.
	Thumbnail func(hash string, tell func(image.Image))
	// Totals says in one line what was spent.
	Totals func(tell func(string))
	// OnUsage is called when the spending by day is to be shown.
	OnUsage func()
	// OnFavourite marks an entry as a favourite, or removes the mark.
	OnFavourite func(id int64, on bool)
	// OnReuse, OnReopen and OnAgain are called for actions on an entry, after the dialog was
	// closed.
	OnReuse, OnReopen, OnAgain func(history.Item)
	// OnSave is called when a variant's picture is to be saved.
	OnSave func(history.Item, history.Variant)
	// OnReference is called when a variant's picture is to be a reference of the next edit,
	// after the dialog was closed. It may be nil.
	OnReference func(history.Item, history.Variant)
	// OnRecipe is called when an entry's edit is to be saved as a recipe.
	OnRecipe func(history.Item)
	// OnFetch makes variants of an entry's stored answers, after the dialog was closed.
	OnFetch func(history.Item)
	// OnDelete deletes an entry and calls done when it is gone.
	OnDelete func(id int64, done func())
}

// ShowHistory opens the dialog. changed fetches the entries again, for when the history has
// changed; it does nothing once the dialog is closed.
func ShowHistory(w fyne.Window, h History) (changed func()) {
	d := &historySheet{History: h, window: w, now: time.Now}
	d.thumbs = &thumbs{load: h.Thumbnail, arrived: d.arrived}
	d.build()
	d.sheet = newSheet(w, text.T("dialog.history"), 940, d.body, d.search, action{label: text.T("dialog.close")})
	d.reload()
	return d.changed
}

// historySheet is the open dialog.
type historySheet struct {
	History
	window fyne.Window
	sheet  *sheet
	now    func() time.Time
	thumbs *thumbs

	body       fyne.CanvasObject
	search     *widgets.Field
	connection *widgets.Dropdown
	period     *widgets.Dropdown
	favourites *widgets.Check
	list       *list
	empty      *widgets.Label
	details    *historyDetails
	totals     *widgets.Label

	items  []history.Item
	shown  int64 // the entry whose details are shown
	asked  int   // counts questions, so that an old answer is known
	ended  bool  // there are no more entries than items
	asking bool  // for a further page
}

func (d *historySheet) build() {
	d.search = widgets.NewField()
	d.search.PlaceHolder = text.T("dialog.history.search")
	d.search.OnChanged = func(string) { d.reload() }
	d.connection = widgets.NewDropdown(append([]widgets.Option{{ID: "", Text: text.T("dialog.history.all")}}, d.Connections...)...)
	d.connection.OnChanged = func(string) { d.reload() }
	var periods []widgets.Option
	for _, p := range []string{"any", "today", "week", "month"} {
		periods = append(periods, widgets.Option{ID: p, Text: text.T("dialog.history." + p)})
	}
	d.period = widgets.NewDropdown(periods...)
	d.period.OnChanged = func(string) { d.reload() }
	d.favourites = widgets.NewCheck(text.T("dialog.history.favourites"), func(bool) { d.reload() })
	choices := widgets.Row(theme.Gap, widgets.Sized(150, 0, d.connection), widgets.Sized(130, 0, d.period), d.favourites)
	top := container.NewBorder(nil, nil, nil, choices, widgets.Pad(0, theme.Gap, 0, 0, d.search))

	d.list = newList(func() int { return len(d.items) },
		func() fyne.CanvasObject { return newHistoryRow() }, d.update, func(i int) { d.show(d.items[i].ID) })
	d.empty = widgets.NewLabel("").Wrap().Align(fyne.TextAlignCenter)
	d.details = newHistoryDetails(d)
	left := container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(2, 2, 2, 2, d.list),
		widgets.Column(0, nil, widgets.Pad(0, 24, 0, 24, d.empty), nil))
	middle := &splitLayout{left: 0.42, gap: 12}
	d.totals = widgets.NewLabel("").Cut()
	usage := widgets.NewButton(text.T("dialog.usage.show"), "", widgets.Link, func() {
		if d.OnUsage != nil {
			d.OnUsage()
		}
	})
	bottom := container.NewBorder(nil, nil, nil, usage, widgets.Column(0, nil, d.totals, nil))
	high := max(320, min(760, d.window.Canvas().Size().Height-250))
	d.body = widgets.Column(12, top, widgets.Sized(0, high, container.New(middle, left, d.details.root)), bottom)
}

// filter returns the filter that the user has set.
func (d *historySheet) filter() history.Filter {
	f := history.Filter{Text: d.search.Text, Connection: d.connection.Selected(), Favourites: d.favourites.Checked(), Limit: historyPage}
	y, m, day := d.now().Date()
	today := time.Date(y, m, day, 0, 0, 0, 0, time.Local)
	switch d.period.Selected() {
	case "today":
		f.From = today
	case "week":
		f.From = today.AddDate(0, 0, -6)
	case "month":
		f.From = today.AddDate(0, 0, -29)
	}
	return f
}

// changed fetches as many entries again as were fetched, and keeps the scroll position.
func (d *historySheet) changed() {
	if d.sheet.closed {
		return
	}
	filter, offset := d.filter(), d.list.GetScrollOffset()
	filter.Limit = max(historyPage, len(d.items))
	d.fetch(filter, func() { d.list.ScrollToOffset(offset) })
}

// reload fetches the entries for the current filter.
func (d *historySheet) reload() { d.fetch(d.filter(), func() {}) }

func (d *historySheet) fetch(filter history.Filter, then func()) {
	d.asked++
	number := d.asked
	if d.Totals != nil {
		d.Totals(d.totals.SetText)
	}
	if len(d.items) == 0 {
		d.empty.SetText(text.T("dialog.loading"))
	}
	d.List(filter, func(items []history.Item) {
		if number != d.asked {
			return
		}
		d.items, d.ended, d.asking = items, len(items) < filter.Limit, false
		d.empty.SetText("")
		if len(items) == 0 {
			key := "dialog.history.none"
			if filter.Text != "" || filter.Connection != "" || filter.Favourites || !filter.From.IsZero() {
				key = "dialog.history.no_match"
			}
			d.empty.SetText(text.T(key))
		}
		d.list.UnselectAll()
		d.list.Refresh()
		d.choose()
		then()
	})
}

// choose selects the entry that was selected before, or Selected, or else the newest.
func (d *historySheet) choose() {
	if d.Selected != 0 {
		d.shown, d.Selected = d.Selected, 0
	}
	i := slices.IndexFunc(d.items, func(i history.Item) bool { return i.ID == d.shown })
	switch {
	case i >= 0:
	case len(d.items) > 0:
		i = 0
	default:
		d.show(0)
		return
	}
	d.list.Select(i)
	d.show(d.items[i].ID)
}

// more fetches the next page.
func (d *historySheet) more() {
	if d.ended || d.asking || len(d.items) == 0 {
		return
	}
	d.asking = true
	number, filter := d.asked, d.filter()
	filter.Before = d.items[len(d.items)-1].ID
	d.List(filter, func(items []history.Item) {
		if number != d.asked {
			return
		}
		d.items, d.ended, d.asking = append(d.items, items...), len(items) < historyPage, false
		d.list.Refresh()
	})
}

// update fills a row of the list.
func (d *historySheet) update(i int, o fyne.CanvasObject) {
	if i >= len(d.items) {
		return
	}
	if i >= len(d.items)-historyPage/3 {
		d.more()
	}
	item := d.items[i]
	o.(*historyRow).set(item, d.thumbs.get(cover(item)))
}

// cover returns the file that stands for an entry: its first variant, or else the edited
// picture.
func cover(i history.Item) string {
	if len(i.Variants) > 0 {
		return i.Variants[0].File
	}
	return i.Canvas
}

// arrived shows a thumbnail wherever it belongs.
func (d *historySheet) arrived(hash string) {
	for i, item := range d.items {
		if cover(item) == hash {
			d.list.RefreshItem(i)
		}
	}
	d.details.arrived()
}

func (d *historySheet) show(id int64) {
	d.shown = id
	i := slices.IndexFunc(d.items, func(i history.Item) bool { return i.ID == id })
	if i < 0 {
		d.details.set(nil)
		return
	}
	item := d.items[i]
	d.details.set(&item)
}

// favourite marks the shown entry, or takes the mark away.
func (d *historySheet) favourite(id int64, on bool) {
	for i := range d.items {
		if d.items[i].ID == id {
			d.items[i].Favourite = on
			d.list.RefreshItem(i)
		}
	}
	if d.OnFavourite != nil {
		d.OnFavourite(id, on)
	}
}

// leave closes the dialog, then does what the user chose.
func (d *historySheet) leave(do func(history.Item), i history.Item) {
	d.sheet.close()
	if do != nil {
		do(i)
	}
}

func (d *historySheet) remove(id int64) {
	Confirm(d.window, text.T("dialog.history.delete"), text.T("dialog.history.delete_text"), text.T("dialog.history.delete_do"), func() {
		d.OnDelete(id, func() {
			i := slices.IndexFunc(d.items, func(i history.Item) bool { return i.ID == id })
			if i >= 0 {
				d.items = slices.Delete(d.items, i, i+1)
			}
			d.reload()
		})
	})
}

// splitLayout gives the left of two objects a part of the width.
type splitLayout struct{ left, gap float32 }

func (l *splitLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := float32(int(s.Width * l.left))
	o[0].Resize(fyne.NewSize(left, s.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(s.Width-left-l.gap, s.Height))
	o[1].Move(fyne.NewPos(left+l.gap, 0))
}

func (l *splitLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width+l.gap+o[1].MinSize().Width, max(o[0].MinSize().Height, o[1].MinSize().Height))
}
