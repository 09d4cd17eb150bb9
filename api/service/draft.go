package service

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"
	"sync"
	"unicode/utf8"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
)

// Choices are the user's choices for an edit.
type Choices struct {
	// Connection is a connection's ID, or settings.Builtin.
	Connection string
	// Options are the choices as the user made them. Those that the connection's profile
	// doesn't have are left out, and those left open (model, user, response format) are taken
	// from the connection.
	job.Options
	// SpotPrompts, unless nil, returns the prompt of each of several windows; where one is
	// missing or "", Prompt is used. It may be called from any goroutine.
	SpotPrompts func(windows []image.Rectangle) []string
}

// Outline describes an edit, as far as that needs no cropping or encoding.
type Outline struct {
	Plan region.Plan
	// Spots are all windows of the edit, at least one, and Plan the first of them.
	Spots []region.Plan
	// Whole reports whether the edit has no mask.
	Whole bool
	// Drawn reports whether Choices.Region.Window was used.
	Drawn bool
	// Filled reports whether the built-in engine would have nothing to fill a window from, since
	// the mask, grown, covers all of it. It is false for other connections.
	Filled bool
	// Mask is the masked share of the picture, Share the share of it that lies in the windows,
	// both 0 to 1.
	Mask, Share float64
	Cost        Cost
	// Limit is the most bytes that a file may have; 0 means no limit.
	Limit int64
}

// Outline plans the windows of an edit. Its errors are those of region.NewPlan; with them the
// cost is that of one window, as far as it is known. For a hundred megapixels it may take some
// milliseconds.
func (s *Service) Outline(state *document.State, c Choices) (Outline, error) {
	p := s.Profile(c.Connection)
	f, err := job.Frame(state, p, c.Options)
	out := Outline{Plan: f.Plan, Whole: f.Whole, Drawn: !c.Region.Window.Empty(), Limit: p.ImageBytes}
	if err != nil {
		out.Cost = s.estimate(c, image.Point{})
		return out, err
	}
	if f.Whole {
		c.Size = p.Limits().Ask(f.Plan.Window.Size(), c.Size)
	}
	spots, err := job.PlanSpots(state, p, c.Options)
	if err != nil {
		return out, err
	}
	all := float64(state.Size.X) * float64(state.Size.Y)
	out.Mask, out.Plan = f.Mask.Area()/all, spots[0].Plan
	var windows []image.Rectangle
	for _, spot := range spots {
		windows = append(windows, spot.Plan.Window.Intersect(state.Bounds()))
		out.Spots = append(out.Spots, spot.Plan)
		out.Cost = out.Cost.plus(s.estimate(c, spot.Plan.Send))
	}
	out.Share = float64(covered(windows)) / all
	out.Filled = p.ID == api.Builtin().ID && job.AnyFilled(state.Size, spots)
	return out, nil
}

// covered returns the number of pixels in the union of rectangles.
func covered(list []image.Rectangle) (n int) {
	var edges []int
	for _, r := range list {
		edges = append(edges, r.Min.X, r.Max.X)
	}
	slices.Sort(edges)
	byTop := slices.SortedFunc(slices.Values(list), func(a, b image.Rectangle) int { return cmp.Compare(a.Min.Y, b.Min.Y) })
	for i := range max(len(edges)-1, 0) {
		from, to := edges[i], edges[i+1]
		bottom := math.MinInt
		for _, r := range byTop {
			if from < to && r.Min.X <= from && to <= r.Max.X && r.Max.Y > bottom {
				n += (to - from) * (r.Max.Y - max(r.Min.Y, bottom))
				bottom = r.Max.Y
			}
		}
	}
	return n
}

// Draft is an edit that is ready to be submitted: planned, checked against the connection's
// profile, with its pictures encoded and its cost estimated. It is immutable.
type Draft struct {
	// Connection is the connection's ID, Name its name in the settings.
	Connection, Name string
	Profile          api.Profile
	Job              *job.Job
	// Bytes is the total size of its picture files, Size the size of the sent window in pixels:
	// both are zero for the built-in engine.
	Bytes int64
	Size  image.Point
	Cost  Cost

	engine *engine
}

// ImageBytes returns the size of the picture's file in bytes, or 0.
func (d *Draft) ImageBytes() int64 {
	if f := d.Job.Request().Files; f != nil {
		return int64(len(f.Image))
	}
	return 0
}

// ReferenceBytes returns the total size of the references' files in bytes, which is part of
// Bytes.
func (d *Draft) ReferenceBytes() (n int64) {
	if f := d.Job.Request().Files; f != nil {
		for _, r := range f.References {
			n += int64(len(r))
		}
	}
	return n
}

// Prepare makes a draft. The window is planned, cropped and encoded once, and again only when
// the document, the window or the connection has changed. Errors that the user can correct
// are *api.Error of KindInput; the end of ctx is returned as its error. Several calls may be
// under way; equal ones share the work.
func (s *Service) Prepare(ctx context.Context, state *document.State, c Choices) (*Draft, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	e, err := s.engine(c.Connection)
	if err != nil {
		return nil, err
	}
	profile := e.Profile()
	c = s.filled(c, profile)
	if err := checkWords(c.Options); err != nil {
		return nil, err
	}
	prepared, err := s.drafts.get(ctx, draftKey{state, e, c.Region, c.Size, c.Whole}, c.References, func(ctx context.Context) (*job.Job, error) {
		return prepare(ctx, state, e, c)
	})
	if err != nil {
		return nil, err
	}
	j, err := prepared.Ask(c.Options, profile)
	if err != nil {
		return nil, err
	}
	return s.draft(e, c.Connection, j), nil
}

// draft returns the draft of a job that is ready.
func (s *Service) draft(e *engine, connection string, j *job.Job) *Draft {
	d := &Draft{Connection: connection, Name: settings.Builtin, Profile: e.Profile(), Job: j, engine: e}
	if c, ok := s.Connection(connection); ok {
		d.Name = c.Name
	}
	r := j.Request()
	if r.Files != nil {
		d.Bytes, d.Size = r.Files.Bytes(), r.Files.Size
	}
	size := r.Size
	if size == (image.Point{}) {
		size = j.Plan().Send
	}
	d.Cost = s.costOf(connection, r, size)
	return d
}

// prepare does the part of a draft that doesn't depend on its prompt.
func prepare(ctx context.Context, state *document.State, e *engine, c Choices) (*job.Job, error) {
	profile := e.Profile()
	o := c.Options
	if profile.NeedsPrompt {
		o.Prompt = cmp.Or(o.Prompt, "?") // there will be one; Ask looks at it
	}
	j, err := job.Prepare(ctx, state, o, profile)
	if err != nil {
		return nil, err
	}
	encoder, ok := e.Engine.(api.Encoder)
	if !ok {
		return j, nil
	}
	files, err := encoder.Encode(ctx, j.Request())
	if err != nil {
		return nil, err
	}
	return j.WithFiles(files), nil
}

// filled returns the choices limited to the profile and completed from the connection.
func (s *Service) filled(c Choices, p api.Profile) Choices {
	if con, ok := s.Connection(c.Connection); ok {
		c.Model = cmp.Or(c.Model, con.Model)
		c.User, c.ResponseFormat = cmp.Or(c.User, con.User), cmp.Or(c.ResponseFormat, con.ResponseFormat)
	}
	c.Stream = c.Stream && p.Stream
	if !c.Stream {
		c.Partials = 0
	}
	if len(p.ResponseFormats) == 0 {
		c.ResponseFormat = ""
	}
	if p.Images <= 1 {
		c.References = nil
	}
	extra := map[string]string{}
	for name, value := range c.Extra {
		if _, ok := p.Options[name]; ok {
			extra[name] = value
		}
	}
	c.Extra = extra
	return c
}

// checkWords refuses text that can't be sent unchanged.
func checkWords(o job.Options) error {
	for _, s := range []string{o.Prompt, o.Model, o.User} {
		if !utf8.ValidString(s) {
			return api.InputError("error.text_encoding")
		}
	}
	return nil
}

// draftKey is what a prepared window depends on.
type draftKey struct {
	state  *document.State
	engine *engine
	region region.Options
	size   image.Point
	whole  bool
}

// drafts caches the window that was prepared last, so that measuring and submitting it share
// the work. The zero value is ready to use.
type drafts struct {
	mu   sync.Mutex
	last *prepared
}

// prepared is a window that was made or is being made.
type prepared struct {
	key        draftKey
	references []*image.NRGBA
	done       chan struct{} // closed when job and err are there
	cancel     context.CancelFunc
	waiting    int // callers that wait for it; the drafts' lock guards it
	job        *job.Job
	err        error
}

// get returns the window of a key, made by build unless it was made or is being made. The work
// stops when no caller waits for it.
func (d *drafts) get(ctx context.Context, key draftKey, references []*image.NRGBA, build func(context.Context) (*job.Job, error)) (*job.Job, error) {
	d.mu.Lock()
	p := d.last
	if p == nil || p.key != key || !slices.Equal(p.references, references) || p.failed() {
		p = &prepared{key: key, references: references, done: make(chan struct{})}
		var work context.Context
		work, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
		d.last = p
		go func() {
			defer close(p.done)
			defer p.cancel()
			p.job, p.err = guarded(func() (*job.Job, error) { return build(work) })
		}()
	}
	p.waiting++
	d.mu.Unlock()
	defer d.leave(p)
	select {
	case <-p.done:
		return p.job, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// leave ends one caller's wait.
func (d *drafts) leave(p *prepared) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p.waiting--; p.waiting > 0 {
		return
	}
	select {
	case <-p.done:
	default:
		p.cancel()
		if d.last == p {
			d.last = nil
		}
	}
}

func (p *prepared) failed() bool {
	select {
	case <-p.done:
		return p.err != nil
	default:
		return false
	}
}
