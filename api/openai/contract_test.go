package openai_test

import (
	"image"
	"image/color"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
)

// TestContract sends all eight fields in both response formats to a relay that
// checks each rule.
func TestContract(t *testing.T) {
	for _, f := range []string{"url", "b64_json"} {
		t.Run(f, func(t *testing.T) {
			relay := apitest.New(t)
			var req *api.Request
			r := edit(t, t.Context(), relay.URL, asking(3), format(f), func(_ *openai.Config, q *api.Request) {
				q.User, req = "someone", q
			})
			if r.err != nil || r.result.Got != 3 || relay.Posts() != 1 {
				t.Fatalf("%v %+v, %d POSTs", r.err, r.result, relay.Posts())
			}
			for _, a := range r.answers {
				painted(t, req, a)
			}
			sent := relay.Last()
			want := map[string]string{"prompt": "a red door", "model": "dall-e-2", "n": "3", "size": "256x256", "response_format": f, "user": "someone"}
			got := map[string]string{}
			for name := range sent.Fields {
				got[name] = sent.Field(name)
			}
			if !maps.Equal(got, want) || len(sent.Files) != 2 {
				t.Fatalf("fields %v, %d files", got, len(sent.Files))
			}
			if r.result.RequestID != "req-1" {
				t.Errorf("request id %q", r.result.RequestID)
			}
			if r.quirks.OneAtATime || r.quirks.FormatIgnored || r.quirks.Path != "/v1/images/edits" {
				t.Errorf("learnt %+v", r.quirks)
			}
		})
	}
}

// TestOnlyWhatIsSet leaves out everything that may be left out.
func TestOnlyWhatIsSet(t *testing.T) {
	relay := apitest.New(t)
	r := edit(t, t.Context(), relay.URL, func(_ *openai.Config, q *api.Request) {
		*q = api.Request{Image: q.Image, Mask: q.Mask, Prompt: q.Prompt}
	})
	if r.err != nil || r.result.Got != 1 {
		t.Fatal(r.err, r.result)
	}
	if names := slices.Collect(maps.Keys(relay.Last().Fields)); len(names) != 1 || names[0] != "prompt" {
		t.Fatalf("fields %v", names)
	}
	if r.answers[0].Image.Rect.Size() != image.Pt(1024, 1024) {
		t.Fatal("the relay's default size was not taken as it came")
	}
}

// TestOwnTransparency sends no mask where the picture's transparency is it.
func TestOwnTransparency(t *testing.T) {
	relay := apitest.New(t)
	r := edit(t, t.Context(), relay.URL, func(_ *openai.Config, q *api.Request) {
		q.Mask = nil
		for i := range 1000 {
			q.Image.Pix[4*i+3] = 0
		}
	})
	if r.err != nil || relay.Last().File("mask") != nil {
		t.Fatal(r.err, "a mask was sent")
	}
	if got := r.answers[0].Image.NRGBAAt(5, 0); got != apitest.Paint("a red door", 0, 5, 0) {
		t.Fatal(got)
	}
}

// noise makes a picture that no encoder can make smaller.
func noise(side int, alpha bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(3, 4))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
		if i%4 == 3 && (!alpha || img.Pix[i] == 0) {
			img.Pix[i] = 255
		}
	}
	return img
}

// TestUnderTheLimit never lets an upload fail for its length.
func TestUnderTheLimit(t *testing.T) {
	square := func(side int, r image.Rectangle) *image.Alpha {
		m := image.NewAlpha(image.Rect(0, 0, side, side))
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				m.SetAlpha(x, y, color.Alpha{255})
			}
		}
		return m
	}
	for name, c := range map[string]struct {
		side   int
		mask   image.Rectangle
		limit  int64 // 0: the profile's
		same   bool  // the size that is sent is the picture's
		notice string
	}{
		"the real limit":         {1024, image.Rect(500, 500, 510, 510), 0, false, "service.scaled"},
		"blanking is enough":     {256, image.Rect(25, 25, 200, 200), 250_000, true, ""},
		"a smaller scale":        {256, image.Rect(120, 120, 130, 130), 250_000, false, "service.scaled"},
		"a much smaller scale":   {512, image.Rect(0, 0, 1, 1), 250_000, false, "service.scaled"},
		"all of it is the mask":  {256, image.Rect(0, 0, 256, 256), 250_000, true, ""},
		"a mask at the far edge": {300, image.Rect(299, 299, 300, 300), 250_000, false, "service.scaled"},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			limit := int64(4_000_000)
			r := edit(t, t.Context(), relay.URL, func(conf *openai.Config, q *api.Request) {
				if q.Image, q.Mask = noise(c.side, true), square(c.side, c.mask); c.limit > 0 {
					conf.Connection.Limits.ImageBytes, limit = c.limit, c.limit
				}
			})
			if r.err != nil {
				t.Fatal(r.err)
			}
			sent := relay.Last().File("image")
			width := int(sent.Data[16])<<24 | int(sent.Data[17])<<16 | int(sent.Data[18])<<8 | int(sent.Data[19])
			if (width == c.side) != c.same || width < c.side/3 || int64(len(sent.Data)) >= limit {
				t.Errorf("%d pixels wide and %d bytes", width, len(sent.Data))
			}
			if got := strings.Join(r.notices, " "); got != c.notice {
				t.Errorf("notices %q", got)
			}
		})
	}
}

// TestBadInput is refused before anything is sent.
func TestBadInput(t *testing.T) {
	for key, s := range map[string]setup{
		"error.prompt_empty":   func(_ *openai.Config, q *api.Request) { q.Prompt = " \n" },
		"error.prompt_long":    func(_ *openai.Config, q *api.Request) { q.Prompt = strings.Repeat("界", 1001) },
		"error.n":              asking(11),
		"error.size":           func(_ *openai.Config, q *api.Request) { q.Size = image.Pt(300, 300) },
		"error.image_missing":  func(_ *openai.Config, q *api.Request) { q.Image = nil },
		"error.image_square":   func(_ *openai.Config, q *api.Request) { q.Image = image.NewNRGBA(image.Rect(0, 0, 256, 255)) },
		"error.images":         func(_ *openai.Config, q *api.Request) { q.References = []*image.NRGBA{q.Image} },
		"error.mask_missing":   func(_ *openai.Config, q *api.Request) { q.Mask = nil },
		"error.mask_empty":     func(_ *openai.Config, q *api.Request) { q.Mask = image.NewAlpha(q.Image.Rect) },
		"error.mask_size":      func(_ *openai.Config, q *api.Request) { q.Mask = image.NewAlpha(image.Rect(0, 0, 9, 9)) },
		"error.option":         format("png"),
		"error.option_unknown": func(_ *openai.Config, q *api.Request) { q.Options = map[string]string{"quality": "high"} },
		"error.key_missing": func(c *openai.Config, _ *api.Request) {
			c.Key, c.Connection.BaseURL = key(""), "https://service.invalid/v1"
		},
		"error.auth_malformed": func(c *openai.Config, _ *api.Request) { c.Key = key("sk-MARKED\nX: y") },
		"error.address_empty":  func(c *openai.Config, _ *api.Request) { c.Connection.BaseURL = " " },
		"error.address_bad":    func(c *openai.Config, _ *api.Request) { c.Connection.BaseURL = "dddai.dev/v1" },
		"error.address_plain":  func(c *openai.Config, _ *api.Request) { c.Connection.BaseURL = "http://dddai.dev/v1" },
		"error.proxy_bad":      func(c *openai.Config, _ *api.Request) { c.Connection.Proxy = "ftp://x" },
		"error.image_large":    func(c *openai.Config, q *api.Request) { c.Connection.Limits.ImageBytes = 100 },
	} {
		t.Run(key, func(t *testing.T) {
			relay := apitest.New(t)
			r := edit(t, t.Context(), relay.URL, s)
			if r.err == nil || r.err.Kind != api.KindInput || r.err.Text().Key != key || r.err.Retryable {
				t.Fatalf("%+v", r.err)
			}
			if n := len(relay.Requests()); n != 0 {
				t.Fatalf("%d requests were made", n)
			}
		})
	}
}

// TestGPTImage sends all the fields of that profile, with references, and
// takes the stream with its partial pictures.
func TestGPTImage(t *testing.T) {
	gpt := func(c *openai.Config, q *api.Request) {
		c.Connection.Profile, c.Connection.Model = "", "gpt-image-2"
		q.Model, q.Size, q.ResponseFormat = "gpt-image-2", image.Pt(1024, 640), ""
		q.Image = image.NewNRGBA(image.Rect(0, 0, 1024, 640))
		q.Mask = image.NewAlpha(q.Image.Rect)
		q.Mask.Pix[77] = 200
		q.Options = map[string]string{"quality": "high", "background": "opaque", "output_format": "png", "output_compression": "80"}
	}
	t.Run("stream and references", func(t *testing.T) {
		relay := apitest.New(t)
		r := edit(t, t.Context(), relay.URL, gpt, func(_ *openai.Config, q *api.Request) {
			q.References = []*image.NRGBA{noise(64, true), noise(32, false)}
			q.Stream, q.Partials = true, 3
		})
		if r.err != nil || len(r.partials) != 3 || r.result.Got != 1 || relay.Posts() != 1 {
			t.Fatalf("%v %+v, %d partials", r.err, r.result, len(r.partials))
		}
		if r.result.Usage["total_tokens"] != 300 || r.result.Usage["input_tokens_details.image_tokens"] != 90 {
			t.Errorf("usage %v", r.result.Usage)
		}
		sent := relay.Last()
		if sent.Field("partial_images") != "3" || sent.Field("response_format") != "" || len(sent.Files) != 4 {
			t.Errorf("sent %v and %d files", sent.Fields, len(sent.Files))
		}
		if first := sent.Files[0]; first.Field != "image[]" || first.Name != "image.png" {
			t.Errorf("the first file is %s %s", first.Field, first.Name)
		}
	})
	t.Run("several variants in a stream", func(t *testing.T) {
		relay := apitest.New(t)
		r := edit(t, t.Context(), relay.URL, gpt, asking(3), func(_ *openai.Config, q *api.Request) { q.Stream = true })
		if r.err != nil || r.result.Got != 3 || relay.Posts() != 3 || r.result.Usage["total_tokens"] != 900 {
			t.Fatalf("%v %+v, %d POSTs", r.err, r.result, relay.Posts())
		}
		if !indices(r.answers, 0, 1, 2) {
			t.Error("the variants' numbers are wrong")
		}
	})
	t.Run("without a stream", func(t *testing.T) {
		relay := apitest.New(t)
		r := edit(t, t.Context(), relay.URL, gpt, asking(2))
		if r.err != nil || r.result.Got != 2 || relay.Posts() != 1 || relay.Last().File("image") == nil {
			t.Fatalf("%v %+v", r.err, r.result)
		}
	})
	t.Run("without a mask", func(t *testing.T) {
		relay := apitest.New(t)
		r := edit(t, t.Context(), relay.URL, gpt, func(_ *openai.Config, q *api.Request) { q.Mask = nil })
		if r.err != nil || relay.Last().File("mask") != nil {
			t.Fatal(r.err)
		}
	})
}

// indices reports that the answers have just these numbers, in any order.
func indices(answers []api.Answer, want ...int) bool {
	var got []int
	for _, a := range answers {
		got = append(got, a.Index)
	}
	slices.Sort(got)
	return slices.Equal(got, want)
}
