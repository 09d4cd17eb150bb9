package cli

import "image"

// isPhoto reports whether a picture can't be a mask or a drawing: it is opaque, a twentieth of
// its pixels or more have a colour, and it has more colours than soft edges and the artefacts
// of compression bring about. Pictures without colours are none by this.
func isPhoto(img *image.NRGBA) bool {
	const (
		chroma = 32 // the least difference of channels in a colour
		many   = 256
	)
	coloured, all := 0, 0
	var seen [1 << 15]bool // by the upper 5 bits of each channel
	different := 0
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			r, g, b := row[0], row[1], row[2]
			if row[3] < 255 {
				return false
			}
			all++
			if max(r, g, b)-min(r, g, b) < chroma {
				continue
			}
			coloured++
			if at := int(r)>>3<<10 | int(g)>>3<<5 | int(b)>>3; !seen[at] {
				seen[at] = true
				different++
			}
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
