package openai

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"slices"

	"overpaint.dev/overpaint/api"
)

// mostRecovered is how many pictures of a kept answer are taken, where it isn't
// known how many were asked for and the profile has no limit.
const mostRecovered = 10

// Recover makes variants of a stored answer, complete or not, as after a crash. Pictures given
// by address are downloaded, relative to where the answer came from. Nothing is requested that
// could be charged. With an error, too, the returned variants are valid.
func (e *Engine) Recover(ctx context.Context, kept api.Kept) (api.Recovered, error) {
	base, err := e.base()
	if err != nil {
		return api.Recovered{}, err
	}
	if u, err := url.Parse(kept.Address); err == nil && u.Host != "" {
		base = u
	}
	found := &gathered{}
	out := newSink(found)
	defer out.close()
	d := &edit{engine: e, req: &api.Request{}, sink: out, pixels: recoveredPixels(e.profile)}
	// Without a key, addresses elsewhere still work.
	key, _ := e.keys(ctx)
	d.open(key)
	most := e.profile.MaxN
	if most <= 0 {
		most = mostRecovered
	}
	from := source{url: base, contentType: kept.ContentType, index: kept.Index, id: kept.RequestID, status: kept.Status}
	v := d.deliver(ctx, from, most+extra)
	r := bufio.NewReaderSize(d.scrub.Reader(bytes.NewReader(kept.Body)), 64<<10)
	got := reading{whole: true}
	if skipSpace(r) == nil {
		got = readAnswer(kept.ContentType, r, taker{limit: most + extra, picture: v.picture})
	}
	v.finish()
	slices.SortFunc(found.answers, func(a, b api.Answer) int { return a.Index - b.Index })
	return api.Recovered{Answers: found.answers, Usage: d.scrub.usage(got.usage), Whole: got.whole}, d.scrub.fault(d.recovered(ctx, got, v))
}

// recovered is the error that is left when an answer was recovered, or nil.
func (d *edit) recovered(ctx context.Context, got reading, v *delivery) error {
	switch {
	case ctx.Err() != nil && v.worst != nil:
		return cancelled(ctx, false)
	case v.worst != nil:
		v.worst.RequestID = v.from.id
		return v.worst
	case got.given == 0 && got.whole:
		return d.noPictureError(got, v.from).Error
	case v.got == 0 && v.large > 0:
		return d.describe(&api.Error{Kind: api.KindEmpty, Sentence: d.oversize("error.empty_oversize")}, v.from)
	case v.got < got.given:
		return d.describe(&api.Error{Kind: api.KindEmpty, Sentence: sentence("error.empty_broken")}, v.from)
	case got.given == 0:
		return d.readError(ctx, errors.Join(got.err, io.ErrUnexpectedEOF), v.from)
	}
	return nil
}

// recoveredPixels is how many pixels a picture of a kept answer may have: nobody
// knows any more what was asked for.
func recoveredPixels(p api.Profile) int64 {
	return max(mostPixels(&api.Request{}, p), 4*3840*2160)
}

// gathered is a sink that keeps answers.
type gathered struct{ answers []api.Answer }

func (g *gathered) Emit(e api.Event) error {
	if a, ok := e.(api.Answer); ok {
		g.answers = append(g.answers, a)
	}
	return nil
}

func (*gathered) Spool(api.Arrival) io.WriteCloser { return nowhere{} }
