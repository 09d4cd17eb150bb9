package session_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/jpegfile"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// forecast has the size of a file worked out.
func (b *bench) forecast(q session.Question, c session.Chosen) int64 {
	b.Helper()
	b.Reckon(q.ID, c)
	if f := b.Forecast(); !f.Working || f.Bytes != 0 {
		b.Errorf("at first it is %+v", f)
	}
	b.advance(time.Second)
	b.until("the forecast", func() bool { return !b.Forecast().Working })
	return b.Forecast().Bytes
}

// saveJPEG answers the question where to save with choices, and returns the file.
func (b *bench) saveJPEG(q session.Question, c session.Chosen) []byte {
	b.Helper()
	b.AnswerFile(q.ID, c)
	var data []byte
	b.until("the file", func() bool {
		data, _ = os.ReadFile(c.Path)
		return data != nil
	})
	return data
}

// TestForecastIsTheFilesSize says before how large the file is that is saved then.
func TestForecastIsTheFilesSize(t *testing.T) {
	b := ready(t)
	b.settings.set(func(s *settings.Settings) { s.Saving.Quality = 90 })
	for _, name := range []string{"forecast.png", "forecast.jpg", "forecast.tif", "forecast.bmp", "forecast.webp", "forecast"} {
		b.SavePicture()
		q := b.asked(session.AskFile)
		c := session.Chosen{Path: filepath.Join(b.folder, name), Quality: 50, Choices: &session.Choices{Sampling: q.File.Sampling}}
		size := b.forecast(q, c)
		if file.IsThere(c.Path) {
			t.Fatalf("%s was written before it was wanted", name)
		}
		if data := b.saveJPEG(q, c); int64(len(data)) != size {
			t.Errorf("%s: forecast %d bytes, written %d", name, size, len(data))
		}
		if f := b.Forecast(); f != (session.Forecast{}) {
			t.Errorf("%s: %+v is left", name, f)
		}
	}
}

// TestNewestChoicesCount works out the size of what was chosen last, whatever was under
// way, and of nothing once the dialog is closed.
func TestNewestChoicesCount(t *testing.T) {
	b := ready(t)
	b.SavePicture()
	q := b.asked(session.AskFile)
	path := filepath.Join(b.folder, "small.jpg")
	low := session.Chosen{Path: path, Quality: 5}
	want := b.forecast(q, low)
	b.Reckon(q.ID, session.Chosen{Path: filepath.Join(b.folder, "renamed.JPG"), Quality: 5})
	if f := b.Forecast(); f.Bytes != want || f.Working {
		t.Errorf("under another name it is %+v", f)
	}
	for range 5 {
		b.Reckon(q.ID, session.Chosen{Path: path, Quality: 100})
		b.advance(time.Second) // it is under way
		b.Reckon(q.ID, session.Chosen{Path: path, Quality: 95})
		b.Reckon(q.ID, session.Chosen{Path: path, Quality: 90}) // it waits
		if got := b.forecast(q, low); got != want {
			t.Fatalf("%d bytes, want %d", got, want)
		}
	}
	b.Reckon(q.ID, session.Chosen{Path: path, Quality: 100})
	b.advance(time.Second)
	b.Answer(q.ID, session.Dismiss)
	b.Reckon(q.ID, low) // nobody asks any more
	b.advance(time.Second)
	b.drain()
	if f := b.Forecast(); f != (session.Forecast{}) {
		t.Errorf("%+v is left", f)
	}
}

// TestNoForecast has none of a project, and none of what can't be encoded.
func TestNoForecast(t *testing.T) {
	b := ready(t)
	b.SaveKept(history.Item{}, history.Variant{}) // the service has no history
	if size := b.forecast(b.asked(session.AskFile), session.Chosen{Path: filepath.Join(b.folder, "a.png")}); size != 0 {
		t.Errorf("%d bytes of nothing", size)
	}
	b.Answer(b.asked(session.AskFile).ID, session.Dismiss)
	b.SaveProject()
	q := b.asked(session.AskFile)
	b.Reckon(q.ID, session.Chosen{Path: filepath.Join(b.folder, "a.overpaint")})
	if f := b.Forecast(); f != (session.Forecast{}) {
		t.Errorf("a project's size: %+v", f)
	}
}

// TestChosenSamplingIsRemembered writes the sampling that was chosen, and suggests it.
func TestChosenSamplingIsRemembered(t *testing.T) {
	b := ready(t)
	save := func(name, sampling string, unit int) {
		t.Helper()
		b.SavePicture()
		c := session.Chosen{Path: filepath.Join(b.folder, name), Choices: &session.Choices{Sampling: sampling}}
		f, err := jpegfile.ReadFrame(b.saveJPEG(b.asked(session.AskFile), c))
		if err != nil {
			t.Fatal(err)
		}
		if w, _ := f.MCU(); w != unit {
			t.Errorf("%s: units of %d pixels, want %d", name, w, unit)
		}
	}
	save("usual.jpg", "4:2:0", 16)
	save("full.jpg", "4:4:4", 8)
	b.until("the choice to be kept", func() bool { b.advance(time.Second); return b.settings.Current().Saving.Sampling == "4:4:4" })
	b.SavePicture()
	if q := b.asked(session.AskFile); q.File.Sampling != "4:4:4" {
		t.Errorf("%q is suggested", q.File.Sampling)
	} else {
		b.Answer(q.ID, session.Dismiss)
	}

	// A JPEG keeps its own unless it is chosen anew, also at another quality.
	b.Open(filepath.Join(b.folder, "full.jpg"))
	opened := func() bool { return b.Document().State.Base.Meta.Format == string(picture.JPEG) }
	b.until("the question or the picture", func() bool { return opened() || len(b.Questions()) > 0 })
	if len(b.Questions()) > 0 {
		b.Answer(b.Questions()[0].ID, session.Discard)
		b.until("the picture", opened)
	}
	b.SavePicture()
	q := b.asked(session.AskFile)
	if q.File.Sampling != "" || !q.File.Keeps {
		t.Errorf("%+v", q.File)
	}
	b.Answer(q.ID, session.Dismiss)
	save("again.jpg", "", 8)
	save("halved.jpg", "4:2:0", 16)
	b.SavePicture()
	c := session.Chosen{Path: filepath.Join(b.folder, "lower.jpg"), Quality: 40, Choices: &session.Choices{}}
	if f, err := jpegfile.ReadFrame(b.saveJPEG(b.asked(session.AskFile), c)); err != nil {
		t.Fatal(err)
	} else if w, _ := f.MCU(); w != 8 {
		t.Errorf("at another quality: units of %d pixels", w)
	}
}
