package session

import (
	"cmp"
	"context"
	"image"
	"maps"
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
)

// More are the rarely used options. Those that a service doesn't have are left out of its
// request.
type More struct {
	// Seed makes the built-in engine's variants repeatable; 0 means a new seed each time.
	Seed int64
	// ResponseFormat and User are fields of the request, left out where "".
	ResponseFormat, User string
	// Options are further fields by their names in the request.
	Options map[string]string
	// Previews is how many partial images are requested of each variant.
	Previews int
	// References are further input pictures.
	References []Reference
}

// ServiceChoice is a service that can be asked, as a chip shows it.
type ServiceChoice struct {
	// ID is a connection's, or settings.Builtin.
	ID   string
	Name Sentence
	// Chosen reports whether it is asked; NoKey whether it needs a key and has none.
	Chosen, NoKey bool
	// Locked reports, with NoKey, whether the keyring, which may have the key, doesn't answer.
	Locked bool
	Model  string
	Models []string
	// Working reports whether it works on an edit of this window. Failed reports whether the last
	// one ended without an answer since the service couldn't be asked, as it is set up.
	Working, Failed bool
}

// PanelState is what the panel with the prompt shows.
type PanelState struct {
	Prompt  string
	Earlier []string // prompts, the latest first
	// Snippets are prompts that are kept under names.
	Snippets []settings.Snippet
	// Services are all that there are; the built-in engine is the first.
	Services []ServiceChoice
	// Profile is what the first chosen service accepts.
	Profile api.Profile
	Size    image.Point
	// Variants is how many variants are requested from each service, MaxVariants the most that
	// can be; 1 in tiles.
	Variants, MaxVariants int
	More                  More
	// References are those of More, as the panel shows them.
	References []ReferenceView
	// Sending is what would be sent, or nil where nothing is masked. It is computed in the
	// background; Settled reports whether it is of the document as it is now.
	Sending *Sending
	Settled bool
	// Spots says how the mask is divided into windows; Windows are these, in canvas pixels.
	// Each is one request.
	Spots   job.Spots
	Windows []image.Rectangle
	// Tiles reports whether the windows are tiles, each of which is requested once the one
	// before it has arrived.
	Tiles bool
	// SpotPrompts are the prompts of the windows, "" for Prompt; nil where windows can't have
	// their own.
	SpotPrompts []string
	// Whole reports whether nothing is masked and the whole picture would be sent.
	Whole bool
	// Reason says why Generate is not possible, and is empty where it is. Keyless is the
	// connection whose missing key is the reason, or "", and Remedy says what FindKey does
	// about it.
	Reason  Sentence
	Keyless string
	Remedy  Sentence
	// Count is how many variants Generate requests from all services together, or how many
	// tiles, and Cost their estimated cost.
	Count int
	Cost  []service.Cost
}

// Sending is what would be sent to the first service.
type Sending struct {
	Thumbnail *image.NRGBA
	// Window is the part of the canvas that is sent, Size the pixels that it is sent at.
	Window image.Rectangle
	Size   image.Point
	// Mask is the masked share of the picture, Share the share that leaves this computer: 0 to
	// 1.
	Mask, Share float64
	// Filled reports whether the mask, grown, leaves the built-in engine nothing to fill from.
	Filled bool
	// Blown is the factor, along one side, by which the answer would have to be enlarged to the
	// window; above region.MostBlown tiles are better. It is 0 where tiles are not possible:
	// for the whole picture without a mask, and for a drawn window.
	Blown float64
	// Bytes is the size of the files, 0 until it is known; Limit is the most that one file may
	// have, 0 for no limit.
	Bytes, Limit int64
	// References is the total size of the references' files, not included in Bytes. Limit holds
	// for each of them too; a reference that is larger is scaled down.
	References int64
}

// panel is the state behind PanelState.
type panel struct {
	prompt   string
	services []string // the chosen ones, the first one first; never empty
	size     image.Point
	variants int
	more     More
	// references are what is kept of more's.
	references references
	keys       map[string]service.KeyState // by connection, where that is known
	failed     map[string]bool             // by connection; empty whenever the settings have changed
	// keyAsked numbers the checks of keys; keyAnswered is the number of the last one that was
	// answered, by connection.
	keyAsked    int
	keyAnswered map[string]int

	number  int                // counts plans, so that an old one can't overtake a newer
	settled bool               // the last plan is done
	of      *document.Document // what the last plan that is done was of
	masked  bool               // and whether it found something to edit
	whole   bool               // the whole picture is sent
	spots   job.Spots          // how the mask is sent; "" is job.SpotsAuto
	windows []image.Rectangle  // all of them, window the first
	tiles   bool               // they are tiles
	window  image.Rectangle
	// spotPrompts are the prompts of spots, also of those that are not masked at present.
	spotPrompts []spotPrompt
	sending     *Sending
	cost        []service.Cost
	rest        func() // ends the wait for the user to rest, or nil
}

// Panel returns what the panel with the prompt shows.
func (s *Session) Panel() PanelState {
	p := &s.panel
	v := PanelState{
		Prompt: p.prompt, Earlier: s.settings.Current().Prompts, Snippets: s.settings.Current().Snippets, Profile: s.service.Profile(p.services[0]), Size: p.size,
		Variants: p.variants, More: p.more, Sending: p.sending, Settled: p.settled, Cost: p.cost,
		References: s.referenceViews(), Whole: p.whole, Spots: cmp.Or(p.spots, job.SpotsAuto), Windows: p.windows, Tiles: p.tiles, SpotPrompts: s.spotPrompts(),
	}
	v.Reason, v.Keyless = s.reason()
	v.Remedy = s.remedy(v.Keyless)
	for _, id := range p.services {
		v.Count += max(s.choices(id).N, 1)
	}
	v.MaxVariants = max(v.Profile.MaxN, 1)
	if s.inTiles() {
		v.Variants, v.MaxVariants = 1, 1
	}
	if v.Tiles {
		v.Count = len(v.Windows)
	}
	working := map[string]bool{}
	for _, e := range s.edits.list {
		working[e.connection] = working[e.connection] || !e.over()
	}
	one := func(id string, name Sentence, model string, models []string) {
		v.Services = append(v.Services, ServiceChoice{
			ID: id, Name: name, Model: model, Models: models, Chosen: slices.Contains(p.services, id), NoKey: s.keyless(id), Locked: s.panel.keys[id].Locked, Working: working[id],
			Failed: s.panel.failed[id],
		})
	}
	one(settings.Builtin, say("ui.builtin"), "", nil)
	for _, c := range s.settings.Current().Connections {
		one(c.ID, say("ui.name", "Name", c.Name), c.Model, c.Models)
	}
	return v
}

// SetPrompt changes the prompt.
func (s *Session) SetPrompt(prompt string) {
	defer s.act(Panel)()
	s.panel.prompt = prompt
}

// KeepSnippet saves a prompt under a name, and replaces one of the same name.
func (s *Session) KeepSnippet(name, prompt string) {
	defer s.act()()
	s.change(func(set *settings.Settings) { set.KeepSnippet(name, prompt) }, nil)
}

// SetSnippets replaces the saved prompts.
func (s *Session) SetSnippets(list []settings.Snippet) {
	defer s.act()()
	s.change(func(set *settings.Settings) {
		set.Snippets = nil
		for _, one := range list {
			set.KeepSnippet(one.Name, one.Prompt)
		}
	}, nil)
}

// ChooseServices chooses the services to ask; none means the built-in engine. The built-in
// engine is never combined with others: of a list with both, the newly chosen side is taken.
func (s *Session) ChooseServices(ids ...string) {
	defer s.act(Panel)()
	var list []string
	for _, id := range ids {
		if _, ok := s.service.Connection(id); (ok || id == settings.Builtin) && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	if builtin := slices.Index(list, settings.Builtin); builtin >= 0 && len(list) > 1 {
		if slices.Contains(s.panel.services, settings.Builtin) {
			list = slices.Delete(list, builtin, builtin+1)
		} else {
			list = nil
		}
	}
	if len(list) == 0 {
		list = []string{settings.Builtin}
	}
	if slices.Equal(list, s.panel.services) {
		return
	}
	first := list[0] != s.panel.services[0]
	s.panel.services = list
	s.touch(Tools)
	if first {
		s.panel.size = defaultSize(s.service.Profile(list[0]))
		s.remember(func(set *settings.Settings) { set.Connection = list[0] })
	}
	s.checkKeys(true)
	s.askSpent()
	s.plan()
}

// defaultSize is the size that a profile starts with.
func defaultSize(p api.Profile) image.Point {
	if len(p.Sizes) > 0 {
		return p.Sizes[0]
	}
	return image.Point{}
}

// SetModel changes the model of a service.
func (s *Session) SetModel(connection, model string) {
	defer s.act(Panel)()
	s.change(func(set *settings.Settings) {
		if c, ok := set.Find(connection); ok && c.ID == connection {
			c.SetModel(model)
		}
	}, nil)
}

// SetSize changes the size of the answer; zero leaves it open.
func (s *Session) SetSize(size image.Point) {
	defer s.act(Panel)()
	s.panel.size = size
	s.plan()
}

// SetVariants changes how many variants are asked for of each service.
func (s *Session) SetVariants(n int) {
	defer s.act(Panel)()
	s.panel.variants = max(n, 1)
	s.remember(func(set *settings.Settings) { set.Variants = max(n, 1) })
	s.plan()
}

// SetMore changes the rarely used options.
func (s *Session) SetMore(m More) {
	defer s.act(Panel)()
	m.Options, m.References = maps.Clone(m.Options), slices.Clone(m.References)
	s.panel.more = m
	s.lookAtReferences()
	s.plan()
}

// rememberPrompt adds the prompt to the earlier ones.
func (s *Session) rememberPrompt() {
	prompt := s.panel.prompt
	s.remember(func(set *settings.Settings) { set.RememberPrompt(prompt) })
	s.touch(Panel)
}

// regionOptions are the user's choices for the window that is sent.
func (s *Session) regionOptions() region.Options {
	o := s.settings.Current().Window.Options()
	o.Window = s.frame.rect
	return o
}

// planned is the result of a plan.
type planned struct {
	drawn   bool // the frame that the user drew is still meant
	outline service.Outline
	err     error
	sending *Sending
	cost    []service.Cost
}

// plan computes in the background what would be sent.
func (s *Session) plan() {
	p := &s.panel
	p.number++
	p.settled = false
	if p.rest != nil {
		p.rest()
		p.rest = nil
	}
	s.touch(Panel)
	if s.file.doc == nil {
		p.of = nil
		p.settled, p.masked, p.whole, p.sending, p.cost, p.window = true, false, false, nil, nil, image.Rectangle{}
		return
	}
	number, doc, state, frame, how := p.number, s.file.doc, s.file.doc.State(), s.frame, p.spots
	var all []service.Choices
	for _, id := range p.services {
		all = append(all, s.choices(id))
	}
	background(s, func() planned { return s.outline(state, frame, all) }, func(got planned) {
		if number != p.number {
			return
		}
		s.settleFrame(got.drawn, got.outline.Plan, got.err)
		p.of = doc
		p.settled, p.masked, p.whole, p.sending, p.cost, p.window = true, got.err == nil, got.outline.Whole, got.sending, got.cost, got.outline.Plan.Window
		p.windows = nil
		for _, spot := range got.outline.Spots {
			p.windows = append(p.windows, spot.Window)
		}
		p.tiles = how == job.SpotsTiles && len(p.windows) > 1
		s.touch(Panel | Canvas | Status | Tools)
		s.measure(number, state)
	})
}

// outline plans for all chosen services. It may be called from any goroutine.
func (s *Session) outline(state *document.State, frame drawnFrame, all []service.Choices) planned {
	m, _ := job.Mask(state)
	got := planned{drawn: frame.holds(m)}
	for i, c := range all {
		if !got.drawn {
			c.Region.Window = image.Rectangle{}
		}
		out, err := s.service.Outline(state, c)
		if i == 0 {
			got.outline, got.err = out, err
		}
		// Where nothing can be requested yet the price is known all the same; a service that
		// can't be asked is left out.
		if err == nil || got.err != nil {
			got.cost = addCost(got.cost, out.Cost)
		}
	}
	if got.err == nil {
		o := got.outline
		got.sending = &Sending{
			Thumbnail: state.Seen(o.Plan.Window, 192),
			Window:    o.Plan.Window, Size: o.Plan.Send, Mask: o.Mask, Share: o.Share, Filled: o.Filled, Limit: o.Limit,
		}
		if !o.Whole && !o.Drawn {
			got.sending.Blown = o.Plan.Blown()
		}
	}
	return got
}

// measureAfter is how long nothing must have changed before what would be sent is encoded to
// measure it.
const measureAfter = 400 * time.Millisecond

// measure finds out in the background how many bytes would be sent, once nothing has changed
// for measureAfter. The encoded files are the ones sent later.
func (s *Session) measure(number int, state *document.State) {
	p := &s.panel
	if p.sending == nil || p.services[0] == settings.Builtin || s.inTiles() { // what later tiles show isn't there yet
		return
	}
	p.rest = s.after(measureAfter, func() {
		p.rest = nil
		if number != p.number {
			return
		}
		c := s.choices(p.services[0])
		if c.Prompt == "" {
			c.Prompt = "?" // there will be one, and it is not what is measured
		}
		list := p.more.References
		background(s, func() outcome[*service.Set] {
			ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
			defer cancel()
			var err error
			if c.References, err = s.readReferences(ctx, c.Connection, list); err != nil {
				return outcome[*service.Set]{err: err}
			}
			return result(s.service.PrepareSpots(ctx, state, c))
		}, func(got outcome[*service.Set]) {
			if got.err != nil || number != p.number {
				return
			}
			now := *p.sending
			now.References = got.value.ReferenceBytes()
			now.Bytes, now.Size = got.value.Bytes-now.References, got.value.Drafts[0].Size
			p.sending = &now
			s.touch(Panel)
		})
	})
}
