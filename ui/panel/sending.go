package panel

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Sending is what would be sent, as far as it is known.
type Sending struct {
	// Thumb is a thumbnail of the window.
	Thumb image.Image
	// Size is the size that the window is sent at, in pixels.
	Size image.Point
	// Windows is the number of windows, each of which is a request; 0 means one. Size is the
	// first one's.
	Windows int
	// Tiles reports whether the windows are tiles, of which each is sent once the one before it has come;
	// Blown is how many times the answer of one window would be enlarged where that is too much, or 0.
	Tiles bool
	Blown float64
	// Bytes is the size of the file, Limit the most that it may have; 0 is unknown.
	Bytes, Limit int64
	// Fraction is the share of the photo that leaves this computer, 0 to 1.
	Fraction float64
}

// sendingView shows a Sending.
type sendingView struct {
	root    *fyne.Container
	local   bool // the engine is on this computer
	picture *widgets.Picture
	size    *widgets.Label
	leaves  *widgets.Label
	note    *widgets.Label
	none    *widgets.Label
	row     *fyne.Container
	title   *widgets.Label
	shown   *Sending
}

func newSendingView() *sendingView {
	v := &sendingView{
		picture: widgets.NewPicture(64),
		size:    widgets.NewText("").Cut(),
		leaves:  widgets.NewLabel("").Wrap(),
		note:    widgets.NewLabel("").Wrap(),
		none:    widgets.NewLabel(text.T("ui.send.none")).Wrap(),
		title:   widgets.NewLabel(""),
	}
	v.row = widgets.Beside(12, v.picture, widgets.Column(4, v.size, v.leaves))
	v.root = widgets.Column(theme.Gap, v.title, v.row, v.none, v.note)
	v.refresh()
	return v
}

func (v *sendingView) show(s *Sending) {
	v.shown = s
	v.refresh()
}

func (v *sendingView) refresh() {
	s := v.shown
	show(v.row, s != nil)
	show(v.none, s == nil)
	v.title.SetText(text.T("ui.send"))
	v.note.SetText("")
	v.none.SetText(text.T("ui.send.none"))
	if v.local {
		v.none.SetText(text.T("ui.send.none_local"))
		v.title.SetText(text.T("ui.send.local"))
		v.note.SetText(text.T("ui.send.local_note"))
	}
	show(v.note, v.local)
	if s == nil {
		v.picture.SetImage(nil)
		v.root.Refresh()
		return
	}
	v.picture.SetImage(s.Thumb)
	v.size.SetText(v.sizeText(s))
	v.leaves.SetText(v.leavesText(s))
	v.root.Refresh()
}

func (v *sendingView) sizeText(s *Sending) string {
	t := sizeText(s.Size)
	switch {
	case s.Windows > 1 && s.Tiles:
		t = text.N("ui.send.tiles", s.Windows)
	case s.Windows > 1:
		t = text.N("ui.send.windows", s.Windows)
	}
	switch {
	case v.local || s.Bytes == 0:
		return t
	case s.Limit > 0:
		return t + " · " + text.T("ui.send.of", "Have", megabytes(s.Bytes), "Limit", s.Limit/1_000_000)
	}
	return t + " · " + bytesText(s.Bytes)
}

// megabytes returns a size in megabytes, the unit of the limits.
func megabytes(n int64) string {
	mb := float64(n) / 1e6
	if mb < 0.1 {
		return "< 0.1"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", mb), ".0")
}

func (v *sendingView) leavesText(s *Sending) string {
	if v.local {
		return text.T("ui.send.nothing")
	}
	percent := fmt.Sprintf("%.0f%%", s.Fraction*100)
	if s.Fraction > 0 && s.Fraction < 0.01 {
		percent = "< 1%"
	}
	return text.T("ui.send.leaves", "Percent", percent)
}

// bytesText returns a size in megabytes or kilobytes.
func bytesText(n int64) string {
	if n < 100_000 {
		return fmt.Sprintf("%d KB", max(1, n/1000))
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/1e6), ".0") + " MB"
}
