package session

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
)

// A result of the built-in engine says how it was made, one of a service doesn't.
func TestDetailsNameTheMethod(t *testing.T) {
	for method, want := range map[string]string{api.Patches: "ui.result.patches", api.Pieces: "ui.result.pieces", "": ""} {
		v, err := document.NewVariant(nil, 0, image.NewNRGBA(image.Rect(0, 0, 8, 8)), nil, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		v.Method = method
		list := details(&document.Result{Variants: []*document.Variant{v}})
		if want == "" {
			if len(list) != 0 {
				t.Errorf("a service's answer has %v", list)
			}
		} else if len(list) != 1 || list[0].Key != want || list[0].String() == "" {
			t.Errorf("%s has %v", method, list)
		}
	}
}
