package openai

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"io"
	"net/http"
	"net/url"

	"overpaint/api"
	"overpaint/api/settings"
	cores "overpaint/editor/parallel"
)

// source is where an answer comes from, for its errors and addresses.
type source struct {
	url         *url.URL
	status      int
	contentType string
	id          string
	index, n    int
}

// success takes in an answer with a good status, whatever it is.
func (d *edit) success(ctx context.Context, stop context.CancelCauseFunc, resp *http.Response, u *url.URL, index, n int) *failure {
	from := source{u, resp.StatusCode, resp.Header.Get("Content-Type"), requestID(resp.Header), index, n}
	d.count(0, from.id, nil)
	m := newMeter(resp.Body, d.engine.config.AnswerBytes, d.engine.config)
	defer m.watch(stop)()
	r := bufio.NewReaderSize(m, 64<<10)
	if err := skipSpace(r); err != nil && err != io.EOF {
		return &failure{Error: d.readError(ctx, err, from)}
	}
	m.begin()
	if head, _ := r.Peek(5); isEvents(head) {
		return d.stream(ctx, r, m, from)
	}
	data, err := d.download(r, resp.ContentLength, index)
	m.pause()
	if len(data) > 0 {
		d.emit(api.RawAnswer{ContentType: from.contentType, Body: data, Index: index})
	}
	if err != nil {
		if p := parse(from.contentType, data); len(p.items) > 0 {
			d.deliver(ctx, p, from)
		}
		return &failure{Error: d.readError(ctx, err, from)}
	}
	p, err := await(ctx, func(context.Context) (parsed, error) { return parse(from.contentType, data), nil })
	if err != nil {
		return &failure{Error: cancelled(ctx, true)}
	}
	return d.deliver(ctx, p, from)
}

// skipSpace reads over the white space that keeps a connection alive while the
// service works.
func skipSpace(r *bufio.Reader) error {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return err
		}
		switch b {
		case ' ', '\t', '\r', '\n', 0xEF, 0xBB, 0xBF: // and the byte order mark
		default:
			return r.UnreadByte()
		}
	}
}

// download reads all of r and tells how far it has come. length is -1 where
// nobody knows. What was read before an error is returned as well.
func (d *edit) download(r io.Reader, length int64, index int) ([]byte, error) {
	var buffer bytes.Buffer
	told := int64(-1)
	tell := func() {
		fraction, step := -1.0, int64(buffer.Len())>>20
		if length > 0 {
			fraction = min(1, float64(buffer.Len())/float64(length))
			step = int64(fraction * 100)
		}
		if step > told {
			told = step
			d.emit(api.Progress{Stage: api.Downloading, Fraction: fraction, Index: index})
		}
	}
	tell()
	for {
		buffer.Grow(32 << 10)
		n, err := r.Read(buffer.AvailableBuffer()[:buffer.Available()])
		buffer.Write(buffer.AvailableBuffer()[:n])
		if n > 0 {
			tell()
		}
		if errors.Is(err, io.EOF) {
			return buffer.Bytes(), nil
		} else if err != nil {
			return buffer.Bytes(), err
		}
	}
}

// stream takes in an answer event by event. Each finished picture's event is
// handed out as a raw answer before it is decoded.
func (d *edit) stream(ctx context.Context, r *bufio.Reader, m *meter, from source) *failure {
	var all parsed
	got := 0
	for got < max(from.n, 1) {
		m.pause()
		if _, err := r.Peek(1); err == nil {
			m.begin()
		}
		e, err := readEvent(r)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return &failure{Error: d.readError(ctx, err, from)}
		}
		kind, fields := e.sort()
		switch kind {
		case partialEvent:
			if err := d.partial(ctx, fields, max(from.index, 0)+got); err != nil {
				return &failure{Error: err}
			}
			continue
		case completedEvent:
			d.emit(api.RawAnswer{ContentType: "text/event-stream", Body: e.raw, Index: max(from.index, 0) + got})
			p := parsed{items: collect(bytes.TrimSpace(e.data), 0), usage: readUsage(fields["usage"])}
			one := from
			one.index = max(from.index, 0) + got
			if f := d.deliver(ctx, p, one); f != nil {
				return f
			}
			got += len(p.items)
			continue
		case errorEvent:
			d.emit(api.RawAnswer{ContentType: "text/event-stream", Body: e.raw, Index: from.index})
			all.complaint = e.complaint()
			return d.nothing(all, from)
		case doneEvent:
		default:
			continue
		}
		break
	}
	if got == 0 {
		return &failure{Error: d.readError(ctx, io.ErrUnexpectedEOF, from)}
	}
	return nil
}

// partial shows a preview. One that cannot be read is no error: it is only a preview.
func (d *edit) partial(ctx context.Context, fields map[string]json.RawMessage, index int) *api.Error {
	it, ok := pictureOf(fields)
	if !ok || it.data == nil {
		return nil
	}
	img, err := await(ctx, func(context.Context) (*image.NRGBA, error) { return decodePicture(it.data) })
	if ctx.Err() != nil {
		return cancelled(ctx, true)
	}
	if err == nil {
		d.emit(api.Partial{Index: index, Image: img})
	}
	return nil
}

// deliver fetches and decodes the pictures of an answer and hands them on. An
// error is returned only where a picture is missing for another reason than
// its own bytes, or where there is none at all.
func (d *edit) deliver(ctx context.Context, p parsed, from source) *failure {
	if len(p.items) == 0 {
		d.count(0, "", p.usage)
		return d.nothing(p, from)
	}
	first := max(from.index, 0)
	files := make([][]byte, len(p.items))
	failures := make([]*api.Error, len(p.items))
	// The only error is ctx's, which is looked at below.
	_ = cores.Workers(parallel).Range(ctx, len(p.items), 1, func(i, _ int) {
		if it := p.items[i]; it.url != "" {
			files[i], failures[i] = d.fetch(ctx, it.url, from, first+i)
		} else {
			files[i] = it.data
		}
	})
	got, broken := 0, 0
	var worst *api.Error
	for i, it := range p.items {
		if failures[i] != nil {
			worst = worse(worst, failures[i])
			continue
		}
		img, err := await(ctx, func(context.Context) (*image.NRGBA, error) { return decodePicture(files[i]) })
		if ctx.Err() != nil {
			worst = cancelled(ctx, true)
			break
		}
		if err != nil {
			broken++
			continue
		}
		d.emit(api.Answer{Index: first + i, Image: img, Encoded: files[i], RevisedPrompt: it.revised})
		got++
	}
	d.count(got, "", p.usage)
	switch {
	case worst != nil:
		worst.RequestID = from.id
		return &failure{Error: worst}
	case got == 0:
		return &failure{Error: d.describe(&api.Error{Kind: api.KindEmpty, Sentence: sentence("error.empty_broken")}, from)}
	case broken > 0:
		d.emit(api.Notice{Sentence: sentence("service.broken")})
	}
	d.compare(p, from)
	return nil
}

// compare learns from a good answer in what it departs from the request.
func (d *edit) compare(p parsed, from source) {
	d.engine.learn(func(q *settings.Quirks) {
		if from.n > 1 && len(p.items) == 1 {
			q.OneAtATime = true
		}
	})
}

// nothing makes the error for an answer without a picture.
func (d *edit) nothing(p parsed, from source) *failure {
	e := d.describe(&api.Error{Code: d.tidy(p.complaint.code, 100), Message: d.tidy(p.complaint.message, messageRunes)}, from)
	f := &failure{Error: e, param: p.complaint.param}
	switch {
	case p.page:
		e.Kind, e.Sentence = api.KindNotService, sentence("error.not_service", "Address", shown(from.url))
		f.wrongPath, f.page = true, true
	case p.foreign:
		e.Kind, e.Sentence = api.KindNotService, sentence("error.not_service_other", "Address", shown(from.url))
	case p.complaint.empty():
		e.Kind = api.KindEmpty
	default:
		kind, key, ok := known(p.complaint)
		if !ok {
			kind, key = api.KindRejected, "error.rejected_inside"
		}
		e.Kind, e.Sentence = kind, api.Sentence{}
		if key != "" {
			e.Sentence = sentence(key)
		}
		if key == "error.rejected_model" {
			e.Sentence = sentence(key, "Model", d.req.Model)
		}
	}
	return f
}

func (d *edit) describe(e *api.Error, from source) *api.Error {
	e.Status, e.RequestID, e.Address = from.status, from.id, shown(from.url)
	return e
}

// readError classifies what ended an answer early. All of it came after the
// service had begun to answer.
func (d *edit) readError(ctx context.Context, err error, from source) *api.Error {
	e := d.describe(&api.Error{Kind: api.KindUnknown, Cause: err}, from)
	switch {
	case errors.Is(err, errLarge):
		e.Sentence = sentence("error.unknown_large", "Limit", d.engine.config.AnswerBytes>>20)
	case errors.Is(context.Cause(ctx), errSlow):
		e.Sentence = sentence("error.unknown_slow", "Rate", d.engine.config.MinRate)
	case ctx.Err() != nil:
		return d.describe(cancelled(ctx, true), from)
	default:
		e.Sentence = sentence("error.unknown_cut")
	}
	return e
}
