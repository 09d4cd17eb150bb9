//go:build linux

package main

import (
	"fmt"
	"sync"
	"time"
)

// pairs are several programs at once on the same folders.
func pairs(h *harness, n int) ([]testcase, error) {
	var cases []testcase
	for i := range n {
		if i%3 == 0 {
			cases = append(cases, testcase{fmt.Sprintf("recover while an edit waits, %v", shapes[i%len(shapes)]), func(t *try) (*verdict, error) {
				return besides(t, shapes[i%len(shapes)])
			}})
			continue
		}
		cases = append(cases, testcase{fmt.Sprintf("%d edits at once, repeated", 2+i%2), func(t *try) (*verdict, error) { return together(t, 2+i%2) }})
	}
	return cases, nil
}

// together lets several programs make edits on the same folders, at full speed,
// while others list, recover and export.
func together(t *try, programs int) (*verdict, error) {
	var all []*seen
	var mu sync.Mutex
	var work sync.WaitGroup
	var failed error
	const repeats = 2
	for p := range programs {
		var orders []*order
		for range repeats {
			s := shapes[(p+len(t.orders))%len(shapes)]
			o := t.order(s.n, s.byURL)
			o.refusals = s.refusals
			orders = append(orders, o)
		}
		if p == 0 {
			if err := t.settle(orders[0]); err != nil {
				return nil, err
			}
		}
		work.Go(func() {
			for _, o := range orders {
				r, err := t.overpaint(t.edit(o)...)
				mu.Lock()
				if err != nil {
					failed = err
				} else {
					all = append(all, t.look(o, r))
				}
				mu.Unlock()
			}
		})
	}
	work.Go(func() {
		for range repeats {
			for _, command := range []string{"list", "recover"} {
				if _, err := t.overpaint("history", command, "-json"); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		}
	})
	work.Wait()
	if failed != nil {
		return nil, failed
	}
	v, err := t.check(all...)
	if err == nil {
		for _, s := range all {
			if s.run.status != 0 {
				v.wrongf("an edit beside others failed: %s", s.describe())
			}
		}
	}
	return v, err
}

// besides lets a second program recover while the first one waits for its answer.
func besides(t *try, s shape) (*verdict, error) {
	o := t.order(s.n, s.byURL)
	o.refusals, o.hold = s.refusals, waiting
	if err := t.settle(o); err != nil {
		return nil, err
	}
	p, err := t.start(nil, t.h.binary, t.edit(o)...)
	if err != nil {
		return nil, err
	}
	select {
	case <-o.reached:
	case <-p.done:
	case <-time.After(patience):
	}
	v := &verdict{}
	k, err := t.recovered(v)
	if err != nil {
		return nil, err
	}
	for _, i := range k.items {
		if i.Prompt == o.prompt && i.Over {
			v.wrongf("an edit of a program that runs was given an end: %q", i.Outcome)
		}
	}
	if len(k.items) != 1 {
		v.unrecorded = append(v.unrecorded, fmt.Sprintf("%d edits in the history while one is made", len(k.items)))
	}
	o.release()
	r, err := p.wait()
	if err != nil {
		return nil, err
	}
	seen := t.look(o, r)
	after, err := t.check(seen)
	if err != nil {
		return nil, err
	}
	if r.status != 0 {
		after.wrongf("an edit beside a recovery failed: %s", seen.describe())
	}
	v.add(after)
	return v, nil
}

// add adds what another look has shown.
func (v *verdict) add(o *verdict) {
	v.lost, v.twice = append(v.lost, o.lost...), append(v.twice, o.twice...)
	v.unrecorded, v.wrong = append(v.unrecorded, o.unrecorded...), append(v.wrong, o.wrong...)
}
