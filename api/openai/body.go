package openai

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"maps"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"sync/atomic"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/settings"
)

// body is a request's body, whole in memory so that its length is
// known and it can be sent again after a redirect.
type body struct {
	contentType string
	data        []byte
	name        string // the file name that is sent, see edit.name
}

// shape is how a request is spelt for one service.
type shape struct {
	field      string // the pictures' name, or "" for the dialect's own choice
	dropFormat bool   // leave out response_format
	noMask     bool   // leave out the mask
	dropped    string // further fields that are left out, as in settings.Quirks
}

// field is one field of a body: a text, or a picture with the name of its file.
type field struct {
	name, value string
	file        string
	data        []byte
}

// build writes the body for n variants (0: n is left out), as the service's dialect
// wants it.
func (d *edit) build(s shape, n int) (*body, error) {
	fields := append(d.texts(s, n), d.pictures(s)...)
	write := writeForm
	if d.engine.dialect.Body == dialect.JSON {
		write = d.engine.writeJSON
	}
	b, err := write(fields)
	if err != nil {
		return nil, &api.Error{Kind: api.KindLocal, Cause: err}
	}
	return b, nil
}

// texts returns the fields beside the pictures. Only what was set is sent: some
// services reject unknown fields, or empty ones.
func (d *edit) texts(s shape, n int) []field {
	var list []field
	without := settings.Quirks{Dropped: s.dropped}
	text := func(name, value string) {
		if value != "" && !without.Drops(name) && d.engine.dialect.Knows(name) {
			list = append(list, field{name: name, value: value})
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
	return list
}

// pictures returns the fields with the pictures: those of several have one name.
func (d *edit) pictures(s shape) []field {
	speaks := d.engine.dialect
	name := s.field
	if name == "" {
		name = speaks.Image
		if len(d.files.References) > 0 {
			name = speaks.Images
		}
	}
	list := []field{{name: name, file: "image.png", data: d.files.Image}}
	for i, data := range d.files.References {
		list = append(list, field{name: name, file: fmt.Sprintf("reference-%d.png", i+1), data: data})
	}
	if !s.noMask && d.files.Mask != nil && speaks.Mask != "" {
		list = append(list, field{name: speaks.Mask, file: "mask.png", data: d.files.Mask})
	}
	return list
}

// writeForm writes a multipart form. The texts come first, so that a relay knows
// the model before it has read the pictures.
func writeForm(fields []field) (*body, error) {
	var buffer bytes.Buffer
	size := 4096
	for _, f := range fields {
		size += len(f.data) + len(f.value) + 256
	}
	buffer.Grow(size)
	w := multipart.NewWriter(&buffer)
	for _, f := range fields {
		var err error
		if f.data == nil {
			err = w.WriteField(f.name, f.value)
		} else {
			err = writeFile(w, f.name, f.file, f.data)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &body{contentType: w.FormDataContentType(), data: buffer.Bytes()}, nil
}

// writeJSON writes an object whose pictures are data URLs. Several pictures of one
// name are a list; numbers and truth values are written as such.
func (e *Engine) writeJSON(fields []field) (*body, error) {
	object := map[string]any{}
	for _, f := range fields {
		if f.data == nil {
			object[f.name] = scalarOf(f)
			continue
		}
		var picture any = "data:image/png;base64," + base64.StdEncoding.EncodeToString(f.data)
		if e.dialect.Wrap != "" {
			picture = map[string]any{e.dialect.Wrap: picture}
		}
		if f.name != e.dialect.Images {
			object[f.name] = picture
			continue
		}
		list, _ := object[f.name].([]any)
		object[f.name] = append(list, picture)
	}
	data, err := json.Marshal(object)
	return &body{contentType: "application/json", data: data}, err
}

// scalarOf returns a field's value as JSON has it.
func scalarOf(f field) any {
	switch f.name {
	case "n", "partial_images", "output_compression":
		if n, err := strconv.Atoi(f.value); err == nil {
			return n
		}
	case "stream", "watermark":
		return f.value == "true"
	}
	return f.value
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
