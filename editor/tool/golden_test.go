package tool_test

import (
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/golden"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
)

// TestGoldenTools draws with every tool but the wand, keys held on the way, and
// compares the mask, coverage as brightness, with a picture.
func TestGoldenTools(t *testing.T) {
	m := mask.New(360, 200)
	s := tool.Settings{Brush: mask.Brush{Size: 14, Hardness: 0.7}}
	brush, eraser := tool.New("brush"), tool.New("eraser")
	apply := func(of tool.Tool, s tool.Settings, path ...tool.Pointer) {
		g := of.Begin(s, m, nil, path[0])
		for _, p := range path {
			g.Move(p)
			g.Release(p)
		}
		m, _ = g.Finish()
	}
	key := func(x, y float64, shift, alt, ctrl, space bool) tool.Pointer {
		return tool.Pointer{X: x, Y: y, Shift: shift, Alt: alt, Ctrl: ctrl, Space: space}
	}
	apply(tool.New("rectangle"), s, at(10, 10), at(110, 60))
	apply(tool.New("rectangle"), s, at(60, 35), key(80, 30, true, true, true, false))
	apply(tool.New("ellipse"), s, at(120, 10), at(200, 60), key(205, 70, false, false, false, true))
	apply(tool.New("ellipse"), s, at(270, 45), key(300, 45, true, true, false, false))
	apply(tool.New("lasso"), s, at(10, 80), at(30, 72), at(70, 75), at(90, 95), at(84, 120), key(60, 130, true, false, false, false), at(20, 120))
	apply(tool.New("polygon"), s, at(110, 90), key(190, 93, true, false, false, false), at(170, 130), at(120, 140))
	var wave []tool.Pointer
	for i := range 12 {
		wave = append(wave, at(210+float64(i)*13, math.Round(110+22*math.Sin(float64(i)))))
	}
	apply(brush, s, wave...)
	apply(brush, s, at(20, 170))
	apply(brush, s, key(120, 185, true, false, false, false))
	apply(brush, s, key(220, 160, true, false, false, false), at(260, 190), at(340, 160))
	s.Brush.Size = 8
	apply(eraser, s, at(200, 200), at(280, 90))
	apply(brush, s, key(40, 150, false, false, true, false), at(70, 200))

	golden.Compare(t, "tools", golden.Coverage(m.Alpha(m.Bounds())))
}
