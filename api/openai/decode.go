package openai

import (
	"image"

	"overpaint/editor/picture"
)

// decodePicture decodes a picture file that a service sent. Its format is
// known by its bytes, not by what the service calls it.
func decodePicture(data []byte) (*image.NRGBA, error) {
	p, err := picture.Decode(data, picture.DefaultLimits)
	if err != nil {
		return nil, err
	}
	return p.Pix, nil
}
