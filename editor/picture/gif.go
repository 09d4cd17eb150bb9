package picture

import (
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"
	"slices"
)

// gifFile is the first frame and the metadata from a GIF's blocks (GIF89a specification,
// sections 17 to 26).
type gifFile struct {
	screen image.Rectangle
	// frame is the first frame's rectangle, which may extend beyond the screen.
	frame       image.Rectangle
	palette     color.Palette
	transparent int // an index, -1 for none
	interlaced  bool
	litWidth    int    // of literals, in bits
	data        []byte // the compressed indices, without the lengths of blocks
	whole       bool   // the data ended as it should
	comments    []string
	xmp         []byte
	frames      int
}

// errNoFrame reports a GIF without a picture.
var errNoFrame = errors.New("gif: no frame")

// gifColours reads a colour table whose size a block's flags give.
func gifColours(data []byte, flags byte) (table color.Palette, rest []byte) {
	if flags&0x80 == 0 {
		return nil, data
	}
	for range 2 << (flags & 7) {
		if len(data) < 3 {
			break
		}
		table = append(table, color.NRGBA{data[0], data[1], data[2], 255})
		data = data[3:]
	}
	return table, data
}

// withoutColours returns the colours of a frame for which the file has none: black and white,
// as the specification (appendix D, section 18) recommends, and greys.
func withoutColours() color.Palette {
	p := make(color.Palette, 256)
	for i := range p {
		p[i] = color.NRGBA{uint8(i), uint8(i), uint8(i), 255}
	}
	p[1] = color.NRGBA{255, 255, 255, 255}
	return p
}

// gifBlocks joins the data blocks up to an empty one. whole is false where the file ends
// before that.
func gifBlocks(data []byte) (joined, rest []byte, whole bool) {
	for len(data) > 0 {
		n := int(data[0])
		data = data[1:]
		if n == 0 {
			return joined, data, true
		}
		k := min(n, len(data))
		joined = append(joined, data[:k]...)
		data = data[k:]
	}
	return joined, nil, false
}

// readGIF reads all blocks. Pixels are not decoded, and frames after the first are only
// counted.
func readGIF(data []byte) (*gifFile, error) {
	const header = 13
	if len(data) < header {
		return nil, io.ErrUnexpectedEOF
	}
	r := &gifReader{gifFile: gifFile{screen: image.Rect(0, 0, uint16At(data[6:]), uint16At(data[8:])), transparent: -1}, index: -1}
	r.global, r.rest = gifColours(data[header:], data[10])
	for len(r.rest) > 1 {
		switch r.rest[0] {
		case '!':
			label := r.rest[1]
			var payload []byte
			payload, r.rest = gifExtension(label, r.rest[2:])
			r.extension(label, payload)
			continue
		case ',':
			if r.readFrame() {
				continue
			}
		}
		break // the trailer, nonsense, or the end within a frame
	}
	return &r.gifFile, r.check()
}

// gifReader reads the blocks of a GIF file.
type gifReader struct {
	gifFile
	rest   []byte        // the blocks that are not read yet
	global color.Palette // the palette of frames without their own
	index  int           // the transparent index of the next frame, -1 for none
}

func uint16At(p []byte) int { return int(binary.LittleEndian.Uint16(p)) }

// extension reads the payload of an extension.
func (r *gifReader) extension(label byte, payload []byte) {
	switch {
	case label == 0xf9:
		r.index = -1
		if len(payload) >= 4 && payload[0]&1 != 0 {
			r.index = int(payload[3])
		}
	case label == 0xfe && len(payload) > 0:
		r.comments = append(r.comments, string(payload))
	case label == 0xff && len(payload) > 11 && string(payload[:11]) == "XMP DataXMP":
		r.xmp = payload[11:]
	}
}

// readFrame reads a frame's descriptor and data, and reports whether the file goes that far.
func (r *gifReader) readFrame() bool {
	const descriptor = 10
	head := r.rest
	if len(head) < descriptor+1 {
		return false
	}
	x, y, w, h, flags := uint16At(head[1:]), uint16At(head[3:]), uint16At(head[5:]), uint16At(head[7:]), head[9]
	local, rest := gifColours(head[descriptor:], flags)
	r.rest = rest
	if len(rest) == 0 {
		return false
	}
	r.frames++
	width := int(rest[0])
	pixels, rest, whole := gifBlocks(rest[1:])
	r.rest = rest
	if r.frames > 1 {
		return true
	}
	r.frame, r.interlaced, r.transparent = image.Rect(x, y, x+w, y+h), flags&0x40 != 0, r.index
	r.litWidth, r.data, r.whole, r.palette = width, pixels, whole, r.global
	if local != nil {
		r.palette = local
	}
	if len(r.palette) == 0 {
		r.palette = withoutColours()
	}
	return true
}

// gifExtension returns an extension's payload. An XMP packet isn't stored in blocks, but as it
// is, with a trailer by which readers of blocks find its end.
func gifExtension(label byte, data []byte) (payload, rest []byte) {
	const name, trailer = 12, 258
	if label != 0xff || len(data) < name || string(data[1:name]) != "XMP DataXMP" {
		payload, rest, _ = gifBlocks(data)
		return payload, rest
	}
	all, rest, _ := gifBlocks(data)
	n := len(data) - len(rest)
	if n < name+trailer {
		return all, rest
	}
	return data[1 : n-trailer], rest
}

// check returns an error where there is no frame.
func (g *gifFile) check() error {
	if g.frames == 0 || g.frame.Empty() {
		return errNoFrame
	}
	return nil
}

// canvas returns the union of the screen and the frame.
func (g *gifFile) canvas() image.Rectangle {
	return image.Rectangle{Max: image.Pt(max(g.screen.Max.X, g.frame.Max.X), max(g.screen.Max.Y, g.frame.Max.Y))}
}

func gifConfig(data []byte) (image.Config, error) {
	g, err := readGIF(data)
	if err != nil {
		return image.Config{}, err
	}
	r := g.canvas()
	return image.Config{ColorModel: g.palette, Width: r.Dx(), Height: r.Dy()}, nil
}

// decodeGIF reads the first frame, on the logical screen. Missing pixels are transparent.
func decodeGIF(data []byte, _ image.Config) (image.Image, error) {
	g, err := readGIF(data)
	if err != nil {
		return nil, err
	}
	palette := slices.Clone(g.palette)
	for len(palette) < 256 {
		palette = append(palette, color.NRGBA{})
	}
	if g.transparent >= 0 {
		palette[g.transparent] = color.NRGBA{}
	}
	img := image.NewPaletted(g.frame, palette)
	n := unpackGIF(img.Pix, g.data, g.litWidth)
	if n == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	frame := image.Image(img)
	if n < len(img.Pix) {
		frame = firstPixels(img, n)
		err = errPart
	}
	if g.interlaced {
		frame = g.ordered(frame)
	}
	return onCanvas(frame, g.frame.Min, g.canvas()), err
}

// firstPixels returns img with all but the first n pixels transparent.
func firstPixels(img *image.Paletted, n int) image.Image {
	out := image.NewNRGBA(image.Rectangle{Max: img.Rect.Size()})
	row := rows(img)
	w := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		row(out.Pix[y*out.Stride:][:4*w], y)
	}
	clear(out.Pix[4*n:])
	return out
}

// ordered moves the rows of an interlaced frame to their places.
func (g *gifFile) ordered(img image.Image) image.Image {
	size := img.Bounds().Size()
	out := image.NewNRGBA(image.Rectangle{Max: size})
	row := rows(img)
	stored := 0
	for _, pass := range [][2]int{{0, 8}, {4, 8}, {2, 4}, {1, 2}} {
		for y := pass[0]; y < size.Y; y += pass[1] {
			row(out.Pix[y*out.Stride:][:4*size.X], stored)
			stored++
		}
	}
	return out
}

// gifMeta returns comments and XMP, and a note where there are several frames.
func gifMeta(data []byte) (Metadata, int) {
	var meta Metadata
	g, err := readGIF(data)
	if err != nil {
		return meta, 1
	}
	if g.frames > 1 {
		meta.note(Animated, 0)
	}
	for _, c := range g.comments {
		meta.Comments = append(meta.Comments, comment([]byte(c)))
	}
	meta.XMP = cleanXMP(g.xmp, true)
	for i, c := range g.palette {
		entry := color.NRGBAModel.Convert(c).(color.NRGBA)
		if i == g.transparent {
			entry = color.NRGBA{}
		}
		meta.Palette = append(meta.Palette, entry)
	}
	return meta, 1
}

// onCanvas draws the frame of an animation at its place on a transparent canvas. A frame that
// covers the canvas is returned as it is; one that extends beyond it is cropped.
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
