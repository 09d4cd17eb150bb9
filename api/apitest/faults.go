package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// redirect answers with a redirect to where to says.
func redirect(status int, to func(*Exchange) string) func(*Exchange) {
	return func(x *Exchange) {
		x.w.Header().Set("Location", to(x))
		x.w.WriteHeader(status)
	}
}

// moved is a scenario that redirects from /v1 to /v2 of the same origin, where edits are made.
func moved(name string, status int) Scenario {
	to := redirect(status, func(x *Exchange) string { return x.root + "/v2/images/edits" })
	return Scenario{
		Name: name, About: fmt.Sprintf("%d to another path of the same origin", status),
		paths: []string{"/v1/images/edits", "/v2/images/edits"},
		play: func(x *Exchange) {
			if x.path == "/v1/images/edits" {
				to(x)
				return
			}
			checked((*Exchange).usual)(x)
		},
	}
}

func slashed(name string, status int) Scenario {
	return Scenario{
		Name: name, About: fmt.Sprintf("%d to the same path with a slash at its end", status),
		paths: []string{"/v1/images/edits", "/v1/images/edits/"},
		play: func(x *Exchange) {
			if !strings.HasSuffix(x.path, "/") {
				redirect(status, func(x *Exchange) string { return x.root + x.path + "/" })(x)
				return
			}
			checked((*Exchange).usual)(x)
		},
	}
}

var redirects = []Scenario{
	moved("redirect-301", 301), moved("redirect-302", 302), moved("redirect-303", 303),
	moved("redirect-307", 307), moved("redirect-308", 308),
	slashed("redirect-slash-301", 301), slashed("redirect-slash-307", 307),
	{
		Name: "redirect-elsewhere", About: "308 to another origin",
		play: redirect(308, func(x *Exchange) string { return x.relay.elsewhere + "/v1/images/edits" }),
	},
	{
		Name: "redirect-loop", About: "307 to itself for ever",
		play: redirect(307, func(x *Exchange) string { return x.root + x.path }),
	},
	{
		Name: "redirect-nowhere", About: "302 without saying where to",
		play: func(x *Exchange) { x.w.WriteHeader(302) },
	},
}

var paths = []Scenario{
	{Name: "slash-only", About: "edits are made with a slash at the end alone", paths: []string{"/v1/images/edits/"}, play: checked((*Exchange).usual)},
	{Name: "no-version", About: "edits are made without /v1 alone", paths: []string{"/images/edits"}, modelsPath: "/models", play: checked((*Exchange).usual)},
	{Name: "no-edits", About: "404 everywhere", paths: []string{}, play: nil},
	{Name: "method", About: "405 everywhere", paths: []string{"/v1/images/edits"}, play: func(x *Exchange) {
		x.send(405, "text/plain", []byte("405 method not allowed"))
	}},
}

const page = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Hello</body></html>"

func answers(status int, contentType, body string) func(*Exchange) {
	return func(x *Exchange) { x.send(status, contentType, []byte(body)) }
}

// wrongAnswers are no service at all.
var wrongAnswers = []Scenario{
	{Name: "html", About: "200 with a web page, whatever is asked", early: func(x *Exchange) bool {
		x.read()
		answers(200, "text/html; charset=utf-8", page)(x)
		return true
	}, get: func(x *Exchange) bool { answers(200, "text/html; charset=utf-8", page)(x); return true }},
	{Name: "text", About: "200 with some words", play: answers(200, "text/plain", "it works!")},
	{Name: "nothing", About: "200 without a byte", play: answers(200, "application/json", "")},
}

// shapes are answers that hold what was asked for in a shape of their own.
var shapes = []Scenario{
	{Name: "error-in-200", About: "an error inside a success", play: answers(200, "application/json", `{"error":{"message":"upstream is unhappy","type":"upstream_error","code":"bad_response"}}`)},
	{Name: "quota-in-200", About: "no money, inside a success", play: answers(200, "application/json", `{"error":{"message":"no credit","type":"insufficient_user_quota","code":"insufficient_user_quota"}}`)},
	{Name: "empty-data", About: "a success without pictures", play: answers(200, "application/json", `{"created":1,"data":[]}`)},
	{Name: "null-data", About: "a success with null for pictures", play: answers(200, "application/json", `{"created":1,"data":null}`)},
	{Name: "keep-alive", About: "white space before the answer", play: checked(func(x *Exchange) {
		x.w.Header().Set("Content-Type", "application/json")
		for range 3 {
			fmt.Fprint(x.w, " \n")
			x.flush()
		}
		json.NewEncoder(x.w).Encode(x.answer(x.entries(x.n())))
	})},
	labelled("label-text", "text/plain"), labelled("label-stream", "text/event-stream"), labelled("label-none", ""),
	{Name: "raw-image", About: "the picture itself instead of JSON", play: checked(func(x *Exchange) {
		x.send(200, "image/png", x.pictures(1)[0])
	})},
	{Name: "raw-mislabelled", About: "the picture itself, called application/octet-stream", play: checked(func(x *Exchange) {
		x.send(200, "application/octet-stream", encodeJPEG(x.variant(0)))
	})},
	{Name: "multipart", About: "pictures as parts of a multipart answer", play: checked(func(x *Exchange) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for i, data := range x.pictures(x.n()) {
			part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"image/png"}, "Content-Disposition": {fmt.Sprintf(`attachment; filename="%d.png"`, i)}})
			part.Write(data)
		}
		w.Close()
		x.send(200, "multipart/mixed; boundary="+w.Boundary(), b.Bytes())
	})},
	{Name: "wrapped", About: "the answer inside another object", play: checked(func(x *Exchange) {
		x.json(200, map[string]any{"code": 0, "msg": "ok", "data": map[string]any{"images": x.entries(x.n())}})
	})},
	{Name: "strings", About: "addresses as plain texts", play: checked(func(x *Exchange) {
		var urls []string
		for _, data := range x.pictures(x.n()) {
			urls = append(urls, x.relay.Root+x.relay.put(data))
		}
		x.json(200, map[string]any{"data": urls})
	})},
}

func labelled(name, contentType string) Scenario {
	return Scenario{Name: name, About: "JSON called " + contentType, play: checked(func(x *Exchange) {
		data, _ := json.Marshal(x.answer(x.entries(x.n())))
		x.w.Header()["Content-Type"] = nil
		if contentType != "" {
			x.w.Header().Set("Content-Type", contentType)
		}
		x.w.Write(data)
	})}
}

// each makes an answer whose pictures are written in a way of their own.
func each(name, about string, write func(x *Exchange, data []byte) entry) Scenario {
	return Scenario{Name: name, About: about, play: checked(func(x *Exchange) {
		var all []entry
		for _, data := range x.pictures(x.n()) {
			all = append(all, write(x, data))
		}
		x.json(200, x.answer(all))
	})}
}

func lines(text string) string {
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	return b.String() + text + "\n"
}

// pictures are ways to hand out pictures.
var pictures = []Scenario{
	each("url", "addresses although b64_json was asked", func(x *Exchange, data []byte) entry {
		return entry{"url": x.relay.Root + x.relay.put(data)}
	}),
	each("b64", "b64_json although addresses were asked", func(x *Exchange, data []byte) entry {
		return entry{"b64_json": b64(data), "revised_prompt": "a nicer " + x.Field("prompt")}
	}),
	each("url-relative", "relative addresses", func(x *Exchange, data []byte) entry {
		return entry{"url": x.relay.put(data)}
	}),
	each("url-elsewhere", "addresses at another origin, which must not see the key", func(x *Exchange, data []byte) entry {
		return entry{"url": x.relay.elsewhere + x.relay.put(data)}
	}),
	each("url-gone", "addresses that give out nothing", func(x *Exchange, data []byte) entry {
		return entry{"url": x.relay.Root + "/files/gone"}
	}),
	each("url-odd", "an address that is none", func(x *Exchange, data []byte) entry {
		return entry{"url": "ftp://127.0.0.1/x.png"}
	}),
	each("url-data", "data: in url", func(x *Exchange, data []byte) entry {
		return entry{"url": "data:image/png;base64," + b64(data)}
	}),
	each("b64-data", "data: in b64_json", func(x *Exchange, data []byte) entry {
		return entry{"b64_json": "data:image/png;base64," + b64(data)}
	}),
	each("b64-lines", "base64 in lines", func(x *Exchange, data []byte) entry {
		return entry{"b64_json": lines(b64(data))}
	}),
	each("b64-broken", "base64 that is none", func(x *Exchange, data []byte) entry {
		return entry{"b64_json": "not base64 at all!"}
	}),
	each("jpeg", "JPEG although PNG is usual", func(x *Exchange, data []byte) entry {
		return entry{"b64_json": b64(encodeJPEG(mustDecode(data)))}
	}),
	{Name: "one-broken", About: "the first picture cannot be read, the others can", play: checked(func(x *Exchange) {
		all := x.entries(x.n())
		all[0] = entry{"b64_json": b64([]byte("this is no picture"))}
		x.json(200, x.answer(all))
	})},
	{Name: "url-flaky", About: "addresses that fail twice and then work", play: checked(func(x *Exchange) {
		x.json(200, x.answer([]entry{{"url": x.relay.Root + x.relay.put(x.pictures(1)[0])}}))
	}), get: func(x *Exchange) bool {
		if strings.HasPrefix(x.path, "/files/") && x.relay.nth("url-flaky") <= 2 {
			x.send(503, "text/plain", []byte("busy"))
			return true
		}
		return false
	}},
	{Name: "url-dead", About: "addresses behind which the server fails for ever", play: checked(func(x *Exchange) {
		x.json(200, x.answer([]entry{{"url": x.relay.Root + "/files/dead"}}))
	}), get: func(x *Exchange) bool { x.send(500, "text/plain", []byte("broken")); return true }},
	{Name: "url-redirect", About: "addresses that redirect to another origin, which must not see the key", play: checked(func(x *Exchange) {
		x.json(200, x.answer([]entry{{"url": x.relay.Root + "/go" + x.relay.put(x.pictures(1)[0])}}))
	}), get: func(x *Exchange) bool {
		if rest, ok := strings.CutPrefix(x.path, "/go"); ok {
			redirect(302, func(x *Exchange) string { return x.relay.elsewhere + rest })(x)
			return true
		}
		return false
	}},
}

// behaviours are services that understand the request in a way of their own.
var behaviours = []Scenario{
	{Name: "n-ignored", About: "one picture, however many were asked for", play: checked(func(x *Exchange) {
		x.json(200, x.answer(x.entries(1)))
	})},
	{Name: "mask-ignored", About: "the whole picture is painted over", play: checked((*Exchange).usual), edit: func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
		return Edit(img, image.NewNRGBA(img.Rect), prompt, n)
	}},
	{Name: "mask-inverted", About: "what the mask's brightness keeps is edited: black is edited", play: checked((*Exchange).usual), edit: byBrightness(false)},
	{Name: "mask-white", About: "the mask is read by its brightness: white is edited", play: checked((*Exchange).usual), edit: byBrightness(true)},
	{Name: "mask-exchanged", About: "as mask-inverted, and wants the mask's colours exchanged", play: checked((*Exchange).usual), edit: byBrightness(false), invertedMask: true},
	{Name: "repaint", About: "everything outside the mask is changed a little", play: checked((*Exchange).usual), edit: Repaint},
	{Name: "other-size", About: "pictures of another size than asked for", play: checked((*Exchange).usual), size: image.Pt(640, 640)},
	{Name: "image-array", About: "422: the picture must be called image[]", field: "image[]", play: func(x *Exchange) {
		if x.File("image[]") == nil {
			x.forgive()
			x.json(422, map[string]any{"detail": []any{map[string]any{"loc": []any{"body", "image[]"}, "msg": "field required", "type": "value_error.missing"}}})
			return
		}
		checked((*Exchange).usual)(x)
	}},
	{Name: "no-format", About: "400: response_format is unknown", play: func(x *Exchange) {
		if x.Field("response_format") != "" {
			x.json(400, map[string]any{"error": map[string]any{"message": "Unknown parameter: 'response_format'.", "type": "invalid_request_error", "param": "response_format", "code": "unknown_parameter"}})
			return
		}
		checked((*Exchange).usual)(x)
	}},
}

// forgive forgets the faults of a request that the scenario provoked.
func (x *Exchange) forgive() {
	x.relay.mu.Lock()
	x.Faults = nil
	x.relay.mu.Unlock()
}

// byBrightness edits where the mask is white (or black), whatever its alpha.
func byBrightness(white bool) func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
	return func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
		if mask == nil {
			return Edit(img, nil, prompt, n)
		}
		read := image.NewNRGBA(mask.Rect)
		for i := 0; i < len(read.Pix); i += 4 {
			if (mask.Pix[i] >= 128) != white {
				read.Pix[i+3] = 255
			}
		}
		return Edit(img, read, prompt, n)
	}
}
