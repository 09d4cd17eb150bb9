package panel

import (
	"fyne.io/fyne/v2"

	"overpaint/assets/text"
	"overpaint/editor/region"
	"overpaint/ui/widgets"
)

// resultControls show how an accepted result is laid over the picture.
type resultControls struct {
	feather, opacity *widgets.Range
	match            *widgets.Check
	mask             *widgets.Button
	remove           *widgets.ToolButton
	blend            *region.Blend // nil: no result is selected
}

func newResultControls(b *OptionsBar) *resultControls {
	r := &resultControls{
		feather: widgets.NewRange(text.T("result.feather"), 0, 128, false, "").Narrow(),
		opacity: widgets.NewRange(text.T("result.opacity"), 0, 100, false, "%").Narrow(),
	}
	r.feather.SetTip(text.T("result.feather.tip"))
	r.opacity.SetTip(text.T("result.opacity.tip"))
	tell := func(done bool) {
		if r.blend == nil {
			return
		}
		next := *r.blend
		next.Feather, next.Opacity, next.Match = int(r.feather.Value()), r.opacity.Value()/100, r.match.Checked()
		r.blend = &next
		if b.OnBlend != nil {
			b.OnBlend(next, done)
		}
	}
	for _, one := range []*widgets.Range{r.feather, r.opacity} {
		one.OnChanged = func(float64) { tell(false) }
		one.OnEnded = func() { tell(true) }
	}
	r.match = widgets.NewCheck(text.T("result.match"), func(bool) { tell(true) })
	r.match.SetTip(text.T("result.match.tip"))
	r.mask = widgets.NewButton(text.T("result.mask"), "", widgets.Normal, func() { press(b.OnResultMask) })
	r.mask.SetTip(text.T("result.mask.tip"))
	r.remove = widgets.NewToolButton("trash", WithKey(text.T("result.remove"), text.T("result.remove.key")), func() { press(b.OnRemove) }).Small()
	return r
}

func press(f func()) {
	if f != nil {
		f()
	}
}

func (r *resultControls) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.feather.Object(), r.opacity.Object(), r.match, r.mask, r.remove}
}

func (r *resultControls) set(blend *region.Blend) {
	r.blend = blend
	if blend != nil {
		r.feather.SetValue(float64(blend.Feather))
		r.opacity.SetValue(blend.Opacity * 100)
		r.match.SetChecked(blend.Match)
	}
}

// SetResult shows the controls of the accepted result that is selected, while
// the window tool is in hand; nil, none is.
func (b *OptionsBar) SetResult(blend *region.Blend) {
	changed := (blend == nil) != (b.result.blend == nil)
	b.result.set(blend)
	if changed {
		b.SetTool(b.id)
	}
}

// SetDrawn reports whether the person has drawn the window that is sent, so
// that there is a way back to the automatic one.
func (b *OptionsBar) SetDrawn(on bool) {
	if b.drawn != on {
		b.drawn = on
		b.SetTool(b.id)
	}
}

// showMove shows what the window tool has: a result's controls, or the hint.
func (b *OptionsBar) showMove() {
	move := b.id == Move
	result := move && b.result.blend != nil
	for _, o := range b.result.objects() {
		show(o, result)
	}
	if result {
		b.name.SetText(text.T("result.name"))
		b.hint.Hide()
	}
	show(b.automatic, move && !result && b.drawn)
	show(b.note, !result)
}

func newAutomatic(b *OptionsBar) *widgets.Button {
	a := widgets.NewButton(text.T("ui.auto"), "", widgets.Normal, func() { press(b.OnAutomatic) })
	a.SetTip(text.T("result.automatic.tip"))
	return a
}
