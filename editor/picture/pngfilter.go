package picture

import "image"

// filterRows returns rows y0 to y1 as PNG stores them: a filter type before
// each row, chosen as the specification advises (12.7): the one whose output,
// read as signed bytes, has the smallest sum of absolute values.
func filterRows(img *image.NRGBA, y0, y1, channels int) []byte {
	n := channels * img.Rect.Dx()
	out := make([]byte, 0, (y1-y0)*(n+1))
	row, above := make([]byte, n), make([]byte, n)
	if y0 > 0 {
		pngRow(above, img, y0-1, channels)
	}
	var tries [5][]byte
	for i := range tries {
		tries[i] = make([]byte, n+1)
		tries[i][0] = byte(i)
	}
	for y := y0; y < y1; y++ {
		pngRow(row, img, y, channels)
		best, least := 0, int(^uint(0)>>1)
		for kind := range tries {
			if sum := filterRow(tries[kind][1:], row, above, channels, kind); sum < least {
				best, least = kind, sum
			}
		}
		out = append(out, tries[best]...)
		row, above = above, row
	}
	return out
}

// pngRow copies one row of pixels with 3 or 4 channels.
func pngRow(dst []byte, img *image.NRGBA, y, channels int) {
	src := img.Pix[y*img.Stride : y*img.Stride+4*img.Rect.Dx()]
	if channels == 4 {
		copy(dst, src)
		return
	}
	for i, o := 0, 0; i+4 <= len(src); i, o = i+4, o+3 {
		dst[o], dst[o+1], dst[o+2] = src[i], src[i+1], src[i+2]
	}
}

// filterRow writes row less its prediction and returns the sum of absolute
// values of that.
func filterRow(dst, row, above []byte, bpp, kind int) int {
	sum := 0
	for i, v := range row {
		var left, up, corner int
		up = int(above[i])
		if i >= bpp {
			left, corner = int(row[i-bpp]), int(above[i-bpp])
		}
		switch kind {
		case 1:
			v -= uint8(left)
		case 2:
			v -= uint8(up)
		case 3:
			v -= uint8((left + up) / 2)
		case 4:
			v -= paeth(left, up, corner)
		}
		dst[i] = v
		sum += max(int(int8(v)), -int(int8(v)))
	}
	return sum
}

// paeth returns whichever of its arguments is nearest to left + up - corner.
func paeth(left, up, corner int) uint8 {
	p := left + up - corner
	dl, du, dc := max(p-left, left-p), max(p-up, up-p), max(p-corner, corner-p)
	switch {
	case dl <= du && dl <= dc:
		return uint8(left)
	case du <= dc:
		return uint8(up)
	}
	return uint8(corner)
}
