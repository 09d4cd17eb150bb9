// Package sdk runs OpenAI's own Go client against the relay of package
// apitest, so that our idea of the contract isn't only ours. It is a module of
// its own: the client is no dependency of the application.
package sdk

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"overpaint.dev/overpaint/api/apitest"
)

func client(relay *apitest.Relay) openai.Client {
	return openai.NewClient(option.WithBaseURL(relay.URL), option.WithAPIKey(relay.Key), option.WithMaxRetries(0))
}

func encoded(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pictures returns a picture of colour type 6 and a mask of its right half.
func pictures(side int) (img, mask *image.NRGBA) {
	img, mask = image.NewNRGBA(image.Rect(0, 0, side, side)), image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), 7, 255})
			mask.SetNRGBA(x, y, color.NRGBA{0, 0, 0, 255})
			if x >= side/2 {
				mask.SetNRGBA(x, y, color.NRGBA{255, 255, 255, 0})
			}
		}
	}
	img.SetNRGBA(0, 0, color.NRGBA{0, 0, 7, 254})
	return img, mask
}

func params(model string, names ...string) openai.ImageEditParams {
	img, mask := pictures(256)
	p := openai.ImageEditParams{Prompt: "a red door", Model: openai.ImageModel(model), Mask: openai.File(bytes.NewReader(encoded(mask)), "mask.png", "image/png")}
	if len(names) == 0 {
		p.Image.OfFile = openai.File(bytes.NewReader(encoded(img)), "image.png", "image/png")
	}
	for _, name := range names {
		p.Image.OfFileArray = append(p.Image.OfFileArray, openai.File(bytes.NewReader(encoded(img)), name, "image/png"))
	}
	return p
}

func check(t *testing.T, data []byte, variant int) {
	t.Helper()
	got, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	img, mask := pictures(256)
	want := apitest.Edit(img, mask, "a red door", variant)
	for _, p := range []image.Point{{3, 3}, {200, 100}, {255, 255}} {
		if g := color.NRGBAModel.Convert(got.At(p.X, p.Y)); g != want.NRGBAAt(p.X, p.Y) {
			t.Errorf("variant %d, pixel %v is %v, want %v", variant, p, g, want.NRGBAAt(p.X, p.Y))
		}
	}
}

func TestClassic(t *testing.T) {
	relay := apitest.New(t)
	c := client(relay)
	for _, format := range []openai.ImageEditParamsResponseFormat{"url", "b64_json"} {
		p := params("dall-e-2")
		p.N, p.Size, p.ResponseFormat, p.User = openai.Int(2), "256x256", format, openai.String("someone")
		answer, err := c.Images.Edit(t.Context(), p)
		if err != nil || len(answer.Data) != 2 {
			t.Fatalf("%s: %v", format, err)
		}
		for i, picture := range answer.Data {
			data, err := base64.StdEncoding.DecodeString(picture.B64JSON)
			if format == "url" {
				resp, err := http.Get(picture.URL)
				if err != nil {
					t.Fatal(err)
				}
				data, _ = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			check(t, data, i)
		}
	}
}

func TestGPTImage(t *testing.T) {
	relay := apitest.New(t)
	c := client(relay)
	p := params("gpt-image-2", "a.png", "b.png")
	p.Quality, p.Background, p.OutputFormat = "high", "opaque", "png"
	answer, err := c.Images.Edit(t.Context(), p)
	if err != nil || len(answer.Data) != 1 || answer.Usage.TotalTokens != 300 {
		t.Fatalf("%v %+v", err, answer)
	}
	data, err := base64.StdEncoding.DecodeString(answer.Data[0].B64JSON)
	if err != nil {
		t.Fatal(err)
	}
	check(t, data, 0)
}

func TestStream(t *testing.T) {
	relay := apitest.New(t)
	c := client(relay)
	p := params("gpt-image-2")
	p.PartialImages = openai.Int(2)
	stream := c.Images.EditStreaming(t.Context(), p)
	defer stream.Close()
	var kinds []string
	for stream.Next() {
		event := stream.Current()
		kinds = append(kinds, event.Type)
		if event.Type == "image_edit.completed" {
			data, err := base64.StdEncoding.DecodeString(event.B64JSON)
			if err != nil {
				t.Fatal(err)
			}
			check(t, data, 0)
		}
	}
	if err := stream.Err(); err != nil || len(kinds) != 3 || kinds[2] != "image_edit.completed" {
		t.Fatalf("%v %v", err, kinds)
	}
}

func TestErrors(t *testing.T) {
	relay := apitest.New(t)
	c := client(relay)
	for name, status := range map[string]int{"key": 401, "moderation": 400, "quota": 429, "500": 500} {
		relay.Use(name)
		_, err := c.Images.Edit(t.Context(), params("dall-e-2"))
		var failed *openai.Error
		if !errors.As(err, &failed) || failed.StatusCode != status {
			t.Errorf("%s: %v", name, err)
		}
	}
	relay.Use("")
	models, err := c.Models.List(t.Context())
	if err != nil || len(models.Data) != 3 {
		t.Errorf("models: %v", err)
	}
}
