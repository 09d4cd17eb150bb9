package document_test

import (
	"image"
	"math"
	"runtime"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// BenchmarkUndo makes 100 strokes of 2000 px with a soft 200 px brush over
// 8192x8192, and reports what the history keeps of them, measured on the heap,
// over the bytes of the tiles that they touched, and what one undo or redo takes.
func BenchmarkUndo(b *testing.B) {
	const side, strokes = 8192, 100
	p := &picture.Picture{Pix: &image.NRGBA{Pix: make([]byte, 4*side*side), Stride: 4 * side, Rect: image.Rect(0, 0, side, side)}}
	d := document.New(p)
	before := heap()
	touched := 0
	for i := range strokes {
		s := d.State()
		m := stroke(s.Mask, i)
		cols, rows := m.Grid()
		var dirty image.Rectangle
		for row := range rows {
			for col := range cols {
				if m.Tile(col, row) != s.Mask.Tile(col, row) {
					touched++
					dirty = dirty.Union(image.Rect(col*mask.TileSize, row*mask.TileSize, (col+1)*mask.TileSize, (row+1)*mask.TileSize))
				}
			}
		}
		d.SetMask("step.brush", m, dirty)
	}
	kept := float64(heap() - before)
	bytes := float64(touched * mask.TileSize * mask.TileSize)
	b.ResetTimer()
	for n := range b.N {
		if n/strokes%2 == 0 {
			d.Undo()
		} else {
			d.Redo()
		}
	}
	b.StopTimer()
	b.ReportMetric(kept/bytes, "x-touched")
	b.ReportMetric(float64(d.HistoryBytes())/bytes, "x-counted")
	runtime.KeepAlive(d)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// stroke paints a wavy stroke of 2000 px, another one for each i.
func stroke(m *mask.Mask, i int) *mask.Mask {
	s := mask.NewStroke(m, mask.Brush{Size: 200, Hardness: 0.2}, false)
	angle := float64(i) * 2.4
	x, y := 4096+2500*math.Cos(angle*1.7), 4096+2500*math.Sin(angle)
	for step := 0; step <= 2000; step += 25 {
		s.Add(x, y)
		x += 25 * math.Cos(angle+float64(step)/700)
		y += 25 * math.Sin(angle+float64(step)/700)
	}
	return s.Mask()
}
