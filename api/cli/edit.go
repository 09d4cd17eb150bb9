package cli

import (
	"context"
	"errors"
	"image"
	"io"
	"os/signal"
	"path/filepath"
	"syscall"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/api/worker"
	"overpaint/assets/text"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// edit is `overpaint edit`.
func edit(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	// Writing to a reader that has gone (`| head -1`) must not end the program
	// before all pictures are saved.
	signal.Ignore(syscall.SIGPIPE)
	store := settings.OpenDefault()
	chosen := store.Current()
	text.Use(chosen.Language)
	f, err := parse(args)
	r := newReport(stdout, stderr, f.json)
	if f.help {
		io.WriteString(stdout, text.T("cli.usage")+"\n")
		return ExitDone
	}
	if err == nil {
		warn(r, store.Trouble())
		var e *run
		if e, err = prepare(ctx, f, chosen, r); err == nil {
			defer e.target.close()
			return e.carryOut(ctx)
		}
	}
	fault := api.AsError(err)
	r.fail(fault)
	return status(fault, false)
}

// warn says what was wrong with the settings.
func warn(r *report, trouble error) {
	var t interface{ Notice() api.Notice }
	if errors.As(trouble, &t) {
		r.notice(t.Notice().Sentence)
	}
}

// run is one edit under way.
type run struct {
	flags    *flags
	settings *settings.Settings
	report   *report
	target   *target
	job      *job.Job
	// original is the whole canvas before the edit; touched is what the edit
	// may change of it.
	original *image.NRGBA
	touched  *mask.Mask
	// history is nil for the built-in engine, whose answers cost nothing, and
	// where there is none; record is the job's place in it once it runs.
	history *history.Store
	record  *history.Record

	got     int
	outside int64
	service float64 // the sum of what the service changed, in percent
	trouble error   // the first that saving met
}

// prepare checks everything that can be checked before anything is sent.
func prepare(ctx context.Context, f *flags, s *settings.Settings, r *report) (*run, error) {
	o, err := options(f, s)
	if err != nil {
		return nil, err
	}
	t, err := choose(ctx, f, s)
	if err != nil {
		return nil, err
	}
	e := &run{flags: f, settings: s, report: r, target: t}
	if err := e.plan(ctx, o); err != nil {
		t.close()
		return nil, err
	}
	e.openHistory(ctx)
	if err := e.checkCap(ctx); err != nil {
		e.closeHistory()
		t.close()
		return nil, err
	}
	return e, nil
}

func options(f *flags, s *settings.Settings) (o job.Options, err error) {
	o = job.DefaultOptions()
	o.Region, o.Blend = s.Window.Options(), s.Blend
	o.Prompt, o.User, o.Extra = f.prompt, f.user, f.extra()
	if o.Size, err = f.wanted(); err != nil {
		return o, err
	}
	if o.ResponseFormat, err = f.responseFormat(); err != nil {
		return o, err
	}
	o.Seed, err = f.seedValue()
	return o, err
}

func (e *run) plan(ctx context.Context, o job.Options) (err error) {
	profile := e.target.engine.Profile()
	if o.N, err = e.flags.count(profile.MaxN); err != nil {
		return err
	}
	if o.Partials, err = e.flags.previews(profile.Partials); err != nil {
		return err
	}
	o.Stream = profile.Stream && e.flags.given["partial-images"]
	if o.References, err = readReferences(e.flags.references); err != nil {
		return err
	}
	if c := e.target.connection; c != nil {
		o.Model = c.Model
		if o.User == "" {
			o.User = c.User
		}
		if o.ResponseFormat == "" {
			o.ResponseFormat = c.ResponseFormat
		}
	}
	state, err := open(e.flags)
	if err != nil {
		return err
	}
	if state.Base.Meta.Deep {
		e.report.notice(api.Sentence{Key: "notice.deep"})
	}
	if state.Base.Meta.Animated {
		e.report.notice(api.Sentence{Key: "notice.animated"})
	}
	if e.job, err = job.Prepare(ctx, state, o, profile); err != nil {
		return err
	}
	e.original = state.Flatten()
	b := e.job.Blend()
	e.touched = e.job.Mask().Grow(max(b.Grow, b.Feather))
	return checkFolder(e.flags.out)
}

// carryOut has the edit made and saves what comes.
func (e *run) carryOut(ctx context.Context) int {
	defer e.closeHistory()
	w := worker.New(worker.Options{})
	defer w.Close() // before the history, to which its job writes
	events, cancel := w.Subscribe()
	defer cancel()
	e.queued()
	id, err := w.Add(worker.Job{
		Connection: e.target.id(), Engine: e.target.engine, Request: e.job.Request(), Timeout: e.target.timeout(), Keeper: e.remember(),
	})
	if err != nil {
		panic(err) // the worker is ours and open
	}
	stopped := context.AfterFunc(ctx, func() { w.Cancel(id) })
	defer stopped()
	sent := false
	for event := range events {
		switch event := event.(type) {
		case worker.Reported:
			if e.reported(event.Event) {
				sent = true
			}
		case worker.Ended:
			return e.ended(event.Result, event.Err, sent)
		}
	}
	panic("cli: a job without an end")
}

func (e *run) queued() {
	w, r := e.job.Plan().Window, e.job.Request()
	e.report.object(queuedEvent{
		Event: "queued", Image: e.flags.image, Engine: e.target.name(), Model: r.Model, N: max(r.N, 1),
		Window: [4]int{w.Min.X, w.Min.Y, w.Dx(), w.Dy()}, Size: api.SizeName(r.Image.Rect.Size()),
	})
}

// reported passes on one event and returns whether the request has left.
func (e *run) reported(event api.Event) (sent bool) {
	switch event := event.(type) {
	case api.Progress:
		e.report.progress(event)
	case api.Sent:
		e.report.object(sentEvent{"sent", event.Bytes})
		return true
	case api.Notice:
		e.report.notice(event.Sentence)
	case api.Answer:
		if err := e.answered(event); err != nil && e.trouble == nil {
			e.trouble = err
		}
	}
	return false
}

// answered saves one variant and looks at what was saved.
func (e *run) answered(a api.Answer) error {
	v, err := e.job.Variant(a)
	if err != nil {
		return err
	}
	img := e.job.Flatten(v)
	encoding := picture.Encoding{Format: picture.PNG, Meta: e.job.State().Base.Meta}
	if e.settings.Saving.Text {
		kind := settings.Builtin
		if e.target.connection != nil {
			kind = e.target.engine.Profile().ID
		}
		encoding.Text = e.job.Words(kind, a.Index)
	}
	path, err := save(e.flags.out, e.flags.image, img, encoding)
	if err != nil {
		return err
	}
	if e.record != nil { // that it was saved can't fail the edit
		if whole, err := filepath.Abs(path); err == nil {
			_ = e.history.MarkSaved(e.record.ID(), a.Index, whole)
		}
	}
	changed, err := outside(path, e.original, e.touched)
	if err != nil {
		return err
	}
	e.got++
	e.outside += changed
	e.service += v.ChangedOutside
	e.report.variant(variantEvent{
		Event: "variant", Index: a.Index, Path: path, Width: img.Rect.Dx(), Height: img.Rect.Dy(),
		ServiceChangedPercent: v.ChangedOutside, RevisedPrompt: a.RevisedPrompt,
	})
	return nil
}

// ended says how it ended and returns the exit status.
func (e *run) ended(result api.Result, fault *api.Error, sent bool) int {
	if fault == nil && e.trouble != nil {
		fault = api.AsError(e.trouble)
	}
	interrupted := fault != nil && fault.Kind == api.KindCancelled
	if interrupted || e.got == 0 || e.trouble != nil {
		if fault == nil { // an engine that gives nothing and says nothing
			fault = &api.Error{Kind: api.KindEmpty, RequestID: result.RequestID}
		}
		e.report.fail(fault)
		return status(fault, sent || e.target.connection == nil)
	}
	done := doneEvent{
		Event: "done", Asked: result.Asked, Got: e.got, OutsideChanged: e.outside,
		ServiceChangedPercent: e.service / float64(e.got), RequestID: result.RequestID, Usage: result.Usage,
	}
	if fault != nil {
		done.Message = text.T("notice.broken_off", "Got", e.got, "Asked", result.Asked, "Reason", sentence(fault.Text()))
	} else if e.got < result.Asked {
		done.Message = text.T("notice.fewer", "Got", e.got, "Asked", result.Asked)
	}
	e.report.line("")
	e.report.object(done)
	if fault != nil { // that there are fewer the engine has said itself
		e.report.say(done.Message)
	}
	return ExitDone
}
