package apitest

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

func failing(name string, status int, body string, header ...string) Scenario {
	return Scenario{Name: name, About: fmt.Sprintf("%d %s", status, body), play: func(x *Exchange) {
		for i := 0; i+1 < len(header); i += 2 {
			x.w.Header().Set(header[i], header[i+1])
		}
		contentType := "application/json"
		if strings.HasPrefix(body, "<") {
			contentType = "text/html"
		}
		x.send(status, contentType, []byte(body))
	}}
}

// errorShapes are the ways in which services write an error.
var errorShapes = []Scenario{
	failing("error-object", 400, `{"error":{"message":"bad thing","type":"invalid_request_error","param":"size","code":"bad_thing"}}`),
	failing("error-text", 400, `{"error":"bad thing"}`),
	failing("error-detail", 400, `{"detail":"bad thing"}`),
	failing("error-detail-list", 422, `{"detail":[{"loc":["body","size"],"msg":"bad thing","type":"value_error"}]}`),
	failing("error-message", 400, `{"message":"bad thing","code":"bad_thing"}`),
	failing("error-msg", 400, `{"code":1001,"msg":"bad thing"}`),
	failing("error-err", 400, `{"err":"bad thing"}`),
	failing("error-error-msg", 400, `{"error_msg":"bad thing"}`),
	failing("error-number", 400, `{"error":{"message":"bad thing","code":1001}}`),
	failing("error-plain", 400, "bad thing"),
	failing("error-html", 400, page),
	failing("error-oneapi-id", 400, `{"error":{"message":"bad thing"}}`, "X-Request-Id", "", "X-Oneapi-Request-Id", "oneapi-77"),
	failing("error-long", 400, `{"error":{"message":"`+strings.Repeat("long ", 2000)+`"}}`),
	{Name: "error-echo", About: "400 that repeats the Authorization header", play: func(x *Exchange) {
		x.error(400, "I do not like "+x.http.Header.Get("Authorization"), "invalid_request_error", x.relay.Key)
	}},
}

// codes are the errors whose codes matter.
var codes = []Scenario{
	failing("key", 401, `{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`),
	failing("key-plain", 401, `{"message":"Unauthorized"}`),
	failing("forbidden", 403, `{"error":{"message":"You may not use this","code":null}}`),
	failing("country", 403, `{"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported","param":null,"type":"request_forbidden"}}`),
	failing("moderation", 400, `{"error":{"message":"Your request was rejected by the safety system.","type":"image_generation_user_error","param":null,"code":"moderation_blocked"}}`),
	failing("content-policy", 400, `{"error":{"code":"content_policy_violation","message":"Rejected","param":null,"type":"invalid_request_error"}}`),
	failing("quota", 429, `{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`),
	failing("user-quota", 403, `{"error":{"message":"quota is not enough","type":"new_api_error","code":"insufficient_user_quota"}}`),
	failing("billing", 400, `{"error":{"code":"billing_hard_limit_reached","message":"Billing hard limit has been reached","param":null,"type":"invalid_request_error"}}`),
	failing("spend-limit", 400, `{"error":{"code":"project_spend_limit_exceeded","message":"Limit reached"}}`),
	failing("payment", 402, `{"error":"payment required"}`),
	failing("rate", 429, `{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}`, "Retry-After", "2"),
	failing("rate-ms", 429, `{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}`, "Retry-After-Ms", "250", "Retry-After", "1"),
	failing("rate-plain", 429, `slow down please`),
	failing("slow-down", 503, `{"error":{"message":"Slow down","code":"slow_down"}}`, "Retry-After", "1"),
	failing("busy", 503, `{"error":{"message":"overloaded"}}`, "Retry-After", "1"),
	failing("busy-plain", 503, page),
	failing("no-model", 404, `{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}`),
	failing("no-model-plain", 404, `{"error":"model 'dall-e-2' not found, try pulling it first"}`),
	failing("large", 413, `<html>413 Request Entity Too Large</html>`),
	failing("500", 500, `{"error":{"message":"The server had an error"}}`),
	failing("502", 502, `<html><body>502 Bad Gateway</body></html>`),
	failing("504", 504, `<html><body>504 Gateway Time-out</body></html>`),
	failing("524", 524, `<html><body>524: A timeout occurred</body></html>`),
	{Name: "rate-once", About: "429 the first time, then all is well", play: func(x *Exchange) {
		if x.relay.nth("rate-once") == 1 {
			x.w.Header().Set("Retry-After-Ms", "20")
			x.error(429, "Rate limit reached", "requests", "rate_limit_exceeded")
			return
		}
		checked((*Exchange).usual)(x)
	}},
	{Name: "busy-once", About: "503 with Retry-After the first time, then all is well", play: func(x *Exchange) {
		if x.relay.nth("busy-once") == 1 {
			x.w.Header().Set("Retry-After", "0")
			x.error(503, "overloaded", "", "")
			return
		}
		checked((*Exchange).usual)(x)
	}},
}

// streams are streams in ways of their own, sent whether asked for or not.
var streams = []Scenario{
	{Name: "stream", About: "a stream, asked for or not", play: checked(func(x *Exchange) { x.stream("image_edit", true, nil) })},
	{Name: "stream-generation", About: "a stream whose events are called image_generation", play: checked(func(x *Exchange) { x.stream("image_generation", true, nil) })},
	{Name: "stream-unnamed", About: "a stream without event: lines", play: checked(func(x *Exchange) { x.stream("image_edit", false, nil) })},
	{Name: "stream-url", About: "a stream that ends with an address", play: checked(func(x *Exchange) {
		x.stream("image_edit", true, func(e entry) {
			delete(e, "b64_json")
			e["url"] = x.relay.Root + x.relay.put(x.pictures(1)[0])
		})
	})},
	{Name: "stream-comments", About: "a stream with comments, CR LF and [DONE]", play: checked(func(x *Exchange) {
		x.startStream()
		fmt.Fprint(x.w, ": ping\r\n\r\n: ping\r\n\r\nid: 1\r\nretry: 1000\r\nevent: image_edit.completed\r\n")
		fmt.Fprintf(x.w, "data: {\"type\":\"image_edit.completed\",\r\ndata: \"b64_json\":%q}\r\n\r\n: ping\r\n\r\ndata: [DONE]\r\n\r\n", b64(x.pictures(1)[0]))
	})},
	{Name: "stream-late-partial", About: "the finished picture before the last partial one", play: checked(func(x *Exchange) {
		x.stream("image_edit", true, nil)
		x.event("image_edit.partial_image", entry{"type": "image_edit.partial_image", "b64_json": b64(x.pictures(1)[0]), "partial_image_index": 2})
	})},
	{Name: "stream-error", About: "a stream that ends with an error event", play: checked(func(x *Exchange) {
		x.startStream()
		x.event("error", entry{"type": "error", "error": entry{"code": "moderation_blocked", "message": "Rejected", "type": "image_generation_user_error"}})
	})},
	{Name: "stream-cut", About: "a stream that breaks off before the finished picture", play: checked(func(x *Exchange) {
		x.startStream()
		x.event("image_edit.partial_image", entry{"type": "image_edit.partial_image", "b64_json": b64(x.pictures(1)[0]), "partial_image_index": 0})
		panic(http.ErrAbortHandler)
	})},
	{Name: "stream-empty", About: "a stream of [DONE] alone", play: checked(func(x *Exchange) {
		x.startStream()
		fmt.Fprint(x.w, "data: [DONE]\n\n")
	})},
	{Name: "stream-json", About: "JSON although a stream was asked for", play: checked(func(x *Exchange) {
		x.json(200, x.answer(x.entries(x.n())))
	})},
	{Name: "stream-plain", About: "a plain answer as the only event of a stream", play: checked(func(x *Exchange) {
		x.startStream()
		x.event("", entry(x.answer(x.entries(x.n()))))
	})},
}

// breaks are connections that end badly, or don't end.
var breaks = []Scenario{
	{Name: "hang", About: "no answer, ever", play: (*Exchange).hang},
	{Name: "hang-upload", About: "the body is never read", early: func(x *Exchange) bool { x.hang(); return true }},
	{Name: "hang-download", About: "the answer stops in its middle and stays open", play: checked(func(x *Exchange) {
		x.half()
		x.hang()
	})},
	{Name: "hang-picture", About: "the picture's address never answers", play: checked(func(x *Exchange) {
		x.json(200, x.answer([]entry{{"url": x.relay.Root + "/files/never"}}))
	}), get: func(x *Exchange) bool { x.hang(); return true }},
	{Name: "cut", About: "the connection breaks once the body has been read", play: func(x *Exchange) { panic(http.ErrAbortHandler) }},
	{Name: "cut-upload", About: "the connection breaks while the body is sent", early: func(x *Exchange) bool {
		x.http.Body.Read(make([]byte, 1024))
		if conn, _, err := http.NewResponseController(x.w).Hijack(); err == nil {
			conn.Close()
		}
		return true
	}},
	{Name: "cut-answer", About: "the connection breaks in the middle of the answer", play: checked(func(x *Exchange) {
		x.half()
		panic(http.ErrAbortHandler)
	})},
	{Name: "cut-last", About: "the connection breaks within the last picture of the answer", play: checked(func(x *Exchange) {
		data := jsonBytes(x.answer(x.entries(x.n())))
		at := bytes.LastIndex(data, []byte("b64_json")) + 100
		x.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		x.w.Write(data[:at])
		x.flush()
		panic(http.ErrAbortHandler)
	})},
	{Name: "endless", About: "an answer that never ends", play: checked(func(x *Exchange) {
		fmt.Fprint(x.w, `{"created":1,"data":[{"b64_json":"`)
		block := bytes.Repeat([]byte("A"), 64<<10)
		for x.http.Context().Err() == nil {
			if _, err := x.w.Write(block); err != nil {
				return
			}
		}
	})},
	{Name: "endless-space", About: "white space that never ends", play: checked(func(x *Exchange) {
		block := bytes.Repeat([]byte(" "), 64<<10)
		for x.http.Context().Err() == nil {
			if _, err := x.w.Write(block); err != nil {
				return
			}
		}
	})},
	{Name: "slow", About: "an answer that drips", play: checked(func(x *Exchange) {
		for _, c := range jsonBytes(x.answer(x.entries(1))) {
			x.w.Write([]byte{c})
			x.flush()
			if !x.wait(20 * time.Millisecond) {
				return
			}
		}
	})},
}

// half sends the first half of the usual answer.
func (x *Exchange) half() {
	data := jsonBytes(x.answer(x.entries(x.n())))
	x.w.Header().Set("Content-Type", "application/json")
	x.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	x.w.Write(data[:len(data)/2])
	x.flush()
}
