package session

import (
	"overpaint.dev/overpaint/api/service"
)

// Spent is what was spent and what the next edit would cost.
type Spent struct {
	service.Spent // with Left as what Cap leaves
	// Cap is that of the person's caps for the day and the month that leaves less, 0 for
	// none, in Currency; Daily reports that it is the day's.
	Cap   int64
	Daily bool
	// Next is what the next edit costs at all services that are chosen, by
	// currency.
	Next []service.Cost
	// Known reports that the sums were found out.
	Known bool
}

// Spent returns what was spent, in the currency of the first service that has a
// price, and what the next edit would cost.
func (s *Session) Spent() Spent {
	v, now := s.spent, s.settings.Current()
	v.Cap = now.MonthlyCap
	if left := max(now.DailyCap-v.Today-v.InFlight, 0); now.DailyCap > 0 && (v.Cap == 0 || left < v.Left) {
		v.Cap, v.Left, v.Daily = now.DailyCap, left, true
	}
	v.Next = s.panel.cost
	return v
}

// askSpent finds out what was spent.
func (s *Session) askSpent() {
	currency := ""
	for _, id := range s.panel.services {
		if c, ok := s.service.Connection(id); ok && c.Price.Known() {
			currency = c.Price.Currency
			break
		}
	}
	if currency == "" {
		currency = s.spent.Currency
	}
	for _, c := range s.settings.Current().Connections {
		if currency == "" && c.Price.Known() {
			currency = c.Price.Currency
		}
	}
	if currency == "" {
		return
	}
	background(s, func() outcome[service.Spent] { return result(s.service.Spent(s.ctx, currency)) }, func(got outcome[service.Spent]) {
		if got.err != nil {
			s.log.Warn("spending unknown", "error", got.err)
			return
		}
		s.spent.Spent, s.spent.Known = got.value, true
		s.touch(Status)
	})
}
