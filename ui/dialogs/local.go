package dialogs

import (
	"slices"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// findLocal searches for services on this machine and offers those found.
func (d *settingsSheet) findLocal() {
	d.tests++
	number := d.tests
	d.looking = true
	d.stop.Show()
	d.say(text.T("dialog.find_local.running"), theme.Secondary)
	d.OnFindLocal(func(found []local.Found) {
		if number != d.tests {
			return
		}
		d.looking = false
		d.stop.Hide()
		if len(found) == 0 {
			d.say(text.T("dialog.find_local.none"), theme.Text)
			return
		}
		d.result.Hide()
		d.fit()
		d.offer(found)
	})
}

// offer lists what was found, to be added as connections; what can't be added comes last.
func (d *settingsSheet) offer(found []local.Found) {
	slices.SortStableFunc(found, func(a, b local.Found) int {
		switch {
		case a.Unfit == b.Unfit:
			return 0
		case a.Unfit:
			return 1
		}
		return -1
	})
	var items []*fyne.MenuItem
	for _, f := range found {
		key, do := "dialog.find_local.add", d.put(f.Connection)
		if f.Unfit {
			key, do = "dialog.find_local.unfit", func() {}
		}
		item := fyne.NewMenuItem(text.T(key, "Name", f.Program, "Address", f.Connection.BaseURL), do)
		item.Disabled = f.Unfit
		items = append(items, item)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.pick)
	widgets.NewMenu(fyne.NewMenu("", items...), d.window.Canvas()).ShowAtPosition(at.AddXY(0, theme.ControlHeight+2))
}
