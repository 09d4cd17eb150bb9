package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
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
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
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

// checkWhole sees that a picture can be edited without a mask where that is wanted.
func checkWhole(f *flags, s *service.Service, connection string, state *document.State) error {
	if !f.whole || f.either {
		return nil
	}
	for _, other := range []string{"mask", "extend"} {
		if f.given[other] {
			return api.InputError("cli.flags_both", "First", "-whole", "Second", "-"+other)
		}
	}
	if !s.Profile(connection).Whole {
		name := settings.Builtin
		if c, ok := s.Connection(connection); ok {
			name = c.Name
		}
		return api.InputError("input.whole_unsupported", "Name", name)
	}
	if m, _ := job.Mask(state); !m.Empty() {
		return api.InputError("input.whole_transparent")
	}
	return nil
}

// choices are what the flags say, checked against what the connection takes.
func choices(f *flags, s *service.Service, connection string) (c service.Choices, err error) {
	c.Connection = connection
	set, profile := s.Settings(), s.Profile(c.Connection)
	c.Options = job.DefaultOptions()
	c.Region, c.Blend, c.Spots = set.Window.Options(), set.Blend, job.Spots(f.spots)
	f.fill(&c.Options, profile)
	if f.given["align"] {
		c.Blend.Align = f.align
	}
	if f.given["sharpen"] {
		c.Blend.Sharpen = f.sharpen
	}
	if f.given["grain"] {
		c.Blend.Grain = f.grain
	}
	if f.given["keep-more"] {
		c.Blend.KeepMore = f.keepMore
	}
	if !c.Spots.Valid() || c.Spots == "" {
		return c, f.bad("spots")
	}
	if f.given["keep-more"] {
		c.All = !f.keepMore
	}
	c.Whole, c.Prompt, c.User, c.Extra = f.whole, f.prompt, f.user, f.fields(c.Extra)
	if c.N, err = f.count(c.N, profile.MaxN); err != nil {
		return c, err
	}
	if c.Size, err = f.wanted(c.Size); err != nil {
		return c, err
	}
	if c.ResponseFormat, err = f.responseFormat(); err != nil {
		return c, err
	}
	if c.Seed, err = f.seedValue(c.Seed); err != nil {
		return c, err
	}
	if c.Partials, err = f.previews(profile.Partials); err != nil {
		return c, err
	}
	c.Stream = f.given["partial-images"]
	if err := f.known(profile); err != nil {
		return c, err
	}
	c.References, err = f.readReferences(f.references)
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

// refusal makes of what the person would have to agree to a refusal: there is nobody
// to ask.
func refusal(err error) error {
	var over *service.OverCapError
	var unrecorded *service.UnrecordedError
	switch {
	case errors.As(err, &over):
		return service.OverCap(over)
	case errors.As(err, &unrecorded):
		fault := api.InputError("input.unrecorded")
		fault.Cause = unrecorded.Cause
		return fault
	}
	return err
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

// arrived takes in a window's variant, and saves that of the whole edit once it is there.
func (e *run) arrived(part, index int, came *job.Variant, fault *api.Error) error {
	if fault != nil {
		return fault
	}
	if e.came[part] == nil {
		e.came[part] = map[int]*job.Variant{}
	}
	e.came[part][index] = came
	e.tellOf(e.set.Job.Parts()[part], came)
	made := make([]*job.Variant, len(e.came))
	for i, came := range e.came {
		if made[i] = came[index]; made[i] == nil {
			return nil // not yet
		}
	}
	v, err := e.set.Job.Joined(index, made)
	if err != nil {
		return err
	}
	return e.save(v, made)
}

// tellOf tells in words what became of a window's variant.
func (e *run) tellOf(j *job.Job, v *job.Variant) {
	if words, ok := job.Told(v.Answer.Motion); ok {
		e.report.notice(words)
	}
	if words, ok := job.ToldDetail(j.Result(v).Detail()); ok {
		e.report.notice(words)
	}
}

// save saves one variant. made are those of its windows.
func (e *run) save(v *job.Variant, made []*job.Variant) error {
	touched := e.touched
	if touched == nil {
		touched = e.set.Job.Result(v).Covered()
	}
	return e.write(v, e.set.Job.Flatten(v), touched, variantEvent{
		Event: "variant", Index: v.Index, ServiceChangedPercent: v.ChangedOutside, RevisedPrompt: v.RevisedPrompt,
		Motion: motionOf(made[0].Answer.Motion), ChangedPercent: e.reallyChanged(made), Scale: e.scale(),
		Detail: detailOf(e.set.Job.Parts()[0].Result(made[0]).Detail()), Spots: e.spots(made),
	})
}

// write writes the whole picture with a variant, which may have changed what touched covers, looks at
// what was written, and tells of it by an event whose path and size it fills in.
func (e *run) write(v *job.Variant, img *image.NRGBA, touched *mask.Mask, told variantEvent) error {
	j := e.set.Job
	encoding := e.output.encoding
	if e.flags.label && e.edits[0].AtService() {
		encoding.Label = labelled()
	}
	if e.words && !e.flags.strip {
		encoding.Text = j.Words(e.set.Drafts[0].Profile.ID, v.Index)
	}
	var lost picture.Loss
	encoding.Lost = func(l picture.Loss) { lost = l }
	path, data, err := e.output.save(v.Index+1, img, encoding)
	if err != nil {
		return err
	}
	if lost != "" {
		e.report.notice(api.Sentence{Key: "notice.lost_" + string(lost)})
	}
	if whole, err := filepath.Abs(path); err == nil && data == nil {
		for _, edit := range e.edits {
			e.service.Saved(edit.Entry, v.Index, whole)
		}
	}
	changed, err := outside(path, data, e.original, j.State().Base.Meta.Space, touched)
	if err != nil {
		return err
	}
	e.got++
	e.paths = append(e.paths, path)
	e.outside += changed
	e.changed += v.ChangedOutside
	told.Path, told.Width, told.Height = path, img.Rect.Dx(), img.Rect.Dy()
	e.report.variant(told)
	return nil
}

// reallyChanged returns what a variant changed once it was moved back, in percent of
// its windows; it is looked for only where it is told.
func (e *run) reallyChanged(made []*job.Variant) (percent float64) {
	if !e.report.json {
		return 0
	}
	sum, all := 0.0, 0.0
	for i, j := range e.set.Job.Parts() {
		w := j.Plan().Window
		area := float64(w.Dx()) * float64(w.Dy())
		sum, all = sum+area*j.Changed(made[i]), all+area
	}
	return sum / all
}

// scale returns how many pixels are sent for one of the picture's, in the window in which it is fewest.
func (e *run) scale() float64 {
	least := math.Inf(1)
	for _, j := range e.set.Job.Parts() {
		least = min(least, scaleOf(j))
	}
	return least
}

func scaleOf(j *job.Job) float64 { return float64(j.Plan().Send.X) / float64(j.Plan().Window.Dx()) }

// spots tells of the windows of a variant, nil where there is one alone.
func (e *run) spots(made []*job.Variant) (list []spotPart) {
	if len(made) < 2 || !e.report.json {
		return nil
	}
	for i, j := range e.set.Job.Parts() {
		list = append(list, spotPart{
			Window: corners(j.Plan().Window), Motion: motionOf(made[i].Answer.Motion), ChangedPercent: j.Changed(made[i]), Scale: scaleOf(j),
			Detail: detailOf(j.Result(made[i]).Detail()),
		})
	}
	return list
}

// ended says how it ended and returns the exit status.
func (e *run) ended(end service.Ended, sent bool) int {
	result, fault := end.Result, end.Err
	e.cost = end.Cost
	if fault == nil && e.trouble != nil {
		fault = api.AsError(e.trouble)
	}
	interrupted := fault != nil && fault.Kind == api.KindCancelled
	if interrupted || e.got == 0 || e.trouble != nil {
		if fault == nil { // an engine that gives nothing and says nothing
			fault = &api.Error{Kind: api.KindEmpty, RequestID: result.RequestID}
		}
		e.report.failEdit(fault, e.entry(), e.inHistory(e.unsaved(result), fault))
		return status(fault, sent || !e.edits[0].AtService())
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
	if e.edits[0].Entry == 0 {
		return ""
	}
	return history.NameOf(e.edits[0].Entry)
}

// unsaved returns the entry of the history that has pictures which are in no file, or 0:
// of an edit as a whole, or of one of its windows while those of others did not come.
func (e *run) unsaved(result api.Result) int64 {
	for i, came := range e.came {
		for index := range came {
			if slices.ContainsFunc(e.came, func(other map[int]*job.Variant) bool { return other[index] == nil }) {
				return e.edits[i].Entry
			}
		}
	}
	if result.Got > e.got {
		return e.edits[0].Entry
	}
	return 0
}

// inHistory says what the history has of an edit that failed, or "".
func (e *run) inHistory(unsaved int64, fault *api.Error) string {
	switch {
	case e.edits[0].Entry == 0:
		return ""
	case unsaved != 0:
		return text.T("notice.in_history", "Entry", history.NameOf(unsaved))
	case fault.MayHaveCost():
		return text.T("notice.history_knows", "Entry", e.entry())
	}
	return ""
}

// expectedBytes is how many bytes a result will have on the disk, by what PNG
// makes of photographs.
func expectedBytes(s *document.State) int64 { return int64(s.Size.X) * int64(s.Size.Y) * 5 / 2 }
