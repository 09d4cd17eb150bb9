//go:build linux

package main

// controls are tries without a fault: what they ask for must come, or the other
// tries mean nothing.
func controls(*harness, int) ([]testcase, error) {
	var cases []testcase
	for _, s := range shapes {
		cases = append(cases, testcase{s.String(), func(t *try) (*verdict, error) {
			o := t.order(s.n, s.byURL)
			o.refusals = s.refusals
			if err := t.settle(o); err != nil {
				return nil, err
			}
			r, err := t.overpaint(t.edit(o)...)
			if err != nil {
				return nil, err
			}
			seen := t.look(o, r)
			v, err := t.check(seen)
			if err == nil && (r.status != 0 || r.last().Got != s.n) {
				v.wrongf("without a fault: %s", seen.describe())
			}
			return v, err
		}})
	}
	return cases, nil
}
