package openai

import (
	"context"
	"errors"
	"image"
	"net/url"

	"overpaint/api"
)

// Recover makes variants of an answer that was kept, whole or as far as it came,
// as after a crash. Pictures that are behind addresses are fetched, relative to
// where the answer came from. Nothing is asked of the service that could cost
// anything. With an error too, what is returned is good.
func (e *Engine) Recover(ctx context.Context, kept api.Kept) (api.Recovered, error) {
	base, err := e.base()
	if err != nil {
		return api.Recovered{}, err
	}
	if u, err := url.Parse(kept.Address); err == nil && u.Host != "" {
		base = u
	}
	out := newSink(nil)
	d := &edit{engine: e, req: &api.Request{}, sink: out}
	p, err := await(ctx, func(context.Context) (parsed, error) { return parse(kept.ContentType, kept.Body), nil })
	if err != nil {
		return api.Recovered{}, err
	}
	from := source{url: base, contentType: kept.ContentType, index: kept.Index, id: kept.RequestID, status: kept.Status}
	if len(p.items) == 0 {
		return api.Recovered{Usage: p.usage, Whole: true}, d.nothing(p, from).Error
	}
	// Without a key, addresses elsewhere still work.
	if key, err := e.key(ctx); err == nil {
		d.key = key
	}
	r := api.Recovered{Usage: p.usage, Whole: true}
	var worst *api.Error
	first := max(kept.Index, 0)
	for i, it := range p.items {
		data := it.data
		if it.url != "" {
			fetched, failed := d.fetch(ctx, it.url, from, first+i)
			if failed != nil {
				worst = worse(worst, failed)
				continue
			}
			data = fetched
		}
		img, err := await(ctx, func(context.Context) (*image.NRGBA, error) { return decodePicture(data) })
		if err != nil {
			var own *api.Error
			if !errors.As(err, &own) {
				own = &api.Error{Kind: api.KindEmpty, Sentence: sentence("error.empty_broken"), Cause: err}
			}
			worst = worse(worst, own)
			continue
		}
		r.Answers = append(r.Answers, api.Answer{Index: first + i, Image: img, Encoded: data, RevisedPrompt: it.revised})
	}
	if worst != nil {
		return r, worst
	}
	return r, nil
}
