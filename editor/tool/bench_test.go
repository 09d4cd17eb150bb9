package tool_test

import (
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
)

// BenchmarkMove moves each tool once over a mask of 100 megapixels and looks at
// the preview, as one frame of a gesture does.
func BenchmarkMove(b *testing.B) {
	m := mask.New(10000, 10000)
	for _, c := range []struct {
		name, id string
		size     float64
	}{{"brush", "brush", 64}, {"brush1000", "brush", 1000}, {"rectangle", "rectangle", 0}, {"ellipse", "ellipse", 0}, {"lasso", "lasso", 0}} {
		b.Run(c.name, func(b *testing.B) {
			begin := func() tool.Gesture {
				return tool.New(c.id).Begin(tool.Settings{Brush: mask.Brush{Size: c.size, Hardness: 0.8}}, m, nil, at(2000, 2000))
			}
			b.ReportAllocs()
			g := begin()
			i := 0
			for b.Loop() {
				sin, cos := math.Sincos(float64(i) * 0.01)
				g.Move(at(5000+3000*cos, 5000+3000*sin))
				g.Preview()
				if i++; i%600 == 0 { // a lasso of ten seconds
					g = begin()
				}
			}
		})
	}
}
