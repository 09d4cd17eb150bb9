package window

import (
	"errors"
	"testing"
)

// TestClosingWaitsForFiles closes while two files are being written: that is
// done when both are whole, and not at all where one could not be written.
func TestClosingWaitsForFiles(t *testing.T) {
	for _, c := range []struct {
		first, second error
		want          int
	}{
		{nil, nil, 1}, {errors.New("the disk is full"), nil, 0}, {nil, errors.New("the disk is full"), 0},
	} {
		var w writes
		closed := 0
		closing := func() { closed++ }
		w.begun()
		w.begun()
		w.after(closing)
		w.ended(c.first)
		if closed != 0 {
			t.Errorf("%v: closed before the second file was written", c)
		}
		w.ended(c.second)
		if closed != c.want {
			t.Errorf("%v: closed %d times", c, closed)
		}
		if w.after(closing); closed != c.want+1 {
			t.Errorf("%v: with nothing to wait for, closed %d times", c, closed)
		}
		w.begun()
		if w.ended(nil); closed != c.want+1 {
			t.Errorf("%v: closed once more", c)
		}
	}
}
