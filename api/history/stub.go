package history

import (
	"context"
	"fmt"
	"time"

	"overpaint/api"
)

// KeptJob is what a Decoder needs to know about a job whose answers are kept.
type KeptJob = Kept

// OverCapError reports that an edit would pass the cap.
type OverCapError struct {
	Cap, Spent, InFlight, Cost int64
	Currency                   string
}

func (e *OverCapError) Error() string { return fmt.Sprintf("history: over the cap of %d", e.Cap) }

// Spending is what was spent.
type Spending struct{ Today, Month, InFlight int64 }

// Spent tells what was spent.
func (s *Store) Spent(ctx context.Context, currency string) (Spending, error) {
	m, err := s.MonthCost(ctx, time.Now(), currency)
	return Spending{Month: m}, err
}

// Room checks room.
func (s *Store) Room(int64) error { return nil }

var _ = api.Kept{}
