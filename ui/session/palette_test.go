package session_test

import (
	"bytes"
	"image"
	"image/color/palette"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/ui/session"
)

// TestALostPaletteIsReported keeps the palette of a picture until an edit brings too many
// colours, and says so then.
func TestALostPaletteIsReported(t *testing.T) {
	b := newBench(t)
	b.ChooseServices(relay)
	path := b.photo("chart.png")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	photo, err := png.Decode(f)
	if f.Close(); err != nil {
		t.Fatal(err)
	}
	few := image.NewPaletted(photo.Bounds(), palette.Plan9)
	draw.FloydSteinberg.Draw(few, few.Rect, photo, image.Point{})
	var file bytes.Buffer
	if err := png.Encode(&file, few); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	b.Open(path)
	b.until("the picture", func() bool { return b.Document().Name == "chart.png" })
	b.PictureShown()
	save := func(name, notice string, indexed bool) {
		t.Helper()
		b.SavePicture()
		path := filepath.Join(b.folder, name)
		b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
		b.noticed(notice)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if _, ok := img.(*image.Paletted); err != nil || ok != indexed {
			t.Errorf("%s is a %T, %v", name, img, err)
		}
	}
	save("same.png", "window.saved", true)

	b.spot()
	b.planned()
	e, id := b.generate()
	b.begins(id)
	noise := image.NewNRGBA(image.Rectangle{Max: b.service.seen().edits[id].Job.Plan().Send})
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		if noise.Pix[i] = uint8(r.Uint32()); i%4 == 3 {
			noise.Pix[i] = 255
		}
	}
	v := b.answers(e, id, 0, noise)
	b.ends(id, 1, 1, nil)
	b.Use(v)
	save("edited.png", "window.saved_lost", false)
	b.SaveAll()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: b.folder})
	b.noticed("notice.lost_palette")
}
