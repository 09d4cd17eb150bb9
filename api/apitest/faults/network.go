//go:build linux

package main

import "fmt"

// cuts break the connection off at points of an edit: evenly over its stages. In
// some tries the pictures' addresses don't give them out instead.
func cuts(h *harness, n int) ([]testcase, error) {
	random := h.newRandom()
	stages := []stage{upload, waiting, download, answered, download, none}
	var cases []testcase
	for i := range n {
		at, point, s := stages[i%len(stages)], random.Float64(), shapes[random.IntN(len(shapes))]
		name := fmt.Sprintf("cut at %s %.2f, %v", at, point, s)
		if at == none {
			s.byURL = true
			name = fmt.Sprintf("pictures are gone, %v", s)
		}
		cases = append(cases, testcase{name, func(t *try) (*verdict, error) {
			o := t.order(s.n, s.byURL)
			o.refusals, o.hold, o.point, o.cut = s.refusals, at, point, at != none
			o.gone = at == none
			if err := t.settle(o); err != nil {
				return nil, err
			}
			r, err := t.overpaint(t.edit(o)...)
			if err != nil {
				return nil, err
			}
			return t.check(t.look(o, r))
		}})
	}
	return cases, nil
}
