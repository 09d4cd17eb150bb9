package picture

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/png"
	"io"
)

// decodePNG reads a picture. A file that image/png refuses, because of the order of its chunks,
// wrong checksums or truncated data, is read as far as possible, from a file that is rebuilt
// from its essential chunks.
func decodePNG(data []byte, _ image.Config) (image.Image, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err == nil {
		return img, nil
	}
	m, ok := mendPNG(data)
	if !ok {
		return nil, err
	}
	from, to := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		to.CloseWithError(m.write(to))
	}()
	img, again := png.Decode(bufio.NewReaderSize(from, 1<<16))
	from.CloseWithError(io.ErrClosedPipe) // ends the writer where not all was read
	<-done
	switch {
	case again != nil || m.read == 0:
		return nil, err
	case !m.whole:
		return img, errPart
	}
	return img, nil
}

// pngConfig reads only the header; image/png requires the palette too.
func pngConfig(data []byte) (image.Config, error) {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err == nil {
		return config, nil
	}
	const header = 33
	if len(data) < header || string(data[12:16]) != "IHDR" {
		return image.Config{}, err
	}
	width, height := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
	if width > 1<<31-1 || height > 1<<31-1 {
		return image.Config{}, err
	}
	return image.Config{Width: int(width), Height: int(height)}, nil
}

// mendedPNG is a file of the chunks that the pixels need, in the standard's order, with zeros in
// place of missing data. It is written while it is read, so that only the pixels take memory.
type mendedPNG struct {
	chunks map[string][]byte
	data   []byte // deflated
	passes []pngPass
	size   int64 // the inflated size of complete data
	// read is the inflated size of the data that there was, and whole reports that nothing was
	// missing; both are set by write.
	read  int64
	whole bool
}

// mendPNG collects the chunks; ok is false where there is nothing to mend.
func mendPNG(data []byte) (m *mendedPNG, ok bool) {
	m = &mendedPNG{chunks: map[string][]byte{}}
	var stream [][]byte
	pngChunksToEnd(data, func(kind string, payload []byte) {
		switch kind {
		case "IHDR", "PLTE", "tRNS":
			// What is transparent has no effect behind pixels, as in libpng.
			if m.chunks[kind] == nil && !(kind == "tRNS" && stream != nil) {
				m.chunks[kind] = payload
			}
		case "IDAT":
			stream = append(stream, payload)
		}
	})
	m.palette()
	m.data, m.passes = bytes.Join(stream, nil), pngPasses(m.chunks["IHDR"])
	for _, p := range m.passes {
		m.size += p.rows * p.size
	}
	return m, m.size > 0 && len(m.data) > 0 && int64(len(m.data)) >= m.size/1032/16
}

// palette leaves out of the palette, and of what is transparent, what image/png would
// refuse: more than the kind of picture has a place for.
func (m *mendedPNG) palette() {
	header := m.chunks["IHDR"]
	if len(header) < 13 {
		return
	}
	depth, kind := header[8], header[9]
	colours, transparent := m.chunks["PLTE"], m.chunks["tRNS"]
	most := 256
	switch kind {
	case pngIndexed:
		most = 1 << min(depth, 8)
	case 0, 4: // grey
		most = 0
	}
	colours = colours[:3*min(len(colours)/3, most)]
	room := map[byte]int{0: 2, 2: 6, pngIndexed: len(colours) / 3}[kind]
	if kind != pngIndexed && len(transparent) < room {
		room = 0
	}
	m.chunks["PLTE"], m.chunks["tRNS"] = some(colours), some(transparent[:min(len(transparent), room)])
}

// some returns nil for an empty chunk, which is left out.
func some(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// filteredRows reads rows up to the first whose filter PNG doesn't know: what
// follows was damaged.
type filteredRows struct {
	r      *bufio.Reader
	passes []pngPass
	row    int64 // of the first pass
	left   int64 // bytes of the row that is being read
}

// Read is io.Reader's.
func (f *filteredRows) Read(to []byte) (int, error) {
	if f.left == 0 {
		if len(f.passes) > 0 && f.row == f.passes[0].rows {
			f.passes, f.row = f.passes[1:], 0
		}
		if len(f.passes) == 0 {
			return 0, io.EOF
		}
		const filters = 5
		if filter, err := f.r.Peek(1); err != nil {
			return 0, err
		} else if filter[0] >= filters {
			return 0, io.EOF
		}
		f.left = f.passes[0].size
		f.row++
	}
	n, err := f.r.Read(to[:min(f.left, int64(len(to)))])
	f.left -= int64(n)
	return n, err
}

// write writes the file.
func (m *mendedPNG) write(to io.Writer) error {
	z, err := zlib.NewReader(bytes.NewReader(m.data))
	if err != nil {
		return err
	}
	w := &chunkWriter{w: to}
	w.write([]byte(pngMagic))
	for _, kind := range []string{"IHDR", "PLTE", "tRNS"} {
		if m.chunks[kind] != nil {
			w.chunk(kind, m.chunks[kind])
		}
	}
	s, _ := zlib.NewWriterLevel(idat{w}, zlib.NoCompression) // the level is valid
	m.read, err = io.Copy(s, &filteredRows{r: bufio.NewReader(z), passes: m.passes})
	m.whole = m.read == m.size
	if w.err != nil {
		return w.err
	}
	if m.read == 0 {
		return cmp.Or(err, io.ErrUnexpectedEOF)
	}
	zeros := make([]byte, 1<<16)
	for left := m.size - m.read; left > 0 && w.err == nil; {
		n, _ := s.Write(zeros[:min(left, int64(len(zeros)))]) // w keeps the error
		left -= int64(n)
		if n == 0 {
			break
		}
	}
	s.Close()
	w.chunk("IEND", nil)
	return w.err
}

// idat writes data as IDAT chunks.
type idat struct{ w *chunkWriter }

func (d idat) Write(p []byte) (int, error) {
	d.w.chunk("IDAT", p)
	return len(p), d.w.err
}

// pngChunksToEnd calls f with every chunk; the last one may be incomplete.
func pngChunksToEnd(data []byte, f func(kind string, payload []byte)) {
	for i := len(pngMagic); i+8 <= len(data); {
		n := int64(binary.BigEndian.Uint32(data[i:]))
		end := min(int64(i)+8+n, int64(len(data)))
		f(string(data[i+4:i+8]), data[i+8:end])
		if end+4 > int64(len(data)) {
			return
		}
		i = int(end) + 4
	}
}

// pngPass is a pass of an interlaced picture, or all of another one.
type pngPass struct {
	rows, size int64 // size is that of a row, in bytes, with the kind of its filter before it
}

// pngPasses returns the passes in which a picture's rows are stored, none where the
// header makes no sense.
func pngPasses(header []byte) (all []pngPass) {
	if len(header) < 13 {
		return nil
	}
	channels, ok := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header[9]]
	width, height := int64(binary.BigEndian.Uint32(header)), int64(binary.BigEndian.Uint32(header[4:]))
	depth := int64(header[8])
	const most = 1<<31 - 1
	if !ok || width < 1 || height < 1 || width > most || height > most || depth < 1 || depth > 16 {
		return nil
	}
	pass := func(w, h int64) {
		if w > 0 && h > 0 {
			all = append(all, pngPass{rows: h, size: 1 + (w*channels*depth+7)/8})
		}
	}
	if header[12] == 0 {
		pass(width, height)
		return all
	}
	for _, p := range [][4]int64{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		pass((width-p[0]+p[2]-1)/p[2], (height-p[1]+p[3]-1)/p[3])
	}
	return all
}
