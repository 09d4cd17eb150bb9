package window

import (
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/gallery"
	"overpaint.dev/overpaint/ui/place"
)

// places stores the window's size and place for the next start, and makes the thumbnails of
// the gallery's two fixed cards.
type places struct {
	window *Window
	cards  float32
	size   fyne.Size // of the content
	at     image.Point
	looked time.Time // when at was found out
	later  bool      // whether a look is to come when lookAfter has passed
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

// end stops both.
func (p *places) end() { p.ended = true }

// The window's size at the first start, and the smallest that is restored, in units.
const (
	usualWidth, usualHeight = 1280, 800
	leastWidth, leastHeight = 640, 480
)

// restore gives the window its stored size.
func (p *places) restore() { p.window.win.Resize(p.stored()) }

// stored is the window's stored size, or the usual one, limited to the screen.
func (p *places) stored() fyne.Size {
	set := p.window.program.options.Settings.Current()
	width, height := set.WindowWidth, set.WindowHeight
	if width < leastWidth || height < leastHeight {
		width, height = usualWidth, usualHeight
	}
	return within(fyne.NewSize(width, height), p.window.program.options.Room)
}

// within returns the size, limited to the room. A side of 0 is no limit.
func within(size, room fyne.Size) fyne.Size {
	if room.Width > 0 {
		size.Width = min(size.Width, room.Width)
	}
	if room.Height > 0 {
		size.Height = min(size.Height, room.Height)
	}
	return size
}

// restorePlace moves the window, once it is shown, to its stored place.
func (p *places) restorePlace() {
	at := p.window.program.options.Settings.Current().WindowPlace
	if len(at) != 2 {
		return
	}
	if handle := p.handle(); handle != 0 {
		go func() {
			if err := place.Move(handle, at[0], at[1]); err != nil {
				p.window.log.Info("window not moved", "error", err)
			}
		}()
	}
}

// sideRoom is how wide the panel with the prompt can be without making the window wider: what
// the window, or its stored size before it is shown, leaves beside everything else.
func (p *places) sideRoom() float32 {
	size := p.stored()
	if p.size != (fyne.Size{}) {
		size = p.window.win.Canvas().Size()
	}
	return size.Width - (p.window.win.Content().MinSize().Width - p.window.side.Width())
}

// restoreSide gives the panel with the prompt its stored width.
func (p *places) restoreSide() {
	p.window.side.Room = p.sideRoom
	if width := p.window.program.options.Settings.Current().SideWidth; width > 0 {
		p.window.side.SetWidth(width)
	}
}

// watched returns content that reports the window's size.
func (p *places) watched(content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(&watchLayout{p}, content)
}

// watchLayout fills the window and stores its size.
type watchLayout struct{ p *places }

// MinSize implements fyne.Layout.
func (l *watchLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Layout implements fyne.Layout.
func (l *watchLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	p := l.p
	if s == p.size || s.Width < leastWidth || s.Height < leastHeight || p.window.win.FullScreen() {
		return
	}
	if p.size != (fyne.Size{}) {
		p.window.session.KeepWindow(p.window.win.Canvas().Size().Components())
	}
	p.size = s
	p.look()
}

// handle returns the window's ID on the X server, 0 where it has none.
func (p *places) handle() (id uint32) {
	if n, ok := p.window.win.(driver.NativeWindow); ok {
		n.RunNative(func(context any) {
			if x, ok := context.(driver.X11WindowContext); ok {
				id = uint32(x.WindowHandle)
			}
		})
	}
	return id
}

// lookAfter is how long a window's place counts as known.
const lookAfter = 2 * time.Second

// look stores the window's place: at once, or when lookAfter has passed since the last time. The
// toolkit doesn't report moves, so this is called whenever something happens in the window.
func (p *places) look() {
	if p.ended || p.later || p.window.win.FullScreen() {
		return
	}
	handle := p.handle()
	if handle == 0 {
		return
	}
	if wait := lookAfter - time.Since(p.looked); wait > 0 {
		p.later = true
		time.AfterFunc(wait, func() {
			fyne.Do(func() {
				p.later = false
				p.look()
			})
		})
		return
	}
	p.looked = time.Now()
	go func() {
		x, y, err := place.Of(handle)
		fyne.Do(func() {
			if at := image.Pt(x, y); err == nil && !p.ended && at != p.at {
				p.at = at
				p.window.session.KeepPlace(x, y)
			}
		})
	}()
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

// thumbnails returns the thumbnails of the photo and of the current picture. They are made in
// the background; until then they are older ones, or nil.
func (p *places) thumbnails(s *document.State) (original, current image.Image) {
	if p.made == nil || p.made.Base != s.Base {
		p.original, p.current, p.made = nil, nil, nil
	}
	if !p.making && (p.made == nil || !sameLook(p.made, s)) {
		p.make(s)
	}
	return p.original, p.current
}

// asOpened reports whether a state's picture is the photo and nothing else.
func asOpened(s *document.State) bool { return len(s.Results) == 0 && s.Size == s.Base.Size() }

// sameLook reports whether two states differ in nothing but their masks.
func sameLook(a, b *document.State) bool {
	return a.Base == b.Base && a.Size == b.Size && a.Offset == b.Offset && slices.Equal(a.Results, b.Results)
}

func (p *places) make(s *document.State) {
	p.making = true
	original := p.original
	go func() {
		if original == nil {
			original = s.Base.Meta.Space.SRGB(picture.Thumbnail(s.Base.Pix, cardPixels))
		}
		current := original
		if !asOpened(s) {
			current = s.Seen(s.Bounds(), cardPixels)
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
