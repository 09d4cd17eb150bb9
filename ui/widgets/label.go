package widgets

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/ui/theme"
)

// Label is text without the padding of Fyne's own label, in one line or, with Wrap, in as many
// as its width needs. Text from outside is shown as package plain makes it safe, and only as
// much as that lays out.
type Label struct {
	widget.BaseWidget
	text  string
	size  float32
	color fyne.ThemeColorName
	bold  bool
	align fyne.TextAlign
	wrap  bool
	cut   bool
	most  int // lines at most, or 0

	lines []*canvas.Text
	shown []string // what lines hold, before the theme's colours
	width float32  // that lines were broken for
}

// NewText returns a line in the size and colour for what is read.
func NewText(s string) *Label { return newLabel(s, theme.TextSize, theme.Text) }

// NewLabel returns a line in the size and colour of a control's label.
func NewLabel(s string) *Label { return newLabel(s, theme.LabelSize, theme.Secondary) }

// NewHeading returns a bold line.
func NewHeading(s string) *Label {
	l := NewText(s)
	l.bold = true
	return l
}

func newLabel(s string, size float32, c fyne.ThemeColorName) *Label {
	l := &Label{text: s, size: size, color: c}
	l.ExtendBaseWidget(l)
	return l
}

// Wrap makes the label break its text into lines of its width and returns it.
func (l *Label) Wrap() *Label {
	l.wrap = true
	l.breakLines()
	return l
}

// MaxLines ends a wrapped text in an ellipsis after n lines and returns the label.
func (l *Label) MaxLines(n int) *Label {
	l.most = n
	l.breakLines()
	return l
}

// Cut makes the label shorten its text with an ellipsis where there is no room
// for it, and returns it.
func (l *Label) Cut() *Label {
	l.cut = true
	l.breakLines()
	return l
}

// Align places the lines in the label's width and returns the label.
func (l *Label) Align(a fyne.TextAlign) *Label {
	l.align = a
	return l
}

// Colored gives the label another colour of the theme and returns it.
func (l *Label) Colored(c fyne.ThemeColorName) *Label {
	l.color = c
	l.Refresh()
	return l
}

// Sized gives the label another text size and returns it.
func (l *Label) Sized(size float32) *Label {
	l.size = size
	l.breakLines()
	return l
}

// Text returns the text.
func (l *Label) Text() string { return l.text }

// SetText changes the text.
func (l *Label) SetText(s string) {
	if s == l.text {
		return
	}
	l.text = s
	l.breakLines()
	l.Refresh()
}

// Resize breaks the lines for the new width.
func (l *Label) Resize(s fyne.Size) {
	if (l.wrap || l.cut) && s.Width != l.width {
		l.width = s.Width
		before := len(l.lines)
		l.breakLines()
		l.BaseWidget.Resize(s)
		if len(l.lines) != before {
			l.Refresh()
		}
		return
	}
	l.BaseWidget.Resize(s)
}

func (l *Label) style() fyne.TextStyle { return fyne.TextStyle{Bold: l.bold} }

func (l *Label) fits(s string) bool {
	return fyne.MeasureText(s, l.size, l.style()).Width <= l.width
}

// characters returns how much of the text is laid out, which is bounded by what fits on the
// lines.
func (l *Label) characters() int {
	if l.wrap {
		return plain.MaxText
	}
	return plain.MaxLine
}

// breakLines makes the canvas texts for the text at the present width.
func (l *Label) breakLines() {
	lines := strings.Split(plain.Text(l.text, l.characters()), "\n")
	switch {
	case l.width <= 0:
	case l.wrap:
		var all []string
		for _, p := range lines {
			if all = append(all, wrapped(p, l.fits)...); l.most > 0 && len(all) > l.most {
				break
			}
		}
		lines = all
		if l.most > 0 && len(lines) > l.most {
			rest := strings.Join(lines[l.most-1:], " ")
			lines = append(lines[:l.most-1:l.most-1], shortened(rest, l.fits))
		}
	case l.cut:
		lines = []string{shortened(strings.Join(lines, " "), l.fits)}
	}
	l.shown = lines
	for len(l.lines) < len(lines) {
		l.lines = append(l.lines, canvas.NewText("", nil))
	}
	l.lines = l.lines[:len(lines)]
	for i, s := range lines {
		t := l.lines[i]
		t.Text, t.TextSize, t.TextStyle, t.Color = s, l.size, l.style(), theme.Color(l.color)
	}
}

// CreateRenderer implements fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	l.breakLines()
	r := &renderer{min: l.min}
	set := func() {
		r.objects = make([]fyne.CanvasObject, len(l.lines))
		for i, t := range l.lines {
			r.objects[i] = t
		}
	}
	set()
	r.layout = func(s fyne.Size) {
		set()
		h := l.lineHeight()
		top := middle(s.Height, h*float32(len(l.lines)))
		if l.wrap {
			top = 0
		}
		for i, t := range l.lines {
			w := t.MinSize().Width
			x := float32(0)
			switch l.align {
			case fyne.TextAlignCenter:
				x = middle(s.Width, w)
			case fyne.TextAlignTrailing:
				x = s.Width - w
			}
			t.Resize(fyne.NewSize(w, h))
			t.Move(fyne.NewPos(x, top+float32(i)*h+lift(t)))
		}
	}
	r.refresh = func() {
		l.breakLines()
		r.layout(l.Size())
		for _, t := range l.lines {
			t.Refresh()
		}
		canvas.Refresh(l)
	}
	return r
}

func (l *Label) lineHeight() float32 {
	return fyne.MeasureText("M", l.size, l.style()).Height
}

func (l *Label) min() fyne.Size {
	h := l.lineHeight() * float32(max(1, len(l.lines)))
	if l.wrap || l.cut {
		return fyne.NewSize(l.size*2, h)
	}
	var w float32
	for _, t := range l.lines {
		w = max(w, t.MinSize().Width)
	}
	return fyne.NewSize(w, h)
}

// wrapped breaks a paragraph into lines that fit: at spaces, and anywhere
// between Chinese characters but before closing punctuation. A word that is
// longer than a line is broken where it must be.
func wrapped(s string, fits func(string) bool) []string {
	var lines []string
	line := ""
	for _, w := range pieces(s) {
		if line != "" && !fits(strings.TrimRight(line+w, " ")) {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
			w = strings.TrimLeft(w, " ")
		}
		for line == "" {
			head, tail := splitFitting(w, fits)
			if strings.TrimRight(tail, " ") == "" {
				break
			}
			lines = append(lines, head)
			w = tail
		}
		line += w
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces splits a paragraph where it may be broken; each piece keeps its trailing spaces.
func pieces(s string) []string {
	var out []string
	start := 0
	runes := []rune(s)
	for i := 1; i < len(runes); i++ {
		a, b := runes[i-1], runes[i]
		space := a == ' ' && b != ' '
		wide := (isWide(a) || isWide(b)) && b != ' ' && !closes(b) && !opens(a)
		if space || wide {
			out = append(out, string(runes[start:i]))
			start = i
		}
	}
	return append(out, string(runes[start:]))
}

func isWide(r rune) bool {
	return unicode.In(r, unicode.Han) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

func closes(r rune) bool {
	return strings.ContainsRune(",.;:!?)]}%，。；：！？、）】》”’…", r)
}
func opens(r rune) bool { return strings.ContainsRune("([{（【《“‘", r) }

// splitFitting cuts s after the longest head that fits, at least one character.
func splitFitting(s string, fits func(string) bool) (head, tail string) {
	ends := plain.Ends(s)
	if len(ends) == 0 {
		return s, ""
	}
	n := max(1, fitting(len(ends), func(n int) bool { return fits(s[:ends[n-1]]) }))
	return s[:ends[n-1]], s[ends[n-1]:]
}

// shortened returns s, or as much of its beginning as fits with an ellipsis.
func shortened(s string, fits func(string) bool) string {
	s = strings.ReplaceAll(s, "\n", " ")
	ends := plain.Ends(s)
	head := func(n int) string { return strings.TrimRight(s[:ends[n-1]], " ") + "…" }
	n := fitting(len(ends), func(n int) bool { return fits(head(n)) })
	switch {
	case len(ends) <= 2*n+8 && fits(s): // an ellipsis may be wider than what it stands for
		return s
	case n == 0:
		return "…"
	case n == len(ends):
		n--
	}
	return head(n)
}

// fitting returns the largest n up to most for which fits is true, or 0; fits must be
// monotonic. It tries nothing much larger than the result, since text may be very long.
func fitting(most int, fits func(n int) bool) int {
	good, bad := 0, 1
	for bad <= most && fits(bad) {
		good, bad = bad, 2*bad
	}
	bad = min(bad, most+1)
	for bad-good > 1 {
		if middle := (good + bad) / 2; fits(middle) {
			good = middle
		} else {
			bad = middle
		}
	}
	return good
}
