// Package subject finds what a picture shows by what that is: its people, its sky, its
// background. It is one door to packages person and selection.
package subject

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/person"
	"overpaint.dev/overpaint/editor/selection"
)

// Kind is what is looked for, as command lines and files name it.
type Kind string

// The kinds.
const (
	People     Kind = "person"
	Sky        Kind = "sky"
	Background Kind = "background"
)

// Valid reports whether there is such a kind.
func (k Kind) Valid() bool { return k == People || k == Sky || k == Background }

// Find returns a mask of what there is of a kind on a canvas, empty where there is nothing
// of it or the kind is none. pixels gives the flattened picture within a rectangle of the
// canvas, as a copy or a read-only view; it is called from several goroutines at once. The
// only error is ctx's.
func (k Kind) Find(ctx context.Context, size image.Point, pixels func(image.Rectangle) *image.NRGBA) (*mask.Mask, error) {
	switch k {
	case People:
		return person.Select(ctx, size, pixels)
	case Sky, Background:
		scene, err := selection.Prepare(ctx, size, pixels)
		if err != nil {
			return nil, err
		}
		if k == Sky {
			return scene.Sky(ctx)
		}
		return scene.Background(ctx)
	}
	return mask.New(size.X, size.Y), ctx.Err()
}
