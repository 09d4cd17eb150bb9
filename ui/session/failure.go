package session

import (
	"overpaint.dev/overpaint/api"
)

// Remedy is something that the user can do after an edit has failed.
type Remedy string

// The remedies. Retry and Clear are the failed card's own buttons.
const (
	Retry        Remedy = "again"    // ask for what did not come once more
	Clear        Remedy = "clear"    // take the failed card away
	OpenSettings Remedy = "settings" // most errors of this kind are solved there
	UseAddress   Remedy = "moved"    // change the connection's address to the one that the service named
	FetchAgain   Remedy = "fetch"    // get pictures out of the answer that is kept, for nothing
)

// failure returns what the single card of a failed edit shows.
func (s *Session) failure(e *edit) *Failure {
	if e.fault == nil {
		return nil
	}
	f := &Failure{
		Edit: e.id, Service: e.nameSentence(), Cost: e.cost, Elapsed: s.elapsed(e), Text: told(e.fault.Text()), Short: say("dialog.short." + string(e.fault.Kind)), Missing: e.missing + e.broken,
		Charged: e.fault.MayHaveCost(), Error: e.fault,
	}
	if settled(e.fault.Kind) {
		f.Remedies = append(f.Remedies, OpenSettings)
	}
	if e.fault.Kind == api.KindMoved && e.fault.Address != "" {
		f.Remedies = append(f.Remedies, UseAddress)
	}
	if e.faulty() != 0 && fetchable(e.fault) {
		f.Remedies = append(f.Remedies, FetchAgain)
	}
	if e.over() && e.missing > 0 && e.fault.Kind != api.KindInput && e.fault.Kind != api.KindQuota {
		f.Remedies = append(f.Remedies, Retry)
	}
	if e.over() {
		f.Remedies = append(f.Remedies, Clear)
	}
	return f
}

// settled reports whether errors of a kind are, as a rule, fixed in Settings.
func settled(k api.Kind) bool {
	switch k {
	case api.KindAuth, api.KindInput, api.KindMoved, api.KindNotService, api.KindNetwork, api.KindRejected, api.KindQuota:
		return true
	}
	return false
}

// fetchable reports whether the error keeps addresses of pictures that were made.
func fetchable(e *api.Error) bool {
	switch e.Text().Key {
	case "error.unknown_download", "error.empty_download":
		return true
	}
	return false
}

// Remedy carries out a remedy for a failed edit.
func (s *Session) Remedy(id EditID, r Remedy) {
	defer s.act()()
	e := s.find(id)
	f := (*Failure)(nil)
	if e != nil {
		f = s.failure(e)
	}
	if f == nil {
		return
	}
	switch r {
	case Retry:
		s.again(e)
	case Clear:
		s.clearFailure(e)
	case OpenSettings:
		s.wish(Wish{Kind: WishSettings, Connection: e.connection, Key: e.fault.Kind == api.KindAuth})
	case UseAddress:
		s.moveTo(e.connection, e.fault.Address)
	case FetchAgain:
		s.fetchAgain(e.faulty())
	}
}

// again requests the missing variants once more, after a question where they may have been
// charged.
func (s *Session) again(e *edit) {
	if !e.over() || e.missing == 0 {
		return
	}
	ask := func() {
		n := e.missing
		s.clearFailure(e)
		s.askMore(e, n)
	}
	if !e.fault.MayHaveCost() {
		ask()
		return
	}
	if s.asking(AskAgain) {
		return
	}
	q := s.confirm(AskAgain, say("dialog.again"), told(e.fault.Text()), say("dialog.again.do"), ask)
	q.Also = say("dialog.again.text")
}

// clearFailure takes the failed card of an edit away; what came of it stays.
func (s *Session) clearFailure(e *edit) {
	s.withdraw(e.trouble())
	e.fault, e.missing, e.broken = nil, 0, 0
	if e.over() {
		e.state = Done
	}
	s.forget(e)
	s.touch(Gallery)
}

// trouble returns why an edit has failed, and at which of several services; it is empty where it
// has not.
func (e *edit) trouble() Sentence {
	switch {
	case e.fault == nil:
		return Sentence{}
	case e.several:
		return say("gallery.failed_at", "Service", e.nameSentence(), "Sentence", told(e.fault.Text()))
	}
	return told(e.fault.Text())
}

// ClearFailures takes all failed cards away.
func (s *Session) ClearFailures() {
	defer s.act()()
	for _, e := range append([]*edit(nil), s.edits.list...) {
		if e.over() && e.fault != nil {
			s.clearFailure(e)
		}
	}
}
