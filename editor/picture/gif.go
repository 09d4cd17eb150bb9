package picture

import (
	"bytes"
	"image"
	"image/gif"
)

// decodeGIF reads the first frame, on the logical screen.
func decodeGIF(data []byte, config image.Config) (image.Image, error) {
	img, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	at := img.Bounds().Min
	return onCanvas(img, at, image.Rect(0, 0, config.Width, config.Height)), nil
}

// onCanvas puts the frame of an animation at its place on a transparent
// canvas. A frame that covers the canvas is returned as it is; one that sticks
// out is cut.
func onCanvas(img image.Image, at image.Point, canvas image.Rectangle) image.Image {
	size := img.Bounds().Size()
	if at == canvas.Min && size == canvas.Size() {
		return img
	}
	frame := image.Rectangle{Min: at, Max: at.Add(size)}
	visible := frame.Intersect(canvas)
	row := rows(img)
	whole := image.NewNRGBA(canvas)
	buf := make([]byte, 4*size.X)
	for y := visible.Min.Y; y < visible.Max.Y; y++ {
		row(buf, y-frame.Min.Y)
		copy(whole.Pix[whole.PixOffset(visible.Min.X, y):], buf[4*(visible.Min.X-frame.Min.X):][:4*visible.Dx()])
	}
	return whole
}
