package service_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// book keeps what a relay writes down, and counts the requests that it took money for.
type book struct {
	mu      sync.Mutex
	written *sync.Cond
	lines   map[int]apitest.Line // the latest of each request
}

func newBook() *book {
	b := &book{lines: map[int]apitest.Line{}}
	b.written = sync.NewCond(&b.mu)
	return b
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := bufio.NewScanner(bytes.NewReader(p)); s.Scan(); {
		var line apitest.Line
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			return 0, err
		}
		b.lines[line.ID] = line
	}
	b.written.Broadcast()
	return len(p), nil
}

// count waits until no request is being answered any more: what is refused is known to
// be that only then.
func (b *book) count() (n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.open() {
		b.written.Wait()
	}
	for _, line := range b.lines {
		if line.Charged {
			n++
		}
	}
	return n
}

func (b *book) open() bool {
	for _, line := range b.lines {
		if !line.Over {
			return true
		}
	}
	return false
}

// refusing are those that make no picture and say so otherwise than by a status from
// 400 on, of which the relay's ledger thinks that they had made one.
var refusing = []string{"null-data", "empty-data", "html", "text", "nothing", "stream-error", "stream-empty", "unconverted", "not-implemented", "prose-mask"}

// soakScenarios are the ways in which services behave that end soon, and of which the
// relay's ledger knows whether they take money.
func soakScenarios() (names []string) {
	for _, s := range apitest.Scenarios() {
		prefix, _, _ := strings.Cut(s.Name, "-")
		switch {
		case slices.Contains([]string{"hang", "stall", "slow", "endless", "many", "busy", "rate", "moves", "url", "no"}, prefix), slices.Contains(refusing, s.Name):
		case strings.Contains(s.Name, "in-200"), strings.HasPrefix(s.Name, "echo-"):
		case s.Name == "mask-exchanged": // for which the mask's colours have to be exchanged in the settings
		default:
			names = append(names, s.Name)
		}
	}
	return names
}

// TestWhatWasChargedIsWhatTheLedgerSays makes edits at a service with random faults that
// takes two cents for each request that came whole and wasn't refused, and stops some
// of them: what the history says of each is what the service took, or that nobody knows,
// and then the most that it can be. OVERPAINT_SOAK is how many; make soak does 5,000.
func TestWhatWasChargedIsWhatTheLedgerSays(t *testing.T) {
	n := 200
	if s := os.Getenv("OVERPAINT_SOAK"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	} else if testing.Short() {
		n = 40
	}
	const price, round = 20_000, 250
	random := rand.New(rand.NewPCG(uint64(n), 14))
	names := soakScenarios()
	var certain, unknown, most int64
	for done := 0; done < n; done += round {
		b := newBench(t, func(c *settings.Connection) {
			c.Price, c.ResponseFormat = settings.Price{Picture: price, Currency: "USD"}, "b64_json"
		})
		taken := newBook()
		b.relay.Ledger(taken)
		var month int64
		for i := range min(round, n-done) {
			name := ""
			if random.IntN(2) == 0 {
				name = names[random.IntN(len(names))]
			}
			before := taken.count()
			entry := b.soak(name, name == "" && random.IntN(10) == 0)
			charged := price * (taken.count() - before)
			item := b.entry(entry)
			month += item.Cost
			switch {
			case item.MayHaveCost() && len(item.Variants) == 0:
				unknown++
				if item.Cost != price || charged > price {
					t.Errorf("edit %d, %q: nobody knows, counted as %d, charged %d", done+i, name, item.Cost, charged)
				}
			case item.Cost != charged:
				t.Errorf("edit %d, %q: the history says %d, charged %d (%s, %d variants)", done+i, name, item.Cost, charged, item.Outcome, len(item.Variants))
			}
			if !item.MayHaveCost() || len(item.Variants) > 0 {
				certain += charged
			}
		}
		spent, err := b.Spent(t.Context(), "USD")
		if err != nil || spent.Month != month || spent.InFlight != 0 {
			t.Errorf("the month's sum is %d with %d in flight, the edits' %d: %v", spent.Month, spent.InFlight, month, err)
		}
		most += taken.count() * price
		b.Close()
	}
	t.Logf("%d edits: %s for certain, %d of which nobody knows; the service took %s", n, settings.Money(certain, "USD"), unknown, settings.Money(most, "USD"))
	if most < certain || most > certain+unknown*price {
		t.Errorf("the service took %d, the history has %d and at most %d more", most, certain, unknown*price)
	}
}

// soak makes one edit by a scenario, of a service that nothing is known about, and
// returns its entry; with stop, of a service that reads, it is cancelled once its
// request has come.
func (b *bench) soak(scenario string, stop bool) int64 {
	b.t.Helper()
	b.set(func(s *settings.Settings) {
		if c, ok := s.Find(relay); ok {
			c.Forget()
		}
	})
	b.relay.Use(scenario)
	for len(b.relay.Arrived()) > 0 {
		<-b.relay.Arrived()
	}
	e, err := b.Submit(b.t.Context(), b.prepare(choices(1)), service.Submission{})
	if err != nil {
		b.t.Fatalf("%q: %v", scenario, err)
	}
	b.until(e.ID, func(event service.Event) bool {
		switch event.(type) {
		case service.Sent:
			if stop {
				<-b.relay.Arrived() // what is stopped has come, so that it counts for this edit
				b.Cancel(e.ID)
				stop = false
			}
		case service.Ended:
			return true
		}
		return false
	})
	return e.Entry
}
