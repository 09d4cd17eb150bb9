package dialogs

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// historyRow is an entry in the list.
type historyRow struct {
	widget.BaseWidget
	picture               *widgets.Picture
	prompt, when, outcome *widgets.Label
	star                  *widgets.Icon
	content               fyne.CanvasObject
}

func newHistoryRow() *historyRow {
	r := &historyRow{
		picture: widgets.NewPicture(56), prompt: widgets.NewText("").Cut(), when: widgets.NewLabel("").Cut(),
		outcome: widgets.NewLabel("").Cut(), star: widgets.NewIcon("star-on", 14, theme.Secondary),
	}
	words := widgets.Column(3, r.prompt, r.when, r.outcome)
	r.content = widgets.Pad(6, 10, 6, 8, widgets.Beside(10, r.picture, words))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *historyRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Layout: &cornerLayout{}, Objects: []fyne.CanvasObject{r.content, r.star}})
}

func (r *historyRow) set(i history.Item, thumb image.Image) {
	r.picture.SetImage(thumb)
	r.prompt.SetText(promptText(i))
	r.when.SetText(strings.Join([]string{i.Created.Format("2006-01-02 15:04"), connectionName(i)}, " · "))
	sentence, bad := outcome(i)
	if cost := entryCost(i); cost != "" && !bad {
		sentence += " · " + cost
	}
	r.outcome.SetText(sentence)
	r.outcome.Colored(theme.Secondary)
	if bad {
		r.outcome.Colored(theme.Warning)
	}
	r.star.Hidden = !i.Favourite
	r.Refresh()
}

// promptText returns the prompt in one line.
func promptText(i history.Item) string {
	if s := strings.Join(strings.Fields(i.Prompt), " "); s != "" {
		return s
	}
	return text.T("dialog.history.no_prompt")
}

// connectionName returns the names of the connection and the model.
func connectionName(i history.Item) string {
	if i.Settings.Model == "" {
		return i.Name
	}
	return i.Name + " · " + i.Settings.Model
}

// outcome returns an entry's outcome in a few words, and whether it is a failure.
func outcome(i history.Item) (sentence string, bad bool) {
	pictures := text.T("dialog.history.pictures", "Got", len(i.Variants), "Asked", i.Asked)
	switch {
	case !i.Over:
		return text.T("dialog.history.running"), false
	case i.Outcome == "":
		return pictures, false
	case i.Outcome == api.KindCancelled && maybeCharged(i):
		return text.T("dialog.history.cancelled_sent"), true
	case i.Outcome == api.KindCancelled:
		return Short(i.Outcome), false
	case len(i.Variants) > 0 && i.Outcome != api.KindUnknown:
		return pictures, true
	}
	return Short(i.Outcome), true
}

// maybeCharged reports whether an entry has no picture and may have been charged.
func maybeCharged(i history.Item) bool {
	return i.Outcome == api.KindUnknown || i.Trouble != nil && i.Trouble.Key == api.CancelledSent
}

// trouble returns the sentence of an entry's failure, or "".
func trouble(i history.Item) string {
	if i.Trouble == nil {
		return ""
	}
	key := i.Trouble.Key
	if !text.Has(key) {
		key = "error." + string(i.Outcome)
	}
	return text.T(key, i.Trouble.Args...)
}

// facts returns an entry's settings, one a line.
func facts(i history.Item) string {
	var lines []string
	fact := func(key, value string) {
		if value != "" {
			lines = append(lines, text.T("dialog.detail", "Name", text.T(key), "Value", value))
		}
	}
	s := i.Settings
	fact("dialog.history.date", i.Created.Format("2006-01-02 15:04:05"))
	fact("dialog.connection", connectionName(i))
	if s.Size != (image.Point{}) {
		fact("ui.answer_size", fmt.Sprintf("%d × %d", s.Size.X, s.Size.Y))
	}
	fact("ui.variants", text.T("dialog.history.pictures", "Got", len(i.Variants), "Asked", i.Asked))
	if s.Spot.Of > 1 {
		fact("dialog.history.window", text.T("dialog.history.pictures", "Got", s.Spot.Number+1, "Asked", s.Spot.Of))
	}
	for _, name := range []string{"quality", "background", "output_format", "output_compression", "input_fidelity"} {
		fact("ui.option."+name, s.Extra[name])
	}
	if n := len(i.References); n > 0 {
		fact("dialog.history.references", fmt.Sprint(n))
	}
	if n := i.Usage["total_tokens"]; n > 0 {
		fact("dialog.history.tokens", fmt.Sprint(n))
	}
	fact("dialog.usage.cost", entryCost(i))
	fact("dialog.detail.request_id", i.RequestID)
	return strings.Join(lines, "\n")
}

// entryCost returns an entry's cost, or the most that it may be where that is unknown; "" for
// nothing or no price.
func entryCost(i history.Item) string {
	switch {
	case i.Cost == 0:
		return ""
	case maybeCharged(i):
		return text.T("dialog.history.cost_most", "Price", settings.Money(i.Cost, i.Currency))
	}
	return settings.Money(i.Cost, i.Currency)
}

// cornerLayout gives the first object all room and puts the second into the
// upper right corner.
type cornerLayout struct{}

func (cornerLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	m := o[1].MinSize()
	o[1].Resize(m)
	o[1].Move(fyne.NewPos(s.Width-m.Width-8, s.Height-m.Height-8))
}

func (cornerLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }
