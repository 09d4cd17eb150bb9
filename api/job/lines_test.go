package job_test

import (
	"image"
	"reflect"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/mask"
)

// The built-in engine is asked with the guide lines in the window's pixels; services never see any.
func TestGuideLinesInTheRequest(t *testing.T) {
	size := image.Pt(1800, 1400)
	guided := state(noise(size.X, size.Y)).WithMask(rect(size, image.Rect(1000, 600, 1100, 700))).
		WithLines([][]image.Point{{{900, 640}, {1200, 660}}, {{10, 10}, {90, 10}}})
	j := prepare(t, guided, options(nil), api.Builtin())
	by := j.Plan().Window.Min
	if by == (image.Point{}) || j.Plan().Send != j.Plan().Window.Size() {
		t.Fatalf("the test wants a window of its own, at its own size: %+v", j.Plan())
	}
	want := [][]image.Point{{image.Pt(900, 640).Sub(by), image.Pt(1200, 660).Sub(by)}}
	if got := j.Request().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
	if got := j.Again(2, 7).Request().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("more variants are asked for with %v", got)
	}
	again, err := j.Ask(options(nil), api.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Request().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("asked with other words there are %v", got)
	}
	if got := prepare(t, guided, options(nil), profile.Classic()).Request().Lines; got != nil {
		t.Errorf("a service is sent %v", got)
	}
}

// Of a mask in several windows each has the lines that it shows.
func TestGuideLinesOfSpots(t *testing.T) {
	size := image.Pt(4000, 600)
	left, right := image.Rect(100, 250, 200, 350), image.Rect(3700, 250, 3800, 350)
	m := mask.Union(rect(size, left), rect(size, right))
	s := state(noise(size.X, size.Y)).WithMask(m).WithLines([][]image.Point{{{0, 300}, {400, 300}}, {{3600, 310}, {3990, 310}}})
	for _, how := range []job.Spots{job.SpotsEach, job.SpotsAuto} {
		o := options(func(o *job.Options) { o.Spots = how })
		states, windows, err := job.SpotStates(s, o, api.Builtin())
		if err != nil {
			t.Fatal(err)
		}
		o.Spots = ""
		seen := 0
		for i, part := range states {
			lines := prepare(t, part, o, api.Builtin()).Request().Lines
			for _, line := range lines {
				if got := line[0].Add(windows[i].Min).Y; got != 300 && got != 310 {
					t.Errorf("%s: a line lies at %d", how, got)
				}
			}
			seen += len(lines)
		}
		if seen != 2 {
			t.Errorf("%s: %d lines in %d windows", how, seen, len(states))
		}
	}
}

// An extended canvas takes its lines along.
func TestGuideLinesOfAnExtendedCanvas(t *testing.T) {
	s := state(noise(600, 500)).WithLines([][]image.Point{{{0, 100}, {599, 100}}}).Extended(80, 40, 0, 0)
	j := prepare(t, s, options(nil), api.Builtin())
	want := [][]image.Point{{image.Pt(80, 140).Sub(j.Plan().Window.Min), image.Pt(679, 140).Sub(j.Plan().Window.Min)}}
	if got := j.Request().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
}
