package plain_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"overpaint.dev/overpaint/assets/plain"
)

func TestWhatWritingNeedsStays(t *testing.T) {
	for _, s := range []string{
		"", "photo.jpg", "a hat, please", "照片 +1（副本）.png", "çà et là", "Ω≈ç√", "日本語　全角",
		"👨‍👩‍👧‍👦 family", "👩🏽‍🚀", "👨🏻‍❤️‍💋‍👨🏻", "❤️ ☎︎ #️⃣ ©️ 🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇨🇳🇩🇪",
		"مرحبا بالعالم", "می\u200cخواهم", "שלום עולם", "क्\u200dष र्\u200dय श्री\u200cमान्", "ശ്രീ\u200d", "葛\U000e0100飾区", "ᠮᠣᠩᠭᠣᠯ᠋",
		"e\u0301 cafe\u0301", "ำไทย", "\u0661\u0662\u0600\u0663",
	} {
		if got := plain.Line(s, 100); got != s {
			t.Errorf("Line(%+q) = %+q", s, got)
		}
		if got := plain.Text(s+"\n\n"+s, 200); got != s+"\n\n"+s {
			t.Errorf("Text of two lines of %+q = %+q", s, got)
		}
	}
}

func TestWhatCannotBeSeenIsShown(t *testing.T) {
	for s, want := range map[string]string{
		"photo\u202egpj.exe":      "photo⟨U+202E⟩gpj.exe",
		"a\u200bb":                "a⟨U+200B⟩b",
		"\ufeffa":                 "⟨U+FEFF⟩a",
		"a\u200d":                 "a⟨U+200D⟩",
		"a\u200d\u0301":           "a⟨U+200D⟩\u0301",
		"a\u200cb":                "a⟨U+200C⟩b",
		"می\u200c\u200cخ":         "می\u200c⟨U+200C⟩خ",
		"a\ufe0f":                 "a⟨U+FE0F⟩",
		"❤\ufe0f\ufe0f":           "❤\ufe0f⟨U+FE0F⟩",
		"😀\U000e0100\U000e0101":   "😀⟨U+E0100⟩⟨U+E0101⟩",
		"😀\U000e0041\U000e0042":   "😀⟨U+E0041⟩⟨U+E0042⟩",
		"🏴\U000e0061\U000e007f":   "🏴⟨U+E0061⟩⟨U+E007F⟩",
		"\x1b[31mred\x07\x00":     "⟨U+001B⟩[31mred⟨U+0007⟩⟨U+0000⟩",
		"a\u0085b\u009bc\x7f":     "a⟨U+0085⟩b⟨U+009B⟩c⟨U+007F⟩",
		"a\u2028b\u2029c":         "a⟨U+2028⟩b⟨U+2029⟩c",
		"so\u00adft\u2060\u3164":  "so⟨U+00AD⟩ft⟨U+2060⟩⟨U+3164⟩",
		"\u200e\u200f\u061c":      "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩",
		"\xff\xfe a":              "\ufffd\ufffd a",
		"  two\t\tor\r\nmore\n  ": "two or more",
	} {
		if got := plain.Line(s, 100); got != want {
			t.Errorf("Line(%+q) = %+q, want %+q", s, got, want)
		}
	}
	for r := rune(0x2000); r < 0x2070; r++ {
		bidi := r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f
		if bidi && plain.Text("a"+string(r)+"b", 20) != fmt.Sprintf("a⟨U+%04X⟩b", r) {
			t.Errorf("U+%04X is not shown", r)
		}
	}
	if got := plain.Text("a\r\nb\tc\rd", 20); got != "a\nb c\nd" {
		t.Errorf("lines: %q", got)
	}
}

func TestLongTextIsCut(t *testing.T) {
	family := "👨‍👩‍👧‍👦"
	for _, c := range []struct {
		s    string
		most int
		want string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdefg", 6, "abcde…"},
		{"abcd efg", 6, "abcd…"},
		{"ab", 1, "…"},
		{"a", 0, "a"},
		{strings.Repeat(family, 5), 5, strings.Repeat(family, 5)},
		{strings.Repeat(family, 6), 5, strings.Repeat(family, 4) + "…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"ab\u202e", 5, "ab⟨U…"},
		{"漢字漢字", 3, "漢字…"},
		{"a" + strings.Repeat("\u0301", 1000) + "b", 50, "a" + strings.Repeat("\u0301", 15) + "b…"},
	} {
		if got := plain.Line(c.s, c.most); got != c.want {
			t.Errorf("Line(%+q, %d) = %+q, want %+q", c.s, c.most, got, c.want)
		}
	}
	for s, want := range map[string]string{"abc": "abc", "abcd": "abc", "a" + family: "a", "漢字漢字": "漢字漢"} {
		if got, cut := plain.Cut(s, 3); got != want || cut != (s != want) {
			t.Errorf("Cut(%q, 3) = %q, %v", s, got, cut)
		}
	}
}

// seed is text in which anything may hide.
var seeds = []string{"", "a\u202eb", "👨\u200d👩\u200d👧\u200d👦\ufe0f", "می\u200cخواهم", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\xff\n\r\n\t  x", "क्\u200dष", "⟨U+202E⟩…"}

func FuzzShown(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, 5)
		f.Add(strings.Repeat(s, 30), 40)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = max(1, min(most&0xff, 200))
		for name, show := range map[string]func(string, int) string{"Line": plain.Line, "Text": plain.Text} {
			got := show(s, most)
			if !utf8.ValidString(got) {
				t.Fatalf("%s(%+q) = %+q is no text", name, s, got)
			}
			if n := len(plain.Ends(got)); n > most+1 {
				t.Fatalf("%s(%+q, %d) has %d characters", name, s, most, n)
			}
			for _, r := range got {
				bidi := unicode.Is(unicode.Bidi_Control, r)
				if bidi || unicode.Is(unicode.Cc, r) && (r != '\n' || name == "Line") || r == '\u200b' || r == '\ufeff' {
					t.Fatalf("%s(%+q) = %+q", name, s, got)
				}
			}
			if again := show(got, most); again != got {
				t.Fatalf("%s(%+q, %d) = %+q, and of that %+q", name, s, most, got, again)
			}
		}
		if head, cut := plain.Cut(s, most); !strings.HasPrefix(s, head) || cut != (head != s) || utf8.RuneCountInString(head) > most {
			t.Fatalf("Cut(%+q, %d) = %+q, %v", s, most, head, cut)
		}
	})
}

// BenchmarkLong shows a megabyte, and reports how many times as long that takes
// as what can be read of it.
func BenchmarkLong(b *testing.B) {
	long := strings.Repeat("a name \u202e that goes on 漢字 👨‍👩‍👧‍👦 ", 20_000)
	short := long[:4000]
	per := func(s string) float64 {
		r := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				plain.Line(s, 100)
			}
		})
		return float64(r.NsPerOp())
	}
	for b.Loop() {
	}
	b.ReportMetric(per(long)/per(short), "times")
}
