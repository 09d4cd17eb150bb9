package jpegfile

// Row returns row y of component i as wide as the picture. Where the component
// has fewer samples it is interpolated linearly between their centres, which lie
// in the middle of the pixels that they stand for; beyond the outermost ones they
// go on. The result is in buf, as long as the row, or in the plane itself.
func (s *Samples) Row(i, y int, buf []uint8) []uint8 {
	c, p := &s.Components[i], &s.Planes[i]
	if c.h == s.hMax && c.v == s.vMax {
		return p.Pix[y*p.Stride:][:s.Width]
	}
	near, far, fy := between(y, c.v, s.vMax, p.Height)
	a, b := p.Pix[near*p.Stride:][:p.Width], p.Pix[far*p.Stride:][:p.Width]
	dy := 2 * s.vMax
	scale := 2 * s.hMax * dy
	for x := range buf {
		left, right, fx := between(x, c.h, s.hMax, p.Width)
		l, r := (dy-fy)*int(a[left])+fy*int(b[left]), (dy-fy)*int(a[right])+fy*int(b[right])
		buf[x] = uint8(((2*s.hMax-fx)*l + fx*r + scale/2) / scale)
	}
	return buf
}

// between returns the samples on both sides of the middle of pixel x, and how far
// it lies behind the first, in parts of which 2*scale are a sample's distance.
func between(x, parts, scale, size int) (first, second, fraction int) {
	at := (2*x+1)*parts - scale // the place of the middle, times 2*scale
	if at < 0 {
		return 0, 0, 0
	}
	first = min(at/(2*scale), size-1)
	return first, min(first+1, size-1), at % (2 * scale)
}
