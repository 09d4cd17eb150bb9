package dialogs

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// ApplyPage is a page of the dialog that applies a recipe.
type ApplyPage int

// The pages.
const (
	ApplyChoose ApplyPage = iota // what is to be done
	ApplyWork                    // how far it is
	ApplyReview                  // a result beside what was before
)

// ApplyRow is a picture in the list.
type ApplyRow struct {
	Path string
	// State says how far it is, Reason why there is no result, Cost what it cost; they may be "".
	State, Reason, Cost string
	Bad                 bool
}

// Applying is the state of the dialog.
type Applying struct {
	Page           ApplyPage
	Recipe, Prompt string
	Rows           []ApplyRow
	Deep           bool
	Connection     string
	Model          string
	Models         []string
	AtOnce         int
	Out            string
	Price, Reason  string
	// CanStart says whether the run can be started, Running whether it is under way.
	CanStart, Running, Paused, Unfinished bool
	// Progress is a sentence on the run's progress, Fraction 0 to 1.
	Progress string
	Fraction float64
	// Results counts the results that can be reviewed; Number is the place of the one under
	// review, from 1, Name its name.
	Results, Number int
	Name            string
	Before, After   image.Image // nil until they are read
}

// ApplyActions are called for the user's actions.
type ApplyActions struct {
	// Services are the services to choose from.
	Services                              []widgets.Option
	Recipe, AddPictures, AddFolder, Clear func()
	Deep                                  func(bool)
	Service, Model, Out                   func(string)
	ChooseOut                             func()
	AtOnce                                func(int)
	Start, Cancel, Again                  func()
	Pause                                 func(bool)
	Review, Back, Keep, Discard, Open     func()
	Step                                  func(forward bool)
	// Closed is called when the dialog was closed.
	Closed func()
}

// ApplySheet is the open dialog.
type ApplySheet struct {
	ApplyActions
	sheet *sheet
	now   Applying
	rows  *list

	choose, work, review   *fyne.Container
	listed, foot           *fyne.Container
	high                   *highLayout
	recipe, prompt         *widgets.Label
	count, price, reason   *widgets.Label
	service                *widgets.Dropdown
	model                  *widgets.Combo
	modelBox               *fyne.Container
	out                    *widgets.Field
	atOnce                 *widgets.Stepper
	deep                   *widgets.Check
	clear                  *widgets.Button
	progress, picked, name *widgets.Label
	bar                    *widgets.Progress
	before, after          *lookAt
	previous, next         *widgets.ToolButton
	filling                bool // the controls are being set by the program
}

// The dialog's buttons, in their order. Closing is the safe one, since starting costs money.
const (
	applyBack = iota
	applyOpen
	applySecond
	applyFirst
)

// ShowApply opens the dialog that applies a recipe to pictures.
func ShowApply(w fyne.Window, a ApplyActions, now Applying) *ApplySheet {
	d := &ApplySheet{ApplyActions: a}
	high := w.Canvas().Size().Height
	d.rows = newList(func() int { return len(d.now.Rows) }, newApplyRow, d.update, func(int) { d.pick() })
	d.rows.OnUnselected = func(i int) { d.rows.chosen = -1; d.rows.RefreshItem(i); d.pick() }
	list := container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(2, 2, 2, 2, d.rows))
	d.choose, d.work, d.review = d.buildChoose(), d.buildWork(), d.buildReview(max(220, min(560, high-230)))
	d.high = &highLayout{choosing: max(84, min(300, high-540)), working: max(140, min(420, high-290))}
	d.listed = container.New(d.high, list)
	d.price, d.reason = widgets.NewText("").Wrap(), widgets.NewLabel("").Wrap().Colored(theme.Warning)
	d.picked = widgets.NewLabel("").Wrap().MaxLines(3)
	d.foot = widgets.Column(4, d.price, d.reason, d.picked)
	stays := func(do func()) action { return action{do: do, stays: true} }
	d.sheet = newSheet(w, text.T("apply.title"), 760, widgets.Column(12, d.choose, d.work, d.listed, d.foot, d.review), nil,
		stays(a.Back), stays(a.Open), stays(d.second), stays(d.first), action{label: text.T("dialog.close")})
	d.sheet.onClose = a.Closed
	d.sheet.buttons[applyFirst].SetStyle(widgets.Outlined)
	d.Show(now)
	return d
}

// highLayout gives the list its height, which is larger on pages without choices.
type highLayout struct {
	choosing, working float32
	work              bool
}

// MinSize implements fyne.Layout.
func (l *highLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	if l.work {
		return fyne.NewSize(0, l.working)
	}
	return fyne.NewSize(0, l.choosing)
}

// Layout implements fyne.Layout.
func (l *highLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// first runs the page's main action.
func (d *ApplySheet) first() {
	switch {
	case d.now.Page == ApplyReview:
		d.Keep()
	case d.now.Page == ApplyChoose:
		d.Start()
	case d.now.Running:
		d.Pause(!d.now.Paused)
	default:
		d.Review()
	}
}

// second runs the page's other action.
func (d *ApplySheet) second() {
	switch {
	case d.now.Page == ApplyReview:
		d.Discard()
	case d.now.Running:
		d.Cancel()
	default:
		d.Again()
	}
}

// Show shows a new state.
func (d *ApplySheet) Show(now Applying) {
	if d.sheet.closed {
		return
	}
	before := d.now
	d.price.SetText(now.Price)
	d.reason.SetText(now.Reason)
	other := before.Page != now.Page
	d.now, d.filling = now, true
	d.high.work = now.Page == ApplyWork
	show(d.choose, now.Page == ApplyChoose)
	show(d.work, now.Page == ApplyWork)
	show(d.listed, now.Page != ApplyReview)
	show(d.foot, now.Page != ApplyReview)
	show(d.review, now.Page == ApplyReview)
	if other {
		d.rows.UnselectAll()
	}
	switch now.Page {
	case ApplyChoose:
		d.showChoice(before)
	case ApplyWork:
		d.progress.SetText(now.Progress)
		d.bar.SetFraction(now.Fraction)
	case ApplyReview:
		d.showReview()
	}
	d.rows.Refresh()
	d.pick()
	d.showButtons()
	d.filling = false
	d.sheet.fit()
}

// showButtons labels the buttons for this page.
func (d *ApplySheet) showButtons() {
	now, first, second := d.now, "", ""
	switch {
	case now.Page == ApplyChoose:
		first = "apply.start"
	case now.Page == ApplyReview:
		first, second = "apply.keep", "apply.discard"
	case now.Running && now.Paused:
		first, second = "apply.resume", "apply.cancel"
	case now.Running:
		first, second = "apply.pause", "apply.cancel"
	default:
		if now.Results > 0 {
			first = "apply.look"
		}
		if now.Unfinished {
			second = "apply.again"
		}
	}
	for i, key := range map[int]string{applyFirst: first, applySecond: second} {
		show(d.sheet.buttons[i], key != "")
		if key != "" {
			d.sheet.buttons[i].SetText(text.T(key))
		}
	}
	tip := ""
	if second == "apply.discard" || second == "apply.again" {
		tip = text.T(second + ".tip")
	}
	d.sheet.buttons[applySecond].SetTip(tip)
	d.sheet.buttons[applyBack].SetText(text.T("apply.hide_review"))
	d.sheet.buttons[applyOpen].SetText(text.T("apply.open"))
	show(d.sheet.buttons[applyBack], now.Page == ApplyReview)
	show(d.sheet.buttons[applyOpen], now.Page == ApplyReview)
	able := now.Page != ApplyChoose || now.CanStart
	setAble(d.sheet.buttons[applyFirst], able)
}

// setAble enables or disables a button.
func setAble(b *widgets.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// Close closes the dialog.
func (d *ApplySheet) Close() { d.sheet.close() }

// tell calls do for a choice of the user, not for one set by the program.
func (d *ApplySheet) tell(do func()) {
	if !d.filling {
		do()
	}
}
