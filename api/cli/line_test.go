package cli_test

import (
	"strings"
	"testing"
)

func TestGuideLinesOnTheCommandLine(t *testing.T) {
	b := newBench(t)
	edit := func(args ...string) outcome {
		return run(t.Context(), append([]string{"edit", "-out", b.out, "-mask", b.path("mask.png"), "-n", "1"}, append(args, b.image)...)...)
	}
	if o := edit("-line", "2,30 100,34", "-line=-5,60 40,61 130,50"); o.status != 0 {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	for _, bad := range []string{"", "2,30", "2,30 4", "2,30 x,4", "2;30 4;5", "2,30 99999999999,4", "1.5,2 3,4", strings.Repeat("1,2 ", 2000)} {
		if o := edit("-line", bad); o.status != 2 || !strings.Contains(o.stderr, "-line") {
			t.Errorf("%.20q: status %d: %s", bad, o.status, o.stderr)
		}
	}
	if o := edit("-line", "2,30 100,34", b.image); o.status != 2 || !strings.Contains(o.stderr, "one picture") {
		t.Errorf("of two pictures: status %d: %s", o.status, o.stderr)
	}
	var s *service
	s = newService(t, pictures(1, &s))
	o := edit("-line", "2,30 100,34", "-base-url", s.URL+"/v1", "-model", "m", "-prompt", "x")
	if o.status != 2 || s.posts.Load() != 0 || !strings.Contains(o.stderr, "built-in engine alone") {
		t.Errorf("of a service: status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
}
