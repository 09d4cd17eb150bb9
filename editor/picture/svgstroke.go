package picture

import (
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// scaleStroke brings the width and the dashes of a path's line to the size in which the
// drawing is shown: oksvg applies transforms to the path alone. Where a transform scales
// one direction more than the other, the line gets the mean of both.
func scaleStroke(p *oksvg.SvgPath, icon *oksvg.SvgIcon) {
	const most = 1 << 18 // pixels; a larger number overflows
	scale := scaleOf(*p, icon)
	p.LineWidth = min(p.LineWidth*scale, most)
	p.Dash, p.DashOffset = slices.Clone(p.Dash), p.DashOffset*scale // paths share their dashes
	for i, v := range p.Dash {
		p.Dash[i] = min(v*scale, most)
	}
}

// scaleOf returns by how much a path and what it lies in is scaled: the square root of how
// much larger areas become. oksvg keeps that to itself, so that a triangle is drawn
// in the path's place.
func scaleOf(p oksvg.SvgPath, icon *oksvg.SvgIcon) float64 {
	side := fixed.Int26_6(min(max(icon.ViewBox.W/4, 1), 1<<20) * 64)
	p.Path = nil
	p.Path.Start(fixed.Point26_6{})
	p.Path.Line(fixed.Point26_6{X: side})
	p.Path.Line(fixed.Point26_6{Y: side})
	p.SetLineColor(nil)
	p.SetFillColor(color.Black)
	probe := newSVGScanner(image.Pt(1, 1))
	p.DrawTransformed(rasterx.NewDasher(1, 1, probe), 1, icon.Transform)
	if len(probe.lines) < 3 {
		return 1
	}
	from, a, b := probe.lines[0].to, probe.lines[1].to, probe.lines[2].to
	ax, ay, bx, by := float64(a.X-from.X), float64(a.Y-from.Y), float64(b.X-from.X), float64(b.Y-from.Y)
	scale := math.Sqrt(math.Abs(ax*by-ay*bx)) / float64(side)
	if math.IsNaN(scale) || math.IsInf(scale, 0) {
		return 1
	}
	return scale
}

// shortenDashes brings the offset of dashes into their first two rounds, which look
// the same, because rasterx counts it down dash by dash for each part of a path.
func shortenDashes(s *oksvg.PathStyle) {
	const most = 1000
	round := 0.0
	for _, v := range s.Dash {
		round += math.Floor(max(v, 0)*64) / 64
	}
	if len(s.Dash) > most || !(round > 0) || math.IsInf(round, 0) {
		s.Dash, s.DashOffset = nil, 0
		return
	}
	s.DashOffset = math.Mod(s.DashOffset, 2*round)
}
