package picture

import (
	"bytes"
	"compress/flate"
	"hash/adler32"
	"sync"

	"overpaint.dev/overpaint/editor/parallel"
)

// bandBytes is about how much filtered data one goroutine compresses at a time. Each band
// starts with an empty window, which makes the file about a percent larger at this length.
const bandBytes = 1 << 18

// writeIDAT filters and compresses img in bands of rows, several at once, and
// writes them as IDAT chunks that make up one zlib stream (RFC 1950): all
// bands but the last end in a sync flush, which ends on a whole byte.
func writeIDAT(p *chunkWriter, img *raster, level int) error {
	height := img.size.Y
	rowBytes := 1 + img.rowBytes()
	bandRows := max(1, bandBytes/rowBytes)
	bands := (height + bandRows - 1) / bandRows
	sum := uint32(1)
	// Compressing in batches limits the memory and interleaves compression and writing.
	const batch = 16
	for first := 0; first < bands; first += batch {
		n := min(batch, bands-first)
		results := make([]band, n)
		parallel.All(n, 1, func(i, _ int) {
			y := (first + i) * bandRows
			results[i] = compressBand(img, y, min(y+bandRows, height), level)
		})
		for i, b := range results {
			if b.err != nil {
				return b.err
			}
			payload := b.data
			if first+i == 0 {
				payload = append([]byte{0x78, 0x9c}, payload...)
			}
			sum = adlerJoin(sum, b.sum, b.length)
			if first+i == bands-1 {
				payload = append(payload, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
			}
			p.chunk("IDAT", payload)
		}
		if p.err != nil {
			return p.err
		}
	}
	return nil
}

// band is the deflated rows of one band.
type band struct {
	data   []byte
	sum    uint32 // Adler-32 of the filtered rows
	length int64  // of the filtered rows
	err    error
}

func compressBand(img *raster, y0, y1, level int) band {
	raw := filterRows(img, y0, y1, level != 0)
	if level == 0 {
		level = quickLevel(raw)
	}
	var out bytes.Buffer
	out.Grow(len(raw) / 2)
	z, err := flate.NewWriter(&out, min(level, flate.BestCompression))
	if err != nil {
		return band{err: err}
	}
	if _, err := z.Write(raw); err != nil {
		return band{err: err}
	}
	if y1 == img.size.Y {
		err = z.Close()
	} else {
		err = z.Flush()
	}
	return band{out.Bytes(), adler32.Checksum(raw), int64(len(raw)), err}
}

// quickLevel chooses between Huffman coding alone and a search for matches, by compressing a
// few samples. For photos the search takes eight times as long and saves a few percent;
// drawings and flat areas become much smaller.
func quickLevel(raw []byte) int {
	const search, samples, length = 4, 4, 4 << 10
	if len(raw) <= samples*length {
		return search
	}
	plain, searched := 0, 0
	for i := range samples {
		from := i * (len(raw) - length) / (samples - 1)
		plain += flateSize(raw[from:from+length], flate.HuffmanOnly)
		searched += flateSize(raw[from:from+length], search)
	}
	if searched < plain-plain/16 {
		return search
	}
	return flate.HuffmanOnly
}

// counter counts the bytes that are written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

var probes [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool

// flateSize returns the deflated length of data.
func flateSize(data []byte, level int) int {
	var n counter
	pool := &probes[level-flate.HuffmanOnly]
	z, _ := pool.Get().(*flate.Writer)
	if z == nil {
		z, _ = flate.NewWriter(&n, level) // the level is valid
	} else {
		z.Reset(&n)
	}
	z.Write(data) // a counter never fails
	z.Close()
	pool.Put(z)
	return int(n)
}

// adlerJoin returns the Adler-32 of two concatenated pieces from their own; n is the length of
// the second.
func adlerJoin(first, second uint32, n int64) uint32 {
	const mod = 65521
	a1, b1 := uint64(first&0xffff), uint64(first>>16)
	a2, b2 := uint64(second&0xffff), uint64(second>>16)
	a := (a1 + a2 + mod - 1) % mod
	b := (b1 + b2 + uint64(n%mod)*(a1+mod-1)) % mod
	return uint32(b<<16 | a)
}
