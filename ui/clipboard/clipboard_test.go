//go:build !windows && !darwin

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"overpaint.dev/overpaint/editor/picture"
)

// patient waits as long as a busy machine needs.
const patient = time.Minute

// noise is a picture that no coder makes small.
func noise(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, uint64(width)))
	for i := range img.Pix {
		img.Pix[i] = byte(random.Uint32())
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sizes are a picture that goes in one piece and one of 5 MB.
var sizes = map[string]image.Point{"small": {40, 30}, "5 MB": {1300, 1300}}

func TestWhatIsWrittenIsRead(t *testing.T) {
	screen(t)
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			raw := encoded(t, noise(size.X, size.Y))
			a, b := &Clipboard{Patience: patient}, &Clipboard{Patience: patient}
			if err := a.Write(context.Background(), raw); err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			for range 2 {
				same(t, b, raw)
			}
			same(t, a, raw) // one's own picture too
		})
	}
}

func same(t *testing.T, c *Clipboard, want []byte) {
	t.Helper()
	got, err := c.Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes, want) {
		t.Fatalf("read %d bytes, want the %d written", len(got.Bytes), len(want))
	}
	if config, _ := png.DecodeConfig(bytes.NewReader(want)); got.Picture.Size() != image.Pt(config.Width, config.Height) {
		t.Fatalf("read a picture of %v", got.Picture.Size())
	}
}

func TestReadFromAnotherProgram(t *testing.T) {
	screen(t)
	for name, size := range sizes {
		for way, pieces := range map[string]int{"whole": 0, "in pieces": 70001} {
			if name == "5 MB" && pieces == 0 {
				continue // more than a request may hold
			}
			t.Run(name+" "+way, func(t *testing.T) {
				raw := encoded(t, noise(size.X, size.Y))
				newPeer(t).offers(goods{data: map[string][]byte{"image/png": raw}, pieces: pieces})
				same(t, &Clipboard{Patience: patient}, raw)
			})
		}
	}
}

func TestAnotherProgramReads(t *testing.T) {
	screen(t)
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			raw := encoded(t, noise(size.X, size.Y))
			c := &Clipboard{Patience: patient}
			if err := c.Write(context.Background(), raw); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			p := newPeer(t)
			defer p.conn.Close()
			if data, _, ok := p.asks("image/png", nil); !ok || !bytes.Equal(data, raw) {
				t.Errorf("got %d bytes, %v", len(data), ok)
			}
			if _, _, ok := p.asks("UTF8_STRING", nil); ok {
				t.Error("a picture was given as text")
			}
			if data, kind, ok := p.asks("TIMESTAMP", nil); !ok || len(data) != 4 || kind == 0 {
				t.Errorf("time stamp: %v %v %v", data, kind, ok)
			}
			data, _, ok := p.asks("TARGETS", nil)
			if !ok || !bytes.Contains(data, words(p.atom("image/png"))) {
				t.Errorf("targets: %v %v", data, ok)
			}
			several(t, p, raw)
		})
	}
}

// several asks for two targets at once, of which one is not to be had.
func several(t *testing.T, p *peer, raw []byte) {
	t.Helper()
	first, second := p.atom("FIRST"), p.atom("SECOND")
	data, _, ok := p.asks("MULTIPLE", words(p.atom("image/png"), first, p.atom("UTF8_STRING"), second))
	if want := words(p.atom("image/png"), first, p.atom("UTF8_STRING"), 0); !ok || !bytes.Equal(data, want) {
		t.Errorf("several targets: %v %v, want %v", data, ok, want)
	}
	picture, kind := p.takes(p.window, first)
	if kind == p.atom("INCR") {
		picture = p.collects(first)
	}
	if !bytes.Equal(picture, raw) {
		t.Errorf("among several: %d bytes", len(picture))
	}
}

// TestXclip trades pictures with a program that everybody has.
func TestXclip(t *testing.T) {
	screen(t)
	raw := encoded(t, noise(1300, 1300))
	c := &Clipboard{Patience: patient}
	if err := c.Write(context.Background(), raw); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("xclip", "-selection", "clipboard", "-target", "image/png", "-out").Output()
	c.Close()
	if err != nil || !bytes.Equal(out, raw) {
		t.Fatalf("xclip got %d bytes: %v (`make test` installs it)", len(out), err)
	}
	path := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	owner := exec.Command("xclip", "-quiet", "-selection", "clipboard", "-target", "image/png", "-in", path)
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = owner.Process.Kill()
		_ = owner.Wait()
	}()
	for end := time.Now().Add(patient); ; {
		_, err := c.Read(context.Background())
		if err == nil {
			break
		}
		if !errors.Is(err, ErrEmpty) || time.Now().After(end) {
			t.Fatal(err)
		}
	}
	same(t, c, raw)
}

func TestOtherFormats(t *testing.T) {
	screen(t)
	img := noise(31, 17)
	var asJPEG, asBMP, asTIFF bytes.Buffer
	if err := errors.Join(jpeg.Encode(&asJPEG, img, nil), bmp.Encode(&asBMP, img), tiff.Encode(&asTIFF, img, nil)); err != nil {
		t.Fatal(err)
	}
	webp, err := os.ReadFile(filepath.Join("..", "..", "editor", "picture", "testdata", "lossless.webp"))
	if err != nil {
		t.Fatal(err)
	}
	for target, raw := range map[string][]byte{
		"image/jpeg": asJPEG.Bytes(), "image/bmp": asBMP.Bytes(), "image/x-bmp": asBMP.Bytes(), "image/tiff": asTIFF.Bytes(), "image/webp": webp,
	} {
		t.Run(target, func(t *testing.T) {
			newPeer(t).offers(goods{data: map[string][]byte{target: raw, "UTF8_STRING": []byte("a picture")}})
			got, err := (&Clipboard{Patience: patient}).Read(context.Background())
			if err != nil || !bytes.Equal(got.Bytes, raw) {
				t.Fatalf("%v, %v", got, err)
			}
		})
	}
	t.Run("png first", func(t *testing.T) {
		raw := encoded(t, img)
		newPeer(t).offers(goods{data: map[string][]byte{"image/jpeg": asJPEG.Bytes(), "image/png": raw, "text/uri-list": []byte("file:///a.png")}})
		same(t, &Clipboard{Patience: patient}, raw)
	})
	t.Run("the next where the first is damaged", func(t *testing.T) {
		newPeer(t).offers(goods{data: map[string][]byte{"image/jpeg": asJPEG.Bytes(), "image/png": encoded(t, img)[:200]}})
		if got, err := (&Clipboard{Patience: patient}).Read(context.Background()); err != nil || !bytes.Equal(got.Bytes, asJPEG.Bytes()) {
			t.Fatalf("%v, %v", got, err)
		}
	})
	t.Run("an owner that doesn't tell its targets", func(t *testing.T) {
		raw := encoded(t, img)
		newPeer(t).offers(goods{data: map[string][]byte{"image/png": raw}, dumb: true})
		same(t, &Clipboard{Patience: patient}, raw)
	})
}

func TestCopiedFile(t *testing.T) {
	screen(t)
	list := "# copied\r\nhttps://example.org/a.png\r\nfile:///home/a/notes.txt\r\nfile:///home/a/%E6%B9%96%20b.JPG\r\nfile:///c.png\r\n"
	newPeer(t).offers(goods{data: map[string][]byte{"text/uri-list": []byte(list)}})
	got, err := (&Clipboard{Patience: patient}).Read(context.Background())
	if err != nil || got.Path != "/home/a/湖 b.JPG" || got.Picture != nil {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestNoPicture(t *testing.T) {
	screen(t)
	c := &Clipboard{Patience: patient}
	fails := func(name string, want error, g *goods, c *Clipboard) {
		t.Run(name, func(t *testing.T) {
			if g != nil {
				newPeer(t).offers(*g)
			}
			got, err := c.Read(context.Background())
			if !errors.Is(err, want) || got != nil {
				t.Errorf("%v, %v; want %v", got, err, want)
			}
		})
	}
	raw := encoded(t, noise(300, 300))
	png := map[string][]byte{"image/png": raw}
	hasty := &Clipboard{Patience: 100 * time.Millisecond}
	small := &Clipboard{Patience: patient, MaxBytes: len(raw) - 1}
	fails("nothing", ErrEmpty, nil, c)
	fails("text", ErrEmpty, &goods{data: map[string][]byte{"UTF8_STRING": []byte("hello")}}, c)
	fails("other files", ErrEmpty, &goods{data: map[string][]byte{files: []byte("file:///a.txt\r\n")}}, c)
	fails("garbage", picture.ErrNotPicture, &goods{data: map[string][]byte{"image/png": []byte("<html>no picture</html>")}}, c)
	fails("damaged", picture.ErrTruncated, &goods{data: map[string][]byte{"image/png": raw[:len(raw)/2]}, pieces: 9999}, c)
	fails("no bytes", picture.ErrNotPicture, &goods{data: map[string][]byte{"image/png": {}}, pieces: 10}, c)
	fails("an owner that hangs at once", ErrNoAnswer, &goods{data: png, hang: "TARGETS"}, hasty)
	fails("an owner that hangs", ErrNoAnswer, &goods{data: png, hang: "image/png"}, hasty)
	fails("an owner that hangs midway", ErrNoAnswer, &goods{data: png, hang: "image/png", pieces: 1000}, hasty)
	fails("too many bytes", ErrTooLarge, &goods{data: map[string][]byte{"image/png": raw[:len(raw)/2], "image/gif": nil}},
		&Clipboard{Patience: patient, MaxBytes: len(raw) / 4})
	fails("too many bytes in pieces", ErrTooLarge, &goods{data: png, pieces: 5000}, small)

	var large *picture.TooLargeError
	newPeer(t).offers(goods{data: png, pieces: 100000})
	if _, err := (&Clipboard{Patience: patient, Limits: picture.Limits{MaxPixels: 300*300 - 1}}).Read(context.Background()); !errors.As(err, &large) {
		t.Errorf("too many pixels: %v", err)
	}
}

func TestReadIsCancelled(t *testing.T) {
	screen(t)
	newPeer(t).offers(goods{hang: "image/png"})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (&Clipboard{Patience: patient}).Read(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// TestOwnerDies kills the owner while its picture is on the way.
func TestOwnerDies(t *testing.T) {
	screen(t)
	p := newPeer(t)
	p.offers(goods{data: map[string][]byte{"image/png": encoded(t, noise(300, 300))}, hang: "image/png", pieces: 1000})
	failed := make(chan error)
	go func() {
		_, err := (&Clipboard{Patience: 100 * time.Millisecond}).Read(context.Background())
		failed <- err
	}()
	p.closes()
	if err := <-failed; !errors.Is(err, ErrNoAnswer) && !errors.Is(err, ErrEmpty) {
		t.Fatal(err)
	}
}

// TestTheLastOneCopiedCounts hands the clipboard from one to the next.
func TestTheLastOneCopiedCounts(t *testing.T) {
	screen(t)
	c, other := &Clipboard{Patience: patient}, &Clipboard{Patience: patient}
	first, second, third := encoded(t, noise(10, 10)), encoded(t, noise(20, 20)), encoded(t, noise(30, 30))
	for _, step := range []struct {
		by  *Clipboard
		raw []byte
	}{{c, first}, {c, second}, {other, third}} {
		if err := step.by.Write(context.Background(), step.raw); err != nil {
			t.Fatal(err)
		}
		same(t, c, step.raw)
	}
	c.Close() // has lost the clipboard already: nothing changes
	same(t, c, third)
	other.Close()
	other.Close()
	if _, err := c.Read(context.Background()); !errors.Is(err, ErrEmpty) {
		t.Fatalf("after Close: %v", err)
	}
}

// TestClipboardManagerKeepsThePicture closes where a manager runs, which reads
// the picture and takes the clipboard over.
func TestClipboardManagerKeepsThePicture(t *testing.T) {
	screen(t)
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			raw := encoded(t, noise(size.X, size.Y))
			c := &Clipboard{Patience: patient}
			if err := c.Write(context.Background(), raw); err != nil {
				t.Fatal(err)
			}
			p := newPeer(t)
			defer p.conn.Close()
			kept := p.manages()
			c.Close()
			if got := <-kept; !bytes.Equal(got, raw) {
				t.Errorf("the manager has %d bytes, want %d", len(got), len(raw))
			}
		})
	}
}

// TestClipboardManagerHangs closes where a manager never answers.
func TestClipboardManagerHangs(t *testing.T) {
	screen(t)
	// Enough for the server to answer Write on a busy machine.
	c := &Clipboard{Patience: 4 * time.Second}
	if err := c.Write(context.Background(), encoded(t, noise(10, 10))); err != nil {
		t.Fatal(err)
	}
	p := newPeer(t)
	defer p.conn.Close()
	xproto.SetSelectionOwner(p.conn, p.window, p.atom("CLIPBOARD_MANAGER"), xproto.TimeCurrentTime)
	p.atom("CLIPBOARD") // a round trip: it is the owner now
	c.Close()
}

func TestNoServer(t *testing.T) {
	t.Setenv("DISPLAY", "")
	c := &Clipboard{}
	if _, err := c.Read(context.Background()); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	if err := c.Write(context.Background(), nil); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
}

func FuzzPictureFile(f *testing.F) {
	f.Add("file:///a/b.png\r\n")
	f.Add("# x\nfile://localhost/%2e%2e/b.TIFF")
	f.Add("file://elsewhere/b.png\nfile:b.png\n%zz")
	f.Fuzz(func(t *testing.T, list string) {
		path := pictureFile(list)
		if path == "" {
			return
		}
		if !filepath.IsAbs(path) || path != filepath.Clean(path) {
			t.Errorf("%q from %q", path, list)
		}
		if again := pictureFile((&url.URL{Scheme: "file", Path: path}).String()); again != path {
			t.Errorf("%q read back as %q", path, again)
		}
	})
}
