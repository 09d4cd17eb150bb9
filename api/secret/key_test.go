package secret

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

const marked = "sk-MARKED-0123456789"

// TestKeyIsNeverPrinted prints, logs and encodes a key in every way, also
// from within other values.
func TestKeyIsNeverPrinted(t *testing.T) {
	k := New(marked)
	type inside struct {
		Public  Key
		private Key
		Pointer *Key
		List    []Key
		Map     map[string]Key
	}
	v := inside{k, k, &k, []Key{k}, map[string]Key{"a": k}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T", "%10s", "%c", "%U"} {
		fmt.Fprintf(&out, verb+" "+verb+" "+verb+" "+verb+"\n", k, &k, v, &v)
	}
	fmt.Fprintln(&out, k, v, errors.New(k.String()), fmt.Errorf("%v %w", k, errors.New("x")))
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("m", "key", k, "in", v, "pointer", &v, slog.Group("g", "key", k))
	}
	for _, value := range []any{k, v, &v} {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	if data, err := xml.Marshal(k); err == nil {
		out.Write(data)
	}
	store := NewStore(Options{Getenv: func(string) string { return "" }, Keyring: absent{}})
	if _, err := store.Set(t.Context(), "c", k); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%v %+v %#v", store, store, store)
	hexed := fmt.Sprintf("%x", marked)
	for _, form := range []string{marked, "MARKED", hexed, strings.ToUpper(hexed)} {
		if i := strings.Index(out.String(), form); i >= 0 {
			t.Errorf("the key is in %q", out.String()[max(0, i-80):i+20])
		}
	}
	if !bytes.Contains([]byte(out.String()), []byte("***")) {
		t.Error("keys are not shown as ***")
	}
}

func TestKeyAuthorizes(t *testing.T) {
	for given, want := range map[string]string{
		marked: "Bearer " + marked, " " + marked + "\n": "Bearer " + marked, "Bearer " + marked: "Bearer " + marked,
		`"` + marked + `"`: "Bearer " + marked, "": "", " \t": "", "bearer ": "Bearer bearer",
	} {
		h := http.Header{}
		New(given).Authorize(h)
		if got := h.Get("Authorization"); got != want {
			t.Errorf("%q gives %q, want %q", given, got, want)
		}
	}
	for given, want := range map[string]bool{marked: true, "": false, "a b": false, "a\nb": false, "ключ": false, "sk-“x”": false} {
		if got := New(given).Valid(); got != want {
			t.Errorf("%q valid: %v", given, got)
		}
	}
	if !New("").IsZero() || New("x").IsZero() {
		t.Error("IsZero is wrong")
	}
}
