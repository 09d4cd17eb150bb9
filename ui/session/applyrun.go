package session

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// applyRun is one run over pictures.
type applyRun struct {
	queue  batch.Queue
	cancel context.CancelFunc
	begun  time.Time
}

// faultSentence returns the sentence for an error.
func faultSentence(err error) Sentence { return told(api.AsError(err).Text()) }

// maker makes the edit of the recipe that was chosen.
func (s *Session) maker() *batch.Maker {
	a, set := &s.applying, s.settings.Current()
	m := &batch.Maker{Service: s.service, Recipe: a.recipe, Out: a.out, Encoding: s.applyEncoding(), Name: filepath.Base(a.file)}
	m.Choices.Connection, m.Choices.Options = a.connection, job.DefaultOptions()
	m.Choices.Model, m.Choices.Spots, m.Choices.Size = a.model, job.SpotsAuto, defaultSize(s.service.Profile(a.connection))
	m.Choices.Region, m.Choices.Blend = set.Window.Options(), set.Blend
	return m
}

// applyEncoding returns how results of pictures are written, as the settings are now.
func (s *Session) applyEncoding() func(*document.State, []byte) (picture.Encoding, bool) {
	set := s.settings.Current().Saving
	var label *picture.Label
	if s.applying.connection != settings.Builtin && set.Label {
		label = picture.NewLabel(text.Language())
	}
	return func(state *document.State, data []byte) (picture.Encoding, bool) {
		meta := state.Base.Meta
		e := picture.Encoding{
			Format: picture.FormatFor(meta), Quality: set.Quality, Sampling: picture.Sampling(set.Sampling), Lossless: meta.Lossless, Meta: meta,
			Strip: set.Strip, Label: label, Source: &picture.Source{Bytes: data, Picture: state.Base, Offset: state.Offset},
		}
		if set.Format != "source" {
			e.Format = picture.Format(set.Format)
		}
		return e, set.Text && !set.Strip
	}
}

// StartApply starts the run, after a question where the cost of all pictures would pass a cap.
// While the run is starting or under way it does nothing.
func (s *Session) StartApply() {
	defer s.act(Applying)()
	a := &s.applying
	if !s.choosing() {
		return
	}
	if reason := s.applyReason(); !reason.IsZero() {
		s.remark(reason)
		return
	}
	if !a.price.known {
		return
	}
	a.starting, a.trouble = true, Sentence{}
	number, connection, model, currency := a.pricing, a.connection, a.model, a.price.sum.Currency
	background(s, func() outcome[service.Spent] { return result(s.mayApply(connection, model, currency)) }, func(got outcome[service.Spent]) {
		switch {
		case a.phase != ApplyChoosing || number != a.pricing:
			a.starting = false
		case got.err != nil:
			a.starting = false
			s.applyFailed(got.err)
		default:
			s.askApply(got.value)
		}
		s.touch(Applying)
	})
}

// mayApply checks that a connection has a key, sets its model, and returns what was spent. It
// blocks on the keyring and the disk.
func (s *Session) mayApply(connection, model, currency string) (service.Spent, error) {
	c, ok := s.service.Connection(connection)
	if !ok {
		return service.Spent{Left: -1}, nil
	}
	key, err := s.service.Key(s.ctx, connection)
	if err == nil && key.Missing() {
		err = key.Fault(c.Name)
	}
	if err == nil && model != c.Model {
		err = s.writeSettings([]func(*settings.Settings){func(set *settings.Settings) {
			if c, ok := set.Find(connection); ok && c.ID == connection {
				c.SetModel(model)
			}
		}})
		s.post(func() {
			s.SettingsChanged()
			s.wish(Wish{Kind: WishShare})
		})
	}
	if err != nil || currency == "" {
		return service.Spent{Left: -1}, err
	}
	return s.service.Spent(s.ctx, currency)
}

// askApply starts the run, or asks first where all pictures together would pass a cap.
func (s *Session) askApply(spent service.Spent) {
	a, set := &s.applying, s.settings.Current()
	over := &service.OverCapError{Cost: a.left(), Currency: a.price.sum.Currency, InFlight: spent.InFlight}
	switch sum := a.left(); {
	case sum == 0:
		over = nil
	case set.EditCap > 0 && a.price.most.Sum > set.EditCap:
		over.Guard, over.Cap, over.Cost, over.InFlight = history.GuardEdit, set.EditCap, a.price.most.Sum, 0
	case set.DailyCap > 0 && spent.Today+spent.InFlight+sum > set.DailyCap:
		over.Guard, over.Cap, over.Spent = history.GuardDay, set.DailyCap, spent.Today
	case set.MonthlyCap > 0 && spent.Month+spent.InFlight+sum > set.MonthlyCap:
		over.Guard, over.Cap, over.Spent = history.GuardMonth, set.MonthlyCap, spent.Month
	default:
		over = nil
	}
	if over == nil {
		s.beginApply(false)
		return
	}
	title, text := s.applyCapWords(over)
	q := s.confirm(AskOverCap, title, text, say("apply.cap.do"), nil)
	q.reply = func(r Reply) {
		s.touch(Applying)
		if a.phase != ApplyChoosing {
			return
		}
		if a.starting = false; r == Yes {
			s.beginApply(true)
		}
	}
}

// applyCapWords returns the question whether all waiting pictures may pass a cap. over holds
// their total or, for the cap of one edit, the most expensive one.
func (s *Session) applyCapWords(over *service.OverCapError) (title, text Sentence) {
	a := &s.applying
	args := []any{"Price", Amount{a.left(), over.Currency}}
	return overCapTitle(over), sayCount("apply.cap.text"+capKey(over), a.waiting(), append(args, capArgs(over)...)...)
}

// beginApply makes the waiting pictures, Apply.AtOnce at a time.
func (s *Session) beginApply(overCap bool) {
	a := &s.applying
	a.phase, a.starting, a.paused = ApplyRunning, false, false
	ctx, cancel := context.WithCancel(s.ctx)
	run := &applyRun{cancel: cancel, begun: s.options.Now()}
	a.run = run
	m := s.maker()
	m.With = service.Submission{OverCap: overCap, Budget: a.budget()}
	var at []int // the pictures that this run makes
	for i, p := range a.list {
		if p.State == ApplyWaits {
			at = append(at, i)
		}
	}
	pictures, n := slices.Clone(a.pictures), a.atOnce
	s.log.Info("recipe applied", "pictures", len(at))
	s.touch(Applying | Status)
	ended := s.begin(say("apply.busy", "Recipe", filepath.Base(a.file)), s.CancelApply)
	background(s, func() error {
		defer cancel()
		return s.applyAll(ctx, run, m, pictures, at, n)
	}, func(err error) {
		ended()
		a.phase, a.run, a.paused = ApplyOver, nil, false
		for i := range a.list {
			if p := &a.list[i]; !p.ended() { // it was never begun
				p.State = ApplyState(batch.NotAsked)
			}
		}
		s.applyFailed(err)
		s.tellApplied()
		s.touch(Applying | Status | History)
		s.askSpent()
		s.maybeClose()
	})
}

// applyFailed reports an error of the run: in the dialog where that is open, else as a notice.
func (s *Session) applyFailed(err error) {
	a := &s.applying
	fault := api.AsError(err)
	switch {
	case fault == nil || fault.Kind == api.KindCancelled:
	case a.shown:
		s.log.Warn("recipe not applied", "kind", string(fault.Kind), "sentence", fault.Text().Key, "error", fault)
		a.trouble = told(fault.Text())
	default:
		s.fail(err)
	}
}

// tellApplied posts a notice that a run is over, unless the dialog is open and shows it.
func (s *Session) tellApplied() {
	a := &s.applying
	if a.shown {
		return
	}
	s.offer(say("apply.over", "Recipe", filepath.Base(a.file)), say("apply.look"), s.ApplyRecipe)
}

// budget returns the most that all pictures may cost together, as the user was told; nil
// where that is not certain.
func (a *applying) budget() *service.Budget {
	if a.price.sum.Sum == 0 || a.price.open || a.price.least {
		return nil
	}
	return service.NewBudget(a.left(), a.price.sum.Currency)
}

// waiting counts the pictures whose edit has not begun.
func (a *applying) waiting() (n int) {
	for _, p := range a.list {
		if p.State == ApplyWaits {
			n++
		}
	}
	return n
}

// left returns the estimated cost of the waiting pictures, in millionths of the currency.
func (a *applying) left() (sum int64) {
	for i, cost := range a.price.each {
		if a.list[i].State == ApplyWaits {
			sum += cost
		}
	}
	return sum
}

// applyAll makes pictures, on its own goroutine. What an earlier run has paid for is not
// requested again, which only holds while one run at a time uses the history.
func (s *Session) applyAll(ctx context.Context, run *applyRun, m *batch.Maker, pictures []batch.Picture, at []int, n int) error {
	if _, paid := s.service.Connection(m.Choices.Connection); paid {
		unlock, err := s.applyAlone(ctx, m, pictures)
		if err != nil {
			return err
		}
		defer unlock()
	}
	run.queue.Run(ctx, n, len(at), func(k int) {
		i := at[k]
		if run.queue.Over(ctx) {
			return // it stays to be asked for
		}
		s.post(func() { s.applied(i, ApplyPicture{State: ApplyRuns}) })
		out := m.Make(ctx, pictures[i], nil)
		if batch.Stops(out.Fault) {
			run.queue.Stop()
		}
		s.post(func() { s.applied(i, outcomeOf(out)) })
	})
	return nil
}

// applyAlone takes the lock against other runs, completes edits that an earlier run left
// unfinished, and finds out what was requested before. The caller calls unlock.
func (s *Session) applyAlone(ctx context.Context, m *batch.Maker, pictures []batch.Picture) (unlock func(), err error) {
	store, _ := s.service.History()
	if store == nil {
		return func() {}, nil // submitting says why
	}
	lock, err := store.Alone(batch.Lock)
	if errors.Is(err, file.ErrLocked) {
		return nil, api.InputError("input.batch_locked")
	}
	if err != nil {
		return nil, err
	}
	unlock = func() {
		if err := lock.Unlock(); err != nil {
			s.log.Warn("lock not released", "error", err)
		}
	}
	if _, err = s.service.Recover(ctx); err == nil {
		m.Earlier, err = batch.Earlier(ctx, store, pictures, []string{m.Recipe.Prompt}, []string{m.Choices.Connection})
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// applied updates the state of a picture.
func (s *Session) applied(i int, now ApplyPicture) {
	a := &s.applying
	if i >= len(a.list) || a.phase != ApplyRunning {
		return
	}
	before := a.list[i]
	spent := now.Cost.Sum > 0
	now.Path, now.Cost = before.Path, Amount{before.Cost.Sum + now.Cost.Sum, cmp.Or(now.Cost.Currency, before.Cost.Currency)}
	a.list[i] = now
	s.touch(Applying | Status)
	if spent {
		s.touch(History)
		s.askSpent()
	}
}

// outcomeOf returns the state of a picture after its edit has ended.
func outcomeOf(o batch.Outcome) ApplyPicture {
	p := ApplyPicture{State: ApplyState(o.State), Results: o.Paths, Cost: Amount{o.Cost.Amount, o.Cost.Currency}}
	switch {
	case o.Running:
		p.Reason = say("apply.running_elsewhere")
	case o.State == batch.Unknown:
		p.Reason = say("apply.unknown")
	case o.State == batch.Kept && len(o.Paths) == 0:
		p.Reason = say("notice.in_history", "Entry", history.NameOf(o.Entry))
	case o.Fault != nil && o.Fault.Kind == api.KindCancelled && o.State == batch.Failed:
		p.State = ApplyCancelled
	case o.Fault != nil:
		p.Reason = told(o.Fault.Text())
	}
	return p
}

// PauseApply stops starting further pictures; those under way continue. A call within a second
// of the start is ignored, as the second click of a double click.
func (s *Session) PauseApply(on bool) {
	defer s.act(Applying)()
	if a := &s.applying; a.phase == ApplyRunning && s.options.Now().Sub(a.run.begun) >= twice {
		a.paused = on
		a.run.queue.Pause(on)
	}
}

// CancelApply stops the run. What a service has begun may be charged all the same.
func (s *Session) CancelApply() {
	defer s.act(Applying)()
	if a := &s.applying; a.phase == ApplyRunning {
		a.run.cancel()
	}
}

// ContinueApply makes, once a run is over, the pictures that have no result and were not
// charged.
func (s *Session) ContinueApply() {
	defer s.act(Applying)()
	a := &s.applying
	if a.phase != ApplyOver || !a.unfinished() {
		return
	}
	for i := range a.list {
		if p := &a.list[i]; p.again() {
			*p = ApplyPicture{Path: p.Path, State: ApplyWaits, Cost: p.Cost}
		}
	}
	a.phase = ApplyChoosing
	s.StartApply()
}

// again reports whether a picture may be requested once more. Whether something of it was
// charged is known by the history.
func (p ApplyPicture) again() bool {
	switch p.State {
	case ApplyCancelled, ApplyState(batch.NotAsked), ApplyState(batch.Failed):
		return true
	}
	return false
}

func (a *applying) unfinished() bool { return slices.ContainsFunc(a.list, ApplyPicture.again) }

// HideApply closes the dialog. A run continues; a choice that was not started, or a run that
// is over, is dropped.
func (s *Session) HideApply() {
	defer s.act(Applying)()
	a := &s.applying
	a.shown = false
	a.dropLook()
	if a.phase != ApplyRunning && !a.starting {
		*a = applying{pricing: a.pricing + 1}
	}
}

// toApply counts the pictures that a recipe is still to be applied to.
func (s *Session) toApply() (n int) {
	if s.applying.phase != ApplyRunning {
		return 0
	}
	for _, p := range s.applying.list {
		if !p.ended() {
			n++
		}
	}
	return n
}
