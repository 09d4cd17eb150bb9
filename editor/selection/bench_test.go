package selection_test

import (
	"context"
	"testing"

	"overpaint.dev/overpaint/editor/selection"
)

// BenchmarkStrokes measures, on 12 megapixels, the times of the first answer, of that to a further
// stroke and of that to a box relative to the time of preparing the picture in the same run.
func BenchmarkStrokes(b *testing.B) {
	img, _ := disc(4000, 3000)
	for b.Loop() {
		start := b.Elapsed()
		s := prepare(b, img)
		prepared := b.Elapsed()
		first := selected(b, s, nil, at(1200, 1500))
		answered := b.Elapsed()
		if _, err := s.Select(context.Background(), []selection.Mark{at(1200, 1500), at(3400, 1500)}, first); err != nil {
			b.Fatal(err)
		}
		again := b.Elapsed()
		selected(b, s, nil, selection.Mark{Box: true, Points: []selection.Point{{X: 500, Y: 800}, {X: 1900, Y: 2200}}})
		boxed := b.Elapsed()
		whole := float64(prepared - start)
		b.ReportMetric(float64((prepared - start).Milliseconds()), "prepare-ms")
		b.ReportMetric(float64((answered - prepared).Milliseconds()), "first-ms")
		b.ReportMetric(float64((again - answered).Milliseconds()), "further-ms")
		b.ReportMetric(float64((boxed - again).Milliseconds()), "box-ms")
		b.ReportMetric(float64(boxed-again)/whole, "box/prepare")
		b.ReportMetric(float64(answered-prepared)/whole, "first/prepare")
		b.ReportMetric(float64(again-answered)/whole, "further/prepare")
	}
}
