package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// Item is an entry of the history: one job.
type Item struct {
	// ID is permanent and sorts by time; see NameOf.
	ID      int64
	Created time.Time
	// Connection and Name are the connection's ID and its name at that time.
	Connection, Name string
	Prompt           string
	Settings         Settings
	// Source is the path of the picture, or "". Canvas and Mask name files (Path): the whole
	// picture before the edit and its mask (mask.Decode), as PNG.
	Source, Canvas, Mask string
	// References name the files of the further input pictures, as PNG.
	References []string
	// Asked is the number of requested variants.
	Asked int
	// Over is false while the job is under way, in this program or another.
	Over bool
	// Outcome is "" for success; Trouble is nil then.
	Outcome   api.Kind
	Trouble   *Trouble
	RequestID string
	Usage     map[string]int64
	// Cost is the charge in millionths of Currency, or the most that it may be where that is
	// unknown; 0 without a price or a charge.
	Cost      int64
	Currency  string
	Favourite bool
	Variants  []Variant
	// Answers is the number of raw answers that are stored because variants are missing
	// (Restore).
	Answers int
}

// Variant is one variant in the history.
type Variant struct {
	Index int
	// File names the answer's picture file: the window alone.
	File          string
	RevisedPrompt string
	Method        string // as in api.Answer
	// Saved is the path that it was saved to, or "".
	Saved     string
	Favourite bool
}

// Options returns the options of the job, to be used again.
func (i *Item) Options() job.Options {
	o := job.DefaultOptions()
	s := i.Settings
	o.Prompt, o.Model, o.N, o.Size = i.Prompt, s.Model, s.N, s.Size
	o.ResponseFormat, o.Seed, o.Extra, o.Stream, o.Partials = s.ResponseFormat, s.Seed, s.Extra, s.Stream, s.Partials
	o.Region.Grow, o.Region.Window, o.Blend = s.Plan.Grow, s.Plan.Window, s.Blend
	o.SRGB = s.SRGB
	o.Whole, o.All = s.Whole, s.Whole && !s.Blend.KeepMore
	return o
}

// Together returns all jobs of an item's edit: for each service that was asked, in the order
// in which they were chosen, those of its spots. Deleted ones are missing.
func (s *Store) Together(ctx context.Context, i Item) ([][]Item, error) {
	spot := i.Settings.Spot
	if !spot.Several() {
		return [][]Item{{i}}, nil
	}
	first := cmp.Or(spot.First, i.ID)
	if err := s.current(ctx); err != nil {
		return nil, err
	}
	var items []Item
	err := s.use(ctx, func(db *sql.DB) error {
		items = nil
		// They were written down one behind the other.
		return eachRow(ctx, db, "WHERE phase <> 'deleted' AND id BETWEEN ? AND ? ORDER BY id", func(r *row) error {
			if r.job.ID == first || r.job.Settings.Spot.First == first {
				items = append(items, s.item(&r.job))
			}
			return nil
		}, first, first+togetherWithin.Microseconds())
	})
	slices.SortFunc(items, func(a, b Item) int {
		x, y := a.Settings.Spot, b.Settings.Spot
		return cmp.Or(cmp.Compare(x.Service, y.Service), cmp.Compare(x.Number, y.Number))
	})
	var services [][]Item
	for n, item := range items {
		if n == 0 || item.Settings.Spot.Service != items[n-1].Settings.Spot.Service {
			services = append(services, nil)
		}
		last := &services[len(services)-1]
		*last = append(*last, item)
	}
	return services, err
}

// togetherWithin bounds how long writing down all jobs of an edit takes.
const togetherWithin = 10 * time.Minute

// Reopen rebuilds the edit of the jobs of one service (Together) with its document as it was:
// the picture with all results flattened into it, and the mask, if there was one. The jobs are
// its Parts, by which their answers (Answer) become variants again, free of charge.
func (s *Store) Reopen(items ...Item) (*job.Job, error) {
	parts := make([]*job.Job, len(items))
	for n, i := range items {
		var err error
		if parts[n], err = s.reopen(i); err != nil {
			return nil, err
		}
	}
	state := parts[0].State()
	if len(parts) > 1 {
		all := parts[0].Mask()
		for _, p := range parts[1:] {
			all = mask.Union(all, p.Mask())
		}
		state = state.WithMask(all)
	}
	return job.Join(state, items[0].Options(), parts), nil
}

func (s *Store) reopen(i Item) (*job.Job, error) {
	raw, err := s.File(i.Canvas)
	if err != nil {
		return nil, err
	}
	p, err := picture.Decode(raw, picture.DefaultLimits)
	if err != nil {
		return nil, err
	}
	if raw, err = s.File(i.Mask); err != nil {
		return nil, err
	}
	m, err := mask.Decode(raw, p.Size())
	if err != nil {
		return nil, err
	}
	state := document.NewState(p)
	if !i.Settings.Whole {
		state = state.WithMask(m)
	}
	return job.Resume(state, i.Settings.Plan, i.Settings.Blend, i.Options()), nil
}

// Answer returns a variant as the engine gave it.
func (s *Store) Answer(v Variant) (api.Answer, error) {
	raw, err := s.File(v.File)
	if err != nil {
		return api.Answer{}, err
	}
	p, err := picture.Decode(raw, picture.DefaultLimits)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Index: v.Index, Image: p.SRGB(), Encoded: raw, RevisedPrompt: v.RevisedPrompt, Method: v.Method}, nil
}

// Filter selects items. Its zero value selects all.
type Filter struct {
	// Text holds words, or parts of words, all of which the prompt must contain, in any case.
	Text string
	// Connection is a connection's ID, or "" for any.
	Connection string
	// From and To bound the time of creation, To exclusive; zero for no bound.
	From, To time.Time
	// Favourites selects favourites and jobs with a favourite variant.
	Favourites bool
	// Before selects items with a lower ID, for the next page; 0 for the first.
	Before int64
	// Limit is the most items that are returned; 0 means 100.
	Limit int
}

// List returns the items that a filter selects, the newest first.
func (s *Store) List(ctx context.Context, f Filter) ([]Item, error) {
	if err := s.current(ctx); err != nil {
		return nil, err
	}
	where, args := f.where()
	if f.Limit <= 0 {
		f.Limit = 100
	}
	var items []Item
	err := s.use(ctx, func(db *sql.DB) error {
		items = nil
		return eachRow(ctx, db, "WHERE phase <> 'deleted' AND "+where+" ORDER BY id DESC LIMIT ?", func(r *row) error {
			items = append(items, s.item(&r.job))
			return nil
		}, append(args, f.Limit)...)
	})
	return items, err
}

// Item returns one job; the error is sql.ErrNoRows where there is none.
func (s *Store) Item(ctx context.Context, id int64) (Item, error) {
	items, err := s.List(ctx, Filter{Before: id + 1, Limit: 1})
	if err != nil {
		return Item{}, err
	}
	if len(items) == 0 || items[0].ID != id {
		return Item{}, sql.ErrNoRows
	}
	return items[0], nil
}

func (s *Store) item(job *state) Item {
	i := Item{
		ID: job.ID, Created: s.created(job), Connection: job.Connection, Name: job.Name, Prompt: job.Prompt, Settings: job.Settings,
		Source: job.Source, Canvas: job.Canvas, Mask: job.Mask, References: job.References, Asked: job.Asked,
		Over: job.Phase == phaseOver, Favourite: job.Favourite, Answers: len(job.Answers),
	}
	for _, v := range job.Variants {
		i.Variants = append(i.Variants, Variant{Index: v.Index, File: v.File, RevisedPrompt: v.Revised, Method: v.Method, Saved: v.Saved, Favourite: v.Favourite})
	}
	if e := job.End; e != nil {
		i.Outcome, i.Trouble, i.RequestID, i.Usage = e.Outcome, e.Trouble, e.RequestID, e.Usage
		if e.Spent != nil {
			i.Cost, i.Currency = e.Spent.Cost, e.Spent.Currency
		}
	}
	return i
}

func (s *Store) created(job *state) time.Time { return time.UnixMilli(job.Created) }

// RawAnswers returns a job's stored raw answers in the order in which they began, with the
// metadata of each. Answers that can't be read are named in the error, which is returned
// beside the others.
func (s *Store) RawAnswers(id int64) ([]api.Kept, error) {
	found, err := s.readJournal(id)
	if err != nil {
		return nil, err
	}
	var all []api.Kept
	var bad error
	for _, a := range found.state.Answers {
		body, err := s.readAnswer(a.File)
		switch {
		case err == nil:
			all = append(all, api.Kept{Arrival: a.Arrival, Body: body})
		case !errors.Is(err, fs.ErrNotExist): // else it had only been announced
			bad = errors.Join(bad, err)
		}
	}
	return all, bad
}

func (f Filter) where() (string, []any) {
	parts, args := []string{"1"}, []any(nil)
	and := func(part string, values ...any) {
		parts = append(parts, part)
		args = append(args, values...)
	}
	for _, word := range strings.Fields(strings.ReplaceAll(f.Text, "\x00", " ")) {
		if utf8.RuneCountInString(word) >= 3 {
			and("id IN (SELECT rowid FROM prompts WHERE prompts MATCH ?)", `"`+strings.ReplaceAll(word, `"`, `""`)+`"`)
		} else { // shorter than the index's trigrams, as many Chinese words are
			and(`prompt LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
		}
	}
	if f.Connection != "" {
		and("connection = ?", f.Connection)
	}
	if !f.From.IsZero() {
		and("created >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		and("created < ?", f.To.UnixMilli())
	}
	if f.Favourites {
		and("favourite")
	}
	if f.Before > 0 {
		and("id < ?", f.Before)
	}
	return strings.Join(parts, " AND "), args
}

// SetFavourite marks a job as a favourite, or removes the mark.
func (s *Store) SetFavourite(id int64, on bool) error {
	return s.mark(id, event{Event: eventFavourite, On: on})
}

// SetVariantFavourite marks a variant as a favourite, or removes the mark.
func (s *Store) SetVariantFavourite(id int64, variant int, on bool) error {
	return s.mark(id, event{Event: eventFavourite, Index: &variant, On: on})
}

// MarkSaved notes the path that a variant was saved to.
func (s *Store) MarkSaved(id int64, variant int, path string) error {
	return s.mark(id, event{Event: eventSaved, Index: &variant, Path: path})
}

// mark records an event that the user caused.
func (s *Store) mark(id int64, e event) error {
	return s.locked(context.Background(), func(ctx context.Context) error {
		r, err := s.openRecord(id)
		if err != nil {
			return err
		}
		if r.state.Phase == phaseDeleted {
			return fs.ErrNotExist
		}
		return r.writeWithin(ctx, e)
	})
}
