package openai

import (
	"bufio"
	"context"
	"errors"
	"image"
	"io"
	"net/http"
	"net/url"
	"sync"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
)

// source is the origin of an answer, for error messages and relative addresses.
type source struct {
	url         *url.URL
	status      int
	contentType string
	id          string
	index, n    int
}

func (s source) arrival() api.Arrival {
	return api.Arrival{Index: s.index, Status: s.status, ContentType: s.contentType, RequestID: s.id, Address: shown(s.url)}
}

// transfer is what one request's answer goes through while it arrives.
type transfer struct {
	ctx  context.Context // ends with the transfer, maybe before the edit does
	stop context.CancelCauseFunc
	resp *http.Response
	from source
}

// extra is how many pictures are accepted beyond the requested number.
const extra = 2

// handleSuccess reads an answer with a good status, whatever it is. Its bytes are
// spooled before they are parsed, and its pictures delivered while the rest
// still arrives. ctx is the edit's.
func (d *edit) handleSuccess(ctx context.Context, t transfer) *failure {
	from := t.from
	d.count(0, from.id, nil)
	m := newMeter(t.resp.Body, d.engine.config.AnswerBytes, d.engine.config)
	end := sync.OnceFunc(m.watch(t.stop))
	defer end()
	r := bufio.NewReaderSize(m, 64<<10)
	if err := skipSpace(r); err != nil && !errors.Is(err, io.EOF) {
		return &failure{Error: d.readError(t.ctx, err, from)}
	}
	most := max(from.n, 1) + extra
	v := d.deliver(ctx, from, most)
	got := reading{whole: true}
	if _, err := r.Peek(1); err == nil {
		got = d.arrive(r, m, t, taker{limit: most, wanted: max(from.n, 1), picture: v.picture, partial: func(it item) {
			d.partial(ctx, it, max(from.index, 0)+v.count)
		}})
	}
	end()
	v.finish()
	d.count(0, "", got.usage)
	return d.settle(t.ctx, got, v)
}

// arrive reads an answer while it is spooled.
func (d *edit) arrive(r io.Reader, m *meter, t transfer, to taker) reading {
	m.begin()
	spool := d.spool(t.from.arrival())
	defer spool.Close()
	to.rest = func(waits bool) {
		if waits {
			m.pause()
		} else {
			m.begin()
		}
	}
	in := d.progress(io.TeeReader(r, spool), t.resp.ContentLength, t.from.index)
	return readAnswer(t.from.contentType, bufio.NewReaderSize(in, 64<<10), to)
}

// settle returns the error of an answer, if any, after its pictures are delivered.
func (d *edit) settle(ctx context.Context, got reading, v *delivery) *failure {
	from := v.from
	if got.over > 0 {
		d.emit(api.Notice{Sentence: sentence("service.too_many", "Came", got.given+got.over, "Asked", max(from.n, 1), "Taken", got.given)})
	}
	enough := v.got >= max(from.n, 1)
	switch {
	case enough:
	case got.err != nil:
		return &failure{Error: d.readError(ctx, got.err, from)}
	case !got.whole:
		return &failure{Error: d.readError(ctx, io.ErrUnexpectedEOF, from)}
	case got.given == 0:
		return d.noPictureError(got, from)
	case v.worst != nil:
		d.told(v)
		v.worst.RequestID = from.id
		return &failure{Error: v.worst}
	case v.got == 0 && v.large > 0:
		return &failure{Error: d.describe(&api.Error{Kind: api.KindEmpty, Sentence: d.oversize("error.empty_oversize")}, from)}
	case v.got == 0:
		return &failure{Error: d.describe(&api.Error{Kind: api.KindEmpty, Sentence: sentence("error.empty_broken")}, from)}
	}
	d.told(v)
	d.compare(got, from)
	return nil
}

// told reports pictures that can't be used, where others can.
func (d *edit) told(v *delivery) {
	if v.broken > 0 {
		d.emit(api.Notice{Sentence: sentence("service.broken")})
	}
	if v.large > 0 {
		d.emit(api.Notice{Sentence: d.oversize("service.oversize")})
	}
}

func (d *edit) oversize(key string) api.Sentence {
	return sentence(key, "Limit", (d.pixels+999_999)/1_000_000)
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

// progress tells how far the reading of an answer has come.
type progress struct {
	from   io.Reader
	length int64 // negative where it isn't known
	done   int64
	told   int64
	tell   func(fraction float64)
}

// progress returns what reads from and reports it. length is -1 where it isn't known.
func (d *edit) progress(from io.Reader, length int64, index int) io.Reader {
	p := &progress{from: from, length: length, told: -1, tell: func(fraction float64) {
		d.emit(api.Progress{Stage: api.Downloading, Fraction: fraction, Index: index})
	}}
	p.report()
	return p
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.done += int64(n)
	if n > 0 {
		p.report()
	}
	return n, err
}

// report tells each hundredth, or each megabyte where the length isn't known.
func (p *progress) report() {
	fraction, step := -1.0, p.done>>20
	if p.length > 0 {
		fraction = min(1, float64(p.done)/float64(p.length))
		step = int64(fraction * 100)
	}
	if step > p.told {
		p.told = step
		p.tell(fraction)
	}
}

// partial shows a preview. One that cannot be read is no error: it is only a preview.
func (d *edit) partial(ctx context.Context, it item, index int) {
	if it.data == nil || ctx.Err() != nil {
		return
	}
	img, err := await(ctx, func(context.Context) (*image.NRGBA, error) { return decodePicture(d.scrub.clean(it.data), d.pixels) })
	if err == nil {
		d.emit(api.Partial{Index: index, Image: img})
	}
}

// compare learns from a good answer how it differs from the request.
func (d *edit) compare(got reading, from source) {
	d.engine.learn(func(q *settings.Quirks) {
		if from.n > 1 && got.given == 1 {
			q.OneAtATime = true
		}
	})
}

// noPictureError returns the error for an answer without a picture.
func (d *edit) noPictureError(p reading, from source) *failure {
	e := d.describe(&api.Error{Code: d.tidy(p.complaint.code, 100), Message: d.tidy(p.complaint.message, messageRunes)}, from)
	f := &failure{Error: e, param: p.complaint.param, sort: p.complaint.sort}
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
