package session

import (
	"cmp"
	"context"
	"image"
	"path/filepath"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
)

// ShowHistory opens the history's dialog, with an entry selected or 0.
func (s *Session) ShowHistory(entry int64) {
	defer s.act()()
	s.wish(Wish{Kind: WishHistory, Entry: entry})
}

// TellRecovered posts a notice on what was found of an earlier run (Service.Recover).
func (s *Session) TellRecovered(r service.Recovery) {
	defer s.act(History)()
	if len(r.Entries) == 0 || r.Pictures == 0 && !r.Unknown {
		return // nothing was sent
	}
	text := sayCount("notice.recovered", r.Pictures)
	if r.Unknown {
		text = say("notice.recovered_unknown")
	}
	entry := r.Entries[len(r.Entries)-1]
	s.offer(text, say("notice.show_history"), func() { s.wish(Wish{Kind: WishHistory, Entry: entry}) })
}

// Recover completes edits that an earlier run left unfinished, and posts a notice. The program
// calls it once, in its first window.
func (s *Session) Recover() {
	background(s, func() outcome[service.Recovery] { return result(s.service.Recover(s.ctx)) }, func(got outcome[service.Recovery]) {
		if got.err != nil {
			s.log.Warn("history not recovered", "error", got.err)
		}
		s.TellRecovered(got.value)
		s.askSpent()
	})
}

// FetchKept makes variants of the stored answers of an entry of the history, and shows the
// history. It requests nothing that could be charged.
func (s *Session) FetchKept(entry int64) {
	defer s.act()()
	s.fetchAgain(entry)
}

func (s *Session) fetchAgain(entry int64) {
	background(s, func() error { return s.service.FetchAgain(s.ctx, entry) }, func(err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.touch(History)
		s.wish(Wish{Kind: WishHistory, Entry: entry})
	})
}

// Reuse takes prompt, service and settings from an entry of the history. path returns where a
// file of the history lies.
func (s *Session) Reuse(i history.Item, path func(file string) string) {
	defer s.act(Panel)()
	s.reuse(i, path)
	s.tell(say("notice.reused", "Date", i.Created.Format("2006-01-02 15:04")))
}

func (s *Session) reuse(i history.Item, path func(file string) string) {
	o := i.Options()
	s.reuseServices(i)
	s.panel.prompt = o.Prompt
	if p := s.service.Profile(s.panel.services[0]); p.Allows(o.Size) && o.Size != (image.Point{}) {
		s.panel.size = o.Size
	}
	s.SetVariants(max(o.N, 1))
	m := More{Seed: s.panel.more.Seed, User: s.panel.more.User, ResponseFormat: o.ResponseFormat, Options: o.Extra}
	if o.Stream {
		m.Previews = o.Partials
	}
	for n, file := range i.References {
		m.References = append(m.References, Reference{Path: path(file), Name: say("ui.references.kept", "Number", n+1)})
	}
	s.SetMore(m)
}

// reuseServices chooses the services of entries of the history that still exist, with the
// models that were used.
func (s *Session) reuseServices(items ...history.Item) {
	var ids []string
	for _, i := range items {
		c, ok := s.service.Connection(i.Connection)
		if !ok {
			continue
		}
		ids = append(ids, c.ID)
		if model := i.Settings.Model; c.Model != model {
			s.change(func(set *settings.Settings) {
				if c, ok := set.Find(c.ID); ok && c.ID == i.Connection {
					c.SetModel(model)
				}
			}, nil)
		}
	}
	if len(ids) > 0 {
		s.ChooseServices(ids...)
	}
}

// OpenEntry opens an entry of the history as it was before the edit, with its mask and its
// variants; with again, its edit is requested again. A document that is open here is not
// replaced: another window is requested (Reopen).
func (s *Session) OpenEntry(entry int64, again bool) {
	defer s.act()()
	if s.file.doc != nil {
		s.wish(Wish{Kind: WishWindow, Entry: entry, Again: again})
		return
	}
	s.reopen(entry, again)
}

// Reopen is OpenEntry in a window that was opened for it.
func (s *Session) Reopen(entry int64, again bool) {
	defer s.act()()
	s.leaveDocument(func() { s.reopen(entry, again) })
}

// reopened is an edit read from the history.
type reopened struct {
	services []keptEdit
	bytes    []byte
	path     func(string) string
}

// keptEdit is an edit at one service, read from the history.
type keptEdit struct {
	// items are its entries, one for each spot of the mask, and job is all of it.
	items []history.Item
	job   *job.Job
	// spots hold what arrived for each spot, from which the variants are made.
	spots []*spot
	made  []*job.Variant
	// marks are the stored states of the variants (favourite, ...), by index.
	marks map[int]history.Variant
}

// made returns the number of variants.
func (r reopened) made() (n int) {
	for _, k := range r.services {
		n += len(k.made)
	}
	return n
}

func (s *Session) reopen(entry int64, again bool) {
	current := s.beginOpening(say("dialog.history").String())
	background(s, func() outcome[reopened] { return result(s.readEntry(entry)) }, func(got outcome[reopened]) {
		if !current() {
			return
		}
		if got.err != nil {
			s.endOpening()
			s.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.not_reopened"}, Cause: got.err})
			return
		}
		r := got.value
		first := r.services[0]
		item := first.items[0]
		name := keptStem(item) + ".png"
		s.become(document.Open(first.job.State(), document.Source{Name: name, Bytes: r.bytes}), name, nil)
		s.showKept(r)
		s.log.Info("reopened", "variants", r.made())
		if again {
			s.reuse(item, r.path)
			var firsts []history.Item
			for _, k := range r.services {
				firsts = append(firsts, k.items[0])
			}
			s.reuseServices(firsts...)
			if len(first.items) == 1 && len(firsts) == 1 {
				s.frame = drawnFrame{rect: item.Settings.Plan.Window}
			}
			s.Generate()
			return
		}
		s.panel.prompt = item.Prompt
		s.plan()
		text := say("notice.reopened")
		if r.made() == 0 {
			text = say("notice.reopened_bare")
		}
		s.tell(text)
	})
}

// readEntry reads the edit of an entry of the history at all its services, whose variants
// become results of the first. It may be called from any goroutine.
func (s *Session) readEntry(entry int64) (r reopened, err error) {
	store, err := s.service.History()
	if store == nil {
		return r, err
	}
	item, err := store.Item(s.ctx, entry)
	if err != nil {
		return r, err
	}
	services, err := store.Together(s.ctx, item)
	if err != nil {
		return r, err
	}
	r.path = store.Path
	for _, items := range services {
		k, err := s.readKept(store, items, func(int) bool { return true })
		if err != nil {
			return r, err
		}
		r.services = append(r.services, k)
		lead := r.services[0].job
		for n, v := range k.made {
			if k.made[n], err = lead.Adopted(v, k.job); err != nil {
				return r, err
			}
		}
	}
	r.bytes, err = store.File(item.Canvas)
	return r, err
}

// readKept rebuilds the edit of entries of the history, which asked one service, with those
// variants whose index is wanted. What can't be read is left out. It may be called from any
// goroutine.
func (s *Session) readKept(store *history.Store, items []history.Item, wanted func(index int) bool) (keptEdit, error) {
	r := keptEdit{items: items, marks: map[int]history.Variant{}}
	var err error
	if r.job, err = store.Reopen(r.items...); err != nil {
		return r, err
	}
	most := 0
	for n, item := range r.items {
		p := newSpot()
		for _, v := range item.Variants {
			if !wanted(v.Index) {
				continue
			}
			answer, err := store.Answer(v)
			if err == nil {
				var made *job.Variant
				if made, err = r.job.Parts()[n].Variant(answer); err == nil {
					p.came[v.Index] = part{made, item.ID}
					most = max(most, v.Index+1)
				}
			}
			if err != nil {
				s.log.Warn("variant not reopened", "error", err)
			}
			mark := r.marks[v.Index]
			mark.Favourite, mark.Saved = mark.Favourite || v.Favourite, cmp.Or(mark.Saved, v.Saved)
			r.marks[v.Index] = mark
		}
		r.spots = append(r.spots, p)
	}
	for index := range most {
		made := make([]*job.Variant, len(r.spots))
		for n, p := range r.spots {
			made[n] = p.came[index].made
		}
		if !slices.ContainsFunc(made, func(v *job.Variant) bool { return v != nil }) {
			continue
		}
		v, err := r.job.Joined(index, made)
		if err != nil {
			return r, err
		}
		r.made = append(r.made, v)
	}
	return r, nil
}

// showKept adds the variants of an entry of the history to the gallery.
func (s *Session) showKept(r reopened) {
	lead, first := r.services[0].job, s.edits.last+1
	for _, k := range r.services {
		if len(k.made) > 0 {
			e := s.showKeptEdit(k)
			e.group, e.several, e.lead, e.key = first, len(r.services) > 1, lead, lead.Edit()
		}
	}
}

// showKeptEdit adds the variants of one service to the gallery.
func (s *Session) showKeptEdit(r keptEdit) *edit {
	item := r.items[0]
	e := s.newEdit(item.Connection, item.Prompt, 1)
	e.cards = nil
	e.job, e.key, e.entry, e.name = r.job, r.job.Edit(), item.ID, item.Name
	e.state, e.when = Done, item.Created
	e.cost = service.Cost{Currency: item.Currency}
	for _, i := range r.items {
		e.cost.Amount += i.Cost
	}
	if len(r.spots) > 1 {
		e.spots = r.spots // the marks of a variant go to all its entries
	}
	for n, made := range r.made {
		mark := r.marks[made.Index]
		e.cards = append(e.cards, &card{n: n, made: made, fraction: 1, favourite: mark.Favourite, saved: mark.Saved != ""})
	}
	return e
}

// keptStem returns the name, without its ending, of the picture of an entry of the history.
func keptStem(i history.Item) string {
	if i.Source == "" {
		return say("dialog.history").String()
	}
	return strings.TrimSuffix(filepath.Base(i.Source), filepath.Ext(i.Source))
}

// SaveKept asks where to save the whole picture with a variant of the history.
func (s *Session) SaveKept(i history.Item, v history.Variant) {
	defer s.act()()
	words := s.settings.Current().Saving.Text
	accepted := profile.Builtin().For(i.Settings.Model, "").ID
	if _, ok := s.service.Connection(i.Connection); ok {
		accepted = s.service.Profile(i.Connection).ID
	}
	// The history has nothing of the built-in engine.
	s.askWrite(unwritten{name: s.variantNameOf(keptStem(i), v.Index+1), label: picture.NewLabel(text.Language())}, func(ctx context.Context, to target) (b became, err error) {
		err = s.writeKept(ctx, i, v, func(j *job.Job, made *job.Variant) error {
			e := encoding(j, to.quality)
			e.Sampling, e.Strip, e.Label, e.Unlabelled = to.sampling, to.strip, to.label, to.unlabelled
			if words && !to.strip {
				e.Text = j.Words(accepted, v.Index)
			}
			return encode(ctx, j.Flatten(made), b.of(e), to)
		})
		return b, err
	}, func(path string) {
		background(s, func() struct{} { s.service.Saved(i.ID, v.Index, path); return struct{}{} }, func(struct{}) { s.touch(History) })
	})
}

// writeKept rebuilds a variant of the history and writes it.
func (s *Session) writeKept(ctx context.Context, i history.Item, v history.Variant, write func(*job.Job, *job.Variant) error) error {
	store, err := s.service.History()
	if store == nil {
		return err
	}
	items, err := keptAt(s.ctx, store, i)
	if err != nil {
		return err
	}
	r, err := s.readKept(store, items, func(index int) bool { return index == v.Index })
	if err != nil {
		return err
	}
	if len(r.made) == 0 {
		_, err := store.Answer(v)
		return cmp.Or(err, error(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.not_reopened"}}))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return write(r.job, r.made[0])
}

// keptAt returns the entries of the history, one for each spot, that asked the same service
// for the same edit as i.
func keptAt(ctx context.Context, store *history.Store, i history.Item) ([]history.Item, error) {
	services, err := store.Together(ctx, i)
	if err != nil {
		return nil, err
	}
	own := slices.IndexFunc(services, func(items []history.Item) bool {
		return slices.ContainsFunc(items, func(o history.Item) bool { return o.ID == i.ID })
	})
	if own < 0 { // it was deleted meanwhile
		return nil, &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.not_reopened"}}
	}
	return services[own], nil
}
