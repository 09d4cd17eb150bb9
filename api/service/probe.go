package service

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/api/worker"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// Report is the outcome of Test or Probe.
type Report struct {
	// Models are the models that the service offers, nil where it has no list.
	Models []string
	// Lines say in words what was found.
	Lines []api.Sentence
	// Quirks is what is now known about the service.
	Quirks settings.Quirks
}

// Test tests a connection, which need not be saved, without any cost. key is used unless it is
// zero; then the stored one is.
func (s *Service) Test(ctx context.Context, c settings.Connection, key secret.Key) (Report, error) {
	e, done := s.trial(c, key)
	defer done()
	ctx, cancel := s.within(ctx)
	defer cancel()
	r, err := e.Test(ctx)
	return Report{r.Models, r.Lines, e.Quirks()}, err
}

// Probe tests a connection like Test and then by a real edit of so many test pictures (1 or
// 2), which may be charged; the caller must ask the user first. Like any other edit it is
// recorded before it is sent, and counts towards the caps. It learns how the service takes
// pictures, masks and options. Report.Models is valid with an error, too.
func (s *Service) Probe(ctx context.Context, c settings.Connection, key secret.Key, pictures int) (Report, error) {
	e, done := s.trial(c, key)
	defer done()
	ctx, cancel := s.within(ctx)
	defer cancel()
	tested, err := e.Test(ctx)
	if err != nil {
		return Report{}, err
	}
	ctx, stop := context.WithTimeout(ctx, cmp.Or(time.Duration(c.TimeoutSeconds)*time.Second, worker.DefaultTimeout))
	defer stop()
	r, err := s.probe(ctx, e, c, e.ProbeRequest(pictures))
	return Report{tested.Models, r.Lines, e.Quirks()}, err
}

// probe records a test edit and makes it.
func (s *Service) probe(ctx context.Context, e *openai.Engine, c settings.Connection, req *api.Request) (openai.Report, error) {
	size := req.Image.Rect.Size()
	records, err := s.write(ctx, []history.Entry{s.priced(c, history.Entry{
		Connection: c.ID, Name: c.Name, Price: c.Price, Request: req, Canvas: req.Image, Mask: mask.FromAlpha(req.Mask, size),
		Plan: region.Plan{Window: req.Image.Rect, Send: size}, Blend: region.DefaultBlend(),
	})})
	if err != nil {
		return openai.Report{}, asQuestion(err)
	}
	k := &keeping{record: records[0]}
	r, err := e.Probe(ctx, req, k)
	k.record.End(r.Result, k.judged(ctx, err))
	return r, err
}

// asQuestion turns an error to which the user could consent elsewhere into a refusal that
// says what to do.
func asQuestion(err error) error {
	var over *OverCapError
	var unrecorded *UnrecordedError
	fault := api.AsError(err)
	switch {
	case errors.As(err, &over):
		return OverCap(over)
	case errors.As(err, &unrecorded):
		fault = api.InputError("error.not_recorded")
		fault.Cause = err
	}
	return fault
}

// keeping is the sink of an edit that runs outside of the worker.
type keeping struct {
	record *history.Record
	sent   atomic.Bool
}

func (k *keeping) Emit(e api.Event) error {
	if _, ok := e.(api.Sent); ok {
		k.sent.Store(true)
	}
	return k.record.Keep(e)
}

func (k *keeping) Spool(at api.Arrival) io.WriteCloser {
	if w, err := k.record.Spool(at); err == nil {
		return w
	}
	return discard{}
}

// judged returns the error of an edit, with regard to whether the user stopped it.
func (k *keeping) judged(ctx context.Context, err error) *api.Error {
	fault := api.AsError(err)
	if fault != nil && errors.Is(ctx.Err(), context.Canceled) {
		fault = &api.Error{Kind: api.KindCancelled, Cause: err}
		if k.sent.Load() {
			fault.Sentence.Key = api.CancelledSent
		}
	}
	return fault
}

// discard is a sink that stores nothing.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }

// Models asks a saved connection's service for its models, free of charge, and stores them. No
// models are no error.
func (s *Service) Models(ctx context.Context, connection string) ([]string, error) {
	c, ok := s.Connection(connection)
	if !ok {
		return nil, nil
	}
	e, done := s.trial(c, secret.Key{})
	defer done()
	ctx, cancel := s.within(ctx)
	defer cancel()
	models, err := e.Models(ctx)
	if err != nil || len(models) == 0 {
		return nil, err
	}
	return models, s.settings.Update(func(set *settings.Settings) {
		if now, ok := set.Find(c.ID); ok && now.ID == c.ID && now.BaseURL == c.BaseURL {
			now.SetModels(models)
		}
	})
}

// trial makes an engine for one call.
func (s *Service) trial(c settings.Connection, key secret.Key) (e *openai.Engine, done func()) {
	find := s.keyOf(c.ID)
	if !key.IsZero() {
		find = func(context.Context) (secret.Key, error) { return key, nil }
	}
	made := openai.New(openai.Config{
		Connection: c, Profile: c.Accepts(s.profiles), Key: find, Secret: s.secretOf(c.ID),
		Free: s.limits, Transport: s.transport, UserAgent: s.agent,
	})
	return made, made.Close
}
