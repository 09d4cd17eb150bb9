package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"os/signal"
	"path/filepath"
	"syscall"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// edit is `overpaint edit`.
func edit(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
	// Writing to a closed pipe (`| head -1`) must not end the program before all pictures
	// are saved.
	signal.Ignore(syscall.SIGPIPE)
	f, err := parse(args)
	r := newReport("edit", stdout, stderr, f.json)
	if helped(err, "edit", stdout) {
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
	f.folders = &madeFolders{}
	defer f.folders.tidy()
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

// failed reports an error and returns the exit status.
func (r *report) failed(err error, sent bool) int {
	fault := api.AsError(err)
	r.fail(fault)
	return status(fault, sent)
}

// run is one edit in progress.
type run struct {
	batch.Edit
	flags   *flags
	service *service.Service
	report  *report
	tiling  *service.Tiling // or nil; Set is then the next tile's
	output  *output
	words   bool // prompt and settings are kept in the files
	// original is the whole canvas before the edit; touched is the part of it that the edit
	// may change, nil where that depends on the variant.
	original *image.NRGBA
	touched  *mask.Mask

	got     int
	outside int64
	changed float64 // how much the service changed, in percent, summed over variants
	trouble error   // the first error of saving
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
	state, data, err := open(ctx, f)
	if err == nil {
		err = checkWhole(f, s, c.Connection, state)
	}
	if err != nil {
		return nil, err
	}
	r.notes(state.Base)
	e := &run{Edit: batch.Edit{Service: s, Source: f.source()}, flags: f, service: s, report: r, words: s.Settings().Saving.Text}
	if f.tiles {
		return e, e.prepareTiles(ctx, state, data, c)
	}
	c.SpotPrompts = func([]image.Rectangle) []string { return f.spotPrompts }
	if e.Set, err = s.PrepareSpots(ctx, state, c); err != nil {
		return nil, err
	}
	if n := len(e.Set.Drafts); len(f.spotPrompts) > n {
		return nil, api.InputError("input.spot_prompt", "Number", len(f.spotPrompts), "Count", n)
	}
	e.original = state.Flatten()
	b := e.Set.Job.Blend()
	if !e.Set.Job.Whole() {
		e.touched = e.Set.Job.Mask().Grow(max(b.Grow, b.Feather))
	}
	e.output, err = newOutput(f, r.out, state, data, max(c.N, 1))
	return e, err
}

// carryOut submits the edit and saves its results.
func (e *run) carryOut(ctx context.Context) int {
	if e.tiling != nil {
		return e.carryOutTiles(ctx)
	}
	events, cancel := e.service.Subscribe()
	defer cancel()
	e.queued()
	edits, err := e.service.SubmitSpots(ctx, e.Set, e.submission())
	if err != nil {
		return e.report.failed(refusal(err), false)
	}
	e.submitted(edits)
	return e.follow(ctx, events)
}

// submitted stores the IDs of the edit's windows.
func (e *run) submitted(edits []service.Edit) {
	e.Submitted(edits)
	for _, w := range e.Windows {
		if e.flags.unrecorded && w.AtService() && w.ID != 0 && w.Entry == 0 {
			e.report.notice(api.Sentence{Key: "notice.unrecorded"})
		}
	}
}

// follow saves the results of a submitted edit until it has ended.
func (e *run) follow(ctx context.Context, events <-chan service.Event) int {
	end, sent, err := e.listen(ctx, events, e.arrived)
	if err != nil {
		return e.report.failed(err, sent)
	}
	return e.ended(end, sent)
}

// listen passes the results of a submitted edit to take until the edit has ended. Its error
// says that the service was closed.
func (e *run) listen(ctx context.Context, events <-chan service.Event, take func(part, index int, came *job.Variant, fault *api.Error) error) (end service.Ended, sent bool, err error) {
	end, err = e.Listen(ctx, events, func(part int, event service.Event) {
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
		}
	})
	return end, sent, err
}

// submission returns what is submitted with the edit.
func (e *run) submission() service.Submission {
	return service.Submission{Source: e.Source, Unrecorded: e.flags.unrecorded, Budget: e.budget}
}

// source returns the picture's absolute path, "" for standard input.
func (f *flags) source() string {
	if f.image == standard {
		return ""
	}
	path, err := filepath.Abs(f.image)
	if err != nil {
		return f.image
	}
	return path
}

func (e *run) queued() {
	first := e.Set.Drafts[0]
	w, r := e.Set.Job.Plan().Window, first.Job.Request()
	var windows [][4]int
	for _, d := range e.Set.Drafts {
		if len(e.Set.Drafts) > 1 {
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
	if n := len(e.Set.Drafts); n > 1 && e.service.AtService(first.Connection) {
		e.report.tell(text.N("cli.spots", n))
	}
	if p := e.Set.Job.Parts()[0].Plan(); e.tiling == nil && p.Blown() > region.MostBlown && e.service.AtService(first.Connection) {
		e.report.tell(text.T("cli.tiles_offer", "Times", fmt.Sprintf("%.1f", p.Blown())))
	}
}

func corners(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} }
