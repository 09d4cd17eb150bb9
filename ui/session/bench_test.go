package session_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

func TestMain(m *testing.M) {
	text.Use("en")
	goleak.VerifyTestMain(m)
}

// The connections of the tests' person.
const (
	relay = "relay" // the one that is chosen, at $0.02 a picture
	other = "other"
)

// timer is a clock that the test turns.
type timer struct {
	at time.Time
	do func()
}

// bench is a session whose service, clock and goroutine are the test's.
type bench struct {
	*testing.T
	*session.Session
	service  *fake
	settings *memory
	folder   string // for files
	autosave string // where documents are kept

	posts  chan func()
	now    time.Time
	timers []*timer
	told   []session.Part
	wishes []session.Wish
	shapes int  // shapes that were dropped
	over   bool // WishClose was wished
	end    context.CancelFunc
}

// newBench returns a session with a connection, a key and a prompt, and nothing open.
func newBench(t *testing.T, change ...func(*bench, *session.Options)) *bench {
	t.Helper()
	set := settings.Default()
	price := settings.Price{Picture: 20_000, Currency: "USD"}
	set.Connections = []settings.Connection{
		{ID: relay, Name: "Relay", BaseURL: "http://127.0.0.1:1", Model: "m", Profile: "classic", Price: price, Models: []string{"m"}},
		{ID: other, Name: "Other", BaseURL: "http://127.0.0.1:1", Model: "gpt-image-2", Profile: "gpt-image", Price: price, Models: []string{"gpt-image-2"}},
	}
	set.Connection, set.Variants = relay, 2
	// Small windows are fast, and colours that come as they are can be told.
	for i := range set.Connections {
		set.Connections[i].Limits.Sizes = []image.Point{{X: 64, Y: 64}}
	}
	set.Window.Min = 32
	set.Blend.Match, set.Blend.Seam = false, 0
	b := &bench{
		T: t, settings: &memory{now: set}, folder: t.TempDir(), autosave: t.TempDir(), posts: make(chan func(), 10_000),
		now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC),
	}
	b.service = &fake{
		settings: b.settings,
		state: fakeState{
			edits: map[service.ID]service.Edit{}, spent: service.Spent{Left: -1},
			keys: map[string]secret.Source{relay: secret.FromKeyring, other: secret.FromKeyring},
		},
	}
	o := session.Options{
		Service: b.service, Settings: b.settings, Documents: b.autosave,
		Post: func(f func()) { b.posts <- f }, Now: func() time.Time { return b.now }, After: b.after,
		DropShape: func() { b.shapes++ },
	}
	for _, f := range change {
		f(b, &o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.end = cancel
	b.Session = session.New(ctx, o)
	b.Subscribe(func(p session.Part) { b.told = append(b.told, p) })
	b.SetPrompt("a boat on the lake")
	t.Cleanup(b.finish)
	return b
}

// finish closes the session whatever is open.
func (b *bench) finish() {
	defer b.service.feed.Close()
	defer b.end()
	if !b.Closed() {
		if hold := b.service.seen().hold; hold != nil {
			select {
			case <-hold:
			default:
				close(hold)
			}
		}
		for range 10 {
			b.Session.Close()
			for _, q := range b.Questions() {
				if len(q.Answers) > 0 && (q.Answers[0].Reply == session.Yes || q.Answers[0].Reply == session.Discard) {
					b.Answer(q.ID, q.Answers[0].Reply)
				}
				b.Answer(q.ID, session.Dismiss)
			}
			if b.Closed() {
				break
			}
			b.drain()
		}
	}
	if !b.over {
		b.wished(session.WishClose)
	}
}

// drain does what was posted so far.
func (b *bench) drain() {
	for {
		select {
		case f := <-b.posts:
			f()
		default:
			return
		}
	}
}

// until does what is posted until so holds.
func (b *bench) until(what string, so func() bool) {
	b.Helper()
	late := time.After(time.Minute)
	for !so() {
		select {
		case f := <-b.posts:
			f()
		case <-late:
			b.Fatalf("waited in vain for %s", what)
		}
	}
}

// wished waits for a wish and returns it.
func (b *bench) wished(kind session.WishKind) (w session.Wish) {
	b.Helper()
	b.until("the wish "+string(kind), func() bool {
		b.wishes = append(b.wishes, b.Wishes()...)
		for i, one := range b.wishes {
			if one.Kind == kind {
				w = one
				b.over = b.over || kind == session.WishClose
				b.wishes = slices.Delete(b.wishes, i, i+1)
				return true
			}
		}
		return false
	})
	return w
}

func (b *bench) after(d time.Duration, f func()) func() {
	t := &timer{b.now.Add(d), f}
	b.timers = append(b.timers, t)
	return func() { b.timers = slices.DeleteFunc(b.timers, func(o *timer) bool { return o == t }) }
}

// advance turns the clock.
func (b *bench) advance(d time.Duration) {
	end := b.now.Add(d)
	for {
		var next *timer
		for _, t := range b.timers {
			if !t.at.After(end) && (next == nil || t.at.Before(next.at)) {
				next = t
			}
		}
		if next == nil {
			break
		}
		b.timers = slices.DeleteFunc(b.timers, func(o *timer) bool { return o == next })
		if next.at.After(b.now) {
			b.now = next.at
		}
		next.do()
	}
	b.now = end
}

// The size of the tests' picture, and where things are painted on it.
var size = image.Pt(160, 120)

// photo writes a picture and returns its path.
func (b *bench) photo(name string) string {
	b.Helper()
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			img.SetNRGBA(x, y, color.NRGBA{uint8(40 + x/2), uint8(40 + y), 90, 255})
		}
	}
	path := filepath.Join(b.folder, name)
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		b.Fatal(err)
	}
	return path
}

// open opens a picture.
func (b *bench) open(name string) {
	b.Helper()
	b.Open(b.photo(name))
	b.until("the picture "+name, func() bool { return b.Document().Name == name })
	b.PictureShown()
	b.planned()
}

// planned waits for the plan of what would be sent.
func (b *bench) planned() {
	b.Helper()
	b.until("a plan", func() bool { return b.Panel().Settled })
}

func (b *bench) mask() *mask.Mask { return b.Document().State.Mask }

// box is a mask of a rectangle.
func box(x0, y0, x1, y1 float64) *mask.Mask {
	return mask.Rectangle(size, mask.Point{X: x0, Y: y0}, mask.Point{X: x1, Y: y1})
}

// stroke paints a mask as the canvas does it: on top of what View gives.
func (b *bench) stroke(m *mask.Mask) {
	b.BeginStroke()
	b.Paint("step.brush", mask.Union(b.View().State.Mask, m))
	b.EndStroke()
}

// spot is what most tests paint.
func (b *bench) spot() { b.stroke(box(60, 40, 90, 70)) }

// ready opens a picture and paints on it.
func ready(t *testing.T, change ...func(*bench, *session.Options)) *bench {
	t.Helper()
	b := newBench(t, change...)
	b.open("lake.png")
	b.spot()
	b.planned()
	return b
}

// generate asks for an edit and waits until the service has it.
func (b *bench) generate() (session.EditID, service.ID) {
	b.Helper()
	b.advance(2 * time.Second)
	before := b.lastID()
	b.Generate()
	b.until("the edit to be submitted", func() bool {
		all := b.Edits()
		return b.lastID() > before && len(all) > 0 && all[len(all)-1].State == session.Waiting
	})
	all := b.Edits()
	return all[len(all)-1].ID, b.lastID()
}

func (b *bench) lastID() service.ID {
	return b.service.seen().last
}

// begins has the service carry an edit out.
func (b *bench) begins(id service.ID) {
	b.Helper()
	b.service.set(func(s *fakeState) {
		s.queue = slices.DeleteFunc(s.queue, func(o service.ID) bool { return o == id })
	})
	b.service.feed.Publish(service.Started{ID: id})
	b.until("the edit to start", func() bool { return b.Running().Running > 0 || b.Running().Elsewhere > 0 })
}

// sent has the service say that it has the request.
func (b *bench) sent(e session.EditID, id service.ID) {
	b.Helper()
	b.service.feed.Publish(service.Sent{ID: id, Bytes: 9})
	b.until("the request to be sent", func() bool { return b.edit(e).Sent })
}

// arrives brings a variant of one colour.
func (b *bench) arrives(e session.EditID, id service.ID, index int, grey uint8) session.VariantID {
	b.Helper()
	j := b.service.seen().edits[id].Job
	pix := image.NewNRGBA(image.Rectangle{Max: j.Plan().Send})
	for i := range pix.Pix {
		pix.Pix[i] = grey
		if i%4 == 3 {
			pix.Pix[i] = 255
		}
	}
	made, err := j.Variant(api.Answer{Index: index, Image: pix})
	if err != nil {
		b.Fatal(err)
	}
	v := session.VariantID{Edit: e, N: index}
	b.service.feed.Publish(service.Arrived{ID: id, Index: index, Variant: made})
	b.until(fmt.Sprintf("variant %d", index), func() bool {
		c, ok := b.card(v)
		return ok && c.State == session.CardReady
	})
	return v
}

// ends ends an edit.
func (b *bench) ends(id service.ID, got, asked int, err *api.Error) {
	b.Helper()
	end := service.Ended{ID: id, Result: api.Result{Got: got, Asked: asked}, Err: err, Cost: service.Cost{Amount: int64(got) * 20_000, Currency: "USD"}}
	b.service.feed.Publish(end)
	under := b.Running()
	n := under.Running + under.Waiting + under.Elsewhere + under.Preparing
	b.until("the edit to end", func() bool {
		u := b.Running()
		return u.Running+u.Waiting+u.Elsewhere+u.Preparing < n
	})
}

// made makes a whole edit of two variants, a light one and a dark one.
func (b *bench) made() (first, second session.VariantID) {
	b.Helper()
	e, id := b.generate()
	b.begins(id)
	first = b.arrives(e, id, 0, 250)
	second = b.arrives(e, id, 1, 5)
	b.ends(id, 2, 2, nil)
	return first, second
}

// edit returns an edit as the gallery shows it.
func (b *bench) edit(id session.EditID) session.Edit {
	for _, e := range b.Edits() {
		if e.ID == id {
			return e
		}
	}
	return session.Edit{}
}

// card returns a card as the gallery shows it; ok is false where it isn't there.
func (b *bench) card(v session.VariantID) (c session.Card, ok bool) {
	for _, e := range b.Edits() {
		for _, c := range e.Cards {
			if c.ID == v {
				return c, true
			}
		}
	}
	return session.Card{}, false
}

// at is the brightness of a pixel on the canvas.
func (b *bench) at(x, y int) int {
	return int(b.View().State.Pixels(image.Rect(x, y, x+1, y+1)).NRGBAAt(x, y).R)
}

// asked returns the question that is asked, which must be of a sort.
func (b *bench) asked(ask session.Ask) session.Question {
	b.Helper()
	b.until("the question "+string(ask), func() bool { return len(b.Questions()) > 0 })
	q := b.Questions()[0]
	if q.Ask != ask {
		b.Fatalf("asked %s %q, want %s", q.Ask, q.Text, ask)
	}
	return q
}

// quiet fails where a question is asked.
func (b *bench) quiet() {
	b.Helper()
	if q := b.Questions(); len(q) > 0 {
		b.Errorf("asked %s: %s", q[0].Ask, q[0].Text)
	}
}

// noticed waits for a notice with a key and returns it.
func (b *bench) noticed(key string) (n session.Notice) {
	b.Helper()
	b.until("the notice "+key, func() bool {
		for _, one := range b.Notices() {
			if one.Text.Key == key {
				n = one
				return true
			}
		}
		return false
	})
	return n
}

// variant is a variant on the canvas alone.
func variant(v session.VariantID) session.Shown {
	return session.Shown{Picture: session.Picture{What: session.IsVariant, Variant: v}}
}

var (
	original = session.Shown{Picture: session.Picture{What: session.IsOriginal}}
	current  = session.Shown{}
)

// shows fails where something else is on the canvas.
func (b *bench) shows(want session.Shown) {
	b.Helper()
	if got := b.Shown(); got != want {
		b.Errorf("the canvas shows %+v, want %+v", got, want)
	}
}
