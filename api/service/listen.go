package service

import (
	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/worker"
	"overpaint.dev/overpaint/editor/picture"
)

// listen turns the worker's events into the service's, in order, until the worker is closed.
// The expensive part, stitching variants, is done here.
func (s *Service) listen() {
	defer close(s.done)
	defer s.feed.Close()
	for e := range s.events {
		s.hear(e)
	}
}

func (s *Service) hear(e worker.Event) {
	s.editing.Lock()
	edit := s.edits[ID(e.Of())]
	s.editing.Unlock()
	if edit == nil {
		return
	}
	switch e := e.(type) {
	case worker.Added:
		s.feed.Publish(Queued{*edit})
	case worker.Moved:
		s.feed.Publish(Moved{edit.ID, e.Position})
	case worker.Started:
		s.feed.Publish(Started{edit.ID})
	case worker.Reported:
		s.reported(edit, e.Event)
	case worker.Ended:
		s.ended(edit, e)
	}
}

func (s *Service) reported(edit *Edit, event api.Event) {
	switch event := event.(type) {
	case api.Progress:
		s.feed.Publish(Progress{edit.ID, event})
	case api.Sent:
		s.feed.Publish(Sent{edit.ID, event.Bytes})
	case api.Notice:
		s.feed.Publish(Notice{edit.ID, event.Sentence})
	case api.Partial:
		s.feed.Publish(Preview{edit.ID, event.Index, picture.Thumbnail(event.Image, job.ThumbnailSide)})
	case api.Answer:
		arrived := Arrived{ID: edit.ID, Index: event.Index}
		v, err := guarded(func() (*job.Variant, error) { return edit.Job.Variant(event) })
		if arrived.Variant, arrived.Err = v, api.AsError(err); err != nil {
			s.log.Warn("variant not shown", "job", int64(edit.ID), "error", err)
		}
		s.feed.Publish(arrived)
	}
}

func (s *Service) ended(edit *Edit, e worker.Ended) {
	s.editing.Lock()
	delete(s.edits, edit.ID)
	s.editing.Unlock()
	s.worker.Forget(e.ID)
	edit.Job.Done()
	cost := s.charged(edit, e)
	edit.budget.settle(edit.reserved, cost.Amount)
	s.feed.Publish(Ended{edit.ID, e.Result, e.Err, cost})
}

// charged returns the actual cost of an edit.
func (s *Service) charged(edit *Edit, e worker.Ended) Cost {
	c, ok := s.Connection(edit.Connection)
	if !ok || !c.Price.Known() {
		return Cost{}
	}
	sum := c.Price.Of(e.Result.Got, e.Result.Usage)
	uncertain := e.Err != nil && e.Err.MayHaveCost()
	if uncertain {
		sum += c.Price.Foreseen(edit.Job.Request(), max(e.Result.Asked-e.Result.Got, 0))
	}
	if e.Result.Got == 0 && len(e.Result.Usage) == 0 && !uncertain {
		sum = 0
	}
	return Cost{Amount: sum, Currency: c.Price.Currency}
}
