package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/api/settings"
)

// TestServicesFind saves what it finds, once.
func TestServicesFind(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(t.TempDir(), "config"))
	t.Setenv("LC_ALL", "C")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/models" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(`{"data":[{"id":"sd-cpp-local","object":"model","owned_by":"local"}]}`))
	}))
	defer s.Close()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	find := func(ports []int, args ...string) (status int, out foundService, stderr string) {
		var stdout, errors bytes.Buffer
		status = services(t.Context(), settings.OpenDefault(), append(args, "-json"), local.Options{Ports: ports}, &stdout, &errors)
		if stdout.Len() > 0 {
			if err := json.Unmarshal(stdout.Bytes(), &out); err != nil {
				t.Fatalf("%q: %v", stdout.String(), err)
			}
		}
		return status, out, errors.String()
	}
	if status, out, _ := find([]int{port}, "find"); status != 0 || out.Name != "stable-diffusion.cpp" || !out.Fit || out.Connection != "" {
		t.Errorf("status %d, %+v", status, out)
	}
	for range 2 { // saved once
		if status, out, stderr := find([]int{port}, "find", "-add"); status != 0 || out.Connection != "stable-diffusion.cpp" {
			t.Errorf("status %d, %+v: %s", status, out, stderr)
		}
	}
	c, ok := settings.OpenDefault().Current().Find("stable-diffusion.cpp")
	if !ok || c.BaseURL != s.URL+"/v1" || c.Model != "sd-cpp-local" || len(settings.OpenDefault().Current().Connections) != 3 {
		t.Errorf("saved %+v", c)
	}
	if status, _, stderr := find([]int{}, "find"); status != 0 || !strings.Contains(stderr, "No service") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if status, _, stderr := find(nil, "-all"); status != 2 || !strings.Contains(stderr, "-all") {
		t.Errorf("status %d: %s", status, stderr)
	}
}
