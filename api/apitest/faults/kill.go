//go:build linux

package main

import (
	"fmt"
	"strings"
	"syscall"
	"time"
)

// moment is when a program is stopped, and how.
type moment struct {
	at     stage
	point  float64
	delay  time.Duration
	signal syscall.Signal
	shape  shape
}

// More stages, which the program's own events tell.
const (
	begin stage = "start" // before the request leaves
	save  stage = "save"  // a picture was announced
)

func (m moment) String() string {
	return fmt.Sprintf("%v at %s %.2f + %v, %v", m.signal, m.at, m.point, m.delay.Round(time.Microsecond), m.shape)
}

// kills stop the program at random moments: evenly over the stages of an edit.
func kills(h *harness, n int) ([]testcase, error) {
	random := h.newRandom()
	stages := []stage{begin, upload, waiting, download, answered, save, download, answered}
	longest := map[stage]time.Duration{
		begin: 400 * time.Millisecond, upload: 10 * time.Millisecond, waiting: 20 * time.Millisecond,
		download: 15 * time.Millisecond, answered: 60 * time.Millisecond, save: 60 * time.Millisecond,
	}
	var cases []testcase
	for i := range n {
		m := moment{at: stages[i%len(stages)], point: random.Float64(), signal: syscall.SIGKILL, shape: shapes[random.IntN(len(shapes))]}
		if i%5 == 3 {
			m.signal = []syscall.Signal{syscall.SIGTERM, syscall.SIGINT}[i%2]
		}
		m.delay = time.Duration(random.Float64() * float64(longest[m.at]))
		cases = append(cases, testcase{m.String(), m.try})
	}
	return cases, nil
}

func (m moment) try(t *try) (*verdict, error) {
	o := t.order(m.shape.n, m.shape.byURL)
	o.refusals, o.point = m.shape.refusals, m.point
	if m.at != begin && m.at != save {
		o.hold = m.at
	}
	if err := t.settle(o); err != nil {
		return nil, err
	}
	told := make(chan struct{}, o.n+1)
	which := int(m.point * float64(o.n))
	p, err := t.start(func(line string) {
		if strings.Contains(line, `"event":"variant"`) && strings.Contains(line, fmt.Sprintf(`"index":%d,`, which)) {
			told <- struct{}{}
		}
	}, t.h.binary, t.edit(o)...)
	if err != nil {
		return nil, err
	}
	switch m.at {
	case begin:
	case save:
		m.wait(p, told)
	default:
		m.wait(p, o.reached)
	}
	unkept := m.patient(t, o, p)
	asked := time.Now()
	_ = p.cmd.Process.Signal(m.signal)
	if m.signal != syscall.SIGKILL {
		// The service stands still: what ends the program is the signal.
		select {
		case <-p.done:
		case <-time.After(5 * time.Second):
		}
	}
	o.release()
	r, err := p.wait()
	if err != nil {
		return nil, err
	}
	late := time.Since(asked)
	s := t.look(o, r)
	s.stopped = true
	v, err := t.check(s)
	if err != nil {
		return nil, err
	}
	v.lost = append(v.lost, unkept...)
	if m.signal != syscall.SIGKILL && late > 5*time.Second {
		v.wrongf("ended %v after %v", late.Round(time.Millisecond), m.signal)
	}
	return v, nil
}

// patient waits before the signal: as long as the moment says, or, where the
// service stands still behind pictures that it has written whole and the point
// says so, until these are on the disk. It tells of those that don't get there.
func (m moment) patient(t *try, o *order, p *process) (unkept []string) {
	if o.hold != download && o.hold != answered || m.point*100-float64(int(m.point*100)) < 0.6 {
		select {
		case <-p.done:
		case <-time.After(m.delay):
		}
		return nil
	}
	written := o.ledger().written
	missing := func() (all []string) {
		on := t.look(o, nil).spooled
		for i, w := range written {
			if w && !on[i] {
				all = append(all, fmt.Sprintf("picture %d was sent whole, and does not come onto the disk while the service stands still", i))
			}
		}
		return all
	}
	t.until(func() bool {
		select {
		case <-p.done:
			return true
		default:
			return len(missing()) == 0
		}
	})
	return missing()
}

// wait waits for a mark, or the program's end where it never comes.
func (m moment) wait(p *process, mark <-chan struct{}) {
	select {
	case <-mark:
	case <-p.done:
	}
}
