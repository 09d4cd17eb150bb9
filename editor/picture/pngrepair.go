package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/png"
	"io"
	"slices"
)

// decodePNG reads a picture. What image/png refuses - chunks in another order than
// the standard's, wrong checksums, data that breaks off - is read as far as it
// goes, from a file that is put together of the parts that count.
func decodePNG(data []byte, _ image.Config) (image.Image, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err == nil {
		return img, nil
	}
	mended, whole, ok := mendPNG(data)
	if !ok {
		return nil, err
	}
	img, again := png.Decode(bytes.NewReader(mended))
	if again != nil {
		return nil, err
	}
	if !whole {
		return img, errPart
	}
	return img, nil
}

// pngConfig reads the header alone: image/png wants the palette too.
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

// mendPNG returns a file of the chunks that say what the pixels are, in the order
// of the standard, with the pixels' data made whole by zeros. whole reports that
// none was missing; ok is false where there is nothing to mend.
func mendPNG(data []byte) (mended []byte, whole, ok bool) {
	chunks := map[string][]byte{}
	var stream [][]byte
	pngChunksToEnd(data, func(kind string, payload []byte) {
		switch kind {
		case "IHDR", "PLTE", "tRNS":
			if chunks[kind] == nil {
				chunks[kind] = payload
			}
		case "IDAT":
			stream = append(stream, payload)
		}
	})
	size := pngRawSize(chunks["IHDR"])
	if size == 0 || len(stream) == 0 {
		return nil, false, false
	}
	// Memory is taken as the data comes, not for what the header claims.
	compressed := bytes.Join(stream, nil)
	z, err := zlib.NewReader(bytes.NewReader(compressed))
	if err != nil || int64(len(compressed)) < size/1032/16 {
		return nil, false, false
	}
	raw, err := io.ReadAll(io.LimitReader(z, size))
	if len(raw) == 0 {
		return nil, false, false
	}
	whole = int64(len(raw)) == size && (err == nil || err == io.EOF)
	raw = append(raw, make([]byte, size-int64(len(raw)))...)
	var out bytes.Buffer
	w := &chunkWriter{w: &out}
	w.write([]byte(pngMagic))
	w.chunk("IHDR", chunks["IHDR"])
	for _, kind := range []string{"PLTE", "tRNS"} {
		if chunks[kind] != nil {
			w.chunk(kind, chunks[kind])
		}
	}
	var stored bytes.Buffer
	s, _ := zlib.NewWriterLevel(&stored, zlib.NoCompression) // the level is valid
	s.Write(raw)                                             // a bytes.Buffer takes everything
	s.Close()
	for part := range slices.Chunk(stored.Bytes(), 1<<30) {
		w.chunk("IDAT", part)
	}
	w.chunk("IEND", nil)
	return out.Bytes(), whole, true
}

// pngChunksToEnd calls f with every chunk, of the last one as much as there is.
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

// pngRawSize returns how many bytes the filtered rows of a picture take, 0 where
// the header makes no sense.
func pngRawSize(header []byte) int64 {
	if len(header) < 13 {
		return 0
	}
	channels, ok := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header[9]]
	width, height := int64(binary.BigEndian.Uint32(header)), int64(binary.BigEndian.Uint32(header[4:]))
	depth := int64(header[8])
	const most = 1<<31 - 1
	if !ok || width < 1 || height < 1 || width > most || height > most || depth < 1 || depth > 16 {
		return 0
	}
	size := func(w, h int64) int64 {
		if w <= 0 || h <= 0 {
			return 0
		}
		return h * (1 + (w*channels*depth+7)/8)
	}
	if header[12] == 0 {
		return size(width, height)
	}
	var sum int64
	for _, pass := range [][4]int64{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		sum += size((width-pass[0]+pass[2]-1)/pass[2], (height-pass[1]+pass[3]-1)/pass[3])
	}
	return sum
}
