package openai

import (
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/picture"
)

// decodePicture decodes a picture file that a service sent, if it has at most so
// many pixels by its header (0: the application's own limit), in sRGB. Its format is known
// by its bytes, not by what the service calls it. One that breaks off is none: the rest
// may still be had.
func decodePicture(data []byte, pixels int64) (*image.NRGBA, error) {
	p, err := picture.Decode(data, picture.Limits{MaxPixels: pixels})
	if err != nil {
		return nil, err
	}
	if p.Meta.Has(picture.Cut) {
		return nil, picture.ErrTruncated
	}
	return p.SRGB(), nil
}

// mostPixels is how many pixels a picture of the answer may have: four times
// those of what was asked for or sent, whichever are more. Where the service may
// choose, or is known to round, that is one of the profile's own sizes.
func mostPixels(req *api.Request, p api.Profile) int64 {
	area := func(x, y int) int64 { return int64(x) * int64(y) }
	most := area(req.Size.X, req.Size.Y)
	for _, s := range p.Sizes {
		most = max(most, area(s.X, s.Y))
	}
	if req.Size.X == 0 {
		most = max(most, int64(p.MaxPixels))
	}
	if req.Image != nil {
		most = max(most, area(req.Image.Rect.Dx(), req.Image.Rect.Dy()))
	}
	return 4 * most
}
