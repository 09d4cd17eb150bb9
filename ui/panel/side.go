package panel

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// SidePanel holds the prompt and the options of a request, what would be sent, and Generate.
type SidePanel struct {
	OnPrompt func(string)
	// OnTiles is called when the edit is to be made in tiles, or in one window again.
	OnTiles func(bool)
	// OnSpotPrompt is called with the prompt of the nth of several windows, from 0; "" stands
	// for the common prompt.
	OnSpotPrompt func(n int, prompt string)
	// OnServices is called with the services that are chosen, the first one first.
	OnServices func(ids []string)
	OnModel    func(string)
	// OnSize is called with the size of the answer; the zero point is "auto".
	OnSize     func(image.Point)
	OnVariants func(int)
	OnMore     func(More)
	// OnGenerate is called by the button and by Ctrl+Enter in the prompt, by the latter also
	// where the button can't be pressed.
	OnGenerate func()
	OnCancel   func()
	OnSettings func()
	// OnRemedy is called by the button beside the reason why Generate can't be pressed.
	OnRemedy func()
	// OnFindPrompt is called when the user wants to search the earlier prompts.
	OnFindPrompt func()
	// OnAddConnection is called by the button of the hint under the prompt.
	OnAddConnection func()
	// OnAddReference and OnPasteReference are called when references are to be added,
	// OnRemoveReference and OnMoveReference when one is to be removed or moved.
	OnAddReference, OnPasteReference func()
	OnRemoveReference                func(i int)
	OnMoveReference                  func(i, to int)
	// OnSaveSnippet is called when the prompt is to be saved under a name, OnEditSnippets when
	// the saved ones are to be changed.
	OnSaveSnippet  func(prompt string)
	OnEditSnippets func()
	// Room, unless nil, returns the largest width for which there is room in the window.
	Room func() float32
	// OnWidth is called with the panel's width when the user drags its edge.
	OnWidth func(float32)

	keys     func(command string) string
	settings *widgets.ToolButton
	root     *fyne.Container
	below    *fyne.Container // what lies under what is sent
	scroll   *container.Scroll
	width    *widthLayout
	prompt   *widgets.Prompt
	hint     *promptHint
	spots    *spotPrompts
	tiles    *tilesLine
	earlier  *earlier
	snippets *snippets
	services *widgets.Chips
	model    *widgets.Combo
	modelBox *fyne.Container
	size     *sizeChoice
	sizeBox  *fyne.Container
	pair     *fyne.Container
	variants *widgets.Stepper
	more     *moreOptions
	sending  *sendingView
	generate *widgets.Button
	running  *runningLine
	price    string
	profile  api.Profile
	why      string
	remedy   string
	label    string // the key of what Generate says, "" for the usual
}

// NewSidePanel returns a panel for the built-in engine without a picture.
func NewSidePanel() *SidePanel {
	p := &SidePanel{
		keys:     keys.New(nil).Label,
		prompt:   widgets.NewPrompt(text.T("ui.prompt.placeholder")),
		services: newServices(),
		model:    widgets.NewCombo(text.T("ui.model.placeholder")),
		size:     newSizeChoice(),
		variants: widgets.NewStepper(1, 10),
		more:     newMoreOptions(),
		sending:  newSendingView(),
		below:    container.NewStack(),
	}
	p.tiles = newTilesLine(func(on bool) { call(p.OnTiles, on) })
	p.wire()
	p.build()
	p.SetKeys(p.keys)
	p.SetProfile(api.Builtin())
	p.SetRunning(false)
	return p
}

// newServices returns the chips of services. The built-in engine is never combined with
// others.
func newServices() *widgets.Chips {
	c := widgets.NewChips(text.T("panel.services.add"), text.T("panel.services.remove"))
	c.Alone = settings.Builtin
	return c
}

func (p *SidePanel) wire() {
	p.prompt.OnTyped = func(s string) {
		p.updateHint()
		call(p.OnPrompt, s)
	}
	p.hint = newPromptHint(func() { run(p.OnAddConnection) })
	p.spots = newSpotPrompts(p)
	p.earlier = newEarlier(func(s string) {
		p.SetPrompt(s)
		call(p.OnPrompt, s)
	})
	p.earlier.search = func() { run(p.OnFindPrompt) }
	p.snippets = newSnippets(p)
	p.prompt.OnSubmit = func() { run(p.OnGenerate) }
	p.services.OnChanged = func(ids []string) { call(p.OnServices, ids) }
	p.model.OnChanged = func(s string) { call(p.OnModel, s) }
	p.size.changed = func(s image.Point) { call(p.OnSize, s) }
	p.variants.OnChanged = func(n int) { call(p.OnVariants, n) }
	p.more.changed = func(m More) {
		call(p.OnMore, m)
		p.root.Refresh()
	}
	p.more.opened = func() { widgets.Reveal(p.scroll, p.more.root) }
	p.bindReferences()
	p.generate = widgets.NewButton(text.T("ui.generate"), "", widgets.Primary, func() { run(p.OnGenerate) })
	p.running = newRunningLine(func() { run(p.OnCancel) }, func() { run(p.OnRemedy) })
}

func call[T any](f func(T), v T) {
	if f != nil {
		f(v)
	}
}

func run(f func()) {
	if f != nil {
		f()
	}
}

func (p *SidePanel) build() {
	more := widgets.NewToolButton("settings", "", func() { run(p.OnSettings) }).Small()
	p.settings = more
	label := func(key string) *widgets.Label { return widgets.NewLabel(text.T(key)) }
	p.modelBox = widgets.Labeled(label("ui.model"), p.model)
	p.sizeBox = widgets.Labeled(label("ui.answer_size"), p.size.dropdown)
	p.pair = widgets.Halves(theme.Gap, p.modelBox, p.sizeBox)
	variants := widgets.Labeled(label("ui.variants"), p.variants)
	moreButton := widgets.Column(0, nil, widgets.Pad(0, 0, 4, 0, p.more.button))
	rest, turns := widgets.Wheeled(widgets.Column(10,
		p.tiles.root, p.spots.root,
		widgets.Labeled(label("panel.services"), container.NewBorder(nil, nil, nil, more, p.services.Object())),
		p.pair, p.size.custom,
		widgets.Halves(theme.Gap, variants, moreButton),
		p.more.root,
	))
	heading := container.NewBorder(nil, nil, nil, widgets.Row(2, p.earlier.button, p.snippets.button), label("ui.prompt").Cut())
	ask := widgets.Pad(12, 12, 10, 12, widgets.Column(10, widgets.Column(2, heading, p.prompt), p.hint.root))
	middle := widgets.Column(0,
		widgets.Pad(0, 12, 12, 12, rest), widgets.NewDivider(), widgets.Pad(12, 12, 12, 12, p.sending.root), p.below)
	lower := widgets.Pad(8, 12, 12, 12, widgets.Column(theme.Gap, p.running.root, p.generate))
	p.scroll = widgets.NewScroll(middle)
	turns(p.scroll)
	body := container.New(&bodyLayout{}, ask, p.scroll, lower) // the prompt, price and Generate always stay
	p.width = &widthLayout{width: theme.SideWidth}
	edge := newDragEdge(func(dx float32) {
		p.SetWidth(p.width.width - dx)
		call(p.OnWidth, p.width.width)
	})
	p.root = container.New(p.width, widgets.On(theme.Panel, body), widgets.NewDivider(), edge)
	p.width.root = p.root
}

// SetKeys shows the keys of commands (ui/keys).
func (p *SidePanel) SetKeys(label func(command string) string) {
	p.keys = label
	p.settings.SetTip(WithKey(text.T("ui.connection.tip"), label("settings")))
	p.running.cancel.SetTip(WithKey(text.T("ui.cancel.tip"), label("cancel")))
	p.update()
}

// Object returns the panel's root object.
func (p *SidePanel) Object() fyne.CanvasObject { return p.root }

// SetBelow sets what is below the preview of what would be sent: the list of results.
func (p *SidePanel) SetBelow(o fyne.CanvasObject) {
	p.below.Objects = []fyne.CanvasObject{widgets.Pad(0, 12, 12, 12, o)}
	p.root.Refresh()
}

// Scroller returns the panel's scroll container.
func (p *SidePanel) Scroller() fyne.Scrollable { return p.scroll }

// RevealBelow scrolls to what SetBelow has set, as far as there is room.
func (p *SidePanel) RevealBelow() {
	widgets.Reveal(p.scroll, p.below)
}

// Width is the panel's width.
func (p *SidePanel) Width() float32 { return p.width.width }

// SetWidth changes the panel's width, limited to theme.SideMin and SideMax and to what Room
// leaves.
func (p *SidePanel) SetWidth(w float32) {
	w = min(w, theme.SideMax)
	if p.Room != nil {
		w = min(w, p.Room())
	}
	p.width.width = max(theme.SideMin, w)
	p.root.Refresh()
}

// TogglePrompt puts the focus into the prompt, or takes it out.
func (p *SidePanel) TogglePrompt() {
	switch c := fyne.CurrentApp().Driver().CanvasForObject(p.prompt); {
	case c == nil:
	case c.Focused() == fyne.Focusable(p.prompt):
		c.Unfocus()
	default:
		c.Focus(p.prompt)
	}
}

// SetPrompt changes the prompt's text.
func (p *SidePanel) SetPrompt(s string) {
	p.prompt.Set(s)
	p.updateHint()
}

// SetSpotPrompts shows a field for the prompt of each of several windows, "" for the common
// prompt; none where there is one window.
func (p *SidePanel) SetSpotPrompts(prompts []string) {
	p.spots.set(prompts)
	p.root.Refresh()
}

func (p *SidePanel) updateHint() {
	if p.hint.refresh(p.prompt.Text, p.profile) {
		p.root.Refresh()
	}
}

// addToPrompt puts words at the end of the prompt, as if they were typed.
func (p *SidePanel) addToPrompt(words string) {
	if before := p.Prompt(); before != "" {
		words = before + " " + words
	}
	p.SetPrompt(words)
	call(p.OnPrompt, words)
}

// SetEarlier offers earlier prompts, the latest first.
func (p *SidePanel) SetEarlier(prompts []string) {
	p.earlier.set(prompts)
	p.root.Refresh()
}

// Prompt returns the prompt's text.
func (p *SidePanel) Prompt() string { return p.prompt.Text }

// SetServices sets the services to choose from, and the chosen ones in their order.
func (p *SidePanel) SetServices(list []widgets.Option, chosen []string) {
	p.services.Set(list, chosen)
	p.hint.setConnections(len(list) - 1) // the built-in engine is none
	p.root.Refresh()
}

// SetPrice shows on Generate how many variants it requests and their cost, as PriceSentence
// returns it; "" shows the button's keys.
func (p *SidePanel) SetPrice(s string) {
	p.price = s
	p.update()
}

// SetSnippets offers saved prompts by their names.
func (p *SidePanel) SetSnippets(list []settings.Snippet) {
	p.snippets.set(list)
	p.root.Refresh()
}

// SetModels sets the model and the suggestions.
func (p *SidePanel) SetModels(model string, suggested []string) {
	p.model.SetText(model)
	p.model.SetSuggestions(suggested)
}

// SetProfile shows the controls that a profile has, and its limits.
func (p *SidePanel) SetProfile(profile api.Profile) {
	p.profile = profile
	service := profile.ID != api.Builtin().ID
	p.prompt.SetLimit(profile.PromptChars)
	p.size.setProfile(profile)
	show(p.pair, service)
	p.more.setProfile(profile)
	p.hint.refresh(p.prompt.Text, profile)
	p.sending.local = !service
	p.sending.refresh()
	p.root.Refresh()
}

// SetSize selects the size of the answer; the zero point is "auto".
func (p *SidePanel) SetSize(s image.Point) { p.size.selectSize(s) }

// SetVariants sets how many variants are asked for, and how many can be.
func (p *SidePanel) SetVariants(n, most int) {
	p.variants.SetRange(1, most)
	p.variants.SetValue(n)
}

// SetMore shows the further options.
func (p *SidePanel) SetMore(m More) { p.more.set(m) }

// SetReferences shows the references; bytes is the total size of their files, limit the most
// that each may have, 0 where that is unknown.
func (p *SidePanel) SetReferences(list []Reference, bytes, limit int64) {
	more := len(list) > len(p.more.references.list)
	if more {
		p.more.setOpen(true)
	}
	p.more.references.set(list)
	p.more.references.setSize(bytes, limit)
	p.root.Refresh()
	if more { // to be seen, wherever they came from
		widgets.Reveal(p.scroll, p.more.references.root)
	}
}

func (p *SidePanel) bindReferences() {
	r := p.more.references
	r.add, r.paste = func() { run(p.OnAddReference) }, func() { run(p.OnPasteReference) }
	r.remove = func(i int) { call(p.OnRemoveReference, i) }
	r.move = func(i, to int) {
		if p.OnMoveReference != nil {
			p.OnMoveReference(i, to)
		}
	}
	r.mention = p.addToPrompt
}

// SetSending shows what would be sent; nil shows that nothing is masked yet.
func (p *SidePanel) SetSending(s *Sending) {
	p.sending.show(s)
	p.tiles.set(s)
	p.root.Refresh()
}

// SetReady enables Generate where reason is empty; else Generate can't be pressed and the
// reason is shown. remedy is the label of a button under the reason, or "".
func (p *SidePanel) SetReady(reason, remedy string) {
	p.why, p.remedy = reason, remedy
	p.update()
}

// SetWhole sets whether Generate says that it edits the whole picture, as nothing is masked.
func (p *SidePanel) SetWhole(on bool) {
	p.label = "ui.generate"
	if on {
		p.label = "ui.generate.whole"
	}
	p.generate.SetText(text.T(p.label))
	p.update()
}

// SetRunning shows or hides the line of running edits with its Cancel. Generate stays as it
// is.
func (p *SidePanel) SetRunning(on bool) {
	p.running.set(on)
	p.update()
}

// SetProgress sets the progress, 0 to 1 or negative where it is unknown, and a sentence such
// as RunningSentence returns.
func (p *SidePanel) SetProgress(fraction float64, sentence string) {
	p.running.progress(fraction, sentence)
}

func (p *SidePanel) update() {
	if p.why == "" {
		p.generate.Enable()
	} else {
		p.generate.Disable()
	}
	p.running.say(p.why, p.remedy)
	switch {
	case p.running.on:
		p.generate.SetTip(p.why)
	case p.why == "" && p.label == "ui.generate.whole":
		p.generate.SetTip(text.T("ui.generate.whole.tip"))
	default:
		p.generate.SetTip("") // which would lie over the reason
	}
	p.generate.SetShortcut(p.keys("generate"))
	if p.price != "" {
		p.generate.SetShortcut(p.price)
	}
}
