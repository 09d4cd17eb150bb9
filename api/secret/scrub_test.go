package secret

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"overpaint.dev/overpaint/api/apitest"
)

const long = "sk-proj/7f3a+9c51=e8_MARKED"

var spellings = apitest.Spellings()

func TestScrubberFindsEverySpelling(t *testing.T) {
	for _, secret := range []string{long, "12345678", "sk-apitest-7f3a9c51e8MARKED"} {
		s := NewScrubber(New("another-key-of-this-job"), New(secret))
		for name, spell := range spellings {
			spelt := spell(secret)
			for _, around := range [][2]string{{"", ""}, {"key: ", " is wrong"}, {`{"error":"`, `"}`}, {"%2", "&"}, {`\ `, `\u00`}, {"AAAA", "="}} {
				if strings.HasPrefix(name, "base64") && around[0] == "AAAA" || name == "hex" && around[0] == "%2" {
					continue // becomes another text
				}
				text := around[0] + spelt + around[1]
				if name != "base64 in url" && !apitest.Holds(spelt, secret) {
					t.Fatalf("%s: the test itself can't read %q", name, spelt)
				}
				if got := s.String(text); apitest.Holds(got, secret) || !strings.HasPrefix(got, around[0]) || !strings.HasSuffix(got, around[1]) {
					t.Errorf("%s of %s: %q became %q", name, secret, text, got)
				}
				if got := s.Bytes([]byte(text)); len(got) != len(text) || apitest.Holds(string(got), secret) || s.Contains(got) {
					t.Errorf("%s of %s: %q became %q", name, secret, text, got)
				}
			}
		}
	}
}

func TestScrubberLeavesTheRest(t *testing.T) {
	s := NewScrubber(New(long), New("short"), Key{})
	for _, text := range []string{"", "short", long[:len(long)-1] + ".", strings.Repeat(`\`, 100), "100% &amp; \\u00e4 %zz &#99999999; &#x;", "%25%25%25", "&amp;amp;amp;"} {
		if got := s.String(text); got != text && !strings.HasPrefix(text, long[:8]) {
			t.Errorf("%q became %q", text, got)
		}
	}
	if NewScrubber(New("short")) != nil {
		t.Error("a short secret is searched for")
	}
	var none *Scrubber
	if none.String(long) != long || none.Contains([]byte(long)) || !errors.Is(none.Error(io.EOF), io.EOF) || none.Reader(http.NoBody) != http.NoBody {
		t.Error("a nil scrubber changes something")
	}
	// Random base64 stays as it is.
	r := rand.New(rand.NewPCG(1, 2))
	raw := make([]byte, 1<<20)
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	text := base64.StdEncoding.EncodeToString(raw)
	if got, _ := io.ReadAll(s.Reader(strings.NewReader(text))); string(got) != text {
		t.Error("random base64 was changed")
	}
}

// TestScrubbedBase64StaysBase64, so that a picture in it can still be decoded.
func TestScrubbedBase64StaysBase64(t *testing.T) {
	s := NewScrubber(New(long))
	for before := range 6 {
		raw := strings.Repeat("x", before) + long + "behind it"
		got, err := base64.StdEncoding.DecodeString(string(s.Bytes([]byte(base64.StdEncoding.EncodeToString([]byte(raw))))))
		if err != nil || len(got) != len(raw) || string(got[:before]) != raw[:before] || string(got[len(got)-9:]) != "behind it" || strings.Contains(string(got), long[2:]) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// torn is a reader that returns b in pieces of random lengths.
type torn struct {
	b   []byte
	r   *rand.Rand
	end error
}

func (t *torn) Read(p []byte) (int, error) {
	if len(t.b) == 0 {
		return 0, t.end
	}
	n := copy(p, t.b[:min(len(t.b), 1+t.r.IntN(40))])
	t.b = t.b[n:]
	return n, nil
}

// TestReaderAcrossChunks compares Reader with Bytes, however the text is divided.
func TestReaderAcrossChunks(t *testing.T) {
	s := NewScrubber(New(long))
	r := rand.New(rand.NewPCG(3, 4))
	broken := errors.New("broken")
	var names []string
	for name := range spellings {
		names = append(names, name)
	}
	for range 300 {
		var b bytes.Buffer
		for range r.IntN(6) {
			b.WriteString([]string{"", " ", "words ", `\u00`, "%25", "&#", "\\\\\\", long[:10], "c2s", "\n"}[r.IntN(10)])
			b.WriteString(spellings[names[r.IntN(len(names))]](long))
		}
		text := b.Bytes()
		want := s.Bytes(text)
		got, err := io.ReadAll(s.Reader(&torn{bytes.Clone(text), r, broken}))
		if !errors.Is(err, broken) || !bytes.Equal(got, want) {
			t.Fatalf("%q\nbecame %q\nnot    %q, %v", text, got, want, err)
		}
		if err := iotest.TestReader(s.Reader(bytes.NewReader(text)), want); err != nil {
			t.Fatal(err)
		}
	}
	// A secret that is cut off at the end is hidden, too.
	got, _ := io.ReadAll(s.Reader(strings.NewReader("x " + long[:len(long)-2])))
	if strings.Contains(string(got), long[:9]) {
		t.Errorf("%q", got)
	}
}

// TestReaderDoesNotWait: bytes that can't be the beginning of a secret are returned at once.
func TestReaderDoesNotWait(t *testing.T) {
	in, out := io.Pipe()
	defer in.Close()
	go func() { io.WriteString(out, "data: {}\n\n") }()
	p := make([]byte, 100)
	if n, err := io.ReadAtLeast(NewScrubber(New(long)).Reader(in), p, 10); err != nil || string(p[:n]) != "data: {}\n\n" {
		t.Errorf("%q %v", p[:n], err)
	}
}

func TestScrubberOfHeadersAndErrors(t *testing.T) {
	s := NewScrubber(New(long))
	h := s.Header(http.Header{"X-Request-Id": {"a " + long}, long: {"1"}})
	if strings.Contains(fmt.Sprint(h), "MARKED") || h.Get("X-Request-Id") != "a ***" {
		t.Error(h)
	}
	cause := &url.Error{Op: "Post", URL: "http://x/" + long, Err: io.ErrUnexpectedEOF}
	err := s.Error(fmt.Errorf("around: %w", cause))
	var found *url.Error
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), "MARKED") || !errors.Is(err, io.ErrUnexpectedEOF) || !errors.As(err, &found) {
		t.Error(err)
	}
	if !errors.Is(s.Error(io.EOF), io.EOF) || s.Error(nil) != nil {
		t.Error("an error without a secret was changed")
	}
}

func FuzzScrubber(f *testing.F) {
	for name, spell := range spellings {
		f.Add([]byte(name+spell(long)), uint64(1))
	}
	s := NewScrubber(New(long))
	f.Fuzz(func(t *testing.T, b []byte, seed uint64) {
		before := bytes.Clone(b)
		want := s.Bytes(b)
		if !bytes.Equal(b, before) || len(want) != len(b) || s.Contains(want) {
			t.Fatalf("%q became %q", b, want)
		}
		if bytes.Contains(bytes.ToLower(want), []byte(strings.ToLower(long))) {
			t.Fatal("the secret is still there")
		}
		got, err := io.ReadAll(s.Reader(&torn{bytes.Clone(b), rand.New(rand.NewPCG(seed, 1)), io.EOF}))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%q became %q, not %q", b, got, want)
		}
	})
}

func BenchmarkScrubber(b *testing.B) {
	raw := make([]byte, 3<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	text := base64.StdEncoding.EncodeToString(raw)
	s := NewScrubber(New(long))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		io.Copy(io.Discard, s.Reader(strings.NewReader(text)))
	}
}
