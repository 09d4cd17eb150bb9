package openai

import (
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"overpaint/api"
	"overpaint/api/secret"
	"overpaint/api/settings"
)

func TestSmoke(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/images/edits" {
			http.NotFound(w, r)
			return
		}
		f, _, err := r.FormFile("image")
		if err != nil {
			t.Error(err)
		}
		b, _ := io.ReadAll(f)
		fmt.Fprintf(w, `  {"created":1,"data":[{"b64_json":"%s"}],"usage":{"total_tokens":5}}`, base64.StdEncoding.EncodeToString(b))
	}))
	defer srv.Close()
	e := New(Config{Connection: settings.Connection{BaseURL: srv.URL, Profile: "classic"}, Key: func(context.Context) (secret.Key, error) { return secret.New("sk-marked"), nil }})
	defer e.Close()
	m := image.NewAlpha(image.Rect(0, 0, 256, 256))
	m.Pix[5] = 255
	res, err := e.Edit(context.Background(), &api.Request{Image: image.NewNRGBA(m.Rect), Mask: m, Prompt: "x", N: 2}, func(ev api.Event) {
		if r, ok := ev.(api.RawAnswer); ok {
			t.Log("raw", len(r.Body))
			return
		}
		if r, ok := ev.(api.Answer); ok {
			t.Log("answer", r.Index, r.Image.Rect)
			return
		}
		t.Logf("%T %+v", ev, ev)
	})
	t.Logf("%+v %v %+v", res, err, e.Quirks())
}
