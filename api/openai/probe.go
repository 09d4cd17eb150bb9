package openai

import (
	"context"
	"image"
	"image/color"
	"io"
	"slices"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
)

// Probe tries a connection by a real edit of a test picture (ProbeRequest), which
// may cost what its pictures cost; say so first ("service.probe_cost"). It learns the spelling of the path and of the
// picture's field, how the mask is read, whether response_format is honoured
// and, with two pictures, whether n is, and hands all that to Config.Learn.
// to, which may be nil, is what the edit reports to.
func (e *Engine) Probe(ctx context.Context, req *api.Request, to api.Sink) (Report, error) {
	// An engine that knows nothing, so that old quirks are found anew or go away.
	c := e.config
	c.Connection.Quirks, c.Learn = settings.Quirks{}, nil
	fresh := New(c)
	defer fresh.Close()
	w := &witness{sink: newSink(to)}
	result, err := fresh.Edit(ctx, req, w)
	answer, r := w.answer, Report{Result: result}
	if err != nil && answer == nil {
		return r, err
	}
	q := fresh.Quirks()
	if q.Mask != settings.MaskRefused {
		q.Mask = readPolarity(req, answer)
	}
	if req.ResponseFormat == "b64_json" && fresh.addressed.Load() {
		q.FormatIgnored = true
	}
	e.learn(func(known *settings.Quirks) {
		before := *known
		*known = q
		known.NoStream = before.NoStream // not tried
		if req.N < 2 {
			known.OneAtATime = before.OneAtATime // not tried either
		}
	})
	r.explain(q, req, result, e.profile)
	return r, nil
}

// witness passes on what a probe's edit reports and keeps its first answer.
type witness struct {
	*sink
	answer *image.NRGBA
}

func (w *witness) Emit(event api.Event) error {
	if v, ok := event.(api.Answer); ok && w.answer == nil {
		w.answer = v.Image
	}
	return w.send(event)
}

func (w *witness) Spool(at api.Arrival) io.WriteCloser { return w.spool(at) }

// ProbeRequest makes the edit that Probe tries a connection by, for 1 or 2
// pictures of the smallest size: the left half of an even picture is to become
// something else.
func (e *Engine) ProbeRequest(pictures int) *api.Request {
	n := max(1, min(pictures, 2))
	size := image.Pt(256, 256)
	if sizes := e.profile.Sizes; len(sizes) > 0 {
		size = slices.MinFunc(sizes, func(a, b image.Point) int { return a.X*a.Y - b.X*b.Y })
	}
	img := image.NewNRGBA(image.Rectangle{Max: size})
	mask := image.NewAlpha(img.Rect)
	for y := range size.Y {
		for x := range size.X {
			// Soft hills, so that neither half looks empty to a model.
			v := uint8(110 + (x*40/size.X+y*20/size.Y)%60)
			img.SetNRGBA(x, y, color.NRGBA{v, v - 20, v - 40, 255})
			if x < size.X/2 {
				mask.SetAlpha(x, y, color.Alpha{A: 255})
			}
		}
	}
	req := &api.Request{Image: img, Mask: mask, Prompt: "a bright green wall", Model: e.config.Connection.Model, N: n, Size: size}
	if len(e.profile.ResponseFormats) > 0 {
		req.ResponseFormat = "b64_json"
	}
	return req
}

// readPolarity tells from the probe's answer how the mask was read: by which
// half was changed. "" where that is not clear.
func readPolarity(req *api.Request, answer *image.NRGBA) settings.Polarity {
	if answer == nil {
		return ""
	}
	sent, got := req.Image.Rect.Size(), answer.Rect.Size()
	var sum, count [2]int
	for y := range sent.Y {
		for x := range sent.X {
			half := 2 * x / sent.X
			if place := 10 * x / sent.X; place == 4 || place == 5 || place == 0 || place == 9 {
				continue // seams and frames are ignored
			}
			a := req.Image.NRGBAAt(x, y)
			b := answer.NRGBAAt(answer.Rect.Min.X+x*got.X/sent.X, answer.Rect.Min.Y+y*got.Y/sent.Y)
			for _, d := range [3]int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
				sum[half] += max(d, -d)
			}
			count[half] += 3
		}
	}
	left, right := float64(sum[0])/float64(count[0]), float64(sum[1])/float64(count[1])
	const visible = 10 // of 255, more than what another encoding does
	switch {
	case left > visible && left > 3*right:
		return settings.MaskAlpha
	case right > visible && right > 3*left:
		return settings.MaskInverted
	case left > visible && right > visible:
		return settings.MaskIgnored
	}
	return ""
}

// explain says in words what a probe learnt.
func (r *Report) explain(q settings.Quirks, req *api.Request, result api.Result, p api.Profile) {
	r.say("service.probe_path", "Path", q.Path)
	if q.ImageField != "" {
		r.say("service.probe_field", "Field", q.ImageField)
	}
	switch q.Mask {
	case settings.MaskAlpha:
		r.say("service.probe_mask_alpha")
	case settings.MaskInverted:
		r.say("service.probe_mask_inverted")
	case settings.MaskIgnored:
		r.say("service.probe_mask_ignored")
	case settings.MaskRefused:
		r.say("service.mask_refused")
	default:
		r.say("service.probe_mask_unclear")
	}
	if len(p.ResponseFormats) > 0 {
		if q.FormatIgnored {
			r.say("service.probe_format_ignored")
		} else {
			r.say("service.probe_format")
		}
	}
	switch {
	case req.N < 2:
		r.say("service.probe_n_untried")
	case result.Got >= 2 && !p.Single:
		r.say("service.probe_n")
	default:
		r.say("service.probe_n_ignored")
	}
}
