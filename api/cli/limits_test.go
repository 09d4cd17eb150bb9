package cli_test

import (
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/cli"
)

// TestTooLargeNumbersAreRefused: numbers that no computer has the memory for are bad input.
func TestTooLargeNumbersAreRefused(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		words string
		args  []string
	}{
		{"8192x8192", []string{"-size", "99999x99999"}},
		{"8192x8192", []string{"-size", "20000x20000"}},
		{"8192x8192", []string{"-size", "1x8193"}},
		{"99999999999999999999x1 is no value for -size", []string{"-size", "99999999999999999999x1"}},
		{"400 megapixels", []string{"-extend", "99999,99999,99999,99999"}},
		{"can't be extended", []string{"-extend", "999999999999,0,0,0"}},
		{"999999999 variants", []string{"-n", "999999999"}},
		{"no value for -line", []string{"-line", "-9999,-9999 99999999,3"}},
		{`-line "200,10 300,20" lies outside of the picture, which has 120 × 90`, []string{"-line", "200,10 300,20"}},
		{"-quality has no effect on files of the format png", []string{"-quality", "50", "-out", b.path("y.png")}},
		{"-quality has no effect on files of the format webp", []string{"-quality", "50", "-format", "webp-lossless"}},
		{"-sampling has no effect on files of the format png", []string{"-sampling", "420", "-format", "png"}},
		{"no value for -concurrency", []string{"-concurrency", "999999999"}},
	} {
		if o := b.edit(c.args...); o.status != cli.ExitInput || !strings.Contains(o.stderr, c.words) {
			t.Errorf("%q: it ends with %d, %q", c.args, o.status, o.stderr)
		}
	}
}
