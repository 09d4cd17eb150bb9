package panel

import (
	"fmt"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// tilesLine offers tiles where an answer would be enlarged too much, and one window where
// tiles are chosen.
type tilesLine struct {
	root   *fyne.Container
	words  *widgets.Label
	button *widgets.Button
	tiles  bool // what the button chooses
}

func newTilesLine(choose func(bool)) *tilesLine {
	l := &tilesLine{words: widgets.NewLabel("").Wrap()}
	l.button = widgets.NewButton("", "", widgets.Normal, func() { choose(l.tiles) })
	l.root = widgets.Column(theme.Gap, l.words, widgets.Row(0, l.button))
	l.set(nil)
	return l
}

func (l *tilesLine) set(s *Sending) {
	divided := s != nil && s.Tiles && s.Windows > 1
	offered := s != nil && !s.Tiles && s.Blown > 0
	show(l.root, divided || offered)
	switch l.tiles = offered; {
	case divided:
		l.words.SetText(text.N("ui.tiles.order", s.Windows))
		l.button.SetText(text.T("ui.tiles.one"))
	case offered:
		l.words.SetText(text.T("ui.tiles.offer", "Times", fmt.Sprintf("%.1f", s.Blown)))
		l.button.SetText(text.T("ui.tiles.do"))
	}
}
