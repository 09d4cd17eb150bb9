package apitest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"net/http"
	"strconv"
	"strings"
)

// Exchange is one request and its answer, as a scenario sees it.
type Exchange struct {
	*Request
	relay    *Relay
	scenario *Scenario
	w        http.ResponseWriter
	http     *http.Request
	root     string // what stands before the path: "" or "/scenario/NAME"
	path     string
	wrongKey bool
}

func (x *Exchange) classic() bool { return !strings.Contains(x.Field("model"), "gpt-image") }

// n is how many pictures were asked for.
func (x *Exchange) n() int {
	n, _ := strconv.Atoi(x.Field("n"))
	return max(n, 1)
}

// refuse answers a request that is against the contract, or has no good key.
// False means that all is well.
func (x *Exchange) refuse() bool {
	switch {
	case x.wrongKey:
		x.error(http.StatusUnauthorized, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")
	case len(x.Faults) > 0:
		x.error(http.StatusBadRequest, "Against the contract: "+strings.Join(x.Faults, "; "), "invalid_request_error", "contract")
	default:
		return false
	}
	return true
}

// error answers with the usual shape of an error.
func (x *Exchange) error(status int, message, sort, code string) {
	body := map[string]any{"message": message, "type": sort, "param": nil, "code": nil}
	if code != "" {
		body["code"] = code
	}
	x.json(status, map[string]any{"error": body})
}

func (x *Exchange) json(status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	x.send(status, "application/json", data)
}

func (x *Exchange) send(status int, contentType string, data []byte) {
	x.w.Header().Set("Content-Type", contentType)
	x.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	x.w.WriteHeader(status)
	x.w.Write(data)
}

func (x *Exchange) flush() { x.w.(http.Flusher).Flush() }

// pictures makes n variants as files.
func (x *Exchange) pictures(n int) [][]byte {
	var files [][]byte
	for i := range n {
		img := x.variant(i)
		if x.Field("output_format") == "jpeg" {
			files = append(files, encodeJPEG(img))
		} else {
			files = append(files, encodePNG(img))
		}
	}
	return files
}

// entry is one picture of an answer.
type entry map[string]any

func b64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// entries makes the data of a usual answer: n pictures in the form that was
// asked for (the classic default is url).
func (x *Exchange) entries(n int) []entry {
	asURL := x.classic() && x.Field("response_format") != "b64_json"
	var all []entry
	for _, data := range x.pictures(n) {
		if asURL {
			all = append(all, entry{"url": x.relay.Root + x.relay.put(data)})
		} else {
			all = append(all, entry{"b64_json": b64(data)})
		}
	}
	return all
}

// answer is the usual answer with the given pictures.
func (x *Exchange) answer(data []entry) map[string]any {
	a := map[string]any{"created": 1700000000, "data": data}
	if !x.classic() {
		a["usage"] = usage
	}
	return a
}

var usage = map[string]any{
	"input_tokens": 100, "output_tokens": 200, "total_tokens": 300,
	"input_tokens_details": map[string]any{"image_tokens": 90, "text_tokens": 10},
}

// usual answers as a service without faults does.
func (x *Exchange) usual() {
	if x.Field("stream") == "true" {
		x.stream("image_edit", true, nil)
		return
	}
	x.json(http.StatusOK, x.answer(x.entries(x.n())))
}

// event writes one event of a stream.
func (x *Exchange) event(name string, fields entry) {
	data, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	if name != "" {
		fmt.Fprintf(x.w, "event: %s\n", name)
	}
	fmt.Fprintf(x.w, "data: %s\n\n", data)
	x.flush()
}

func (x *Exchange) startStream() {
	x.w.Header().Set("Content-Type", "text/event-stream")
	x.w.WriteHeader(http.StatusOK)
	x.flush()
}

// stream sends the partial pictures that were asked for and then the finished
// one. change, unless nil, changes the finished picture's event.
func (x *Exchange) stream(prefix string, named bool, change func(entry)) {
	x.startStream()
	name := func(kind string) string {
		if named {
			return prefix + "." + kind
		}
		return ""
	}
	done := x.pictures(1)[0]
	partials, _ := strconv.Atoi(x.Field("partial_images"))
	for i := range partials {
		preview := scaled(mustDecode(done), image.Pt(64, 64))
		x.event(name("partial_image"), entry{"type": prefix + ".partial_image", "b64_json": b64(encodePNG(preview)), "partial_image_index": i})
	}
	if !x.hold() {
		return
	}
	last := entry{"type": prefix + ".completed", "b64_json": b64(done), "usage": usage}
	if change != nil {
		change(last)
	}
	x.event(name("completed"), last)
}

// get answers GETs: the models, and pictures behind addresses.
func (x *Exchange) get() {
	if x.scenario.get != nil && x.scenario.get(x) {
		return
	}
	if x.scenario.models(x.path) {
		if x.http.Header.Get("Authorization") != "Bearer "+x.relay.Key {
			x.error(http.StatusUnauthorized, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")
			return
		}
		x.json(http.StatusOK, map[string]any{"object": "list", "data": []entry{
			{"id": "dall-e-2", "object": "model"}, {"id": "gpt-image-2", "object": "model"}, {"id": "text-embedding-3-small", "object": "model"},
		}})
		return
	}
	x.relay.mu.Lock()
	data, ok := x.relay.store[x.http.URL.Path]
	x.relay.mu.Unlock()
	if !ok {
		x.error(http.StatusNotFound, "Invalid URL (GET "+x.path+")", "invalid_request_error", "")
		return
	}
	x.send(http.StatusOK, "image/png", data)
}

func parseSize(v string) image.Point {
	var p image.Point
	fmt.Sscanf(v, "%dx%d", &p.X, &p.Y)
	return p
}

func jsonBytes(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
