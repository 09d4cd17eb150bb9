package tifffile

import "overpaint.dev/overpaint/editor/webpfile"

// webpSamples decodes a chunk of WebP, which is a whole file of as many pixels, into
// interleaved samples of a byte: RGB, and alpha where there are four.
func (p *Page) webpSamples(data []byte, c chunk, samples int) (raw []byte, whole bool, err error) {
	if p.bits != 8 || samples != 3 && samples != 4 {
		return nil, false, &UnsupportedError{"WebP of other samples than RGB of 8 bits"}
	}
	config, err := webpfile.DecodeConfig(data)
	if err != nil {
		return nil, false, damaged("%v", err)
	}
	if config.Width != c.columns || config.Height < c.rows || config.Height > p.chunkH {
		return nil, false, damaged("a WebP of %dx%d pixels for %dx%d", config.Width, config.Height, c.columns, c.rows)
	}
	img, err := webpfile.Decode(data)
	if err != nil {
		return nil, false, damaged("%v", err)
	}
	row := webpfile.Rows(img)
	if row == nil || img.Bounds().Dx() != config.Width || img.Bounds().Dy() != config.Height {
		return nil, false, damaged("a WebP of another size than it says")
	}
	raw = make([]byte, c.columns*c.rows*samples)
	buf := make([]byte, 4*c.columns)
	for y := range c.rows {
		row(buf, y)
		to := raw[y*c.columns*samples:]
		for x := range c.columns {
			copy(to[x*samples:][:samples], buf[4*x:])
		}
	}
	return raw, true, nil
}
