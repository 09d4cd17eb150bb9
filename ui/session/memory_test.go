package session_test

import (
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/ui/session"
)

func TestThePicturesOfManyVariantsKeepWithinTheBudget(t *testing.T) {
	const budget = 100_000 // a variant has 16384 bytes of pixels
	document.DefaultCache.SetBudget(budget)
	t.Cleanup(func() { document.DefaultCache.SetBudget(document.DefaultBudget) })
	b := ready(t)
	var light []session.VariantID
	bright := 0
	for range 12 {
		one, two := b.made()
		b.Choose(one)
		if bright == 0 {
			bright = b.at(75, 55)
		}
		b.Choose(two)
		b.at(75, 55)
		light = append(light, one)
	}
	if _, pixels, files := document.DefaultCache.Usage(); pixels > max(budget-files, budget/8) {
		t.Errorf("%d bytes of pixels from %d bytes of files are held, the budget is %d", pixels, files, budget)
	}
	for _, v := range light {
		if b.Choose(v); b.at(75, 55) != bright {
			t.Errorf("%+v looks otherwise later", v)
		}
	}
}
