package apitest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// echoes are services that repeat the key that they were sent, each in a place of
// its own and there in every spelling.
var echoes = []Scenario{
	{Name: "echo-headers", About: "the key in every header of a good answer", play: checked(func(x *Exchange) {
		text := x.spelt(" ")
		for _, name := range []string{"X-Request-Id", "X-Oneapi-Request-Id", "Cf-Ray", "Server", "Set-Cookie", "Etag", "X-" + x.relay.Key} {
			x.w.Header().Set(name, text)
		}
		data := jsonBytes(x.answer(x.entries(x.n())))
		x.w.Header().Set("Content-Type", "application/json; note="+x.relay.Key)
		x.w.Write(data)
	})},
	{Name: "echo-error", About: "the key in every field of an error", play: func(x *Exchange) {
		x.echo(400, `{"error":{"message":@,"type":@,"param":@,"code":@,@:@},@:@}`)
	}},
	{Name: "echo-rate", About: "the key in the fields of a 429 and its headers", play: func(x *Exchange) {
		x.w.Header().Set("Retry-After", x.spelt(" "))
		x.w.Header().Set("X-Request-Id", x.spelt(" "))
		x.echo(429, `{"error":{"message":@,"code":"rate_limit_exceeded"}}`)
	}},
	{Name: "echo-nested", About: "the key in an error inside an error", play: func(x *Exchange) {
		x.echo(500, `{"error":{"error":{"message":@,"code":@}}}`)
	}},
	{Name: "echo-detail", About: "the key in a list of details", play: func(x *Exchange) {
		x.echo(422, `{"detail":[{"loc":["body",@],"msg":@,"type":@}]}`)
	}},
	{Name: "echo-plain", About: "the key in an error of plain text", play: func(x *Exchange) {
		x.send(400, "text/plain", []byte(x.spelt("\n")))
	}},
	{Name: "echo-html", About: "the key in an error of HTML", play: func(x *Exchange) {
		x.send(502, "text/html", []byte("<html><title>"+x.spelt(" ")+"</title><p>"+x.spelt("<br>")+"</html>"))
	}},
	{Name: "echo-page", About: "the key in a web page instead of an answer", play: func(x *Exchange) {
		x.send(200, "text/html", []byte("<html><p>"+x.spelt("<br>")+"</html>"))
	}},
	{Name: "echo-inside", About: "the key in an error inside a success", play: func(x *Exchange) {
		x.echo(200, `{"error":{"message":@,"type":@,"code":@}}`)
	}},
	{Name: "echo-status", About: "the key in the status line", early: func(x *Exchange) bool {
		x.read()
		x.hijack("HTTP/1.1 400 " + x.relay.Key + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
		return true
	}},
	{Name: "echo-broken", About: "the key in an answer that is no HTTP", early: func(x *Exchange) bool {
		x.read()
		x.hijack(x.relay.Key + " " + x.relay.Key + "\r\n\r\n")
		return true
	}},
	{Name: "echo-answer", About: "the key in the fields of a good answer and in its pictures", play: checked(func(x *Exchange) {
		var all []entry
		for _, data := range x.pictures(x.n()) {
			all = append(all, entry{"b64_json": b64(x.signed(data)), "revised_prompt": x.spelt(" "), "file_name": x.spelt(" "), x.relay.Key: 1})
		}
		a := map[string]any{"data": all, "usage": map[string]any{"total_tokens": 3, x.spelt(" "): 4, x.relay.Key: map[string]any{x.relay.Key: 5}}, x.relay.Key: x.spelt(" ")}
		x.json(200, a)
	})},
	{Name: "echo-raw", About: "the key in the metadata of a picture that is the answer", play: checked(func(x *Exchange) {
		x.send(200, "image/png", x.signed(x.pictures(1)[0]))
	})},
	{Name: "echo-jpeg", About: "the key in the comment of a JPEG", play: checked(func(x *Exchange) {
		data := encodeJPEG(x.variant(0))
		text := x.spelt(" ")
		comment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xfe}, uint16(len(text)+2)), text...)
		x.json(200, x.answer([]entry{{"b64_json": b64(slices.Concat(data[:2], comment, data[2:]))}}))
	})},
	{Name: "echo-url", About: "the key in the addresses of the pictures", play: checked(func(x *Exchange) {
		var all []entry
		for name := range maps.Keys(spellings) {
			all = append(all, entry{"url": "/files/" + name + "?key=" + spellings[name](x.relay.Key)})
		}
		x.json(200, x.answer(all[:2]))
	})},
	{Name: "echo-download", About: "the key in the headers and the metadata of a picture behind an address", play: checked(func(x *Exchange) {
		x.json(200, x.answer([]entry{{"url": x.relay.Root + "/echo" + x.relay.put(x.signed(x.pictures(1)[0]))}}))
	}), get: func(x *Exchange) bool {
		path, ok := strings.CutPrefix(x.path, "/echo")
		if !ok {
			return false
		}
		x.relay.mu.Lock()
		data := x.relay.store[path]
		x.relay.mu.Unlock()
		x.w.Header().Set("Content-Disposition", `attachment; filename="`+x.relay.Key+`.png"`)
		x.w.Header().Set("X-Request-Id", x.spelt(" "))
		x.send(200, "image/png; name="+x.relay.Key, data)
		return true
	}},
	{Name: "echo-redirect", About: "a redirect to an address with the key in it", play: func(x *Exchange) {
		redirect(302, func(x *Exchange) string {
			return x.relay.elsewhere + "/" + x.relay.Key + "/images/edits?key=" + x.relay.Key
		})(x)
	}},
	{Name: "echo-host", About: "a redirect to a host that is named like the key", play: func(x *Exchange) {
		redirect(308, func(x *Exchange) string { return "https://" + x.relay.Key + ".invalid/v1/images/edits" })(x)
	}},
	{Name: "echo-stream", About: "the key in every part of a stream", play: checked(func(x *Exchange) {
		x.startStream()
		text := x.spelt(" ")
		fmt.Fprintf(x.w, ": %s\n\nid: %s\nevent: %s\ndata: {\"note\":%s}\n\n", text, text, text, quoted(text))
		x.event("image_edit.completed", entry{"type": "image_edit.completed", "b64_json": b64(x.signed(x.pictures(1)[0])), "usage": map[string]any{x.relay.Key: 1}, "revised_prompt": text})
	})},
	{Name: "echo-stream-error", About: "the key in an error of a stream", play: checked(func(x *Exchange) {
		x.startStream()
		fmt.Fprintf(x.w, "event: error\ndata: %s\n\n", x.spelt(" "))
	})},
	{Name: "echo-multipart", About: "the key in the headers of a multipart answer", play: checked(func(x *Exchange) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, data := range x.pictures(x.n()) {
			part, _ := w.CreatePart(textproto.MIMEHeader{
				"Content-Type": {"image/png"}, "X-Note": {x.spelt(" ")},
				"Content-Disposition": {fmt.Sprintf(`attachment; filename="%s.png"`, x.relay.Key)},
			})
			part.Write(x.signed(data))
		}
		w.Close()
		x.send(200, "multipart/mixed; boundary="+w.Boundary(), b.Bytes())
	})},
	{Name: "echo-trailer", About: "the key in chunk extensions and trailers", early: func(x *Exchange) bool {
		x.read()
		data := jsonBytes(x.answer(x.entries(x.n())))
		x.hijack(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Note\r\nConnection: close\r\n\r\n"+
			"%x;note=%s\r\n%s\r\n0\r\nX-Note: %s\r\n\r\n", len(data), x.relay.Key, data, x.relay.Key))
		return true
	}},
	{Name: "echo-cut", About: "an answer that breaks off within the key", play: checked(func(x *Exchange) {
		x.w.Header().Set("Content-Length", "1000")
		fmt.Fprintf(x.w, `{"error":{"message":"%s`, x.relay.Key[:len(x.relay.Key)-3])
		x.flush()
		panic(http.ErrAbortHandler)
	})},
	{Name: "echo-models", About: "the key in the list of models", play: checked((*Exchange).usual), get: func(x *Exchange) bool {
		if !x.scenario.models(x.path) {
			return false
		}
		var list []entry
		for _, spell := range spellings {
			list = append(list, entry{"id": spell(x.relay.Key)})
		}
		x.json(200, map[string]any{"data": list, x.relay.Key: 1})
		return true
	}},
}

// spelt returns the key in each spelling that can stand in a header.
func (x *Exchange) spelt(between string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(spellings)) {
		if s := spellings[name](x.relay.Key); !strings.ContainsAny(s, "\r\n\x00") {
			all = append(all, s)
		}
	}
	return strings.Join(all, between)
}

func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// echo answers with JSON in which each @ is replaced by the key in each spelling,
// first as text and then with the text's own escapes left as they are.
func (x *Exchange) echo(status int, shape string) {
	raw := `"` + strings.NewReplacer(`\x`, `\u00`).Replace(x.spelt(" ")) + `"`
	if !json.Valid([]byte(raw)) {
		raw = quoted(x.spelt(" "))
	}
	body := strings.Replace(shape, "@", raw, 1)
	x.send(status, "application/json", []byte(strings.ReplaceAll(body, "@", quoted(x.spelt(" ")))))
}

// hijack answers with bytes of its own.
func (x *Exchange) hijack(answer string) {
	if conn, _, err := http.NewResponseController(x.w).Hijack(); err == nil {
		conn.Write([]byte(answer))
		conn.Close()
	}
}

// signed returns a PNG with the key in its metadata: as text, compressed,
// international, as the name of a profile and as EXIF.
func (x *Exchange) signed(data []byte) []byte {
	text := x.spelt(" ")
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write([]byte(text))
	w.Close()
	utf16 := eachByte(x.relay.Key, func(c byte) string { return string([]byte{0, c}) })
	return slices.Concat(data[:33],
		chunk("tEXt", "Comment\x00"+text), chunk("zTXt", "Comment\x00\x00"+z.String()),
		chunk("iTXt", "Comment\x00\x00\x00en\x00Comment\x00"+text), chunk("iTXt", "Comment\x00\x01\x00en\x00Comment\x00"+z.String()),
		chunk("eXIf", "II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"+utf16), chunk("prVt", text),
		data[33:], []byte(x.relay.Key))
}

// chunk makes a chunk of a PNG.
func chunk(kind, content string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, kind...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// excesses are answers that are more than was asked for.
var excesses = []Scenario{
	{Name: "many-pictures", About: "2,000 pictures, however many were asked for", play: checked(func(x *Exchange) {
		one := entry{"b64_json": b64(encodePNG(image.NewNRGBA(image.Rect(0, 0, 16, 16))))}
		x.json(200, x.answer(slices.Repeat([]entry{one}, 2000)))
	})},
	{Name: "many-addresses", About: "2,000 addresses of pictures", play: checked(func(x *Exchange) {
		one := entry{"url": x.relay.Root + x.relay.put(x.pictures(1)[0])}
		x.json(200, x.answer(slices.Repeat([]entry{one}, 2000)))
	})},
	{Name: "many-pixels", About: "a picture of 400 megapixels in some kilobytes", play: checked(func(x *Exchange) {
		x.json(200, x.answer([]entry{{"b64_json": b64(bomb())}}))
	})},
	{Name: "many-pixels-first", About: "a picture of 400 megapixels, then those that were asked for", play: checked(func(x *Exchange) {
		x.json(200, x.answer(append([]entry{{"b64_json": b64(bomb())}}, x.entries(x.n()-1)...)))
	})},
}

// bomb returns a PNG of 20,000 x 20,000 pixels of one bit, all of them black.
func bomb() []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	row := make([]byte, 1+20_000/8)
	for range 20_000 {
		w.Write(row)
	}
	w.Close()
	size := "\x00\x00\x4e\x20"
	return slices.Concat(signature, chunk("IHDR", size+size+"\x01\x00\x00\x00\x00"), chunk("IDAT", z.String()), chunk("IEND", ""))
}

// stalls are answers that stop and don't go on, and ones that break off.
var stalls = []Scenario{
	{Name: "stall-head", About: "the answer's headers come, and nothing else", play: checked(func(x *Exchange) {
		x.w.Header().Set("Content-Type", "application/json")
		x.w.WriteHeader(200)
		x.flush()
		x.hang()
	})},
	{Name: "stall-90", About: "nine tenths of the answer come, then nothing", play: checked(func(x *Exchange) {
		x.part(90)
		x.hang()
	})},
	{Name: "slow-90", About: "nine tenths of the answer come, then a byte every 20 ms", play: checked(func(x *Exchange) {
		for _, c := range x.part(90) {
			x.w.Write([]byte{c})
			x.flush()
			if !x.wait(20_000_000) {
				return
			}
		}
	})},
	{Name: "cut-90", About: "nine tenths of the answer come, then the connection breaks", play: checked(func(x *Exchange) {
		x.part(90)
		panic(http.ErrAbortHandler)
	})},
	{Name: "cut-after-2", About: "the connection breaks behind the second picture of the answer", play: checked(func(x *Exchange) {
		data := jsonBytes(x.answer(x.entries(x.n())))
		at := 0
		for range 2 {
			if next := bytes.IndexByte(data[at:], '}'); next >= 0 {
				at += next + 1
			}
		}
		x.w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		x.w.Write(data[:at])
		x.flush()
		panic(http.ErrAbortHandler)
	})},
	{Name: "stall-usage", About: "all pictures come, and the end of the answer doesn't", play: checked(func(x *Exchange) {
		data := jsonBytes(x.answer(x.entries(x.n())))
		x.w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		x.w.Write(data[:len(data)-1])
		x.flush()
		x.hang()
	})},
	{Name: "stall-models", About: "the list of models never comes", play: checked((*Exchange).usual), get: func(x *Exchange) bool {
		if x.scenario.models(x.path) {
			x.hang()
			return true
		}
		return false
	}},
}

// part sends so many hundredths of the usual answer and returns the rest.
func (x *Exchange) part(percent int) (rest []byte) {
	data := jsonBytes(x.answer(x.entries(x.n())))
	x.w.Header().Set("Content-Type", "application/json")
	x.w.Header().Set("Content-Length", fmt.Sprint(len(data)))
	at := len(data) * percent / 100
	x.w.Write(data[:at])
	x.flush()
	return data[at:]
}

// refusals are errors that say in prose what they don't say in a field.
var refusals = []Scenario{
	failing("prose-image", 422, `{"error":{"message":"Failed to generate image: image is missing","code":"bad"}}`),
	failing("prose-detail", 400, `{"detail":"image: field required; response_format is unknown"}`),
	failing("prose-format", 422, `{"error":{"message":"response_format and image are odd","code":"unknown_parameter"}}`),
	failing("loc-deep", 422, `{"detail":[{"loc":["body","options","image"],"msg":"field required"}]}`),
	failing("param-500", 500, `{"error":{"message":"m","param":"image","code":"unknown_parameter"}}`),
	failing("param-content", 400, `{"error":{"message":"the picture is blank","param":"image","code":"invalid_image"}}`),
}
