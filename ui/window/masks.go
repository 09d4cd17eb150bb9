package window

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/file"
	"overpaint/editor/mask"
	"overpaint/editor/view"
	"overpaint/ui/dialogs"
)

// maskModes are the ways of showing the mask, as the settings name them.
var maskModes = []struct {
	id   string
	mode view.MaskMode
}{{"tint", view.MaskTint}, {"black", view.MaskBlack}, {"white", view.MaskWhite}, {"outline", view.MaskOutline}}

// maskChange computes another mask from a state.
type maskChange func(*document.State) *mask.Mask

func (w *Window) maskMenu() *fyne.Menu {
	change := func(key, step string, f maskChange) *fyne.MenuItem {
		return item(text.T(key), "", 0, func() { w.changeMask(step, f) })
	}
	all := item(text.T("menu.mask_all"), fyne.KeyA, ctrl, func() {
		if in, ok := w.input(); ok {
			in.TypedShortcut(&fyne.ShortcutSelectAll{})
			return
		}
		w.changeMask("step.all", func(s *document.State) *mask.Mask { return mask.All(s.Size) })
	})
	none := item(text.T("menu.mask_none"), fyne.KeyD, ctrl, func() {
		w.changeMask("step.none", func(s *document.State) *mask.Mask { return mask.New(s.Size.X, s.Size.Y) })
	})
	line := fyne.NewMenuItemSeparator
	return fyne.NewMenu(text.T("menu.mask"), all, none,
		change("menu.mask_invert", "step.invert", func(s *document.State) *mask.Mask { return s.Mask.Invert() }),
		line(),
		w.amountItem("grow", "mask.pixels", func(m *mask.Mask, n int) *mask.Mask { return m.Grow(n) }),
		w.amountItem("shrink", "mask.pixels", func(m *mask.Mask, n int) *mask.Mask { return m.Shrink(n) }),
		w.amountItem("feather", "mask.radius", func(m *mask.Mask, n int) *mask.Mask { return m.Feather(float64(n)) }),
		change("menu.mask_holes", "step.fill_holes", func(s *document.State) *mask.Mask { return s.Mask.FillHoles() }),
		change("menu.mask_transparency", "step.transparency", func(s *document.State) *mask.Mask {
			return mask.FromTransparency(s.Base.Pix, s.Size, s.Offset)
		}),
		line(),
		item(text.T("mask.load"), "", 0, w.loadMask),
		item(text.T("mask.save"), "", 0, w.saveMask),
		line(), w.maskModeItem(), item(text.T("mask.look"), "", 0, w.askMaskLook))
}

// amountItem is an entry that asks for a number of pixels first; the last one
// is kept while the program runs.
func (w *Window) amountItem(name, label string, f func(*mask.Mask, int) *mask.Mask) *fyne.MenuItem {
	return fyne.NewMenuItem(text.T("mask."+name), func() {
		if !w.hasMask() {
			return
		}
		a := dialogs.Amount{Title: text.T("mask." + name + ".title"), Label: text.T(label), Unit: "px", Low: 1, High: 500, Value: w.amounts[name]}
		dialogs.AskAmount(w.win, a, func(n int) {
			w.amounts[name] = n
			w.changeMask("step."+name, func(s *document.State) *mask.Mask { return f(s.Mask, n) })
		})
	})
}

// hasMask reports whether the document has a mask, and tells where it has none.
func (w *Window) hasMask() bool {
	switch {
	case w.doc == nil:
		w.notice.Show(text.T("ui.reason.no_picture"), "", nil)
	case w.doc.State().Mask.Bounding().Empty():
		w.notice.Show(text.T("mask.nothing"), "", nil)
	default:
		return true
	}
	return false
}

// loadMask asks for a PNG and makes it the mask.
func (w *Window) loadMask() {
	if w.doc == nil {
		w.notice.Show(text.T("ui.reason.no_picture"), "", nil)
		return
	}
	doc, size := w.doc, w.doc.State().Size
	request := dialogs.FileRequest{Folder: w.folder, Endings: []string{".png"}, Title: text.T("mask.load.title")}
	dialogs.OpenFile(w.win, request, func(path string) {
		go func() {
			data, err := os.ReadFile(path)
			var m *mask.Mask
			if err == nil {
				m, err = mask.Decode(data, size)
			}
			fyne.Do(func() {
				if err != nil {
					w.fail(job.MaskError(filepath.Base(path), err))
					return
				}
				if w.doc == doc && doc.State().Size == size {
					doc.SetMask("step.load", m, m.Bounds())
				}
			})
		}()
	})
}

// saveMask asks for a name and writes the mask there as a PNG.
func (w *Window) saveMask() {
	if !w.hasMask() {
		return
	}
	m := w.doc.State().Mask
	name := strings.TrimSuffix(w.name, filepath.Ext(w.name)) + "-mask.png"
	request := dialogs.FileRequest{Folder: w.folder, Name: name, Endings: []string{".png"}, Title: text.T("mask.save.title")}
	dialogs.SaveFile(w.win, request, func(path string, over file.Over) {
		w.folder = filepath.Dir(path)
		w.writing(text.T("window.saving", "File", filepath.Base(path)), func(ctx context.Context) error {
			return file.Save(path, over, file.Shared, file.Until(ctx, m.EncodePNG))
		}, func(err error) {
			if err != nil {
				w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "input.folder", Args: []any{"Folder", filepath.Dir(path)}}, Cause: err})
				return
			}
			w.log.Info("mask saved")
			w.notice.Show(text.T("mask.saved", "File", filepath.Base(path)), "", nil)
		})
	})
}

// maskModeItem lets the person choose how the mask is shown.
func (w *Window) maskModeItem() *fyne.MenuItem {
	m := fyne.NewMenuItem(text.T("mask.show"), nil)
	m.ChildMenu = fyne.NewMenu("")
	for _, mode := range maskModes {
		one := fyne.NewMenuItem(text.T("mask.show."+mode.id), func() {
			w.set.View.Mode = mode.id
			w.keepSettings()
			w.showMaskLook()
			w.showMenu()
		})
		one.Checked = w.set.View.Mode == mode.id
		m.ChildMenu.Items = append(m.ChildMenu.Items, one)
	}
	return m
}

// showMaskLook shows the mask as the settings say.
func (w *Window) showMaskLook() { w.previewMaskLook(w.set.View.Colour, w.set.View.Strength) }

func (w *Window) previewMaskLook(tint string, strength float64) {
	mode := view.MaskTint
	for _, m := range maskModes {
		if m.id == w.set.View.Mode {
			mode = m.mode
		}
	}
	if tint == "" {
		w.surface.SetMaskLook(mode, nil, strength) // follows the theme
		return
	}
	w.surface.SetMaskLook(mode, dialogs.Colour(tint), strength)
}

func (w *Window) askMaskLook() {
	if w.set.View.Mode != "tint" {
		w.set.View.Mode = "tint" // it is what the colours are of
		w.showMaskLook()
		w.showMenu()
	}
	dialogs.AskMaskLook(w.win, w.set.View.Colour, w.set.View.Strength, w.previewMaskLook, func(tint string, strength float64) {
		w.set.View.Colour, w.set.View.Strength = tint, strength
		w.keepSettings()
		w.showMaskLook()
	})
}
