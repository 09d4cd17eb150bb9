package document_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/document"
)

func TestTheMemoryIsWhatAllDocumentsNeedTogether(t *testing.T) {
	limit, told := int64(0), 0
	m := document.NewMemory(document.NewCache(1000), func(l int64) int64 { limit = l; told++; return 0 })
	m.Hold("a", image.Pt(100, 10))
	one := limit
	m.Hold("b", image.Pt(200, 10))
	if got := limit - one; got != 200*10*4*5/2 {
		t.Errorf("a second document adds %d bytes", got)
	}
	m.Hold("b", image.Pt(200, 10))
	if told != 2 {
		t.Errorf("told %d times", told)
	}
	m.Hold("a", image.Point{})
	m.Hold("b", image.Pt(100, 10))
	if limit != one {
		t.Errorf("one document needs %d bytes, it needed %d", limit, one)
	}
	m.Hold("c", image.Point{}) // that never held anything
	if limit != one {
		t.Error("nothing changes the limit")
	}
}
