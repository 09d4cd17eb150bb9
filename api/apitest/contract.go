package apitest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The figures of the contract, written here a second time on purpose: a slip
// in the application's profiles must not change what the relay wants.
const (
	classicBytes  = 4 << 20
	classicPrompt = 1000
	gptBytes      = 50 << 20
	gptPrompt     = 32000
	gptImages     = 16
)

var signature = []byte("\x89PNG\r\n\x1a\n")

// read decodes a request's body and records how it breaks the contract.
func (x *Exchange) read() {
	q, h := x.Request, x.http
	fault := func(format string, args ...any) {
		x.relay.mu.Lock()
		q.Faults = append(q.Faults, fmt.Sprintf(format, args...))
		x.relay.mu.Unlock()
	}
	if h.Method != http.MethodPost {
		fault("the method is %s", h.Method)
	}
	if h.ContentLength <= 0 {
		fault("there is no Content-Length")
	}
	if got := h.Header.Get("Authorization"); got != "Bearer "+x.relay.Key {
		x.wrongKey = true
	}
	media, params, err := mime.ParseMediaType(h.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		fault("the content type is %q", h.Header.Get("Content-Type"))
		return
	}
	body, err := io.ReadAll(h.Body)
	if err != nil {
		x.relay.mu.Lock()
		q.Broken = true // the client closed the connection, which violates no contract
		x.relay.mu.Unlock()
		return
	}
	if q.tally != nil {
		q.tally.arrived(edits(h.URL.Path))
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fault("the body breaks off: %v", err)
			return
		}
		data, err := io.ReadAll(part)
		if err != nil {
			fault("the part %s breaks off: %v", part.FormName(), err)
			return
		}
		name, contentType := part.FormName(), part.Header.Get("Content-Type")
		x.relay.mu.Lock()
		if part.FileName() != "" {
			q.Files = append(q.Files, File{name, part.FileName(), contentType, data})
		} else {
			q.Fields[name] = append(q.Fields[name], string(data))
		}
		x.relay.mu.Unlock()
		if part.FileName() == "" && contentType != "" {
			fault("the text field %s has the content type %s", name, contentType)
		}
		if part.FileName() == "" && len(data) == 0 {
			fault("the field %s is empty; it should not be sent", name)
		}
	}
	rules := classic
	if strings.Contains(q.Field("model"), "gpt-image") {
		rules = gptImage
	}
	rules(x, fault)
}

type reporter func(format string, args ...any)

var whole = regexp.MustCompile(`^[1-9][0-9]*$`)

// classic checks the contract of dall-e-2.
func classic(x *Exchange, fault reporter) {
	q := x.Request
	allowed := map[string]func(string) bool{
		"prompt": nil, "user": nil, "model": nil,
		"n":               func(v string) bool { n, _ := strconv.Atoi(v); return whole.MatchString(v) && n <= 10 },
		"size":            func(v string) bool { return v == "256x256" || v == "512x512" || v == "1024x1024" },
		"response_format": func(v string) bool { return v == "url" || v == "b64_json" },
	}
	fields(q, allowed, fault)
	prompt(q, classicPrompt, fault)
	for _, f := range q.Files {
		if f.Field != x.scenario.imageField() && f.Field != "mask" {
			fault("there is a file part %q", f.Field)
		}
	}
	img := one(q, x.scenario.imageField(), fault)
	if img == nil {
		return
	}
	size, ok := checkPNG(img, classicBytes, fault)
	if !ok {
		return
	}
	if size[0] != size[1] {
		fault("the image is %dx%d, not square", size[0], size[1])
	}
	if !slices.ContainsFunc(q.Files, func(f File) bool { return f.Field == "mask" }) {
		if !transparent(img.Data) {
			fault("there is no mask, and the image has no transparent pixel")
		}
		return
	}
	checkMask(q, size, classicBytes, x.scenario.invertedMask, fault)
}

// gptImage checks the contract of the gpt-image models.
func gptImage(x *Exchange, fault reporter) {
	q := x.Request
	in := func(values ...string) func(string) bool {
		return func(v string) bool { return slices.Contains(values, v) }
	}
	number := func(limit int) func(string) bool {
		return func(v string) bool { n, err := strconv.Atoi(v); return err == nil && n >= 0 && n <= limit }
	}
	fields(q, map[string]func(string) bool{
		"prompt": nil, "user": nil, "model": nil,
		"n":                  func(v string) bool { n, _ := strconv.Atoi(v); return whole.MatchString(v) && n <= 10 },
		"size":               gptSize,
		"quality":            in("auto", "low", "medium", "high"),
		"background":         in("auto", "transparent", "opaque"),
		"output_format":      in("png", "jpeg", "webp"),
		"output_compression": number(100),
		"input_fidelity":     in("low", "high"),
		"stream":             in("true", "false"),
		"partial_images":     number(3),
	}, fault)
	prompt(q, gptPrompt, fault)
	images := 0
	var size [2]int
	for _, f := range q.Files {
		switch f.Field {
		case "image", "image[]":
			s, ok := checkPNG(&f, gptBytes, fault)
			if images++; images == 1 && ok {
				size = s
			}
		case "mask":
		default:
			fault("there is a file part %q", f.Field)
		}
	}
	if images == 0 || images > gptImages {
		fault("there are %d images", images)
	}
	if q.File("image") != nil && (q.File("image[]") != nil || images > 1) {
		fault("several images must be called image[]")
	}
	if q.File("mask") != nil {
		checkMask(q, size, gptBytes, x.scenario.invertedMask, fault)
	}
}

func gptSize(v string) bool {
	var w, h int
	if v == "auto" {
		return true
	}
	if n, err := fmt.Sscanf(v, "%dx%d", &w, &h); n != 2 || err != nil || v != fmt.Sprintf("%dx%d", w, h) {
		return false
	}
	long, short := max(w, h), min(w, h)
	return w%16 == 0 && h%16 == 0 && short > 0 && long <= 3*short && long <= 3840 && w*h >= 655_360 && w*h <= 8_294_400
}

// fields checks that each text field is known, comes once and has a good value.
func fields(q *Request, allowed map[string]func(string) bool, fault reporter) {
	for name, values := range q.Fields {
		good, known := allowed[name]
		switch {
		case !known:
			fault("there is a field %q", name)
		case len(values) != 1:
			fault("the field %s comes %d times", name, len(values))
		case good != nil && !good(values[0]):
			fault("the field %s is %q", name, values[0])
		}
	}
}

func prompt(q *Request, limit int, fault reporter) {
	p := q.Field("prompt")
	if n := utf8.RuneCountInString(p); n == 0 || n > limit || !utf8.ValidString(p) {
		fault("the prompt has %d characters", n)
	}
}

// one returns the only file of a field.
func one(q *Request, field string, fault reporter) *File {
	var found *File
	for i := range q.Files {
		if q.Files[i].Field == field {
			if found != nil {
				fault("the file %s comes twice", field)
			}
			found = &q.Files[i]
		}
	}
	if found == nil {
		fault("there is no file %s", field)
	}
	return found
}

// checkPNG checks a file part: its labels, and that it is a PNG of colour type
// 6 with 8 bits. It returns width and height.
func checkPNG(f *File, limit int, fault reporter) (size [2]int, ok bool) {
	if f.ContentType != "image/png" {
		fault("%s has the content type %q", f.Field, f.ContentType)
	}
	if path.Ext(f.Name) != ".png" {
		fault("%s has the file name %q", f.Field, f.Name)
	}
	if len(f.Data) >= limit {
		fault("%s has %d bytes, not less than %d", f.Field, len(f.Data), limit)
	}
	if len(f.Data) < 33 || !bytes.HasPrefix(f.Data, signature) || string(f.Data[12:16]) != "IHDR" {
		fault("%s is no PNG", f.Field)
		return size, false
	}
	if depth, kind := f.Data[24], f.Data[25]; depth != 8 || kind != 6 {
		fault("%s has %d bits and colour type %d, not 8 and 6", f.Field, depth, kind)
	}
	size[0] = int(binary.BigEndian.Uint32(f.Data[16:]))
	size[1] = int(binary.BigEndian.Uint32(f.Data[20:]))
	if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil {
		fault("%s cannot be decoded: %v", f.Field, err)
		return size, false
	}
	return size, true
}

// checkMask checks that the mask says the same by transparency and by
// brightness: each pixel is white with alpha 0 or black with alpha 255.
func checkMask(q *Request, size [2]int, limit int, inverted bool, fault reporter) {
	f := one(q, "mask", fault)
	if f == nil {
		return
	}
	have, ok := checkPNG(f, limit, fault)
	if !ok {
		return
	}
	if have != size {
		fault("the mask is %dx%d, the image %dx%d", have[0], have[1], size[0], size[1])
	}
	edit, keep := color.NRGBA{255, 255, 255, 0}, color.NRGBA{0, 0, 0, 255}
	if inverted {
		edit, keep = color.NRGBA{0, 0, 0, 0}, color.NRGBA{255, 255, 255, 255}
	}
	img := mustDecode(f.Data)
	edits := 0
	for y := range have[1] {
		for x := range have[0] {
			switch c := img.NRGBAAt(x, y); c {
			case edit:
				edits++
			case keep:
			default:
				fault("the mask's pixel %d,%d is %v, neither edit nor keep", x, y, c)
				return
			}
		}
	}
	if edits == 0 {
		fault("the mask has no transparent pixel")
	}
}

func transparent(data []byte) bool {
	img := mustDecode(data)
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] == 0 {
			return true
		}
	}
	return false
}
