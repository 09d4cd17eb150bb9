package window

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"

	"overpaint/editor/document"
	"overpaint/editor/picture"
	"overpaint/ui/gallery"
)

// places is where things lie in the window, which is kept for the next start,
// and the thumbnails of the gallery's two fixed cards.
type places struct {
	window *Window
	cards  float32
	ended  bool

	made     *document.State // what the thumbnails are of
	original image.Image
	current  image.Image
	making   bool
}

func newPlaces(w *Window) *places {
	set := w.program.options.Settings.Current()
	p := &places{window: w, cards: set.CardSize}
	if p.cards == 0 {
		p.cards = gallery.Usual
	}
	return p
}

// end keeps the window's size.
func (p *places) end() {
	size := p.window.win.Canvas().Size()
	p.window.session.KeepWindow(size.Width, size.Height)
	p.ended = true
}

func (p *places) setCards(size float32, done bool) {
	p.cards = size
	p.window.strip.Object().Refresh()
	p.window.win.Content().Refresh()
	if done {
		p.window.session.KeepCards(size)
	}
}

func (p *places) setSide(width float32) { p.window.session.KeepSide(width) }

// cardPixels is the longer side of the fixed cards' thumbnails.
const cardPixels = 640

// thumbnails returns those of the photo and of the picture as it is now. They
// are made in the background and are older ones, or nil, until then.
func (p *places) thumbnails(s *document.State) (original, current image.Image) {
	if p.made == nil || p.made.Base != s.Base {
		p.original, p.current, p.made = nil, nil, nil
	}
	if !p.making && (p.made == nil || !sameLook(p.made, s)) {
		p.make(s)
	}
	return p.original, p.current
}

// sameLook reports that two states differ in nothing but their masks.
func sameLook(a, b *document.State) bool {
	return a.Base == b.Base && a.Size == b.Size && a.Offset == b.Offset && slices.Equal(a.Results, b.Results)
}

func (p *places) make(s *document.State) {
	p.making = true
	original := p.original
	go func() {
		if original == nil {
			original = picture.Thumbnail(s.Base.Pix, cardPixels)
		}
		current := original
		if len(s.Results) > 0 || s.Size != s.Base.Size() {
			current = picture.Thumbnail(s.Flatten(), cardPixels)
		}
		fyne.Do(func() {
			p.making = false
			p.original, p.current, p.made = original, current, s
			if !p.ended {
				p.window.showGallery()
			}
		})
	}()
}
