//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
)

// key is the key of every edit: marked, so that it is found wherever it is written.
const key = "sk-marked+4f7a9c/Xq2=="

// stage is a part of an edit at which the service can be made to stand still.
type stage string

const (
	none     stage = ""
	upload   stage = "upload"   // some of the request's body has arrived
	waiting  stage = "wait"     // all of it has, and nothing was answered
	download stage = "download" // some of the answer was written
	answered stage = "decode"   // all of it was
)

// order is one edit that the service is asked for, and the ledger of what
// happened to it. The prompt is its identity.
type order struct {
	prompt   string
	n        int
	byURL    bool
	refusals int // requests that are answered with 429 before one is accepted

	// hold is where the service stands still; point is how far into that part,
	// from 0 to 1. reached is closed there, and the service goes on when resume is;
	// or, with cut, it breaks the connection off there, the first time.
	hold    stage
	point   float64
	cut     bool
	gone    bool // no picture's address gives it out
	reached chan struct{}
	resume  chan struct{}
	once    sync.Once

	pictures [][]byte

	mu      sync.Mutex
	whole   int    // requests whose body had arrived to its end
	charged int    // of these, the ones that were accepted
	written []bool // pictures of which the last byte was written
	ended   bool   // the whole answer was written
}

func newOrder(random *rand.Rand, prompt string, n int, byURL bool) *order {
	o := &order{prompt: prompt, n: n, byURL: byURL, reached: make(chan struct{}), resume: make(chan struct{}), written: make([]bool, n)}
	for range n {
		o.pictures = append(o.pictures, noise(random, 256, 96))
	}
	return o
}

// release lets the service go on, for good.
func (o *order) release() { o.once.Do(func() { close(o.resume) }) }

// stand stops at a stage if that is the order's, until it is released or the
// other side has gone, or breaks off.
func (o *order) stand(at stage, r *http.Request) {
	if o.hold != at {
		return
	}
	first := false
	o.mu.Lock()
	select {
	case <-o.reached:
	default:
		first = true
		close(o.reached)
	}
	o.mu.Unlock()
	if o.cut {
		if first {
			panic(http.ErrAbortHandler)
		}
		return
	}
	select {
	case <-o.resume:
	case <-r.Context().Done():
	}
}

// noise is a picture of side pixels, with a square of noise in it that no other has.
func noise(random *rand.Rand, side, noisy int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			c := color.NRGBA{uint8(x), uint8(y), 90, 255}
			if x < noisy && y < noisy {
				v := random.Uint32()
				c = color.NRGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// service is an images service on the loopback with an exact ledger.
type service struct {
	server *http.Server
	base   string

	mu      sync.Mutex
	orders  map[string]*order // by prompt
	strange int               // requests that belong to no order
}

// smallWindow keeps the kernel from taking in a whole upload by itself, so that
// one can be interrupted.
func smallWindow(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 16<<10) })
}

func serve() (*service, error) {
	config := net.ListenConfig{Control: smallWindow}
	listener, err := config.Listen(background, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &service{base: "http://" + listener.Addr().String(), orders: map[string]*order{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{held}/v1/images/edits", s.edits)
	mux.HandleFunc("GET /pictures/{prompt}/{index}", s.picture)
	s.server = &http.Server{Handler: mux, ErrorLog: log.New(io.Discard, "", 0)}
	go s.server.Serve(listener)
	return s, nil
}

func (s *service) put(o *order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[o.prompt] = o
}

func (s *service) forget(orders ...*order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range orders {
		o.release()
		delete(s.orders, o.prompt)
	}
}

func (s *service) find(prompt string) *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders[prompt]
}

func (s *service) edits(w http.ResponseWriter, r *http.Request) {
	body, err := s.body(r, s.find(r.PathValue("held")))
	if err != nil {
		return // it did not arrive whole: nothing is done
	}
	o := s.find(promptOf(r, body))
	if o == nil {
		s.mu.Lock()
		s.strange++
		s.mu.Unlock()
		http.Error(w, `{"error":{"message":"no such order","code":"order"}}`, http.StatusBadRequest)
		return
	}
	o.mu.Lock()
	o.whole++
	refused := o.whole <= o.refusals
	if !refused {
		o.charged++
	}
	o.mu.Unlock()
	w.Header().Set("X-Request-Id", "req-"+key)
	if refused {
		w.Header().Set("Retry-After-Ms", "5")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTooManyRequests)
		io.WriteString(w, `{"error":{"message":"slow down, `+key+`","code":"rate_limit_exceeded"}}`)
		return
	}
	o.stand(waiting, r)
	o.answer(w, r, s.base)
}

// body reads a request's body, and holds it on the way where o says so.
func (s *service) body(r *http.Request, o *order) ([]byte, error) {
	var all bytes.Buffer
	held := false
	for {
		if o != nil && !held && float64(all.Len()) >= o.point*float64(max(r.ContentLength, 1)) {
			held = true
			o.stand(upload, r)
		}
		_, err := io.CopyN(&all, r.Body, 4<<10)
		if errors.Is(err, io.EOF) {
			return all.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// promptOf reads the prompt of a whole body.
func promptOf(r *http.Request, body []byte) string {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(64 << 20)
	if err != nil || len(form.Value["prompt"]) == 0 {
		return ""
	}
	return form.Value["prompt"][0]
}

// answer writes the answer to an order that was accepted.
func (o *order) answer(w http.ResponseWriter, r *http.Request, base string) {
	var b bytes.Buffer
	ends := make([]int, o.n)
	b.WriteString(`{"created":1,"data":[`)
	for i, p := range o.pictures {
		if i > 0 {
			b.WriteByte(',')
		}
		revised, _ := json.Marshal("a picture for Bearer " + key)
		if o.byURL {
			fmt.Fprintf(&b, `{"url":"%s/pictures/%s/%d","revised_prompt":%s}`, base, o.prompt, i, revised)
		} else {
			fmt.Fprintf(&b, `{"revised_prompt":%s,"b64_json":"%s"}`, revised, base64.StdEncoding.EncodeToString(p))
			ends[i] = b.Len()
		}
	}
	b.WriteString(`]}`)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(b.Len()))
	stop := -1
	if o.hold == download && !o.byURL {
		stop = int(o.point * float64(b.Len()-1))
	}
	done := 0
	err := o.write(w, r, b.Bytes(), stop, func(n int) {
		done = n
		for i, end := range ends {
			if end > 0 && n >= end {
				o.written[i] = true
			}
		}
	})
	if err == nil && done == b.Len() {
		o.mu.Lock()
		o.ended = true
		o.mu.Unlock()
		if !o.byURL {
			o.stand(answered, r)
		}
	}
}

// write writes data in pieces and stands still once, at stop.
func (o *order) write(w http.ResponseWriter, r *http.Request, data []byte, stop int, wrote func(int)) error {
	flush := http.NewResponseController(w).Flush
	for n := 0; n < len(data); {
		end := min(n+16<<10, len(data))
		if n < stop && stop < end {
			end = stop
		}
		if _, err := w.Write(data[n:end]); err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
		n = end
		o.mu.Lock()
		wrote(n)
		o.mu.Unlock()
		if n == stop {
			o.stand(download, r)
		}
	}
	return nil
}

func (s *service) picture(w http.ResponseWriter, r *http.Request) {
	o := s.find(r.PathValue("prompt"))
	var i int
	if _, err := fmt.Sscan(r.PathValue("index"), &i); o == nil || err != nil || i < 0 || i >= o.n {
		http.NotFound(w, r)
		return
	}
	if o.gone {
		http.NotFound(w, r)
		return
	}
	p := o.pictures[i]
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Content-Length", fmt.Sprint(len(p)))
	stop := -1
	if at := o.point * float64(o.n); o.hold == download && int(at) == i {
		stop = max(1, int((at-float64(i))*float64(len(p)-1)))
	}
	_ = o.write(w, r, p, stop, func(n int) { o.written[i] = o.written[i] || n == len(p) })
	if o.hold == answered && i == o.n-1 {
		o.stand(answered, r)
	}
}

// ledger is a copy of what happened to an order.
type ledger struct {
	whole, charged int
	written        []bool
	ended          bool
}

func (o *order) ledger() ledger {
	o.mu.Lock()
	defer o.mu.Unlock()
	return ledger{o.whole, o.charged, append([]bool(nil), o.written...), o.ended}
}

// holds reports that picture i is in data, as it is or in base64.
func (o *order) holds(i int, data []byte) bool {
	return bytes.Contains(data, o.pictures[i]) || bytes.Contains(data, []byte(base64.StdEncoding.EncodeToString(o.pictures[i])))
}

func newPrompt(random *rand.Rand) string { return fmt.Sprintf("order-%012x", random.Uint64()>>16) }

// at is the base URL at which the upload of an order is held, where it is to be.
func (s *service) at(o *order) string { return s.base + "/" + o.prompt + "/v1" }

// keys are the forms in which the key must be found nowhere.
func keys() []string {
	escaped := strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(key)
	return []string{key, escaped, strings.ReplaceAll(key, "/", `\/`), base64.StdEncoding.EncodeToString([]byte(key))}
}
