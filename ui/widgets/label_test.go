package widgets

import (
	"math/rand/v2"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/plain"
)

// measured counts what is measured, in bytes, by a font in which all characters
// are one unit wide, and an ellipsis three.
type measured struct{ calls, bytes int }

func (m *measured) fits(width int) func(string) bool {
	return func(s string) bool {
		m.calls++
		m.bytes += len(s)
		return len(plain.Ends(s))+2*strings.Count(s, "…") <= width
	}
}

// TestLayingOutLongTextMeasuresWhatIsSeen gives lines of a thousand and of a
// hundred thousand characters: neither may cost more than the other.
func TestLayingOutLongTextMeasuresWhatIsSeen(t *testing.T) {
	const width = 40
	for _, n := range []int{1000, 5000, 100_000} {
		var m measured
		if got := shortened(strings.Repeat("n", n), m.fits(width)); got != strings.Repeat("n", width-3)+"…" {
			t.Errorf("%d characters become %q", n, got)
		}
		if m.bytes > 20*2*width || m.calls > 20 {
			t.Errorf("shortening %d characters measured %d bytes in %d calls", n, m.bytes, m.calls)
		}
		m = measured{}
		head, tail := splitFitting(strings.Repeat("n", n), m.fits(width))
		if len(head) != width || len(tail) != n-width || m.bytes > 20*2*width {
			t.Errorf("splitting %d characters: %d and %d, measured %d bytes", n, len(head), len(tail), m.bytes)
		}
	}
}

// TestShorteningAgainstTrying compares with trying every length.
func TestShorteningAgainstTrying(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := []string{"a", "漢", " ", "e\u0301", "👨‍👩‍👧", "W"}
	for range 3000 {
		var characters []string
		for range r.IntN(30) {
			characters = append(characters, alphabet[r.IntN(len(alphabet))])
		}
		s, width := strings.Join(characters, ""), r.IntN(25)
		fits := new(measured).fits(width)
		want := s
		for n := len(characters) - 1; !fits(want) && n > 0; n-- {
			want = strings.TrimRight(strings.Join(characters[:n], ""), " ") + "…"
		}
		if !fits(want) {
			want = "…"
		}
		if got := shortened(s, fits); got != want && !(s == "" && got == "") {
			t.Fatalf("shortened(%q, %d) = %q, want %q", s, width, got, want)
		}
	}
}

func TestLabelsShowTextFromOutsidePlainly(t *testing.T) {
	test.NewTempApp(t)
	long := strings.Repeat("name ", 1000)
	for what, l := range map[string]*Label{
		"cut": NewText(long).Cut(), "wrapped": NewText(long).Wrap(), "of two lines": NewText(long).Wrap().MaxLines(2), "plain": NewText(long),
		"one word": NewText(strings.Repeat("n", 300_000)).Wrap(),
	} {
		l.Resize(fyne.NewSize(200, 40))
		shown := 0
		for _, s := range l.shown {
			shown += len(s)
		}
		if shown > plain.MaxText+10 || l.Text() == "" {
			t.Errorf("a %s label lays out %d bytes", what, shown)
		}
	}
	l := NewText("photo\u202egpj.exe").Cut()
	if l.shown[0] != "photo⟨U+202E⟩gpj.exe" || l.Text() != "photo\u202egpj.exe" {
		t.Errorf("shown %q, text %q", l.shown, l.Text())
	}
	if got := text("a\nb\u200b", 12, "").Text; got != "a b⟨U+200B⟩" {
		t.Errorf("a button shows %q", got)
	}
}
