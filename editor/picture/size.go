package picture

import (
	"context"
	"image"
	"io"

	"overpaint.dev/overpaint/editor/file"
)

// Size returns the number of bytes that Encode would write. It ends with ctx's error soon after
// ctx ends. The size of a large WebP, which takes many seconds to encode, is estimated from
// parts of the picture, to within about a tenth.
func Size(ctx context.Context, img *image.NRGBA, e Encoding) (int64, error) {
	const whole, side, parts = 2 << 20, 256, 4 // pixels; 4 x 4 parts of 256 x 256
	size := img.Rect.Size()
	if e.Format != WebP || size.X*size.Y <= whole || min(size.X, size.Y) < side {
		return encodedSize(ctx, img, e)
	}
	some := image.NewNRGBA(image.Rect(0, 0, side*parts, side*parts))
	for i := range parts * parts {
		at := image.Pt(i%parts*(size.X-side)/(parts-1), i/parts*(size.Y-side)/(parts-1))
		to := image.Pt(i%parts*side, i/parts*side)
		for y := range side {
			copy(some.Pix[some.PixOffset(to.X, to.Y+y):][:4*side], img.Pix[(at.Y+y)*img.Stride+4*at.X:])
		}
	}
	n, err := encodedSize(ctx, some, Encoding{Format: WebP, Quality: e.Quality, Lossless: e.Lossless})
	m := e.carried(img, false)
	pixels := float64(size.X) * float64(size.Y) / float64(len(some.Pix)/4)
	return int64(float64(n)*pixels) + int64(len(m.ICC)+len(m.EXIF)+len(m.XMP)), err
}

// encodedSize counts what Encode writes.
func encodedSize(ctx context.Context, img *image.NRGBA, e Encoding) (int64, error) {
	var n counter
	err := file.Until(ctx, func(w io.Writer) error { return Encode(w, img, e) })(&n)
	return int64(n), err
}
