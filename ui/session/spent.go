package session

import (
	"overpaint.dev/overpaint/api/service"
)

// Spent is what was spent and what the next edit is estimated to cost.
type Spent struct {
	service.Spent // with Left as what Cap leaves
	// Cap is the cap (of the day or of the month) that leaves less, 0 for none, in millionths
	// of Currency; Daily reports whether it is the day's.
	Cap   int64
	Daily bool
	// Next is the estimated cost of the next edit at all chosen services, by currency.
	Next []service.Cost
	// Known reports whether the sums have been read.
	Known bool
}

// Spent returns what was spent, in the currency of the first service with a price, and the
// estimated cost of the next edit.
func (s *Session) Spent() Spent {
	v, now := s.spent, s.settings.Current()
	v.Cap = now.MonthlyCap
	if left := max(now.DailyCap-v.Today-v.InFlight, 0); now.DailyCap > 0 && (v.Cap == 0 || left < v.Left) {
		v.Cap, v.Left, v.Daily = now.DailyCap, left, true
	}
	v.Next = s.panel.cost
	return v
}

// askSpent reads in the background what was spent.
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
