package session_test

import (
	"context"
	"errors"
	"image"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/feed"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
)

// memory are settings that are written nowhere.
type memory struct {
	mu     sync.Mutex
	now    *settings.Settings
	writes int
	fault  error
}

func (m *memory) Current() *settings.Settings {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *memory) Update(change func(*settings.Settings)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.now.Clone()
	change(c)
	m.now = c
	m.writes++
	return m.fault
}

// set changes the settings as another program would.
func (m *memory) set(change func(*settings.Settings)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.now.Clone()
	change(c)
	m.now = c
}

// fails has the changes that follow fail.
func (m *memory) fails(fault error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = fault
}

// written is how many changes there were.
func (m *memory) written() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

// fake is a service that does what the test says.
type fake struct {
	feed     feed.Feed[service.Event]
	settings *memory

	mu    sync.Mutex
	state fakeState // with mu held; tests use seen and set
}

// fakeState is what the test tells the fake, and what the fake was asked.
type fakeState struct {
	least     bool // what edits cost is the least that they may cost
	prepared  int
	hold      chan struct{} // Prepare waits until it is closed, unless nil
	together  []int         // how many orders each SubmitAll had
	between   chan struct{} // SubmitAll waits between two drafts until it is closed, unless nil
	submitted []service.Submission
	refuse    []error // what Submit answers first
	queue     []service.ID
	cancelled []service.ID
	freed     int // how many times holds were released
	first     []service.ID
	more      []int
	edits     map[service.ID]service.Edit
	last      service.ID
	keys      map[string]secret.Source
	locked    bool          // the keyring
	keyWait   chan struct{} // Key answers what it saw when it is closed, unless nil
	asked     int           // how often Key was asked
	spent     service.Spent
	saved     []string
	marked    []int64 // the entries that were saved
	fetched   []int64
	fault     error // of Prepare, FetchAgain and Recover
	recovered service.Recovery
	models    []string
}

// seen is a copy of the state, which the session's goroutines don't share.
func (f *fake) seen() fakeState {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	s.together, s.submitted, s.refuse = slices.Clone(s.together), slices.Clone(s.submitted), slices.Clone(s.refuse)
	s.queue, s.cancelled, s.first = slices.Clone(s.queue), slices.Clone(s.cancelled), slices.Clone(s.first)
	s.more, s.saved, s.marked, s.fetched = slices.Clone(s.more), slices.Clone(s.saved), slices.Clone(s.marked), slices.Clone(s.fetched)
	s.edits, s.keys, s.models = maps.Clone(s.edits), maps.Clone(s.keys), slices.Clone(s.models)
	return s
}

// set changes the state while no call looks at it.
func (f *fake) set(change func(*fakeState)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

func (f *fake) Outline(state *document.State, c service.Choices) (service.Outline, error) {
	framed, _ := job.Frame(state, f.Profile(c.Connection), c.Options)
	spots, err := job.PlanSpots(state, f.Profile(c.Connection), c.Options)
	var plans []region.Plan
	for _, spot := range spots {
		plans = append(plans, spot.Plan)
	}
	return service.Outline{
		Spots: plans, Plan: framed.Plan, Whole: framed.Whole, Mask: framed.Mask.Area() / float64(state.Size.X*state.Size.Y), Share: 1, Cost: f.cost(c),
		Filled: c.Connection == settings.Builtin && job.AnyFilled(state.Size, spots),
	}, err
}

func (f *fake) cost(c service.Choices) service.Cost {
	con, ok := f.Connection(c.Connection)
	if !ok {
		return service.Cost{}
	}
	return service.Cost{Amount: con.Price.Of(max(c.N, 1), nil), Currency: con.Price.Currency, Least: f.seen().least}
}

func (f *fake) Prepare(ctx context.Context, state *document.State, c service.Choices) (*service.Draft, error) {
	f.mu.Lock()
	f.state.prepared++
	hold, fault := f.state.hold, f.state.fault
	f.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if fault != nil {
		return nil, fault
	}
	p := f.Profile(c.Connection)
	if len(p.ResponseFormats) == 0 {
		c.ResponseFormat = ""
	}
	j, err := job.Prepare(ctx, state, c.Options, p)
	if err != nil {
		return nil, err
	}
	if len(c.References) > 0 {
		files := &api.Files{}
		for range c.References {
			files.References = append(files.References, make([]byte, 1000))
		}
		j = j.WithFiles(files)
	}
	con, _ := f.Connection(c.Connection)
	return &service.Draft{
		Connection: c.Connection, Name: con.Name, Profile: p, Job: j, Bytes: 12345, Size: j.Plan().Send, Cost: f.cost(c),
	}, nil
}

func (f *fake) Submit(ctx context.Context, d *service.Draft, o service.Submission) (service.Edit, error) {
	f.mu.Lock()
	f.state.submitted = append(f.state.submitted, o)
	if len(f.state.refuse) > 0 {
		err := f.state.refuse[0]
		f.state.refuse = f.state.refuse[1:]
		f.mu.Unlock()
		return service.Edit{}, err
	}
	f.state.last++
	e := service.Edit{ID: f.state.last, Connection: d.Connection, Name: d.Name, Profile: d.Profile, Job: d.Job, Entry: int64(100 + f.state.last), Cost: d.Cost, Tag: o.Tag}
	f.state.edits[e.ID] = e
	f.state.queue = append(f.state.queue, e.ID)
	f.mu.Unlock()
	f.feed.Publish(service.Queued{Edit: e})
	return e, nil
}

func (f *fake) Release(*service.Hold) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.freed++
}

func (f *fake) PrepareSpots(ctx context.Context, state *document.State, c service.Choices) (*service.Set, error) {
	f.mu.Lock()
	hold, fault := f.state.hold, f.state.fault
	f.mu.Unlock()
	states := []*document.State{state}
	var prompts []string
	if hold == nil && fault == nil {
		var err error
		var windows []image.Rectangle
		if states, windows, err = job.SpotStates(state, c.Options, f.Profile(c.Connection)); err != nil {
			return nil, err
		}
		if c.SpotPrompts != nil {
			prompts = c.SpotPrompts(windows)
		}
	}
	set := &service.Set{}
	var jobs []*job.Job
	for i, part := range states {
		own := c
		if i < len(prompts) && prompts[i] != "" {
			own.Prompt = prompts[i]
		}
		d, err := f.Prepare(ctx, part, own)
		if err != nil {
			return nil, err
		}
		jobs, set.Drafts = append(jobs, d.Job), append(set.Drafts, d)
		set.Bytes += d.Bytes
		set.Cost.Amount, set.Cost.Currency = set.Cost.Amount+d.Cost.Amount, d.Cost.Currency
		set.Cost.Least = set.Cost.Least || d.Cost.Least
	}
	set.Job = job.Join(state, c.Options, jobs)
	return set, nil
}

func (f *fake) SubmitAll(ctx context.Context, orders []service.Order) ([][]service.Edit, error) {
	f.mu.Lock()
	f.state.together = append(f.state.together, len(orders))
	f.mu.Unlock()
	edits := make([][]service.Edit, len(orders))
	for k, o := range orders {
		for i, d := range o.Set.Drafts {
			if between := f.seen().between; i > 0 && between != nil {
				<-between
			}
			e, err := f.Submit(ctx, d, o.Submission)
			if err != nil {
				return nil, err
			}
			edits[k] = append(edits[k], e)
		}
	}
	return edits, nil
}

func (f *fake) More(e service.Edit, n int) (*service.Draft, error) {
	f.mu.Lock()
	f.state.more = append(f.state.more, n)
	f.mu.Unlock()
	c := service.Choices{Connection: e.Connection}
	c.N = n
	cost := f.cost(c)
	return &service.Draft{Connection: e.Connection, Name: e.Name, Profile: e.Profile, Job: e.Job.Again(n, 7), Cost: cost}, nil
}

func (f *fake) Cancel(id service.ID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.cancelled = append(f.state.cancelled, id)
	return true
}

func (f *fake) First(id service.ID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.first = append(f.state.first, id)
	return true
}

func (f *fake) Queue() []service.ID {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.state.queue)
}

func (f *fake) Subscribe() (<-chan service.Event, func()) { return f.feed.Subscribe() }

func (f *fake) Saved(entry int64, _ int, path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.marked = append(f.state.marked, entry)
	f.state.saved = append(f.state.saved, filepath.Base(path))
}

func (f *fake) Profile(connection string) api.Profile {
	if c, ok := f.Connection(connection); ok {
		return c.Accepts(profile.Builtin())
	}
	return api.Builtin()
}

func (f *fake) Connection(id string) (settings.Connection, bool) {
	c, ok := f.settings.Current().Find(id)
	if !ok || id == settings.Builtin {
		return settings.Connection{}, false
	}
	return *c, true
}

func (f *fake) Key(_ context.Context, connection string) (service.KeyState, error) {
	f.set(func(s *fakeState) { s.asked++ })
	s := f.seen()
	if s.keyWait != nil {
		<-s.keyWait
	}
	return service.KeyState{From: s.keys[connection], Locked: s.locked}, nil
}

func (f *fake) KeepKey(_ context.Context, connection string, _ secret.Key) (secret.Source, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.keys[connection] = secret.FromSession
	return secret.FromSession, nil
}

func (f *fake) ForgetKey(_ context.Context, connection string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.state.keys, connection)
	return nil
}

func (f *fake) Models(_ context.Context, connection string) ([]string, error) {
	models := f.seen().models
	return models, f.settings.Update(func(s *settings.Settings) {
		if c, ok := s.Find(connection); ok {
			c.SetModels(models)
		}
	})
}

func (f *fake) Spent(_ context.Context, currency string) (service.Spent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state.spent
	s.Currency = currency
	return s, nil
}

func (f *fake) History() (*history.Store, error) { return nil, errors.New("there is no history") }

func (f *fake) Recover(context.Context) (service.Recovery, error) {
	s := f.seen()
	return s.recovered, s.fault
}

func (f *fake) FetchAgain(_ context.Context, entry int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.fetched = append(f.state.fetched, entry)
	return f.state.fault
}
