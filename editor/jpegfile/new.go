package jpegfile

// The quantisation tables that the standard gives as examples (tables K.1 and K.2),
// rows first.
var (
	lumaTable = [64]uint16{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	chromaTable = [64]uint16{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// New returns a baseline file of three components, YCbCr, whose chroma is sampled as
// finely as luma (4:4:4). All blocks are empty; Recode fills them. Width and height are
// 1 to 65535, quality is 1 to 100 and scales the standard's tables as libjpeg does.
func New(width, height, quality int) *File {
	f := &File{Frame: Frame{Width: width, Height: height, Mode: Baseline, Colour: YCbCr}}
	for i := range 3 {
		c := Component{ID: byte(i + 1), H: 1, V: 1, Quant: scaled(&lumaTable, quality)}
		if i > 0 {
			c.slot, c.Quant = 1, scaled(&chromaTable, quality)
		}
		f.Components = append(f.Components, c)
	}
	f.lay()
	f.allocate()
	f.scans = plainScript(3)[:1]
	f.scans[0].se = 63
	for i := range f.scans[0].components {
		c := &f.scans[0].components[i]
		c.dcSlot, c.acSlot = f.Components[i].slot, f.Components[i].slot
	}
	return f
}

// scaled returns a table for a quality, in zig-zag order.
func scaled(table *[64]uint16, quality int) (to [64]uint16) {
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / quality
	}
	for k, at := range zigzag {
		to[k] = uint16(min(max((int(table[at])*percent+50)/100, 1), 255))
	}
	return to
}
