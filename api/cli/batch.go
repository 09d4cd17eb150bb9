package cli

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// manyEdits is a run of `overpaint edit` with several pictures or several engines: the
// same edit of each picture by each engine.
type manyEdits struct {
	flags   *flags
	service *service.Service
	report  *report
	engines []string // connections' IDs
	budget  *service.Budget
	// earlier are the history's items by the path of their picture, for -resume.
	earlier map[string][]history.Item
	alone   *file.Lock // of -resume: two runs would request the same pictures

	mu      sync.Mutex
	summary batchEvent
	exits   map[int]bool // the exit statuses of pictures, except 0
	queue   batch.Queue
}

// editAll edits each picture and returns the exit status: that of the failed pictures
// where it is the same for all, else ExitTrouble.
func editAll(ctx context.Context, f *flags, s *service.Service, r *report) int {
	b := &manyEdits{flags: f, service: s, report: r, exits: map[int]bool{}}
	pictures, n, err := b.prepare(ctx)
	if b.alone != nil {
		defer b.alone.Unlock()
	}
	if err != nil {
		return r.failed(err, false)
	}
	b.queue.Run(ctx, n, len(pictures), func(i int) { b.edit(ctx, pictures[i]) })
	return b.end(ctx)
}

// prepare evaluates the flags for all pictures together. n is how many pictures are
// edited at once.
func (b *manyEdits) prepare(ctx context.Context) (pictures []batch.Picture, n int, err error) {
	f := b.flags
	if n, err = f.most(); err != nil {
		return nil, 0, err
	}
	if _, named := picture.FormatOf(f.out); named && !isFolder(f.out) || f.out == standard {
		return nil, 0, api.InputError("cli.out_folder", "File", f.out)
	}
	if pictures, err = f.sources(); err != nil {
		return nil, 0, err
	}
	if err := b.choose(n); err != nil {
		return nil, 0, err
	}
	for _, id := range b.engines {
		if err := needKey(ctx, b.service, id); err != nil {
			return nil, 0, err
		}
	}
	if slices.ContainsFunc(b.engines, b.service.AtService) {
		recoverEarlier(ctx, b.service, b.report, b.engines[slices.IndexFunc(b.engines, b.service.AtService)])
		if f.resume {
			if err = b.goOnAlone(); err == nil {
				b.earlier, err = b.readEarlier(ctx, pictures)
			}
		}
	}
	if err == nil {
		err = b.allot()
	}
	return pictures, n, err
}

// choose finds the engines and lets each of them edit n pictures at once.
func (b *manyEdits) choose(n int) error {
	names := b.flags.engines
	if len(names) == 0 {
		names = []string{settings.Builtin}
	}
	for _, name := range names {
		one := *b.flags
		one.engines = []string{name}
		id, err := choose(&one, b.service)
		if err != nil {
			return err
		}
		if slices.Contains(b.engines, id) {
			continue
		}
		if c, ok := b.service.Connection(id); ok && b.flags.given["concurrency"] {
			c.Parallel = n
			b.service.Use(c)
		}
		b.engines = append(b.engines, id)
	}
	return nil
}

// allot makes the budget, and counts towards it what earlier runs paid for edits of these
// pictures with the same prompt.
func (b *manyEdits) allot() error {
	if !b.flags.given["max-cost"] {
		return nil
	}
	sum, err := strconv.ParseFloat(b.flags.maxCost, 64)
	if err != nil || !(sum > 0 && sum < math.MaxInt64/2e6) {
		return badValue("max-cost", b.flags.maxCost)
	}
	if b.budget, err = batch.Budget(b.service, b.engines, sum); err != nil {
		return err
	}
	for _, items := range b.earlier {
		for _, i := range items {
			b.budget.Spend(i.Cost)
		}
	}
	return nil
}

// most reads -concurrency.
func (f *flags) most() (int, error) {
	if !f.given["concurrency"] {
		return batch.AtOnce, nil
	}
	n, err := strconv.Atoi(f.concurrency)
	if err != nil || n < 1 || n > batch.MostAtOnce {
		return 0, badValue("concurrency", f.concurrency)
	}
	return n, nil
}

// sources returns the named pictures, and the pictures in the named folders.
func (f *flags) sources() ([]batch.Picture, error) {
	if slices.Contains(f.images, standard) {
		return nil, api.InputError("cli.batch_standard")
	}
	all, err := batch.Find(f.images, f.out, f.recursive)
	if fault := api.AsError(err); fault != nil && fault.Text().Key == "input.out_inside" {
		return nil, api.InputError("cli.out_inside", fault.Sentence.Args...) // which names the flag
	}
	if err == nil && len(all) == 0 {
		return nil, api.InputError("cli.no_pictures", "Folder", strings.Join(f.images, ", "))
	}
	return all, err
}

// edit edits one picture by all engines, whose costs are reserved together.
func (b *manyEdits) edit(ctx context.Context, p batch.Picture) {
	var runs []*run
	var orders []service.Order
	for _, id := range b.engines {
		r := b.reportOf(p, id)
		if b.queue.Over(ctx) {
			b.tell(r, pictureEvent{Status: batch.NotAsked})
			continue
		}
		e, err := b.begin(ctx, p, id, r)
		if err != nil {
			b.failed(r, err)
			continue
		}
		if b.resumed(ctx, e) {
			continue
		}
		runs, orders = append(runs, e), append(orders, e.Order(e.submission()))
	}
	if len(runs) == 0 {
		return
	}
	var following sync.WaitGroup
	heard := make([]<-chan service.Event, len(runs))
	for i, e := range runs {
		events, cancel := b.service.Subscribe()
		defer cancel()
		heard[i] = events
		e.queued()
	}
	edits, err := b.service.SubmitAll(ctx, orders)
	for i, e := range runs {
		if err != nil {
			b.failed(e.report, refusal(err))
			continue
		}
		e.submitted(edits[i])
		following.Go(func() {
			e.trouble = e.broughtBack(ctx)
			b.followed(e, e.follow(ctx, heard[i]))
		})
	}
	following.Wait()
}

// reportOf returns the report of one picture's edit by one engine.
func (b *manyEdits) reportOf(p batch.Picture, engine string) *report {
	if len(b.engines) == 1 {
		return b.report.of(p.Path, "")
	}
	return b.report.of(p.Path, batch.NameOf(b.service, engine))
}

// begin prepares the edit of a picture by an engine.
func (b *manyEdits) begin(ctx context.Context, p batch.Picture, engine string, r *report) (*run, error) {
	f := *b.flags
	f.given = maps.Clone(f.given)
	f.image, f.folder = p.Path, p.Folder
	if len(b.engines) > 1 {
		f.suffix = "-" + fileName(batch.NameOf(b.service, engine))
	}
	e, err := prepare(ctx, &f, b.service, r, engine)
	if err == nil {
		e.budget = b.budget
	}
	return e, err
}

// fileName turns a name into a part of a file name.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
}

// failed reports a picture whose edit failed before any request.
func (b *manyEdits) failed(r *report, err error) {
	fault := api.AsError(err)
	exit := r.failed(err, false)
	b.stopAfter(fault)
	b.tell(r, pictureEvent{Status: batch.Failed, Exit: exit})
}

// stopAfter stops the batch after an error that every other picture would have, too.
func (b *manyEdits) stopAfter(fault *api.Error) {
	if batch.Stops(fault) {
		b.queue.Stop()
	}
}

// followed reports how a submitted edit ended.
func (b *manyEdits) followed(e *run, exit int) {
	for _, end := range e.Ends {
		b.stopAfter(end.Err)
	}
	event := pictureEvent{Status: batch.Done, Exit: exit, Paths: e.paths, Cost: e.cost.Amount, Currency: e.cost.Currency, Entry: e.entry()}
	if exit != ExitDone {
		event.Status = batch.Failed
	}
	b.tell(e.report, event)
}

// tell reports the outcome of a picture.
func (b *manyEdits) tell(r *report, event pictureEvent) {
	event.Event = "picture"
	r.object(event)
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := &b.summary
	*map[batch.State]*int{batch.Done: &sum.Done, batch.Kept: &sum.Kept, batch.Failed: &sum.Failed, batch.Unknown: &sum.Unknown, batch.NotAsked: &sum.NotAsked}[event.Status] += 1
	sum.Cost, sum.Currency = sum.Cost+event.Cost, cmp.Or(sum.Currency, event.Currency)
	if event.Exit != ExitDone {
		b.exits[event.Exit] = true
	}
}

// end reports the outcome of the batch and returns the exit status.
func (b *manyEdits) end(ctx context.Context) int {
	sum := b.summary
	sum.Event = "batch"
	b.report.object(sum)
	b.report.say(text.T("cli.batch", "Done", sum.Done, "Kept", sum.Kept, "Failed", sum.Failed, "Unknown", sum.Unknown, "NotAsked", sum.NotAsked))
	if sum.Cost > 0 {
		b.report.say(text.T("cli.batch_cost", "Cost", settings.Money(sum.Cost, sum.Currency)))
	}
	exits := slices.Collect(maps.Keys(b.exits))
	switch {
	case ctx.Err() != nil:
		return ExitInterrupted
	case len(exits) == 0 && sum.NotAsked == 0:
		return ExitDone
	case len(exits) == 1 && (exits[0] != ExitInput || sum.Done == 0): // of which nothing was sent
		return exits[0]
	}
	return ExitTrouble
}
