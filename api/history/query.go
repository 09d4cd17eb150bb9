package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// Item is a job as the history has it.
type Item struct {
	ID      int64
	Created time.Time
	// Connection and Name are the connection's ID and what it was called then.
	Connection, Name string
	Prompt           string
	Settings         Settings
	// Source is the path of the picture, or "". Canvas and Mask name files: the
	// whole picture before the edit, as PNG, and the mask as PNG (mask.Decode).
	Source, Canvas, Mask string
	// References name the files of the further input pictures, as PNG.
	References []string
	// Asked counts the variants that were asked for.
	Asked int
	// Over is false while the job is carried out, by this program or another.
	Over bool
	// Outcome is "" for success; Trouble is nil then.
	Outcome   api.Kind
	Trouble   *Trouble
	RequestID string
	Usage     map[string]int64
	// Cost is what it cost in millionths of Currency, or at most, where nobody
	// knows whether it was charged: 0 where there is no price, or nothing was spent.
	Cost      int64
	Currency  string
	Favourite bool
	Variants  []Variant
	// Answers counts raw answers that are kept because not all variants came
	// of them (Restore).
	Answers int
}

// Variant is one result as the history has it.
type Variant struct {
	Index int
	// File names the answer's picture file: the window alone.
	File          string
	RevisedPrompt string
	// Saved is the path that it was saved to, or "".
	Saved     string
	Favourite bool
}

// Options returns the choices of the job, to be used again.
func (i *Item) Options() job.Options {
	o := job.DefaultOptions()
	s := i.Settings
	o.Prompt, o.Model, o.N, o.Size = i.Prompt, s.Model, s.N, s.Size
	o.ResponseFormat, o.Seed, o.Extra, o.Stream, o.Partials = s.ResponseFormat, s.Seed, s.Extra, s.Stream, s.Partials
	o.Region.Grow, o.Region.Window, o.Blend = s.Plan.Grow, s.Plan.Window, s.Blend
	return o
}

// Reopen returns the job with its document as it was: the picture, patches and
// all flattened into it, and the mask. Its answers (Answer) become variants
// again by it, at the cost of nothing.
func (s *Store) Reopen(i Item) (*job.Job, error) {
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
	return job.Resume(document.NewState(p).WithMask(m), i.Settings.Plan, i.Settings.Blend, i.Options()), nil
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
	return api.Answer{Index: v.Index, Image: p.Pix, Encoded: raw, RevisedPrompt: v.RevisedPrompt}, nil
}

// Filter chooses items. Its zero value chooses all.
type Filter struct {
	// Text holds words, or parts of words, that the prompt must hold, all of
	// them, in any case.
	Text string
	// Connection is a connection's ID, or "" for any.
	Connection string
	// From and To bound the time of creation, To exclusive; zero for no bound.
	From, To time.Time
	// Favourites chooses those that are favourites or have one.
	Favourites bool
	// Before chooses items with a lower ID, for the next page; 0 for the first.
	Before int64
	// Limit is the most that are returned; 0 means 100.
	Limit int
}

// List returns the items that a filter chooses, the newest first.
func (s *Store) List(ctx context.Context, f Filter) ([]Item, error) {
	where, args := f.where()
	if f.Limit <= 0 {
		f.Limit = 100
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, created, connection, name, prompt, settings, source, coalesce(canvas, ''), coalesce(mask, ''),
		asked, state, outcome, trouble, request_id, usage, favourite, (SELECT count(*) FROM answers WHERE job = jobs.id),
		coalesce((SELECT cost FROM spending WHERE job = jobs.id), 0), coalesce((SELECT currency FROM spending WHERE job = jobs.id), '')
		FROM jobs WHERE `+where+" ORDER BY id DESC LIMIT ?", append(args, f.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []Item
	for rows.Next() {
		i, err := scan(rows)
		if err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range items {
		if items[i].Variants, err = s.variants(ctx, items[i].ID); err != nil {
			return nil, err
		}
		if items[i].References, err = s.references(ctx, items[i].ID); err != nil {
			return nil, err
		}
	}
	return items, nil
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

func (f Filter) where() (string, []any) {
	parts, args := []string{"1"}, []any(nil)
	and := func(part string, values ...any) {
		parts = append(parts, part)
		args = append(args, values...)
	}
	for _, word := range strings.Fields(f.Text) {
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
		and("(favourite OR EXISTS (SELECT 1 FROM variants WHERE job = jobs.id AND favourite))")
	}
	if f.Before > 0 {
		and("id < ?", f.Before)
	}
	return strings.Join(parts, " AND "), args
}

func scan(rows *sql.Rows) (i Item, err error) {
	var created int64
	var asked, state, trouble, usage string
	err = rows.Scan(&i.ID, &created, &i.Connection, &i.Name, &i.Prompt, &asked, &i.Source, &i.Canvas, &i.Mask,
		&i.Asked, &state, &i.Outcome, &trouble, &i.RequestID, &usage, &i.Favourite, &i.Answers, &i.Cost, &i.Currency)
	if err != nil {
		return i, err
	}
	i.Created, i.Over = time.UnixMilli(created), state == stateOver
	if err := json.Unmarshal([]byte(asked), &i.Settings); err != nil {
		return i, err
	}
	if trouble != "" {
		i.Trouble = new(Trouble)
		if err := json.Unmarshal([]byte(trouble), i.Trouble); err != nil {
			return i, err
		}
	}
	if usage != "" {
		return i, json.Unmarshal([]byte(usage), &i.Usage)
	}
	return i, nil
}

func (s *Store) variants(ctx context.Context, id int64) ([]Variant, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT variant, file, revised, saved, favourite FROM variants WHERE job = ? ORDER BY variant", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Variant
	for rows.Next() {
		var v Variant
		if err := rows.Scan(&v.Index, &v.File, &v.RevisedPrompt, &v.Saved, &v.Favourite); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func (s *Store) references(ctx context.Context, id int64) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT file FROM inputs WHERE job = ? ORDER BY place", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var hash string
		if err := rows.Scan(&hash); err != nil {
			return nil, err
		}
		all = append(all, hash)
	}
	return all, rows.Err()
}

// SetFavourite marks a job, or takes the mark away.
func (s *Store) SetFavourite(id int64, on bool) error {
	return s.update("UPDATE jobs SET favourite = ? WHERE id = ?", on, id)
}

// SetVariantFavourite marks one variant, or takes the mark away.
func (s *Store) SetVariantFavourite(id int64, variant int, on bool) error {
	return s.update("UPDATE variants SET favourite = ? WHERE job = ? AND variant = ?", on, id, variant)
}

// MarkSaved notes the path that a variant was saved to.
func (s *Store) MarkSaved(id int64, variant int, path string) error {
	return s.update("UPDATE variants SET saved = ? WHERE job = ? AND variant = ?", path, id, variant)
}

func (s *Store) update(query string, args ...any) error {
	return s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}
