package history

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
)

// The kinds of event that a journal holds.
const (
	eventRecorded  = "recorded"  // Job: the request, before anything is sent
	eventClaimed   = "claimed"   // Session: another run takes over what a dead one left
	eventSending   = "sending"   // the first byte is about to be sent
	eventSent      = "sent"      // the last byte was sent
	eventRefused   = "refused"   // what was sent was refused and not charged
	eventAnswer    = "answer"    // Answer: a file begins to take an answer's bytes
	eventClosed    = "closed"    // Answer: that file is complete, or was cut to a length
	eventVariant   = "variant"   // Variant: a picture is kept
	eventEnded     = "ended"     // End
	eventSaved     = "saved"     // Variant.Index, Path
	eventFavourite = "favourite" // On; Variant.Index where it is a variant's mark
	eventDeleted   = "deleted"   // Job: what stays of a deleted job
	eventRestored  = "restored"  // Job: all that was known of it elsewhere
)

// event is one line of a journal. Its fields depend on its kind.
type event struct {
	Event string `json:"event"`
	// At is when it happened, in milliseconds since 1970.
	At      int64    `json:"at"`
	Job     *state   `json:"job,omitempty"`
	Session string   `json:"session,omitempty"`
	Index   *int     `json:"index,omitempty"`
	Bytes   int64    `json:"bytes,omitempty"`
	Answer  *answer  `json:"answer,omitempty"`
	Variant *variant `json:"variant,omitempty"`
	End     *ending  `json:"end,omitempty"`
	Path    string   `json:"path,omitempty"`
	On      bool     `json:"on,omitempty"`
}

// phase is the progress of a job.
type phase string

// The phases. A job is sending from the moment on when a byte may have left.
const (
	phaseRecorded phase = "recorded"
	phaseSending  phase = "sending"
	phaseSent     phase = "sent"
	phaseOver     phase = "over"
	phaseDeleted  phase = "deleted"
)

var phases = []phase{phaseRecorded, phaseSending, phaseSent, phaseOver, phaseDeleted}

// state is the state of a job that follows from the events of its journal.
type state struct {
	ID int64 `json:"id"`
	// Session is the run of the program that carries the job out.
	Session string `json:"session,omitempty"`
	// Created is in milliseconds since 1970.
	Created    int64          `json:"created"`
	Connection string         `json:"connection,omitempty"`
	Name       string         `json:"name,omitempty"`
	Prompt     string         `json:"prompt,omitempty"`
	Settings   Settings       `json:"settings,omitzero"`
	Price      settings.Price `json:"price,omitzero"`
	Source     string         `json:"source,omitempty"`
	Canvas     string         `json:"canvas,omitempty"`
	Mask       string         `json:"mask,omitempty"`
	References []string       `json:"references,omitempty"`
	Asked      int            `json:"asked,omitempty"`
	// Foreseen is the estimated cost, in millionths of the price's currency.
	Foreseen  int64     `json:"foreseen,omitempty"`
	Phase     phase     `json:"phase"`
	Answers   []answer  `json:"answers,omitempty"`
	Variants  []variant `json:"variants,omitempty"`
	Favourite bool      `json:"favourite,omitempty"`
	End       *ending   `json:"end,omitempty"`
	// Released is the number below which files of answers were deleted.
	Released int `json:"released,omitempty"`
	// Removed are the files of a deleted job, and of deleted answers of version 0.1: where no
	// other job names them they need not be kept.
	Removed []string `json:"removed,omitempty"`
	// First is the job's number in a history of version 0.1, or 0.
	First int64 `json:"first,omitempty"`
}

// answer is a stored raw answer.
type answer struct {
	// File is the name of a file in the folder answers, or, in a history of
	// version 0.1, the hash that names a file in the folder files.
	File string `json:"file"`
	api.Arrival
	// Bytes is the file's length once it is closed.
	Bytes  int64 `json:"bytes,omitempty"`
	Closed bool  `json:"closed,omitempty"`
	// Refused reports whether it says only that the request was refused, which is no sign of a
	// charge.
	Refused bool `json:"refused,omitempty"`
}

// variant is a picture that arrived.
type variant struct {
	Index     int    `json:"index"`
	File      string `json:"file,omitempty"`
	Revised   string `json:"revised,omitempty"`
	Method    string `json:"method,omitempty"`
	Saved     string `json:"saved,omitempty"`
	Favourite bool   `json:"favourite,omitempty"`
}

// ending is how a job ended.
type ending struct {
	Outcome   api.Kind         `json:"outcome,omitempty"`
	Trouble   *Trouble         `json:"trouble,omitempty"`
	RequestID string           `json:"request_id,omitempty"`
	Usage     map[string]int64 `json:"usage,omitempty"`
	Spent     *spent           `json:"spent,omitempty"`
	// Released reports whether the raw answers were deleted.
	Released bool `json:"released,omitempty"`
}

// spent is the charge of a job.
type spent struct {
	// Day is the day in the user's time zone, as 2006-01-02.
	Day      string           `json:"day"`
	Pictures int              `json:"pictures,omitempty"`
	Usage    map[string]int64 `json:"usage,omitempty"`
	// Cost is in millionths of Currency.
	Cost      int64  `json:"cost,omitempty"`
	Currency  string `json:"currency,omitempty"`
	Uncertain bool   `json:"uncertain,omitempty"`
}

var errLine = errors.New("history: a line that says nothing")

// parseEvent reads a line and checks what it names, so that nothing in a
// damaged journal can lead out of the history's folder.
func parseEvent(line []byte) (event, error) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return e, err
	}
	switch e.Event {
	case eventSending, eventSent, eventRefused:
		return e, nil
	case eventFavourite:
		return e, nil
	case eventClaimed:
		return e, need(e.Session != "")
	case eventRecorded, eventRestored, eventDeleted:
		return e, need(e.Job != nil && e.Job.valid())
	case eventAnswer, eventClosed:
		return e, need(e.Answer != nil && e.Answer.valid())
	case eventVariant:
		return e, need(e.Variant != nil && e.Variant.valid())
	case eventSaved:
		return e, need(e.Index != nil)
	case eventEnded:
		return e, need(e.End != nil)
	}
	return e, fmt.Errorf("%w: %q", errLine, e.Event)
}

func need(ok bool) error {
	if !ok {
		return errLine
	}
	return nil
}

func (s *state) valid() bool {
	for _, hash := range append([]string{s.Canvas, s.Mask}, slices.Concat(s.References, s.Removed)...) {
		if hash != "" && !isFile(hash) {
			return false
		}
	}
	return slices.Contains(phases, s.Phase) && !slices.ContainsFunc(s.Answers, func(a answer) bool { return !a.valid() }) &&
		!slices.ContainsFunc(s.Variants, func(v variant) bool { return !v.valid() })
}

func (a *answer) valid() bool { return isFile(a.File) }

func (v *variant) valid() bool { return isHash(v.File) }

// apply applies an event to the state.
func (s *state) apply(e event) {
	switch e.Event {
	case eventRecorded, eventRestored, eventDeleted:
		id := s.ID
		*s = e.Job.clone()
		s.ID = id
	case eventClaimed:
		s.Session = e.Session
	case eventSending:
		s.advance(phaseSending)
	case eventSent:
		s.advance(phaseSent)
	case eventRefused:
		if s.Phase == phaseSending || s.Phase == phaseSent {
			s.Phase = phaseRecorded
		}
		for i := range s.Answers {
			s.Answers[i].Refused = s.Answers[i].Refused || s.Answers[i].Status >= 400
		}
	case eventAnswer, eventClosed:
		s.put(*e.Answer)
	case eventVariant:
		s.keep(*e.Variant)
	case eventEnded:
		s.end(*e.End)
	default:
		s.mark(e)
	}
}

// mark applies an event that the user caused.
func (s *state) mark(e event) {
	if e.Event == eventFavourite && e.Index == nil {
		s.Favourite = e.On
		return
	}
	i := slices.IndexFunc(s.Variants, func(v variant) bool { return v.Index == *e.Index })
	if i < 0 {
		return
	}
	switch e.Event {
	case eventFavourite:
		s.Variants[i].Favourite = e.On
	case eventSaved:
		s.Variants[i].Saved = e.Path
	}
}

// advance moves the phase on, never back.
func (s *state) advance(to phase) {
	if slices.Index(phases, to) > slices.Index(phases, s.Phase) {
		s.Phase = to
	}
}

func (s *state) put(a answer) {
	if _, n, ok := parseAnswer(a.File); ok && n < s.Released {
		return
	}
	for i := range s.Answers {
		if s.Answers[i].File == a.File {
			a.Refused = a.Refused || s.Answers[i].Refused
			s.Answers[i] = a
			return
		}
	}
	s.Answers = append(s.Answers, a)
}

func (s *state) keep(v variant) {
	for i, old := range s.Variants {
		if old.Index == v.Index {
			v.Saved, v.Favourite = cmp.Or(v.Saved, old.Saved), v.Favourite || old.Favourite
			s.Variants[i] = v
			return
		}
	}
	s.Variants = append(s.Variants, v)
	slices.SortStableFunc(s.Variants, func(a, b variant) int { return cmp.Compare(a.Index, b.Index) })
}

func (s *state) end(e ending) {
	s.advance(phaseOver)
	if e.Released {
		for _, a := range s.Answers {
			if _, n, ok := parseAnswer(a.File); ok {
				s.Released = max(s.Released, n+1)
			} else {
				s.Removed = append(s.Removed, a.File)
			}
		}
		s.Answers = nil
	}
	s.End = &e
}

func (s *state) clone() state {
	c := *s
	c.References, c.Answers, c.Variants, c.Removed = slices.Clone(s.References), slices.Clone(s.Answers), slices.Clone(s.Variants), slices.Clone(s.Removed)
	if s.End != nil {
		end := *s.End
		c.End = &end
	}
	return c
}

// files returns all files that the job names, each once.
func (s *state) files() []string {
	all := slices.Concat([]string{s.Canvas, s.Mask}, s.References)
	for _, a := range s.Answers {
		all = append(all, a.File)
	}
	for _, v := range s.Variants {
		all = append(all, v.File)
	}
	all = slices.DeleteFunc(all, func(f string) bool { return f == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// join merges two states of one job. known is complete up to some moment; found has lost some
// of its events, and may have later ones.
func join(known, found state) state {
	switch {
	case found.Phase == phaseDeleted:
		return found
	case known.Phase == phaseDeleted:
		return known
	}
	all := known.clone()
	if all.Session == "" || slices.Index(phases, found.Phase) > slices.Index(phases, all.Phase) {
		all.Session = cmp.Or(found.Session, all.Session)
	}
	all.advance(found.Phase)
	all.Released = max(known.Released, found.Released)
	for _, v := range found.Variants {
		all.keep(v)
	}
	all.Removed = append(all.Removed, found.Removed...)
	for _, a := range found.Answers {
		all.put(a)
	}
	all.Answers = slices.DeleteFunc(all.Answers, func(a answer) bool {
		_, n, ok := parseAnswer(a.File)
		return ok && n < all.Released
	})
	if found.End != nil {
		all.End = found.End
	}
	all.Favourite = known.Favourite || found.Favourite
	return all
}
