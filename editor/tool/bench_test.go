package tool_test

import (
	"math"
	"testing"

	"overpaint/editor/mask"
	"overpaint/editor/tool"
)

// BenchmarkMove moves each tool once over a mask of 100 megapixels and looks at
// the preview, as one frame of a gesture does.
func BenchmarkMove(b *testing.B) {
	m := mask.New(10000, 10000)
	for _, id := range []string{"brush", "rectangle", "ellipse", "lasso"} {
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			g := tool.New(id).Begin(tool.Settings{Brush: mask.Brush{Size: 64, Hardness: 0.8}}, m, nil, at(2000, 2000))
			i := 0
			for b.Loop() {
				sin, cos := math.Sincos(float64(i) * 0.01)
				g.Move(at(5000+3000*cos, 5000+3000*sin))
				g.Preview()
				if i++; i%600 == 0 { // a lasso of ten seconds
					g = tool.New(id).Begin(tool.Settings{Brush: mask.Brush{Size: 64, Hardness: 0.8}}, m, nil, at(2000, 2000))
				}
			}
		})
	}
}
