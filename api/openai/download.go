package openai

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"overpaint/api"
)

// tries is how often a finished picture is fetched, which costs nothing.
const tries = 3

// fetch downloads a finished picture at once, because its address may expire.
// The key goes along only to the service's own origin. The bytes are handed
// out as a raw answer before anybody looks at them.
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
			select {
			case <-time.After(time.Duration(try) * 500 * time.Millisecond):
			case <-ctx.Done():
				return nil, cancelled(ctx, true)
			}
		}
		data, contentType, again, e := d.get(ctx, u, from, index)
		if e == nil {
			at := from
			at.contentType, at.url = contentType, u
			d.keep(at, data, index)
			return data, nil
		}
		failed = e
		if !again || ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// get fetches a picture once. again tells whether another try may help.
func (d *edit) get(ctx context.Context, u *url.URL, from source, index int) (data []byte, contentType string, again bool, failed *api.Error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	at := from
	at.url = u
	lost := func(status int, err error) *api.Error {
		if ctx.Err() != nil {
			return d.readError(ctx, err, at)
		}
		e := d.describe(&api.Error{Kind: api.KindUnknown, Sentence: sentence("error.unknown_download", "Address", shown(u)), Cause: err}, at)
		if e.Status = status; status >= 400 && status < 500 {
			e.Kind, e.Sentence = api.KindEmpty, sentence("error.empty_download", "Address", shown(u))
		}
		return e
	}
	for range hops {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, "", false, lost(0, err)
		}
		req.Header.Set("User-Agent", userAgent)
		if sameOrigin(u, from.url) {
			d.key.Authorize(req.Header)
		}
		resp, err := d.engine.client.Do(req)
		if err != nil {
			return nil, "", true, lost(0, err)
		}
		if to, err := resp.Location(); err == nil && resp.StatusCode >= 300 && resp.StatusCode < 400 {
			resp.Body.Close()
			if to.Scheme != "http" && to.Scheme != "https" {
				return nil, "", false, lost(0, nil)
			}
			u = to
			continue
		}
		if resp.StatusCode != http.StatusOK {
			resp.Body.Close()
			return nil, "", resp.StatusCode >= 500 || resp.StatusCode == 429 || resp.StatusCode == 404, lost(resp.StatusCode, nil)
		}
		m := newMeter(resp.Body, d.engine.config.AnswerBytes, d.engine.config)
		end := m.watch(stop)
		m.begin()
		data, err := d.download(m, resp.ContentLength, index)
		end()
		resp.Body.Close()
		switch {
		case err == errLarge:
			return nil, "", false, d.readError(ctx, err, at)
		case err != nil:
			return nil, "", true, lost(0, err)
		}
		return data, resp.Header.Get("Content-Type"), false, nil
	}
	return nil, "", false, lost(0, nil)
}
