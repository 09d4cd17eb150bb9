package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/mask"
	"overpaint/editor/region"
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
	if err == nil {
		err = f.useRecipe()
	}
	if err != nil {
		return r.failed(err, false)
	}
	warn(r, set.Trouble())
	for _, err := range set.RefusedProfiles() {
		r.notice(api.AsError(err).Text())
	}
	s := newService(ctx, set, r)
	defer s.Close()
	if f.many() {
		return editAll(ctx, f, s, r)
	}
	connection, err := choose(f, s)
	if err != nil {
		return r.failed(err, false)
	}
	e, err := prepare(ctx, f, s, r, connection)
	if err != nil {
		return r.failed(err, false)
	}
	recoverEarlier(ctx, s, r, connection)
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
	set     *service.Set
	tiling  *service.Tiling // or nil; set is then the next tile's
	output  *output
	words   bool // prompt and settings are kept in the files
	// original is the whole canvas before the edit; touched is what the edit
	// may change of it, nil where that hangs on the variant.
	original *image.NRGBA
	touched  *mask.Mask

	edits   []service.Edit         // one for each window; ID 0: it came out of the history
	came    []map[int]*job.Variant // of each, by index
	had     []*history.Item        // what earlier runs had made, by window; nil for most
	awaited int                    // windows that are being made
	ends    []service.Ended
	got     int
	outside int64
	changed float64 // the sum of what the service changed, in percent
	trouble error   // the first that saving met
	paths   []string
	cost    service.Cost
	budget  *service.Budget // of many pictures together, or nil
}

// prepare checks everything that can be checked before anything is sent.
func prepare(ctx context.Context, f *flags, s *service.Service, r *report, connection string) (*run, error) {
	c, err := choices(f, s, connection)
	if err != nil {
		return nil, err
	}
	if err := needKey(ctx, s, c.Connection); err != nil {
		return nil, err
	}
	state, data, err := open(f)
	if err == nil {
		err = checkWhole(f, s, c.Connection, state)
	}
	if err != nil {
		return nil, err
	}
	for _, words := range job.Notes(state.Base.Meta) {
		r.notice(words)
	}
	e := &run{flags: f, service: s, report: r, words: s.Settings().Saving.Text}
	if f.tiles {
		return e, e.prepareTiles(ctx, state, data, c)
	}
	if e.set, err = s.PrepareSpots(ctx, state, c, f.spotPrompts...); err != nil {
		return nil, err
	}
	if n := len(e.set.Drafts); len(f.spotPrompts) > n {
		return nil, api.InputError("input.spot_prompt", "Number", len(f.spotPrompts), "Count", n)
	}
	e.original = state.Flatten()
	b := e.set.Job.Blend()
	if !e.set.Job.Whole() {
		e.touched = e.set.Job.Mask().Grow(max(b.Grow, b.Feather))
	}
	e.output, err = newOutput(f, r.out, state, data, max(c.N, 1))
	return e, err
}

// carryOut has the edit made and saves what comes.
func (e *run) carryOut(ctx context.Context) int {
	if e.tiling != nil {
		return e.carryOutTiles(ctx)
	}
	events, cancel := e.service.Subscribe()
	defer cancel()
	e.queued()
	edits, err := e.service.SubmitSpots(ctx, e.set, e.submission())
	if err != nil {
		return e.report.failed(refusal(err), false)
	}
	e.submitted(edits)
	return e.follow(ctx, events)
}

// submitted takes over what the edit's windows are known as; those that an earlier run
// had made are known as what the history has.
func (e *run) submitted(edits []service.Edit) {
	e.edits = make([]service.Edit, len(e.set.Drafts))
	e.came = make([]map[int]*job.Variant, len(e.edits))
	e.awaited = len(edits)
	for k := range e.edits {
		if e.had != nil && e.had[k] != nil {
			e.edits[k] = service.Edit{Connection: e.had[k].Connection, Entry: e.had[k].ID}
			continue
		}
		e.edits[k], edits = edits[0], edits[1:]
		if e.flags.unrecorded && e.edits[k].AtService() && e.edits[k].Entry == 0 {
			e.report.notice(api.Sentence{Key: "notice.unrecorded"})
		}
	}
}

// follow saves what comes of an edit that was submitted, until it has ended.
func (e *run) follow(ctx context.Context, events <-chan service.Event) int {
	end, sent, err := e.listen(ctx, events, e.arrived)
	if err != nil {
		return e.report.failed(err, sent)
	}
	return e.ended(end, sent)
}

// listen hands over what comes of an edit that was submitted, until it has ended. The error is that the
// service was closed.
func (e *run) listen(ctx context.Context, events <-chan service.Event, take func(part, index int, came *job.Variant, fault *api.Error) error) (end service.Ended, sent bool, err error) {
	stopped := context.AfterFunc(ctx, e.cancel)
	defer stopped()
	for event := range events {
		part := slices.IndexFunc(e.edits, func(edit service.Edit) bool { return edit.ID == event.Of() })
		if part < 0 || event.Of() == 0 { // what came out of the history has no events
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
			if err := take(part, event.Index, event.Variant, event.Err); err != nil && e.trouble == nil {
				e.trouble = err
			}
		case service.Ended:
			if e.ends = append(e.ends, event); len(e.ends) == e.awaited {
				return service.Together(e.ends), sent, nil
			}
		}
	}
	return end, sent, context.Canceled
}

// cancel stops what isn't over of the edit.
func (e *run) cancel() {
	for _, edit := range e.edits {
		e.service.Cancel(edit.ID)
	}
}

// submission is what goes with the edit.
func (e *run) submission() service.Submission {
	source, err := filepath.Abs(e.flags.image)
	if err != nil {
		source = e.flags.image
	}
	if e.flags.image == standard {
		source = ""
	}
	return service.Submission{Source: source, Unrecorded: e.flags.unrecorded, Budget: e.budget}
}

func (e *run) queued() {
	first := e.set.Drafts[0]
	w, r := e.set.Job.Plan().Window, first.Job.Request()
	var windows [][4]int
	for _, d := range e.set.Drafts {
		if len(e.set.Drafts) > 1 {
			windows = append(windows, corners(d.Job.Plan().Window))
		}
	}
	if e.tiling != nil {
		for _, w := range e.tiling.Windows() {
			windows = append(windows, corners(w))
		}
	}
	e.report.object(queuedEvent{
		Event: "queued", Image: e.flags.image, Engine: first.Name, Model: r.Model, N: max(r.N, 1),
		Window: corners(w), Windows: windows, Size: api.SizeName(r.Image.Rect.Size()),
	})
	if n := len(e.set.Drafts); n > 1 && e.service.AtService(first.Connection) {
		e.report.tell(text.N("cli.spots", n))
	}
	if p := e.set.Job.Parts()[0].Plan(); e.tiling == nil && p.Blown() > region.MostBlown && e.service.AtService(first.Connection) {
		e.report.tell(text.T("cli.tiles_offer", "Times", fmt.Sprintf("%.1f", p.Blown())))
	}
}

func corners(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} }
