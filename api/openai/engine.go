// Package openai is the engine that asks a service over HTTP, by the contract
// of OpenAI's POST /images/edits and with all the departures from it that
// services were found to have.
//
// One Engine serves one connection. An edit is: check the request against the
// profile, encode picture and mask under the service's limit (pictures.go),
// build the body (body.go), send it to the address that works (address.go,
// send.go), read what comes back, whatever its shape (answer.go, stream.go,
// failure.go), fetch pictures that came as addresses (download.go). The bytes
// of an answer are handed out before anything is decoded from them.
//
// The engine sends a request again only where the service refused to look at
// it: another spelling of the path after a 404, another name of the picture's
// field after a 422 that complains of it. Any other repetition is up to the
// caller, who finds in api.Error whether it is free.
package openai

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
	cores "overpaint.dev/overpaint/editor/parallel"
)

// parallel is how many requests of one edit run at once where the service makes one picture
// per request.
const parallel = 3

// Config configures an Engine, which does not change it.
type Config struct {
	// Connection is the service: address, proxy and learnt quirks.
	Connection settings.Connection
	// Profile is what the connection's model accepts; without an ID the built-in profile of the
	// model is used.
	Profile api.Profile
	// Key returns the connection's key. It is called for each edit; secret.ErrNotFound becomes
	// a sentence that says where to enter one. Nil sends no Authorization.
	Key func(context.Context) (secret.Key, error)
	// Secret returns the secret that replaces secret.SecretWord in the value of one of the
	// connection's own headers. It is called for each edit. Nil finds none.
	Secret func(ctx context.Context, header string) (secret.Key, error)
	// Learn is called when something was learnt about the service, with all that is known; it
	// may be nil. It may be called from several goroutines, one at a time.
	Learn func(settings.Quirks)
	// AnswerBytes limits one answer and one downloaded picture, in bytes; 0 is 256 MB.
	AnswerBytes int64
	// MinRate is how many bytes a second an answer must bring once it has begun, measured over
	// RateWindow; 0 is 1024, and 30 seconds.
	MinRate    int64
	RateWindow time.Duration
	// Free limits the calls that are free of charge: connecting, models, tests, downloads.
	Free api.FreeLimits
	// UserAgent is the User-Agent of requests; "" is "overpaint".
	UserAgent string
	// Transport replaces the engine's transport, in tests.
	Transport http.RoundTripper
}

// Engine makes edits at one service. It implements api.Engine and is safe for use by several
// goroutines. Close drops its idle connections.
type Engine struct {
	config  Config
	profile api.Profile
	dialect dialect.Dialect
	client  *http.Client

	// addressed tells that an answer held a picture's address.
	addressed atomic.Bool

	mu     sync.Mutex
	quirks settings.Quirks
	tell   sync.Mutex // one call of Learn at a time, in order
}

var (
	_ api.Engine  = (*Engine)(nil)
	_ api.Encoder = (*Engine)(nil)
)

// New returns an engine for a connection. Errors in the connection's address or proxy are
// returned by the first call that needs them.
func New(c Config) *Engine {
	if c.AnswerBytes <= 0 {
		c.AnswerBytes = 256 << 20
	}
	if c.MinRate <= 0 {
		c.MinRate = 1024
	}
	if c.RateWindow <= 0 {
		c.RateWindow = 30 * time.Second
	}
	if c.Free.Connect <= 0 {
		c.Free.Connect = 10 * time.Second
	}
	if c.Free.Silence <= 0 {
		c.Free.Silence = 30 * time.Second
	}
	if c.UserAgent == "" {
		c.UserAgent = "overpaint"
	}
	if c.Profile.ID == "" {
		c.Profile = c.Connection.Accepts(profile.Builtin())
	}
	e := &Engine{
		config:  c,
		profile: c.Profile,
		dialect: c.Connection.Speaks(),
		quirks:  c.Connection.Quirks,
	}
	transport := c.Transport
	if transport == nil {
		transport = newTransport(c.Connection.Proxy, c.Free.Connect)
	}
	e.client = &http.Client{
		Transport: transport,
		// Every redirect is judged in send.go: Go would follow some as GET.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return e
}

// Profile returns what the connection's model accepts.
func (e *Engine) Profile() api.Profile { return e.profile }

// Close drops idle connections. Edits under way are not disturbed.
func (e *Engine) Close() { e.client.CloseIdleConnections() }

// Quirks returns what is now known about the service.
func (e *Engine) Quirks() settings.Quirks {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.quirks
}

// learn changes what is known and calls Learn, if it is new.
func (e *Engine) learn(change func(*settings.Quirks)) {
	e.tell.Lock()
	defer e.tell.Unlock()
	e.mu.Lock()
	before := e.quirks
	change(&e.quirks)
	if e.quirks.Missing() && missing(e.quirks) != missing(before) {
		e.quirks.Since = time.Now().Format(time.DateOnly)
	}
	now := e.quirks
	e.mu.Unlock()
	if now != before && e.config.Learn != nil {
		e.config.Learn(now)
	}
}

// missing returns those of the quirks that are tried again some day.
func missing(q settings.Quirks) settings.Quirks {
	m := settings.Quirks{OneAtATime: q.OneAtATime, FormatIgnored: q.FormatIgnored, NoStream: q.NoStream, Dropped: q.Dropped}
	if q.Mask == settings.MaskRefused {
		m.Mask = q.Mask
	}
	return m
}

// edit is one call of Edit under way.
type edit struct {
	engine *Engine
	req    *api.Request
	key    keys
	scrub  scrubber
	pixels int64 // that a picture of the answer may have
	files  *api.Files
	*sink
	called string // see name

	mu     sync.Mutex
	result api.Result
}

// Edit makes one edit.
func (e *Engine) Edit(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
	out := newSink(to)
	defer out.close()
	d := &edit{engine: e, req: req, called: cmp.Or(req.Key, rand.Text()), sink: out, pixels: mostPixels(req, e.profile), result: api.Result{Asked: max(req.N, 1)}}
	err := d.carryOut(ctx)
	return d.scrub.result(d.result), d.scrub.fault(err)
}

// carryOut is Edit without scrubbing its results.
func (d *edit) carryOut(ctx context.Context) error {
	if err := d.prepare(ctx); err != nil {
		return err
	}
	var err error
	if d.result.Asked > 1 && (d.engine.single() || d.streams()) {
		err = d.split(ctx)
	} else {
		err = d.ask(ctx, -1, d.number(d.req.N))
	}
	if err == nil && d.result.Got < d.result.Asked {
		d.emit(api.Notice{Sentence: sentence("service.fewer", "Got", d.result.Got, "Asked", d.result.Asked)})
	}
	return err
}

// single reports whether a request makes at most one picture.
func (e *Engine) single() bool { return e.profile.Single || e.Quirks().OneAtATime }

// streams reports whether the answer is requested as a stream.
func (d *edit) streams() bool {
	return d.req.Stream && d.engine.profile.Stream && !d.engine.Quirks().NoStream
}

// number returns the n of a request for n variants: 0, which leaves it out, where
// the model has no such field.
func (d *edit) number(n int) int {
	if d.engine.profile.Single {
		return 0
	}
	return n
}

// Encode makes the files of a request as they are sent now: smaller than the
// request's pictures where the profile's limit wants it so, and with the mask
// written as the service was found to read it. Nothing is sent.
func (e *Engine) Encode(ctx context.Context, req *api.Request) (*api.Files, error) {
	inverted := e.Quirks().Mask == settings.MaskInverted
	return await(ctx, func(ctx context.Context) (*api.Files, error) {
		return encodeFiles(ctx, req, e.profile.ImageBytes, inverted)
	})
}

// usable reports whether files that were encoded before are what Encode would make now: within
// the profile's limit, and with the current polarity of the mask.
func (e *Engine) usable(f *api.Files, req *api.Request) bool {
	if f == nil || f.Image == nil || (f.Mask == nil) != (req.Mask == nil) || len(f.References) != len(req.References) {
		return false
	}
	limit := e.profile.ImageBytes
	return fits(f.Image, limit) && fits(f.Mask, limit) && !slices.ContainsFunc(f.References, func(r []byte) bool { return !fits(r, limit) }) &&
		(f.Mask == nil || f.Inverted == (e.Quirks().Mask == settings.MaskInverted))
}

// prepare does all that can fail before anything is sent.
func (d *edit) prepare(ctx context.Context) error {
	d.open(keys{}) // until there are some
	if err := d.engine.profile.Check(d.req); err != nil {
		return err
	}
	if _, err := d.engine.base(); err != nil {
		return err
	}
	if err := checkProxy(d.engine.config.Connection.Proxy); err != nil {
		return err
	}
	key, err := d.engine.keys(ctx)
	if err != nil {
		return err
	}
	d.open(key)
	if d.files = d.req.Files; !d.engine.usable(d.files, d.req) {
		d.files, err = d.engine.Encode(ctx, d.req)
	}
	if err == nil && d.files.Scaled {
		d.emit(api.Notice{Sentence: sentence("service.scaled", "Size", api.SizeName(d.files.Size))})
	}
	return err
}

// open begins to use keys, and to scrub them.
func (d *edit) open(key keys) {
	d.key, d.scrub = key, d.engine.scrubberOf(key)
	d.by = d.scrub
}

// split sends one request for each variant. All of them are tried even if some fail, except
// after an error that would affect them all.
func (d *edit) split(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	var worst *api.Error
	// The only error is ctx's, which is looked at below.
	_ = cores.Workers(parallel).Range(ctx, d.result.Asked, 1, func(i, _ int) {
		mu.Lock()
		hopeless := worst != nil && worst.Kind != api.KindUnknown && worst.Kind != api.KindEmpty
		mu.Unlock()
		if hopeless {
			return
		}
		err := api.AsError(d.ask(ctx, i, d.number(min(d.req.N, 1))))
		mu.Lock()
		defer mu.Unlock()
		worst = worse(worst, err)
	})
	if worst == nil {
		if ctx.Err() != nil {
			return cancelled(ctx, false)
		}
		return nil
	}
	return worst
}

// worse returns the error that says more about what may have been charged, so
// that an edit is repeatable only if each of its failures is.
func worse(a, b *api.Error) *api.Error {
	rank := func(e *api.Error) int {
		switch {
		case e == nil:
			return 0
		case e.Retryable:
			return 1
		case e.Kind == api.KindCancelled:
			return 3
		case e.Kind == api.KindUnknown:
			return 4
		}
		return 2
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// count adds to the result what one answer brought.
func (d *edit) count(got int, id string, usage map[string]int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.result.Got += got
	if id != "" {
		d.result.RequestID = id
	}
	for name, n := range usage {
		if d.result.Usage == nil {
			d.result.Usage = map[string]int64{}
		}
		d.result.Usage[name] += n
	}
}

func sentence(key string, args ...any) api.Sentence { return api.Sentence{Key: key, Args: args} }
