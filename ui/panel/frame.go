package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Frame arranges the parts of the window to the design's measures: options above rail and
// middle, gallery below them, side panel at the full height on the right, status at the
// bottom, with lines between them. The middle, which is the canvas or its replacement, takes
// the remaining room.
func Frame(rail, options, middle, gallery, side, status fyne.CanvasObject) fyne.CanvasObject {
	line := func() fyne.CanvasObject { return widgets.NewDivider() }
	return container.New(frameLayout{}, widgets.NewSurface(theme.Surround), rail, options, middle, gallery, status,
		side, line(), line(), line())
}

type frameLayout struct{}

// The objects of a frame in the order in which they are drawn. The side panel
// comes late: the edge by which it is dragged overlaps its neighbours.
const (
	frameBack = iota
	frameRail
	frameOptions
	frameMiddle
	frameGallery
	frameStatus
	frameSide
	frameTop    // line under the menu
	frameUnder  // line under the options
	frameBottom // line over the status
)

func (frameLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	place := func(i int, x, y, w, h float32) {
		o[i].Resize(fyne.NewSize(max(0, w), max(0, h)))
		o[i].Move(fyne.NewPos(x, y))
	}
	visible := func(i int, v float32) float32 {
		if o[i].Visible() {
			return v
		}
		return 0
	}
	side := visible(frameSide, o[frameSide].MinSize().Width)
	gallery := visible(frameGallery, o[frameGallery].MinSize().Height)
	bottom := s.Height - theme.StatusHeight
	left := s.Width - side
	options, rail := visible(frameOptions, theme.OptionsHeight), visible(frameRail, theme.RailWidth)
	high := bottom - options - gallery
	place(frameBack, 0, 0, s.Width, s.Height)
	place(frameOptions, 0, 0, left, theme.OptionsHeight)
	place(frameRail, 0, options, theme.RailWidth, high)
	place(frameMiddle, rail, options, left-rail, high)
	place(frameGallery, 0, bottom-gallery, left, gallery)
	place(frameSide, left, 0, side, bottom)
	place(frameStatus, 0, bottom, s.Width, theme.StatusHeight)
	place(frameTop, 0, 0, s.Width, 1)
	place(frameUnder, 0, max(0, options-1), left, 1)
	place(frameBottom, 0, bottom, s.Width, 1)
}

// MinSize is the smallest window that the design supports, less the menu.
func (frameLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[frameSide].MinSize().Width+600, 560)
}
