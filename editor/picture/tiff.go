package picture

import (
	"bytes"
	"image"

	"golang.org/x/image/tiff"
)

// decodeTIFF reads the first page.
func decodeTIFF(data []byte, _ image.Config) (image.Image, error) {
	if first, ok := firstIFD(data); ok {
		// x/image takes separate planes for interleaved pixels.
		planar, _ := first.value(tagPlanar)
		if samples, _ := first.value(tagSamples); planar == 2 && samples > 1 {
			return nil, &UnsupportedError{"tiff", "colours in separate planes"}
		}
	}
	return tiff.Decode(bytes.NewReader(data))
}

func tiffMeta(data []byte) (Metadata, int) {
	first, ok := firstIFD(data)
	if !ok {
		return Metadata{}, 1
	}
	var meta Metadata
	if e, ok := first.find(tagICC); ok {
		meta.ICC = checkICC(e.bytes())
	}
	return meta, first.orientation()
}
