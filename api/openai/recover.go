package openai

import (
	"context"
	"errors"
	"image"

	"overpaint/api"
)

// Recover decodes an answer that was kept and not decoded, as after a crash:
// raw is as Edit handed it out. Pictures that are behind addresses are fetched,
// for which emit (which may be nil) is given the raw answers; pictures are not
// emitted but returned. Nothing is asked of the service that could cost
// anything. With an error too, what is returned is good.
func (e *Engine) Recover(ctx context.Context, raw api.RawAnswer, emit func(api.Event)) ([]api.Answer, error) {
	base, err := e.base()
	if err != nil {
		return nil, err
	}
	out := newEmitter(emit)
	defer out.close()
	d := &edit{engine: e, req: &api.Request{}, emit: out.emit}
	p, err := await(ctx, func(context.Context) (parsed, error) { return parse(raw.ContentType, raw.Body), nil })
	if err != nil {
		return nil, err
	}
	from := source{url: base, contentType: raw.ContentType, index: raw.Index}
	if len(p.items) == 0 {
		return nil, d.nothing(p, from).Error
	}
	// Without a key, addresses elsewhere still work.
	if key, err := e.key(ctx); err == nil {
		d.key = key
	}
	var answers []api.Answer
	var worst *api.Error
	first := max(raw.Index, 0)
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
		answers = append(answers, api.Answer{Index: first + i, Image: img, Encoded: data, RevisedPrompt: it.revised})
	}
	if worst != nil {
		return answers, worst
	}
	return answers, nil
}
