// Package document holds what is being edited: the picture, the patches over
// it, the mask and the size of the canvas, and the history of all of them.
//
// A State is an immutable snapshot that shares structure with the states
// before and after it; a Document moves from one State to the next, each move
// one undoable step.
package document

import (
	"image"

	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// State is the document at one moment. Nobody changes it after it was
// published, so any number of goroutines may read it. All coordinates are
// pixels of the canvas, whose top-left pixel is (0, 0).
type State struct {
	// Base is the picture as it was opened.
	Base *picture.Picture
	// Size is the size of the canvas.
	Size image.Point
	// Offset is where Base's top-left pixel lies on the canvas: not (0, 0) once
	// the canvas was extended to the left or the top. What Base does not cover
	// is transparent.
	Offset image.Point
	// Patches are the accepted results over Base, the bottom one first.
	Patches []*Patch
	// Mask is what is to be edited next. Its size is Size.
	Mask *mask.Mask
}
