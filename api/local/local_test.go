package local_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api/local"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve answers as a program of testdata does and returns its port.
func serve(t *testing.T, program string) int {
	t.Helper()
	return port(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "" {
			t.Errorf("asked %s %s with the key %q", r.Method, r.URL, r.Header.Get("Authorization"))
		}
		name := strings.ReplaceAll(strings.Trim(r.URL.Path, "/"), "/", "_")
		data, err := os.ReadFile(filepath.Join("testdata", program, name+".json"))
		if err != nil {
			http.Error(w, `{"detail":"Not Found"}`, http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(data)
	}))
}

func port(t *testing.T, h http.Handler) int {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestProgramsAreKnownByTheirAnswers whatever port they have.
func TestProgramsAreKnownByTheirAnswers(t *testing.T) {
	t.Setenv("OVERPAINT_API_KEY", "sk-not-for-them")
	for program, want := range map[string]string{
		"koboldcpp":            "KoboldCpp /v1  koboldcpp/sd15-inpainting false",
		"koboldcpp-text":       "KoboldCpp /v1   true",
		"lemonade":             "Lemonade /api/v1  Flux-2-Klein-4B false",
		"localai":              "LocalAI /v1 inpainting dreamshaper-inpainting false",
		"sglang":               "SGLang /v1  Qwen/Qwen-Image-Edit false",
		"sglang-video":         "SGLang /v1   true",
		"comfyui":              "ComfyUI /v1   true",
		"comfyui-shim":         "ComfyUI /v1  flux-inpaint-workflow false",
		"stable-diffusion.cpp": "stable-diffusion.cpp /v1  sd-cpp-local false",
		"vllm-omni":            "vLLM-Omni /v1  Qwen/Qwen-Image-Edit-2511 false",
		"ollama":               "",
	} {
		t.Run(program, func(t *testing.T) {
			n := serve(t, program)
			found, err := local.Find(t.Context(), local.Options{Ports: []int{n}})
			if err != nil {
				t.Fatal(err)
			}
			if want == "" {
				if len(found) > 0 {
					t.Errorf("taken for %+v", found)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("found %+v", found)
			}
			f := found[0]
			c := f.Connection
			root := fmt.Sprintf("http://127.0.0.1:%d", n)
			got := fmt.Sprintf("%s %s %s %s %v", f.Program, strings.TrimPrefix(c.BaseURL, root), c.Dialect, c.Model, f.Unfit)
			if got != want || c.ID == "" || c.Name != f.Program || c.Exposed() {
				t.Errorf("found %q, want %q: %+v", got, want, c)
			}
		})
	}
}

// TestServicesAreNotWaitedForLong: what hangs, redirects or says nonsense is passed over, and
// a search ends with its context.
func TestServicesAreNotWaitedForLong(t *testing.T) {
	var elsewhere atomic.Int32
	away := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer away.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := closed.Addr().(*net.TCPAddr).Port
	closed.Close()
	hang := make(chan struct{})
	asked := make(chan struct{}, 8)
	hanging := port(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-hang
	}))
	t.Cleanup(func() { close(hang) })
	ports := []int{
		free, hanging,
		port(t, http.RedirectHandler(away.URL, http.StatusFound)),
		port(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("[1, 2")) })),
		port(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for range 1 << 12 {
				w.Write(make([]byte, 1<<10))
			}
		})),
		serve(t, "localai"),
	}
	found, err := local.Find(t.Context(), local.Options{Ports: ports, Timeout: 300 * time.Millisecond})
	if err != nil || len(found) > 1 || elsewhere.Load() != 0 {
		t.Fatalf("found %+v, %v; %d requests elsewhere", found, err, elsewhere.Load())
	}
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := local.Find(ctx, local.Options{Ports: []int{hanging}, Timeout: time.Hour})
		ended <- err
	}()
	<-asked
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestPortsAreThoseOfTheTable in docs/local-services.md.
func TestPortsAreThoseOfTheTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/local-services.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range local.Ports() {
		if !strings.Contains(string(page), strconv.Itoa(p)) {
			t.Errorf("port %d is not in docs/local-services.md", p)
		}
	}
}
