package openai

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
)

// maxRedirects is how many redirects are followed.
const maxRedirects = 5

// failure is an error together with what may be tried instead. The service has refused to
// begin, so trying is free of charge.
type failure struct {
	*api.Error
	// wrongPath reports whether nothing at this address edits pictures.
	wrongPath bool
	// instead is the same path with or without its last slash, to which the service redirected
	// in a way that would lose the POST.
	instead *url.URL
	// page reports whether a web page answered, which a last slash will not change.
	page bool
	// param is the field that the service complained of, sort the kind of complaint.
	param, sort string
	// asksToWait reports whether there was a Retry-After.
	asksToWait bool
}

// ask requests n variants (0: n is left out, which means one) by one request, trying the
// spellings that this service may want. index is the variant's, or -1 for all.
func (d *edit) ask(ctx context.Context, index, n int) error {
	addresses, err := d.engine.addresses(d.engine.dialect.Path)
	if err != nil {
		return err
	}
	known := d.engine.Quirks()
	s := shape{dropFormat: known.FormatIgnored, noMask: known.Mask == settings.MaskRefused, dropped: known.Dropped}
	if d.engine.dialect.Body == dialect.Form {
		s.field = known.ImageField
	}
	var (
		b      *body
		first  *failure // the first wrong path: the address as it was typed
		target = addresses[0]
		tried  = map[string]bool{} // addresses
	)
	for {
		if b == nil {
			if b, err = d.build(s, n); err != nil {
				return err
			}
			b.name = d.name(s, index, n)
		}
		tried[target.String()] = true
		worked, f := d.once(ctx, target, b, index, n)
		if f == nil {
			d.learnFrom(worked, s)
			return nil
		}
		if other, ok := d.respell(s, f); ok {
			s, b = other, nil
			continue
		}
		if f.instead != nil && !tried[f.instead.String()] {
			target = f.instead
			continue
		}
		if !f.wrongPath {
			return f.Error
		}
		if first == nil {
			first = f
		}
		if f.page {
			tried[otherSlash(target).String()] = true
		}
		next := slices.IndexFunc(addresses, func(u *url.URL) bool { return !tried[u.String()] })
		if next < 0 {
			return first.Error
		}
		target = addresses[next]
	}
}

// otherSlash returns an address without the slash at its path's end, or with one where
// it has none.
func otherSlash(u *url.URL) *url.URL {
	other := *u
	if other.Path = strings.TrimSuffix(u.Path, "/"); other.Path == u.Path {
		other.Path += "/"
	}
	return &other
}

// respell returns another way to write the request, each way once, if the service refused it
// and named the field in a structured way (param, or loc). A message in prose is not enough,
// since the picture may be charged.
func (d *edit) respell(s shape, f *failure) (shape, bool) {
	if f.Status != http.StatusUnprocessableEntity && f.Status != http.StatusBadRequest {
		return s, false
	}
	if !s.dropFormat && d.req.ResponseFormat != "" && f.param == "response_format" {
		s.dropFormat = true
		return s, true
	}
	// A 400 that names the picture may be about what is in it: not so a 422, by
	// which the service says that it found no such field, or one of these codes.
	unknown := f.Status == http.StatusUnprocessableEntity || f.Code == "unknown_parameter" || f.Code == "missing_required_parameter"
	if unknown && d.engine.dialect.Body == dialect.Form && s.field == d.engine.Quirks().ImageField && (f.param == "image" || f.param == "image[]") {
		switch {
		case s.field == "image[]", s.field == "" && len(d.files.References) > 0:
			s.field = "image"
		default:
			s.field = "image[]"
		}
		return s, true
	}
	return d.without(s, f)
}

// without returns a way to write the request without the field that the service said it
// doesn't know, if that can be left out.
func (d *edit) without(s shape, f *failure) (shape, bool) {
	foreign := false
	for _, word := range []string{"unknown_parameter", "unsupported_parameter", "unsupportedparams", "extra_forbidden", "unexpected_field", "value_error.extra"} {
		foreign = foreign || strings.EqualFold(f.Code, word) || strings.EqualFold(f.sort, word)
	}
	known := settings.Quirks{Dropped: s.dropped}
	if !foreign || known.Drops(f.param) {
		return s, false
	}
	_, option := d.req.Options[f.param]
	switch {
	case f.param == "mask" && !s.noMask && d.files.Mask != nil:
		s.noMask = true
	case option, f.param == "n" && d.req.N > 0, f.param == "user" && d.req.User != "":
		known.Drop(f.param)
		s.dropped = known.Dropped
	default:
		return s, false
	}
	return s, true
}

// learnFrom stores how a request was written that worked.
func (d *edit) learnFrom(worked *url.URL, s shape) {
	base, err := d.engine.base()
	if err != nil {
		return
	}
	var notices []api.Sentence
	d.engine.learn(func(q *settings.Quirks) {
		if worked.RawQuery == base.RawQuery {
			q.Path = worked.Path
		}
		q.ImageField = s.field
		q.FormatIgnored = q.FormatIgnored || s.dropFormat
		if s.noMask && q.Mask != settings.MaskRefused {
			q.Mask = settings.MaskRefused
			notices = append(notices, sentence("service.mask_refused"))
		}
		for name := range strings.SplitSeq(s.dropped, ",") {
			if name != "" && !q.Drops(name) {
				q.Drop(name)
				q.OneAtATime = q.OneAtATime || name == "n"
				notices = append(notices, sentence("service.field_dropped", "Name", name))
			}
		}
	})
	for _, s := range notices {
		d.emit(api.Notice{Sentence: s})
	}
}

// once sends the request to one address and reads the answer. It returns
// the address that answered in the end.
func (d *edit) once(job context.Context, u *url.URL, b *body, index, n int) (*url.URL, *failure) {
	ctx, stop := context.WithCancelCause(job)
	defer stop(nil)
	for range maxRedirects {
		resp, f := d.post(ctx, u, b, index)
		if f != nil {
			return u, f
		}
		to, f := d.redirected(resp, u)
		if f != nil {
			resp.Body.Close()
			return u, f
		}
		if to != nil {
			resp.Body.Close()
			u = to
			continue
		}
		f = d.take(job, transfer{ctx, stop, resp, source{u, resp.StatusCode, resp.Header.Get("Content-Type"), requestID(resp.Header), index, n}})
		resp.Body.Close()
		return u, f
	}
	return u, &failure{Error: &api.Error{Kind: api.KindMoved, Sentence: sentence("error.moved_nowhere", "Address", shown(u)), Address: shown(u)}}
}

// post sends the body to one address.
func (d *edit) post(ctx context.Context, u *url.URL, b *body, index int) (*http.Response, *failure) {
	progress := func(stage api.Stage, fraction float64) {
		d.emit(api.Progress{Stage: stage, Fraction: fraction, Index: index})
	}
	open := func() *counter {
		return newCounter(b.data, func(f float64) { progress(api.Uploading, f) })
	}
	reading := open()
	// The transport says so on a goroutine of its own, maybe after a quick
	// answer has come: whoever knows first tells.
	sent := sync.OnceFunc(func() {
		d.emit(api.Sent{Bytes: int64(len(b.data)), Index: index})
		progress(api.Waiting, -1)
	})
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				sent()
			}
		},
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), reading)
	if err != nil {
		return nil, &failure{Error: api.InputError("error.address_bad", "Address", shown(u))}
	}
	var again []*counter
	req.ContentLength = int64(len(b.data))
	req.GetBody = func() (io.ReadCloser, error) { c := open(); again = append(again, c); return c, nil }
	req.Header.Set("Content-Type", b.contentType)
	req.Header.Set("User-Agent", d.engine.config.UserAgent)
	req.Header.Set("Accept", "application/json")
	if d.streams() {
		req.Header.Set("Accept", "text/event-stream, application/json")
	}
	d.identify(req, b)
	// The connection may fail to be made; better that the record says too much.
	if err := d.send(api.Sending{Bytes: int64(len(b.data)), Index: index}); err != nil {
		return nil, &failure{Error: unrecorded(err)}
	}
	progress(api.Uploading, 0)
	resp, err := d.do(req)
	whole := reading.whole()
	for _, c := range again {
		whole = whole || c.whole()
	}
	if whole {
		sent()
	}
	if err != nil {
		return nil, &failure{Error: networkError(ctx, err, u, reading.begun() || len(again) > 0, whole)}
	}
	return resp, nil
}

// name returns the request's idempotency key. It depends on the content and the spelling of
// the request, since services refuse another body with the same key.
func (d *edit) name(s shape, index, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %+v %d %d", d.called, s, index, n))
	return hex.EncodeToString(sum[:16])
}

// identify sets the headers by which a service knows who asks, and for what. Go's transport
// repeats a request with a header of these names by itself when the connection is lost, if
// only it can read the body again: then it can't.
func (d *edit) identify(req *http.Request, b *body) {
	if name := cmp.Or(d.engine.profile.IdempotencyHeader, d.engine.dialect.IdempotencyHeader); name != "" {
		req.Header.Set(name, b.name)
	}
	d.authorize(req.Header)
	if req.Header.Get("Idempotency-Key") != "" || req.Header.Get("X-Idempotency-Key") != "" {
		req.GetBody = nil
	}
}

// authorize sets the headers that authenticate the user: the connection's own ones and
// Authorization, unless it is one of them.
func (d *edit) authorize(h http.Header) {
	d.key.key.Authorize(h)
	for name, value := range d.engine.config.Connection.Headers {
		secret.FillHeader(h, name, value, d.key.key, d.key.headers[name])
	}
}

// do sends a request. All that comes back but a redirect's address is scrubbed.
func (d *edit) do(req *http.Request) (*http.Response, error) {
	resp, err := d.engine.client.Do(req)
	if err == nil {
		d.scrub.response(resp)
	}
	return resp, err
}

// unrecorded returns the error for a request that was not sent because it could not be
// recorded.
func unrecorded(err error) *api.Error {
	var own *api.Error
	if errors.As(err, &own) {
		return own
	}
	return &api.Error{Kind: api.KindLocal, Sentence: sentence("error.not_recorded"), Cause: err}
}

// redirected judges a redirect: 307 and 308 within the origin keep the POST and
// are followed; any other is for the user to decide. Both results are nil for
// other answers.
func (d *edit) redirected(resp *http.Response, from *url.URL) (*url.URL, *failure) {
	switch resp.StatusCode {
	case 301, 302, 303, 307, 308:
	default:
		return nil, nil
	}
	to, err := resp.Location()
	if err != nil || to.Scheme != "http" && to.Scheme != "https" {
		f := d.refused(resp, nil, from)
		f.Kind, f.Sentence = api.KindMoved, sentence("error.moved_nowhere", "Address", shown(from))
		return nil, f
	}
	same := sameOrigin(from, to)
	if same && (resp.StatusCode == 307 || resp.StatusCode == 308) {
		return to, nil
	}
	suggestion := *to
	suggestion.Path = strings.TrimSuffix(strings.TrimRight(to.Path, "/"), "/"+d.engine.dialect.Path)
	f := &failure{Error: &api.Error{
		Kind: api.KindMoved, Status: resp.StatusCode, RequestID: requestID(resp.Header),
		Sentence: sentence("error.moved", "Address", shown(&suggestion)), Address: shown(&suggestion),
	}}
	if same && resp.StatusCode != 303 && to.Path != from.Path && strings.TrimRight(to.Path, "/") == strings.TrimRight(from.Path, "/") {
		f.instead = to
	}
	return nil, f
}

// errorBytes is how much of an answer is read that is no success.
const errorBytes = 1 << 20

// take reads an answer whose status is no redirect. ctx is the edit's.
func (d *edit) take(ctx context.Context, t transfer) *failure {
	if t.from.status >= 200 && t.from.status < 300 {
		return d.handleSuccess(ctx, t)
	}
	m := newMeter(t.resp.Body, errorBytes, d.engine.config)
	defer m.watch(t.stop)()
	m.begin()
	data, err := io.ReadAll(m)
	if err != nil && t.ctx.Err() != nil && !errors.Is(context.Cause(t.ctx), errSlow) {
		return &failure{Error: cancelled(t.ctx, true)}
	}
	return d.refused(t.resp, bytes.TrimSpace(data), t.from.url)
}
