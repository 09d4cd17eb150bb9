package openai

import (
	"bytes"
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/picture"
)

// smallest is the side below which no picture is scaled to fit a limit.
const smallest = 64

// encodeFiles encodes all pictures of a request as RGBA PNG of less than limit
// bytes each (0: any length).
func encodeFiles(ctx context.Context, req *api.Request, limit int64, inverted bool) (*api.Files, error) {
	f := &api.Files{Inverted: inverted && req.Mask != nil}
	img, mask := req.Image, req.Mask
	data, err := encodeUnder(ctx, img, mask, limit)
	for {
		if err != nil {
			return nil, err
		}
		f.Image, f.Mask, f.Size = data, nil, img.Rect.Size()
		if mask != nil {
			if f.Mask, err = encodeRGBA(ctx, dualCoded(mask, inverted), hardest); err != nil {
				return nil, err
			}
		}
		if fits(f.Image, limit) && fits(f.Mask, limit) {
			break
		}
		size, err := reduced(f.Size, max(len(f.Image), len(f.Mask)), limit)
		if err != nil {
			return nil, err
		}
		f.Scaled = true
		img = picture.Resize(req.Image, size)
		if mask != nil {
			mask = resizeMask(req.Mask, size)
		}
		data, err = encodeRGBA(ctx, blanked(img, mask), hardest)
		if err != nil {
			return nil, err
		}
	}
	for _, r := range req.References {
		data, err := encodeReference(ctx, r, limit)
		if err != nil {
			return nil, err
		}
		f.References = append(f.References, data)
	}
	return f, nil
}

// encodeReference encodes a further picture, scaled down until it is under the limit.
func encodeReference(ctx context.Context, img *image.NRGBA, limit int64) ([]byte, error) {
	data, err := encodeUnder(ctx, img, nil, limit)
	for err == nil && !fits(data, limit) {
		size, tooSmall := reduced(img.Rect.Size(), len(data), limit)
		if tooSmall != nil {
			return nil, tooSmall
		}
		img = picture.Resize(img, size)
		data, err = encodeRGBA(ctx, blanked(img, nil), hardest)
	}
	return data, err
}

func fits(data []byte, limit int64) bool { return limit <= 0 || int64(len(data)) < limit }

// reduced returns the size at which a file of have bytes should fit the limit:
// bytes go with the area, and 5% are left for what that rule misses.
func reduced(size image.Point, have int, limit int64) (image.Point, error) {
	scale := min(0.95, 0.95*math.Sqrt(float64(limit)/float64(have)))
	size = image.Pt(int(float64(size.X)*scale), int(float64(size.Y)*scale))
	if min(size.X, size.Y) < smallest {
		return size, api.InputError("error.image_large", "Limit", float64(limit)/1e6)
	}
	return size, nil
}

// encodeUnder encodes img, trying harder as long as it is not under the limit:
// at the usual level, at the best one, and then without the pixels that the
// mask (or img's own transparency) removes. The last try is returned even if
// it is too long.
func encodeUnder(ctx context.Context, img *image.NRGBA, mask *image.Alpha, limit int64) ([]byte, error) {
	data, err := encodeRGBA(ctx, img, usual)
	if err != nil || fits(data, limit) {
		return data, err
	}
	if data, err = encodeRGBA(ctx, img, hardest); err != nil || fits(data, limit) {
		return data, err
	}
	return encodeRGBA(ctx, blanked(img, mask), hardest)
}

// blanked returns img with grey where the mask is set, and with black where img
// is fully transparent: those colours are not visible.
func blanked(img *image.NRGBA, mask *image.Alpha) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		src, dst := img.Pix[y*img.Stride:][:4*w], out.Pix[y*out.Stride:][:4*w]
		copy(dst, src)
		for x := range w {
			switch p := dst[4*x:][:4]; {
			case mask != nil && mask.Pix[y*mask.Stride+x] != 0:
				p[0], p[1], p[2], p[3] = 128, 128, 128, 255
			case p[3] == 0:
				p[0], p[1], p[2] = 0, 0, 0
			}
		}
	}
	return out
}

// dualCoded returns the mask as services read it, whether by transparency or by
// brightness: edit is white with alpha 0, keep is black with alpha 255. Any
// coverage is edit, because a pixel that is blended in part needs an answer as
// well. inverted exchanges the colours, for services that edit what is black.
func dualCoded(mask *image.Alpha, inverted bool) *image.NRGBA {
	w, h := mask.Rect.Dx(), mask.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	edit, keep := [4]uint8{255, 255, 255, 0}, [4]uint8{0, 0, 0, 255}
	if inverted {
		edit, keep = [4]uint8{0, 0, 0, 0}, [4]uint8{255, 255, 255, 255}
	}
	for y := range h {
		src, dst := mask.Pix[y*mask.Stride:][:w], out.Pix[y*out.Stride:][:4*w]
		for x, coverage := range src {
			if coverage != 0 {
				copy(dst[4*x:], edit[:])
			} else {
				copy(dst[4*x:], keep[:])
			}
		}
	}
	return out
}

// resizeMask keeps a pixel in the mask if any of the pixels that it stands for was.
func resizeMask(mask *image.Alpha, size image.Point) *image.Alpha {
	out := image.NewAlpha(image.Rectangle{Max: size})
	w, h := mask.Rect.Dx(), mask.Rect.Dy()
	for y := range h {
		for x := range w {
			if v := mask.Pix[y*mask.Stride+x]; v != 0 {
				p := &out.Pix[y*size.Y/h*out.Stride+x*size.X/w]
				*p = max(*p, v)
			}
		}
	}
	return out
}

// Levels of PNG compression.
const usual, hardest = 0, 9

// encodeRGBA writes img as a PNG of colour type 6.
func encodeRGBA(ctx context.Context, img *image.NRGBA, level int) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, cancelled(ctx, false)
	}
	var buffer bytes.Buffer
	if err := picture.EncodeRGBA(&buffer, img, level); err != nil {
		return nil, &api.Error{Kind: api.KindLocal, Cause: err}
	}
	return buffer.Bytes(), nil
}
