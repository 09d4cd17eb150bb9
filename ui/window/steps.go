package window

import (
	"unicode"
	"unicode/utf8"

	"overpaint/assets/text"
	"overpaint/editor/document"
)

// stepNames are what the menu says that undo and redo would do.
type stepNames struct {
	undo, redo stepName
	dropped    *document.Document // whose dropped steps were told of
}

// stepName is a step's key in the translations, "" for none.
type stepName string

// label is a menu entry with the step's name, as in "Undo brush stroke".
func (s stepName) label(key string) string {
	if s == "" {
		return text.T(key)
	}
	name := text.T(string(s))
	first, size := utf8.DecodeRuneInString(name)
	return text.T(key+"_step", "Step", string(unicode.ToLower(first))+name[size:])
}

// stepped shows a change of the document.
func (w *Window) stepped(doc *document.Document, s document.Step) {
	if w.doc != doc {
		return
	}
	if s.Dropped > 0 && w.steps.dropped != doc {
		w.steps.dropped = doc
		w.notice.Show(text.T("document.steps_dropped"), "", nil)
	}
	if s.Resized {
		w.frame = drawnFrame{} // its pixels are no longer those that it was drawn around
	}
	w.refresh()
}

// showSteps names in the menu what undo and redo would do.
func (w *Window) showSteps() {
	var undo, redo string
	if w.doc != nil {
		undo, _ = w.doc.CanUndo()
		redo, _ = w.doc.CanRedo()
	}
	if stepName(undo) != w.steps.undo || stepName(redo) != w.steps.redo {
		w.steps.undo, w.steps.redo = stepName(undo), stepName(redo)
		w.showMenu()
	}
}

// showMenu builds the menu as the window is now.
func (w *Window) showMenu() { w.win.SetMainMenu(w.guarded(w.menu())) }
