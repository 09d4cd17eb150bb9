package cli

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/file"
	"overpaint/editor/picture"
)

// batch is `overpaint edit` of many pictures, or by several engines: the same edit of
// each picture by each engine.
type batch struct {
	flags   *flags
	service *service.Service
	report  *report
	engines []string // connections' IDs
	budget  *service.Budget
	// earlier are the history's items by the path of their picture, for -resume.
	earlier map[string][]history.Item
	alone   *file.Lock // of -resume: two runs would ask for the same pictures

	mu      sync.Mutex
	summary batchEvent
	exits   map[int]bool // the exit statuses there were, but 0
	stopped bool         // nothing further is begun: it could not succeed
}

// The states of a picture.
const (
	stateDone     = "done"      // results came and were saved
	stateKept     = "kept"      // an earlier run had it made: nothing was asked
	stateFailed   = "failed"    // no result; exit says why
	stateUnknown  = "unknown"   // an earlier run may have paid for it: nothing was asked
	stateNotAsked = "not_asked" // after trouble that no further picture would be spared
)

// subject is a picture of a batch.
type subject struct {
	path   string
	folder string // below the folder for results
}

// defaultConcurrency is how many pictures are worked on at once.
const defaultConcurrency = 3

// editAll makes the edit of each picture and returns the exit status: that of all
// that failed where it is one, else ExitTrouble.
func editAll(ctx context.Context, f *flags, s *service.Service, r *report) int {
	b := &batch{flags: f, service: s, report: r, exits: map[int]bool{}}
	pictures, n, err := b.prepare(ctx)
	if b.alone != nil {
		defer b.alone.Unlock()
	}
	if err != nil {
		return r.failed(err, false)
	}
	queue := make(chan subject)
	var workers sync.WaitGroup
	for range min(n, len(pictures)) {
		workers.Go(func() {
			for p := range queue {
				b.edit(ctx, p)
			}
		})
	}
	for _, p := range pictures {
		queue <- p
	}
	close(queue)
	workers.Wait()
	return b.end(ctx)
}

// prepare reads what the command line says of all pictures together. n is how many
// are worked on at once.
func (b *batch) prepare(ctx context.Context) (pictures []subject, n int, err error) {
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

// choose finds the engines and lets each of them work on n pictures at once.
func (b *batch) choose(n int) error {
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

// allot makes the budget, of which what earlier runs have paid for edits of these
// pictures with the same words is a part.
func (b *batch) allot() error {
	if !b.flags.given["max-cost"] {
		return nil
	}
	sum, err := strconv.ParseFloat(b.flags.maxCost, 64)
	if err != nil || !(sum > 0 && sum < math.MaxInt64/2e6) {
		return api.InputError("cli.flag_bad", "Flag", "-max-cost", "Value", b.flags.maxCost)
	}
	currency := ""
	for _, id := range b.engines {
		c, ok := b.service.Connection(id)
		switch {
		case !ok:
			continue
		case !c.Price.Known():
			return api.InputError("input.budget_price", "Name", c.Name)
		case currency != "" && currency != c.Price.Currency:
			return api.InputError("input.budget_currency", "Name", c.Name, "Currency", c.Price.Currency, "Budget", currency)
		}
		currency = c.Price.Currency
	}
	b.budget = service.NewBudget(int64(math.Round(sum*1e6)), currency)
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
		return defaultConcurrency, nil
	}
	n, err := strconv.Atoi(f.concurrency)
	if err != nil || n < 1 || n > 64 {
		return 0, api.InputError("cli.flag_bad", "Flag", "-concurrency", "Value", f.concurrency)
	}
	return n, nil
}

// sources finds the pictures that were named, and those of the folders that were, each
// once, in the order of their names.
func (f *flags) sources() ([]subject, error) {
	var all []subject
	seen := map[string]bool{}
	add := func(path, folder string) {
		key := path
		if real, err := filepath.EvalSymlinks(path); err == nil {
			key = real
		}
		if key, err := filepath.Abs(key); err == nil && !seen[key] {
			seen[key] = true
			all = append(all, subject{path, folder})
		}
	}
	for _, name := range f.images {
		if name == standard {
			return nil, api.InputError("cli.batch_standard")
		}
		if !isFolder(name) {
			add(name, "")
			continue
		}
		if err := f.walk(name, add); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, api.InputError("cli.no_pictures", "Folder", strings.Join(f.images, ", "))
	}
	return all, nil
}

// walk finds a folder's pictures, and those of the folders in it with -r. The folder of
// the results may not be the folder itself, where the next run would take them for
// pictures; further in it is left out.
func (f *flags) walk(root string, add func(path, folder string)) error {
	out, err := os.Stat(f.out)
	if err != nil {
		out = nil // not made yet
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			e := api.InputError("input.folder_unreadable", "Folder", path)
			e.Cause = err
			return e
		}
		if d.IsDir() {
			return f.enter(root, path, d, out)
		}
		if d.Type().IsRegular() && picture.Named(path) && !strings.HasSuffix(path, maskEnding) && !hidden(d) {
			folder, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				folder = ""
			}
			add(path, folder)
		}
		return nil
	})
}

func hidden(d fs.DirEntry) bool { return strings.HasPrefix(d.Name(), ".") }

// enter reports whether a folder is looked into, as fs.WalkDirFunc does; out is the
// results' folder or nil.
func (f *flags) enter(root, path string, d fs.DirEntry, out fs.FileInfo) error {
	info, err := d.Info()
	results := err == nil && out != nil && os.SameFile(info, out)
	switch {
	case results && path == root:
		return api.InputError("cli.out_inside", "Folder", root)
	case results, path != root && (!f.recursive || hidden(d)):
		return fs.SkipDir
	}
	return nil
}

// edit makes the edit of one picture by all engines, whose costs are reserved together.
func (b *batch) edit(ctx context.Context, p subject) {
	var runs []*run
	var orders []service.Order
	for _, id := range b.engines {
		r := b.reportOf(p, id)
		if b.over(ctx) {
			b.tell(r, pictureEvent{Status: stateNotAsked})
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
		runs, orders = append(runs, e), append(orders, e.order())
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

// reportOf tells of one picture by one engine.
func (b *batch) reportOf(p subject, engine string) *report {
	if len(b.engines) == 1 {
		return b.report.of(p.path, "")
	}
	return b.report.of(p.path, b.name(engine))
}

// name is what the person calls an engine.
func (b *batch) name(engine string) string {
	if c, ok := b.service.Connection(engine); ok {
		return c.Name
	}
	return settings.Builtin
}

// begin prepares the edit of a picture by an engine.
func (b *batch) begin(ctx context.Context, p subject, engine string, r *report) (*run, error) {
	f := *b.flags
	f.given = maps.Clone(f.given)
	f.image, f.folder = p.path, p.folder
	if len(b.engines) > 1 {
		f.suffix = "-" + fileName(b.name(engine))
	}
	e, err := prepare(ctx, &f, b.service, r, engine)
	if err == nil {
		e.budget = b.budget
	}
	return e, err
}

// fileName makes a part of a file's name of a name.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
}

// over reports that nothing further is begun.
func (b *batch) over(ctx context.Context) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stopped || ctx.Err() != nil
}

// failed tells of a picture of which nothing was asked.
func (b *batch) failed(r *report, err error) {
	fault := api.AsError(err)
	exit := r.failed(err, false)
	b.stopAfter(fault)
	b.tell(r, pictureEvent{Status: stateFailed, Exit: exit})
}

// stopAfter begins nothing further after trouble that every other picture would have
// too: a wrong key, an account without money, a sum that is used up.
func (b *batch) stopAfter(fault *api.Error) {
	switch {
	case fault == nil:
		return
	case fault.Kind == api.KindAuth, fault.Kind == api.KindQuota, strings.HasPrefix(fault.Text().Key, "input.over_"), fault.Text().Key == "input.unrecorded":
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
}

// followed tells how an edit that was submitted ended.
func (b *batch) followed(e *run, exit int) {
	for _, end := range e.ends {
		b.stopAfter(end.Err)
	}
	event := pictureEvent{Status: stateDone, Exit: exit, Paths: e.paths, Cost: e.cost.Amount, Currency: e.cost.Currency, Entry: e.entry()}
	if exit != ExitDone {
		event.Status = stateFailed
	}
	b.tell(e.report, event)
}

// tell tells how it ended with a picture.
func (b *batch) tell(r *report, event pictureEvent) {
	event.Event = "picture"
	r.object(event)
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := &b.summary
	*map[string]*int{stateDone: &sum.Done, stateKept: &sum.Kept, stateFailed: &sum.Failed, stateUnknown: &sum.Unknown, stateNotAsked: &sum.NotAsked}[event.Status] += 1
	sum.Cost, sum.Currency = sum.Cost+event.Cost, cmp.Or(sum.Currency, event.Currency)
	if event.Exit != ExitDone {
		b.exits[event.Exit] = true
	}
}

// end tells what came of all and returns the exit status.
func (b *batch) end(ctx context.Context) int {
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
