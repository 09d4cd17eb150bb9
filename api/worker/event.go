package worker

import (
	"sync"

	"overpaint/api"
)

// Event is one of the types below. Every subscriber gets every event, in the
// one order in which they happened.
type Event interface {
	// Of names the job that the event is about.
	Of() ID
}

// Added says that a job stands in the queue.
type Added struct{ ID ID }

// Moved says that a queued job has another place in the queue, from 0.
type Moved struct {
	ID       ID
	Position int
}

// Started says that a job runs.
type Started struct{ ID ID }

// Reported passes on what the job's engine reported, or what the worker itself
// has to say about the job: a pause before a repetition (api.Progress) or
// something that the person should know (api.Notice).
type Reported struct {
	ID    ID
	Event api.Event
}

// Ended is a job's last event. Result counts the variants that came, with an
// error too. Err is nil when all went well; its Kind is api.KindCancelled when
// the person stopped the job.
type Ended struct {
	ID     ID
	Result api.Result
	Err    *api.Error
}

// Of returns ID.
func (e Added) Of() ID { return e.ID }

// Of returns ID.
func (e Moved) Of() ID { return e.ID }

// Of returns ID.
func (e Started) Of() ID { return e.ID }

// Of returns ID.
func (e Reported) Of() ID { return e.ID }

// Of returns ID.
func (e Ended) Of() ID { return e.ID }

// subscription hands events to one reader. Its queue has no bound, so that a
// slow reader neither loses an event nor holds up a job.
type subscription struct {
	out  chan Event
	stop chan struct{}
	quit sync.Once

	mu     sync.Mutex
	queue  []Event
	ended  bool          // nothing will be added
	signal chan struct{} // holds one token when queue or ended changed
}

func newSubscription() *subscription {
	return &subscription{out: make(chan Event), stop: make(chan struct{}), signal: make(chan struct{}, 1)}
}

func (s *subscription) add(e Event) {
	s.mu.Lock()
	s.queue = append(s.queue, e)
	s.mu.Unlock()
	s.wake()
}

// end lets the reader have what is queued and then the closed channel.
func (s *subscription) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.wake()
}

// cancel ends the subscription without the rest.
func (s *subscription) cancel() { s.quit.Do(func() { close(s.stop) }) }

func (s *subscription) wake() {
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

// pump runs until the subscription is cancelled or ended and read to its end.
func (s *subscription) pump() {
	defer close(s.out)
	for {
		s.mu.Lock()
		batch, ended := s.queue, s.ended
		s.queue = nil
		s.mu.Unlock()
		for _, e := range batch {
			select {
			case s.out <- e:
			case <-s.stop:
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		if ended {
			return
		}
		select {
		case <-s.signal:
		case <-s.stop:
			return
		}
	}
}
