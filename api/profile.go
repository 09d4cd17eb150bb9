package api

import (
	"image"
	"math"
	"slices"
)

// Profile is what a model accepts; zero means no limit, unless a field says
// otherwise. Package profile reads them from files.
type Profile struct {
	// ID names the profile for ever, Name is what people call it.
	ID, Name string
	// ImageBytes is how long an uploaded file must stay under, in bytes. Built-in
	// profiles count megabytes by the million, which is right for services that
	// count them otherwise too.
	ImageBytes int64
	// Images is how many input pictures are taken.
	Images int
	// PromptChars is how many characters (Unicode code points) a prompt has at most.
	PromptChars int
	// NeedsPrompt reports that an empty prompt is refused.
	NeedsPrompt bool
	// MaxN is how many variants one edit may ask for.
	MaxN int
	// Single reports that each request makes one picture and has no field for
	// their number: an edit of several variants is sent as several requests.
	Single bool
	// Sizes are the sizes that can be asked for, the default first. Empty
	// means that the answer is as large as the image sent.
	Sizes []image.Point
	// Auto reports that "auto" is a size, NoSize that there is no field for the
	// size: the answer has the shape of what is sent, and Sizes and what follows
	// say what can be sent.
	Auto, NoSize bool
	// Square reports that image and answer must be square.
	Square bool
	// Multiple, where it is not 0, allows any size whose sides are multiples of it,
	// at most MaxSide, with a ratio within 1:MaxRatio and MaxRatio:1 and between
	// MinPixels and MaxPixels pixels.
	Multiple             int
	MaxRatio             float64
	MaxSide              int
	MinPixels, MaxPixels int
	// ResponseFormats are the values of response_format; empty: never sent.
	ResponseFormats []string
	// Options are further fields: name on the wire to allowed values. A nil
	// list of values means a whole number from 0 to 100.
	Options map[string][]string
	// Stream reports that partial pictures can be asked for, Partials how many at most.
	Stream   bool
	Partials int
	// ReadsPrompt is false where the prompt has no influence on the result.
	ReadsPrompt bool
	// Whole reports that pictures are edited without a mask, too. NoMask reports that none is
	// ever sent: what is painted then only says which part goes out and what is taken of the answer.
	Whole, NoMask bool
	// Cuts reports that a picture's own transparency is understood as its mask.
	Cuts bool
}

// Builtin is what the built-in engine takes: any size, at full resolution.
func Builtin() Profile {
	return Profile{ID: "builtin", Images: 1, PromptChars: 1000, MaxN: 10}
}

// Allows reports that size can be asked for. The zero size, which is not sent
// or sent as "auto", is always allowed.
func (p Profile) Allows(size image.Point) bool {
	if size == (image.Point{}) || len(p.Sizes) == 0 || slices.Contains(p.Sizes, size) {
		return true
	}
	if p.Multiple == 0 || size.X <= 0 || size.Y <= 0 || p.Square && size.X != size.Y {
		return false
	}
	long, short := max(size.X, size.Y), min(size.X, size.Y)
	return size.X%p.Multiple == 0 && size.Y%p.Multiple == 0 &&
		(p.MaxRatio == 0 || float64(long) <= p.MaxRatio*float64(short)) &&
		(p.MaxSide == 0 || long <= p.MaxSide) &&
		size.X*size.Y >= p.MinPixels && (p.MaxPixels == 0 || size.X*size.Y <= p.MaxPixels)
}

// mostSide bounds the search for a size where a profile names no longest side.
const mostSide = 16384

// Nearest returns the allowed size that is nearest to a size: itself where it can
// be asked for, else one of about its shape and as many pixels, and zero where the
// profile's rules leave no size.
func (p Profile) Nearest(size image.Point) image.Point {
	size = image.Pt(max(size.X, 1), max(size.Y, 1))
	if p.Allows(size) {
		return size
	}
	var best image.Point
	consider := func(s image.Point) {
		if best == (image.Point{}) || apart(s, size) < apart(best, size) {
			best = s
		}
	}
	for _, s := range p.Sizes {
		consider(s)
	}
	if p.Multiple == 0 {
		return best
	}
	side := p.MaxSide
	if side == 0 {
		side = mostSide
	}
	for w := p.Multiple; w <= side; w += p.Multiple {
		low, high := p.heights(w, side)
		if low > high {
			continue
		}
		// The height of the wanted shape, and that of the wanted area.
		for _, h := range [2]int{w * size.Y / size.X, size.X * size.Y / w} {
			for _, d := range [2]int{0, p.Multiple} {
				consider(image.Pt(w, min(max(h/p.Multiple*p.Multiple+d, low), high)))
			}
		}
	}
	return best
}

// heights returns the smallest and the largest height that is allowed for a width
// that is a multiple; the first is larger where none is. side is the longest side.
func (p Profile) heights(w, side int) (low, high int) {
	low, high = p.Multiple, side
	if p.Square {
		low, high = w, w
	}
	low = max(low, (p.MinPixels+w-1)/w)
	if p.MaxPixels > 0 {
		high = min(high, p.MaxPixels/w)
	}
	if p.MaxRatio > 0 {
		low = max(low, int(math.Ceil(float64(w)/p.MaxRatio)))
		high = min(high, int(float64(w)*p.MaxRatio))
	}
	return (low + p.Multiple - 1) / p.Multiple * p.Multiple, high / p.Multiple * p.Multiple
}

// apart tells how far two sizes are from each other: in shape above all, then in area.
func apart(a, b image.Point) float64 {
	shape := math.Abs(math.Log(float64(a.X) * float64(b.Y) / (float64(a.Y) * float64(b.X))))
	area := math.Abs(math.Log(float64(a.X) * float64(a.Y) / (float64(b.X) * float64(b.Y))))
	return 4*shape + area
}
