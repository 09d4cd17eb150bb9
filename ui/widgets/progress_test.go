package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// TestProgress ticks as the driver would: bars of which nobody can tell how far
// they are go to and fro within themselves, together, and none keeps on once
// another number is known.
func TestProgress(t *testing.T) {
	a, b, done := NewProgress(), NewProgress(), NewProgress()
	window(t, Column(4, a, b, done), fyne.NewSize(300, 100))
	piece := func(p *Progress) *canvas.Rectangle { return test.WidgetRenderer(p).Objects()[1].(*canvas.Rectangle) }
	a.SetFraction(-1)
	b.SetFraction(-1)
	done.SetFraction(0.5)
	var places []float32
	for _, part := range []float32{0, 0.5, 1} {
		roaming.animation.Tick(part)
		x := piece(a).Position().X
		if piece(b).Position().X != x || piece(done).Position().X != 0 || piece(done).Size().Width != 150 || x < 0 || x+piece(a).Size().Width > 300 {
			t.Errorf("at %v: %v, %v and %v", part, x, piece(b).Position().X, piece(done).Position().X)
		}
		places = append(places, x)
	}
	if places[0] >= places[1] || places[1] >= places[2] {
		t.Errorf("the piece is at %v", places)
	}
	a.SetFraction(1)
	if piece(a).Position().X != 0 || roaming.animation == nil {
		t.Errorf("at the end the piece is at %v; moving: %v", piece(a).Position().X, roaming.animation != nil)
	}
	b.SetFraction(0)
	if roaming.animation != nil || len(roaming.bars) != 0 {
		t.Errorf("%d bars keep on moving", len(roaming.bars))
	}
}
