package api

import (
	"image"

	"overpaint.dev/overpaint/editor/region"
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
	// PromptChars is how many characters (Unicode code points) a prompt has at most; 0 is no limit.
	PromptChars int
	// IdempotencyHeader is the header by which the service knows a request again, "" for none.
	IdempotencyHeader string
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
	// Lines reports that guide lines (Request.Lines) are obeyed.
	Lines bool
}

// Builtin is what the built-in engine takes: any size, at full resolution, and guide lines. A
// prompt, which it doesn't read, may be of any length.
func Builtin() Profile {
	return Profile{ID: "builtin", Images: 1, MaxN: 10, Lines: true}
}

// Limits returns what the profile demands of what is sent.
func (p Profile) Limits() region.Limits {
	return region.Limits{
		Square: p.Square, Sizes: p.Sizes, Multiple: p.Multiple,
		MaxRatio: p.MaxRatio, MaxSide: p.MaxSide, MinPixels: p.MinPixels, MaxPixels: p.MaxPixels,
	}
}

// LargestSide is the longest side, in pixels, of a size where the profile lists no sizes.
const LargestSide = 8192

// Allows reports that size can be asked for. The zero size, which is not sent
// or sent as "auto", is always allowed.
func (p Profile) Allows(size image.Point) bool {
	if size == (image.Point{}) {
		return true
	}
	if len(p.Sizes) == 0 {
		return max(size.X, size.Y) <= LargestSide
	}
	return p.Limits().Allows(size)
}

// Nearest returns the allowed size that is nearest to a size (region.Limits.Nearest).
func (p Profile) Nearest(size image.Point) image.Point { return p.Limits().Nearest(size) }
