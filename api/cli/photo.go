package cli

import (
	"image"
	"image/draw"
)

// isPhoto reports whether a picture can't be a mask or a drawing: it is opaque, a twentieth of
// its pixels or more have a colour, and it has more colours than soft edges and the artefacts
// of compression bring about. Pictures without colours are none by this: a grey photo may be
// meant as a mask of what is bright.
func isPhoto(img image.Image) bool {
	if p, ok := img.(interface{ Opaque() bool }); !ok || !p.Opaque() {
		return false
	}
	switch p := img.(type) {
	case *image.Gray, *image.Gray16, *image.Paletted: // without colours, or with few
		return false
	case *image.NRGBA:
		return colourful(p.Pix)
	case *image.RGBA:
		return colourful(p.Pix)
	}
	converted := image.NewNRGBA(img.Bounds())
	draw.Draw(converted, converted.Rect, img, img.Bounds().Min, draw.Src)
	return colourful(converted.Pix)
}

// colourful reports whether a twentieth of some opaque pixels or more have a colour, and these
// more than many different ones.
func colourful(pix []uint8) bool {
	const (
		chroma = 32 // the least difference of channels in a colour
		many   = 256
	)
	coloured, all := 0, 0
	var seen [1 << 15]bool // by the upper 5 bits of each channel
	different := 0
	for ; len(pix) >= 4; pix = pix[4:] {
		all++
		r, g, b := pix[0], pix[1], pix[2]
		if max(r, g, b)-min(r, g, b) < chroma {
			continue
		}
		coloured++
		if at := int(r)>>3<<10 | int(g)>>3<<5 | int(b)>>3; !seen[at] {
			seen[at] = true
			different++
		}
	}
	return coloured*20 >= all && different > many
}

// painted reports whether a picture has strokes in the green that scribbles have: more than a
// photo is likely to hold.
func painted(img *image.NRGBA) bool {
	const low, high, least = 40, 215, 50
	green := 0
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			if row[1] > high && row[0] < low && row[2] < low {
				green++
			}
		}
	}
	return green >= least
}
