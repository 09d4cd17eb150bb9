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
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/mask"
)

// edit is `overpaint edit`.
func edit(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	// Writing to a reader that has gone (`| head -1`) must not end the program
	// before all pictures are saved.
	signal.Ignore(syscall.SIGPIPE)
	set := settings.OpenDefault()
	text.Use(set.Current().Language)
	f, err := parse(args)
	r := newReport(stdout, stderr, f.json)
	if f.help {
		io.WriteString(stdout, text.T("cli.usage")+"\n")
		return ExitDone
	}
	if err != nil {
		return r.failed(err, false)
	}
	warn(r, set.Trouble())
	s := newService(ctx, set, r)
	defer s.Close()
	e, err := prepare(ctx, f, s, r)
	if err != nil {
		return r.failed(err, false)
	}
	e.recoverEarlier(ctx)
	return e.carryOut(ctx)
}

// failed tells of trouble and returns the exit status.
func (r *report) failed(err error, sent bool) int {
	fault := api.AsError(err)
	r.fail(fault)
	return status(fault, sent)
}

// run is one edit under way.
type run struct {
	flags   *flags
	service *service.Service
	report  *report
	draft   *service.Draft
	output  *output
	words   bool // prompt and settings are kept in the files
	// original is the whole canvas before the edit; touched is what the edit
	// may change of it.
	original *image.NRGBA
	touched  *mask.Mask

	edit    service.Edit
	got     int
	outside int64
	changed float64 // the sum of what the service changed, in percent
	trouble error   // the first that saving met
}

// prepare checks everything that can be checked before anything is sent.
func prepare(ctx context.Context, f *flags, s *service.Service, r *report) (*run, error) {
	c, err := choices(f, s)
	if err != nil {
		return nil, err
	}
	if err := needKey(ctx, s, c.Connection); err != nil {
		return nil, err
	}
	state, data, err := open(f)
	if err != nil {
		return nil, err
	}
	for _, words := range job.Notes(state.Base.Meta) {
		r.notice(words)
	}
	e := &run{flags: f, service: s, report: r, words: s.Settings().Saving.Text}
	if e.draft, err = s.Prepare(ctx, state, c); err != nil {
		return nil, err
	}
	e.original = state.Flatten()
	b := e.draft.Job.Blend()
	e.touched = e.draft.Job.Mask().Grow(max(b.Grow, b.Feather))
	e.output, err = newOutput(f, r.out, state, data, max(c.N, 1))
	return e, err
}

// choices are what the flags say, checked against what the connection takes.
func choices(f *flags, s *service.Service) (c service.Choices, err error) {
	if c.Connection, err = choose(f, s); err != nil {
		return c, err
	}
	set, profile := s.Settings(), s.Profile(c.Connection)
	c.Options = job.DefaultOptions()
	c.Region, c.Blend = set.Window.Options(), set.Blend
	if f.given["align"] {
		c.Blend.Align = f.align
	}
	if f.given["keep-more"] {
		c.Blend.KeepMore = f.keepMore
	}
	c.Prompt, c.User, c.Extra = f.prompt, f.user, f.extra()
	if c.N, err = f.count(profile.MaxN); err != nil {
		return c, err
	}
	if c.Size, err = f.wanted(); err != nil {
		return c, err
	}
	if c.ResponseFormat, err = f.responseFormat(); err != nil {
		return c, err
	}
	if c.Seed, err = f.seedValue(); err != nil {
		return c, err
	}
	if c.Partials, err = f.previews(profile.Partials); err != nil {
		return c, err
	}
	c.Stream = f.given["partial-images"]
	if err := f.known(profile); err != nil {
		return c, err
	}
	c.References, err = readReferences(f.references)
	return c, err
}

// needKey sees that the connection has a key: without one nothing can be sent.
func needKey(ctx context.Context, s *service.Service, connection string) error {
	c, ok := s.Connection(connection)
	if !ok {
		return nil
	}
	key, err := s.Key(ctx, c.ID)
	if err == nil && key.Missing() {
		return api.InputError("input.key_missing", "Connection", c.Name)
	}
	return err
}

// carryOut has the edit made and saves what comes.
func (e *run) carryOut(ctx context.Context) int {
	events, cancel := e.service.Subscribe()
	defer cancel()
	e.queued()
	var err error
	if e.edit, err = e.submit(ctx); err != nil {
		return e.report.failed(err, false)
	}
	stopped := context.AfterFunc(ctx, func() { e.service.Cancel(e.edit.ID) })
	defer stopped()
	sent := false
	for event := range events {
		if event.Of() != e.edit.ID {
			continue
		}
		switch event := event.(type) {
		case service.Sent:
			sent = true
			e.report.object(sentEvent{"sent", event.Bytes})
		case service.Progress:
			e.report.progress(event.Progress)
		case service.Notice:
			e.report.notice(event.Sentence)
		case service.Arrived:
			if err := e.arrived(event); err != nil && e.trouble == nil {
				e.trouble = err
			}
		case service.Ended:
			return e.ended(event, sent)
		}
	}
	return e.report.failed(context.Canceled, sent) // the service was closed
}

// submit queues the edit. There is nobody to ask, so what the person would have
// to agree to is refused unless a flag says so.
func (e *run) submit(ctx context.Context) (service.Edit, error) {
	source, err := filepath.Abs(e.flags.image)
	if err != nil {
		source = e.flags.image
	}
	if e.flags.image == standard {
		source = ""
	}
	edit, err := e.service.Submit(ctx, e.draft, service.Submission{Source: source, Unrecorded: e.flags.unrecorded})
	var over *service.OverCapError
	var unrecorded *service.UnrecordedError
	switch {
	case errors.As(err, &over):
		return edit, service.OverCap(over)
	case errors.As(err, &unrecorded):
		fault := api.InputError("input.unrecorded")
		fault.Cause = unrecorded.Cause
		return edit, fault
	}
	if err == nil && e.flags.unrecorded && edit.AtService() && edit.Entry == 0 {
		e.report.notice(api.Sentence{Key: "notice.unrecorded"})
	}
	return edit, err
}

func (e *run) queued() {
	w, r := e.draft.Job.Plan().Window, e.draft.Job.Request()
	e.report.object(queuedEvent{
		Event: "queued", Image: e.flags.image, Engine: e.draft.Name, Model: r.Model, N: max(r.N, 1),
		Window: [4]int{w.Min.X, w.Min.Y, w.Dx(), w.Dy()}, Size: api.SizeName(r.Image.Rect.Size()),
	})
}

// arrived saves one variant and looks at what was saved.
func (e *run) arrived(a service.Arrived) error {
	if a.Err != nil {
		return a.Err
	}
	v, j := a.Variant, e.draft.Job
	img := j.Flatten(v)
	encoding := e.output.encoding
	if e.flags.label && e.edit.AtService() {
		encoding.Label = labelled()
	}
	if e.words && !e.flags.strip {
		encoding.Text = j.Words(e.draft.Profile.ID, a.Index)
	}
	path, data, err := e.output.save(a.Index+1, img, encoding)
	if err != nil {
		return err
	}
	if whole, err := filepath.Abs(path); err == nil && data == nil {
		e.service.Saved(e.edit.Entry, a.Index, whole)
	}
	changed, err := outside(path, data, e.original, e.touched)
	if err != nil {
		return err
	}
	e.got++
	e.outside += changed
	e.changed += v.ChangedOutside
	if words, ok := job.Told(v.Answer.Motion); ok {
		e.report.notice(words)
	}
	e.report.variant(variantEvent{
		Event: "variant", Index: a.Index, Path: path, Width: img.Rect.Dx(), Height: img.Rect.Dy(),
		ServiceChangedPercent: v.ChangedOutside, RevisedPrompt: v.RevisedPrompt,
		Motion: motionOf(v.Answer.Motion), ChangedPercent: e.reallyChanged(v), Scale: e.scale(),
	})
	return nil
}

// reallyChanged returns what a variant changed once it was moved back, in percent of
// the window; it is looked for only where it is told.
func (e *run) reallyChanged(v *job.Variant) float64 {
	if !e.report.json {
		return 0
	}
	return e.draft.Job.Changed(v)
}

// scale returns how many pixels are sent for one of the picture's.
func (e *run) scale() float64 {
	p := e.draft.Job.Plan()
	return float64(p.Send.X) / float64(p.Window.Dx())
}

// ended says how it ended and returns the exit status.
func (e *run) ended(end service.Ended, sent bool) int {
	result, fault := end.Result, end.Err
	if fault == nil && e.trouble != nil {
		fault = api.AsError(e.trouble)
	}
	interrupted := fault != nil && fault.Kind == api.KindCancelled
	if interrupted || e.got == 0 || e.trouble != nil {
		if fault == nil { // an engine that gives nothing and says nothing
			fault = &api.Error{Kind: api.KindEmpty, RequestID: result.RequestID}
		}
		e.report.failEdit(fault, e.entry(), e.inHistory(result.Got > e.got, fault))
		return status(fault, sent || !e.edit.AtService())
	}
	done := doneEvent{
		Event: "done", Asked: result.Asked, Got: e.got, OutsideChanged: e.outside,
		ServiceChangedPercent: e.changed / float64(e.got), RequestID: result.RequestID, Usage: result.Usage, Entry: e.entry(),
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

// entry is the edit's name in the history, or "".
func (e *run) entry() string {
	if e.edit.Entry == 0 {
		return ""
	}
	return history.NameOf(e.edit.Entry)
}

// inHistory says what the history has of an edit that failed, or "".
func (e *run) inHistory(unsaved bool, fault *api.Error) string {
	switch {
	case e.edit.Entry == 0:
		return ""
	case unsaved:
		return text.T("notice.in_history", "Entry", e.entry())
	case fault.MayHaveCost():
		return text.T("notice.history_knows", "Entry", e.entry())
	}
	return ""
}

// expectedBytes is how many bytes a result will have on the disk, by what PNG
// makes of photographs.
func expectedBytes(s *document.State) int64 { return int64(s.Size.X) * int64(s.Size.Y) * 5 / 2 }
