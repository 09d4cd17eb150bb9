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

// gifMeta finds whether a GIF has a second frame.
func gifMeta(data []byte) (Metadata, int) {
	return Metadata{Animated: gifFrames(data, 2) > 1}, 1
}

// gifFrames counts the frames of a GIF, at most so many, without decoding them.
// The blocks are those of the GIF89a specification, section 17 to 26.
func gifFrames(data []byte, most int) int {
	table := func(flags byte) int { // the length of a colour table
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	const header, descriptor = 13, 10
	if len(data) < header {
		return 0
	}
	frames, at := 0, header+table(data[10])
	for at+1 < len(data) && frames < most {
		switch data[at] {
		case '!': // an extension and its label
			at += 2
		case ',':
			if at+descriptor > len(data) {
				return frames
			}
			frames++
			at += descriptor + table(data[at+descriptor-1]) + 1 // and LZW's code size
		default:
			return frames
		}
		for at < len(data) && data[at] != 0 { // blocks of data up to an empty one
			at += 1 + int(data[at])
		}
		at++
	}
	return frames
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
