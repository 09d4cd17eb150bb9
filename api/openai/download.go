package openai

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"overpaint.dev/overpaint/api"
)

// tries is how often downloading a finished picture is tried, which is free of charge.
const tries = 3

// fetch downloads a finished picture at once, since its address may expire. The key is sent
// only to the service's own origin. The bytes are spooled before they are decoded.
func (d *edit) fetch(ctx context.Context, address string, from source, index int) ([]byte, *api.Error) {
	u, err := url.Parse(address)
	if err == nil {
		u = from.url.ResolveReference(u)
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, d.describe(&api.Error{Kind: api.KindEmpty, Sentence: sentence("error.empty_download", "Address", trim(address, 100))}, from)
	}
	var failed *api.Error
	for try := range tries {
		if try > 0 {
			wait := time.NewTimer(time.Duration(try) * 500 * time.Millisecond)
			select {
			case <-wait.C:
			case <-ctx.Done():
				wait.Stop()
				return nil, cancelled(ctx, true)
			}
		}
		data, again, e := d.get(ctx, u, from, index)
		if e == nil {
			return data, nil
		}
		failed = e
		if !again || ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// get downloads a picture once, following redirects. again reports whether another try may
// help.
func (d *edit) get(ctx context.Context, u *url.URL, from source, index int) (data []byte, again bool, failed *api.Error) {
	call := d.engine.free(ctx)
	defer call.end()
	at := from
	for range maxRedirects {
		if at.url = u; from.url.Scheme == "https" && u.Scheme == "http" {
			return nil, false, d.describe(&api.Error{Kind: api.KindEmpty, Sentence: sentence("error.empty_plain", "Address", shown(u))}, at)
		}
		resp, err := d.getOnce(call, u, from)
		if err != nil {
			return nil, !call.silent(), d.lost(ctx, 0, err, at)
		}
		call.heard()
		to := redirectOf(resp)
		if to == nil {
			at.index = index
			return d.receive(ctx, call, resp, at)
		}
		resp.Body.Close()
		if to.Scheme != "http" && to.Scheme != "https" {
			break
		}
		u = to
	}
	return nil, false, d.lost(ctx, 0, nil, at)
}

// getOnce requests a picture from one address. The key is sent only to the origin of from.
func (d *edit) getOnce(call *free, u *url.URL, from source) (*http.Response, error) {
	req, err := http.NewRequestWithContext(call, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", d.engine.config.UserAgent)
	if sameOrigin(u, from.url) {
		d.authorize(req.Header)
	}
	return d.do(req)
}

// redirectOf returns where an answer redirects to, nil where it doesn't.
func redirectOf(resp *http.Response) *url.URL {
	to, err := resp.Location()
	if err != nil || resp.StatusCode < 300 || resp.StatusCode >= 400 {
		return nil
	}
	return to
}

// receive reads the picture of an answer that is no redirect, and closes it. again reports
// whether another try may help.
func (d *edit) receive(ctx context.Context, call *free, resp *http.Response, at source) (data []byte, again bool, failed *api.Error) {
	if status := resp.StatusCode; status != http.StatusOK {
		resp.Body.Close()
		return nil, status >= 500 || status == http.StatusTooManyRequests || status == http.StatusNotFound, d.lost(ctx, status, nil, at)
	}
	at.contentType = resp.Header.Get("Content-Type")
	data, err := d.save(call, resp, at)
	switch {
	case errors.Is(err, errLarge):
		return nil, false, d.readError(call, err, at)
	case err != nil:
		return nil, !call.silent(), d.lost(ctx, 0, err, at)
	}
	return data, false, nil
}

// save reads a picture while it is spooled.
func (d *edit) save(call *free, resp *http.Response, at source) ([]byte, error) {
	defer resp.Body.Close()
	m := newMeter(call.reader(resp.Body), d.engine.config.AnswerBytes, d.engine.config)
	defer m.watch(call.stop)()
	m.begin()
	spool := d.spool(at.arrival())
	defer spool.Close()
	return io.ReadAll(d.progress(io.TeeReader(m, spool), resp.ContentLength, at.index))
}

// lost returns the error for a picture that was made and can't be downloaded. ctx is the
// edit's.
func (d *edit) lost(ctx context.Context, status int, err error, at source) *api.Error {
	if ctx.Err() != nil {
		return d.readError(ctx, err, at)
	}
	e := d.describe(&api.Error{Kind: api.KindUnknown, Sentence: sentence("error.unknown_download", "Address", shown(at.url)), Cause: err}, at)
	if e.Status = status; status >= 400 && status < 500 {
		e.Kind, e.Sentence = api.KindEmpty, sentence("error.empty_download", "Address", shown(at.url))
	}
	return e
}
