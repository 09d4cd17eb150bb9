package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"
)

// part is one part of a hand-made request.
type part struct{ field, name, contentType, data string }

func file(img image.Image) string {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.String()
}

// rgba returns a picture that the encoder writes with colour type 6.
func rgba(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	img.SetNRGBA(0, 0, color.NRGBA{1, 2, 3, 254})
	return img
}

func mask(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{0, 0, 0, 255})
		}
	}
	img.SetNRGBA(w/2, h/2, color.NRGBA{255, 255, 255, 0})
	return img
}

func good() []part {
	return []part{
		{"image", "image.png", "image/png", file(rgba(256, 256))},
		{"mask", "mask.png", "image/png", file(mask(256, 256))},
		{"prompt", "", "", "a red door"},
		{"model", "", "", "dall-e-2"},
		{"n", "", "", "2"},
		{"size", "", "", "256x256"},
		{"response_format", "", "", "b64_json"},
		{"user", "", "", "someone"},
	}
}

func post(t *testing.T, r *Relay, key string, parts []part) (int, []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		d := fmt.Sprintf(`form-data; name="%s"`, p.field)
		if p.name != "" {
			d += fmt.Sprintf(`; filename="%s"`, p.name)
		}
		h.Set("Content-Disposition", d)
		if p.contentType != "" {
			h.Set("Content-Type", p.contentType)
		}
		pw, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(pw, p.data)
	}
	w.Close()
	req, err := http.NewRequest("POST", r.URL+"/images/edits", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, data
}

func TestRelayEdits(t *testing.T) {
	r := New(t)
	status, body := post(t, r, r.Key, good())
	var answer struct {
		Data []struct {
			B64 []byte `json:"b64_json"`
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil || status != 200 || len(answer.Data) != 2 {
		t.Fatalf("%d %.200s %v", status, body, err)
	}
	got, err := png.Decode(bytes.NewReader(answer.Data[1].B64))
	if err != nil {
		t.Fatal(err)
	}
	want := rgba(256, 256)
	want.SetNRGBA(128, 128, Paint("a red door", 1, 128, 128))
	for y := range 256 {
		for x := range 256 {
			if g := color.NRGBAModel.Convert(got.At(x, y)); g != want.NRGBAAt(x, y) {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, g, want.NRGBAAt(x, y))
			}
		}
	}
}

// TestRelaySeesWhatIsWrong breaks the contract's rules one by one.
func TestRelaySeesWhatIsWrong(t *testing.T) {
	r, err := Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	set := func(field string, change func(*part)) func([]part) []part {
		return func(all []part) []part {
			for i := range all {
				if all[i].field == field {
					change(&all[i])
				}
			}
			return all
		}
	}
	data := func(field, value string) func([]part) []part {
		return set(field, func(p *part) { p.data = value })
	}
	add := func(p part) func([]part) []part { return func(all []part) []part { return append(all, p) } }
	without := func(field string) func([]part) []part {
		return func(all []part) []part {
			return slices.DeleteFunc(all, func(p part) bool { return p.field == field })
		}
	}
	grey := mask(256, 256)
	grey.SetNRGBA(3, 3, color.NRGBA{128, 128, 128, 255})
	opaque := mask(256, 256)
	opaque.SetNRGBA(128, 128, color.NRGBA{0, 0, 0, 255})
	opaque.SetNRGBA(1, 1, color.NRGBA{0, 0, 0, 254})
	noise := rgba(1100, 1100)
	for i, s := 0, uint32(1); i < len(noise.Pix); i++ {
		s = s*1664525 + 1013904223
		noise.Pix[i] = uint8(s >> 24)
	}
	for name, change := range map[string]func([]part) []part{
		"no prompt":       without("prompt"),
		"empty prompt":    data("prompt", ""),
		"long prompt":     data("prompt", strings.Repeat("界", 1001)),
		"n of 0":          data("n", "0"),
		"n of 11":         data("n", "11"),
		"n of 2.0":        data("n", "2.0"),
		"size":            data("size", "300x300"),
		"format":          data("response_format", "png"),
		"empty user":      data("user", ""),
		"unknown field":   add(part{"seed", "", "", "1"}),
		"field twice":     add(part{"n", "", "", "1"}),
		"no image":        without("image"),
		"image type":      set("image", func(p *part) { p.contentType = "application/octet-stream" }),
		"image name":      set("image", func(p *part) { p.name = "image" }),
		"image[]":         set("image", func(p *part) { p.field = "image[]" }),
		"RGB":             data("image", file(image.NewRGBA64(image.Rect(0, 0, 256, 256)))),
		"opaque RGB":      data("image", file(image.NewYCbCr(image.Rect(0, 0, 256, 256), image.YCbCrSubsampleRatio444))),
		"not square":      data("image", file(rgba(256, 255))),
		"mask size":       data("mask", file(mask(255, 255))),
		"grey mask":       data("mask", file(grey)),
		"nothing to edit": data("mask", file(opaque)),
		"no PNG":          data("image", "GIF89a"),
		"too long":        func(all []part) []part { return without("mask")(data("image", file(noise))(all)) },
		"no transparency": func(all []part) []part {
			img := rgba(256, 256)
			for i := 3; i < len(img.Pix); i += 4 {
				img.Pix[i] |= 1
			}
			return without("mask")(data("image", file(img))(all))
		},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := post(t, r, r.Key, change(good()))
			if last := r.Last(); status != 400 || len(last.Faults) == 0 {
				t.Fatalf("status %d, faults %v: %.200s", status, last.Faults, body)
			}
		})
	}
	if status, _ := post(t, r, "sk-wrong", good()); status != 401 {
		t.Fatalf("a wrong key gives %d", status)
	}
}

func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan *Relay, 1), make(chan error, 1)
	go func() { ended <- Serve(ctx, "127.0.0.1:0", func(r *Relay) { ready <- r }) }()
	r := <-ready
	resp, err := http.Post(r.Base("html")+"/images/edits", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != 200 || !strings.Contains(string(body), "<html>") {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	resp, err = http.Get(r.Root + "/requests")
	if err != nil {
		t.Fatal(err)
	}
	var list []Request
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list) != 1 || list[0].Method != "POST" {
		t.Fatalf("%v %+v", err, list)
	}
	resp.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestLedger writes down each request, and which of them would have been paid.
func TestLedger(t *testing.T) {
	for name, want := range map[string]Line{
		"":            {Status: 200, Charged: true, Over: true, Arrived: true},
		"rate":        {Status: 429, Over: true, Arrived: true},
		"500":         {Status: 500, Charged: true, Over: true, Arrived: true},
		"cut":         {Charged: true, Over: true, Arrived: true, Broken: true},
		"cut-90":      {Status: 200, Charged: true, Over: true, Arrived: true, Broken: true},
		"slash-only":  {Status: 404, Over: true, Arrived: true},
		"echo-status": {Charged: true, Over: true, Arrived: true}, // it speaks past the relay
	} {
		r, err := Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		r.Use(name)
		var lines Buffer
		r.Ledger(&lines)
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, p := range good() {
			part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition(p)}, "Content-Type": typeOf(p)})
			io.WriteString(part, p.data)
		}
		w.Close()
		req, err := http.NewRequest("POST", r.URL+"/images/edits", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("Authorization", "Bearer "+r.Key)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		r.Close()
		var last Line
		n := 0
		for dec := json.NewDecoder(strings.NewReader(lines.String())); dec.Decode(&last) == nil; n++ {
		}
		if n != 3 || last.ID != 1 || last.Bytes <= 0 || last.Path != "/v1/images/edits" || last.Time.IsZero() || last.Sent == 0 && want.Status == 200 {
			t.Errorf("%s: %d lines, %+v", name, n, last)
		}
		last.ID, last.Time, last.Method, last.Path, last.Bytes, last.Sent = 0, time.Time{}, "", "", 0, 0
		if last != want {
			t.Errorf("%s: %+v, want %+v", name, last, want)
		}
	}
}

func disposition(p part) string {
	d := fmt.Sprintf(`form-data; name="%s"`, p.field)
	if p.name != "" {
		d += fmt.Sprintf(`; filename="%s"`, p.name)
	}
	return d
}

func typeOf(p part) []string {
	if p.contentType == "" {
		return nil
	}
	return []string{p.contentType}
}
