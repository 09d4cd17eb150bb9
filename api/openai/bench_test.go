package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"runtime"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/secret"
)

// live returns how many bytes are in use that can't be let go.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkAnswer reads an answer of ten pictures of 3 MB as it arrives, scrubbed and
// spooled, and reports the time and the most bytes in use at once against reading
// it whole and then looking for pictures in it. What is done with the pictures isn't
// counted: each is dropped when the next one comes. The other side is the standard
// library's decoder, which knows one shape alone.
func BenchmarkAnswer(b *testing.B) {
	body := tenPictures()
	scrub := secret.NewScrubber(secret.New("sk-7f3a9c51e8aabbccddeeff00112233"))
	stream := func(each func()) {
		r := bufio.NewReaderSize(io.TeeReader(scrub.Reader(bytes.NewReader(body)), io.Discard), 64<<10)
		n := 0
		var last item // what a decoder would hold
		got := readAnswer("application/json", r, taker{limit: 12, picture: func(it item) { n++; last = it; each() }})
		if n != 10 || !got.whole || len(last.data) < 3<<20 {
			b.Fatal(n, got)
		}
	}
	whole := func(each func()) {
		data, err := io.ReadAll(bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		var p struct {
			Data []struct {
				B64 []byte `json:"b64_json"`
			}
		}
		if err := json.Unmarshal(data, &p); err != nil || len(p.Data) != 10 {
			b.Fatal(err)
		}
		each()
		runtime.KeepAlive(data)
		runtime.KeepAlive(p)
	}
	peak := func(f func(func())) (most uint64) {
		before := live()
		f(func() { most = max(most, live()-before) })
		return most
	}
	ratio := float64(peak(stream)) / float64(peak(whole))
	var ours, theirs time.Duration
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		start := time.Now()
		stream(func() {})
		middle := time.Now()
		whole(func() {})
		ours += middle.Sub(start)
		theirs += time.Since(middle)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "time-ratio")
	b.ReportMetric(ratio, "peak-ratio")
}
