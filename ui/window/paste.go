package window

import (
	"bytes"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/picture"
	"overpaint/ui/clipboard"
)

// pasteItem is the menu's entry. A menu's shortcut comes before the field that
// has the focus, so the field is given its own paste here.
func (w *Window) pasteItem() *fyne.MenuItem {
	return item(text.T("menu.paste"), fyne.KeyV, ctrl, func() {
		if !w.passOn(&fyne.ShortcutPaste{Clipboard: w.app.Clipboard()}) {
			w.paste()
		}
	})
}

func (w *Window) copyItem() *fyne.MenuItem {
	return item(text.T("menu.copy"), fyne.KeyC, ctrl, func() {
		if !w.passOn(&fyne.ShortcutCopy{Clipboard: w.app.Clipboard()}) {
			w.copy()
		}
	})
}

// passOn gives a shortcut to the field that the person types in. An entry that
// was chosen in the menu means the picture also then; the two look alike here
// but for the keys that are held down, Ctrl or (with Insert) Shift.
func (w *Window) passOn(s fyne.Shortcut) bool {
	in, typing := w.input()
	if d, ok := w.app.Driver().(desktop.Driver); ok && d.CurrentKeyModifiers() == 0 {
		return false
	}
	if typing {
		in.TypedShortcut(s)
	}
	return typing
}

// paste opens the picture on the clipboard as a new document.
func (w *Window) paste() {
	go func() {
		got, err := w.clip.Read(w.context)
		var pasted *document.State
		if err == nil && got.Picture != nil {
			pasted = begun(got.Picture)
		}
		fyne.Do(func() {
			if err != nil {
				w.log.Info("not pasted", "error", err)
				w.tellClipboard(clipboardSentence(err))
				return
			}
			if w.notice.Text() == w.clipSaid {
				w.notice.Hide()
			}
			switch {
			case got.Path != "":
				w.askThen(func() { w.open(got.Path) })
			default:
				w.askThen(func() {
					name := text.T("paste.name")
					w.show(pasted, document.Source{Name: name, Bytes: got.Bytes})
					w.pasted = true
				})
			}
		})
	}()
}

// copy puts the picture on the clipboard as it is shown, with the chosen
// variant in its place.
func (w *Window) copy() {
	if w.doc == nil {
		w.tellClipboard("paste.no_document")
		return
	}
	state := w.shownState()
	go func() {
		// Only the profile travels along: what else the file tells about the
		// person stays in files that they save themselves.
		var png bytes.Buffer
		err := picture.Encode(&png, state.Flatten(), picture.Encoding{
			Format: picture.PNG, Meta: picture.Metadata{ICC: state.Base.Meta.ICC},
		})
		if err == nil {
			err = w.clip.Write(w.context, png.Bytes())
		}
		fyne.Do(func() {
			if err != nil {
				w.log.Warn("not copied", "error", err)
				w.tellClipboard(clipboardSentence(err))
				return
			}
			w.log.Info("copied", "bytes", png.Len())
		})
	}()
}

func (w *Window) tellClipboard(key string) {
	w.clipSaid = text.T(key)
	w.notice.Show(w.clipSaid, "", nil)
}

// clipboardSentence chooses the words for an error of the clipboard.
func clipboardSentence(err error) string {
	var large *picture.TooLargeError
	switch {
	case errors.Is(err, clipboard.ErrEmpty):
		return "paste.nothing"
	case errors.Is(err, clipboard.ErrNoAnswer):
		return "paste.no_answer"
	case errors.Is(err, clipboard.ErrUnavailable):
		return "paste.unavailable"
	case errors.Is(err, clipboard.ErrTooLarge), errors.As(err, &large):
		return "paste.too_large"
	}
	return "paste.bad"
}
