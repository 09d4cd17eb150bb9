package openai

import (
	"bytes"
	"fmt"
	"image"
	"maps"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"sync/atomic"

	"overpaint/api"
	"overpaint/api/settings"
)

// body is a request's multipart body, whole in memory so that its length is
// known and it can be sent again after a redirect.
type body struct {
	contentType string
	data        []byte
}

// shape is how a request is spelt for one service.
type shape struct {
	field      string // "image", "image[]", or "" for the profile's own choice
	dropFormat bool   // leave out response_format
	noMask     bool   // leave out the mask
	dropped    string // further fields that are left out, as in settings.Quirks
}

// build writes the body for n variants (0: n is left out). Only what was set
// is sent: some services reject unknown fields, or empty ones. The text fields
// come first, so that a relay knows the model before it has read the pictures.
func (d *edit) build(s shape, n int) (*body, error) {
	var buffer bytes.Buffer
	buffer.Grow(len(d.files.Image) + len(d.files.Mask) + len(d.req.Prompt) + 4096)
	w := multipart.NewWriter(&buffer)
	var failed error
	without := settings.Quirks{Dropped: s.dropped}
	text := func(name, value string) {
		if value != "" && failed == nil && !without.Drops(name) {
			failed = w.WriteField(name, value)
		}
	}
	file := func(field, name string, data []byte) {
		if failed == nil && data != nil {
			failed = writeFile(w, field, name, data)
		}
	}
	r := d.req
	text("model", r.Model)
	text("prompt", r.Prompt)
	if n > 0 {
		text("n", strconv.Itoa(n))
	}
	if r.Size != (image.Point{}) {
		text("size", api.SizeName(r.Size))
	}
	if len(d.engine.profile.ResponseFormats) > 0 && !s.dropFormat {
		text("response_format", r.ResponseFormat)
	}
	text("user", r.User)
	for _, name := range slices.Sorted(maps.Keys(r.Options)) {
		text(name, r.Options[name])
	}
	if d.streams() {
		text("stream", "true")
		text("partial_images", strconv.Itoa(r.Partials))
	}
	field := s.field
	if field == "" {
		field = "image"
		if len(d.files.References) > 0 {
			field = "image[]"
		}
	}
	file(field, "image.png", d.files.Image)
	for i, data := range d.files.References {
		file(field, fmt.Sprintf("reference-%d.png", i+1), data)
	}
	if !s.noMask {
		file("mask", "mask.png", d.files.Mask)
	}
	if failed == nil {
		failed = w.Close()
	}
	if failed != nil {
		return nil, &api.Error{Kind: api.KindLocal, Cause: failed}
	}
	return &body{contentType: w.FormDataContentType(), data: buffer.Bytes()}, nil
}

// writeFile adds a picture. Relays take its type from the part's Content-Type
// or from the file name, so both are right.
func writeFile(w *multipart.Writer, field, name string, data []byte) error {
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, field, name)},
		"Content-Type":        {"image/png"},
	})
	if err == nil {
		_, err = part.Write(data)
	}
	return err
}

// counter reads a body and tells how far the reading has come, at most once
// for each hundredth of it.
type counter struct {
	reader   *bytes.Reader
	size     int64
	told     int64
	progress atomic.Int64 // bytes read; looked at while the transport may still read
	tell     func(fraction float64)
}

func newCounter(data []byte, tell func(float64)) *counter {
	return &counter{reader: bytes.NewReader(data), size: int64(len(data)), told: -1, tell: tell}
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.reader.Read(p)
	done := c.progress.Add(int64(n))
	if percent := done * 100 / c.size; percent > c.told {
		c.told = percent
		c.tell(float64(done) / float64(c.size))
	}
	return n, err
}

// Close is there because a request's body has one.
func (c *counter) Close() error { return nil }

// begun and whole report that reading has begun and that all was read.
func (c *counter) begun() bool { return c.progress.Load() > 0 }
func (c *counter) whole() bool { return c.progress.Load() == c.size }
