package picture

import (
	"bytes"
	"image"
	"image/gif"
)

// decodeGIF reads the first frame. A frame smaller than the logical screen is
// put where it belongs on a transparent one.
func decodeGIF(data []byte, config image.Config) (image.Image, error) {
	img, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	screen := image.Rect(0, 0, config.Width, config.Height)
	if img.Bounds() == screen {
		return img, nil
	}
	frame := img.Bounds().Intersect(screen)
	row := rows(img)
	whole := image.NewNRGBA(screen)
	buf := make([]byte, 4*img.Bounds().Dx())
	for y := frame.Min.Y; y < frame.Max.Y; y++ {
		row(buf, y-img.Bounds().Min.Y)
		copy(whole.Pix[whole.PixOffset(frame.Min.X, y):], buf[4*(frame.Min.X-img.Bounds().Min.X):][:4*frame.Dx()])
	}
	return whole, nil
}
