package api

import (
	"image"
	"maps"
	"slices"
	"strings"
)

// Profile is what a model accepts. Every constant of a contract stands here
// and nowhere else; zero means no limit, unless a field says otherwise.
type Profile struct {
	// ID is "classic", "gpt-image" or "builtin".
	ID string
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
	// MaxN is how many variants one request may ask for.
	MaxN int
	// Sizes are the sizes that can be asked for, the default first. Empty
	// means that the answer is as large as the image sent.
	Sizes []image.Point
	// Auto reports that "auto" is a size.
	Auto bool
	// Square reports that image and answer must be square.
	Square bool
	// Multiple, where it is not 0, allows any size whose sides are multiples
	// of it, with a ratio within 1:MaxRatio and MaxRatio:1, at most MaxSide
	// (the longer) by MaxShortSide.
	Multiple              int
	MaxRatio              float64
	MaxSide, MaxShortSide int
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
}

// Classic is the contract of dall-e-2 and the relays' aliases of it.
func Classic() Profile {
	return Profile{
		ID: "classic", ImageBytes: 4_000_000, Images: 1, PromptChars: 1000, NeedsPrompt: true, MaxN: 10,
		Sizes:  []image.Point{{X: 1024, Y: 1024}, {X: 512, Y: 512}, {X: 256, Y: 256}},
		Square: true, ResponseFormats: []string{"url", "b64_json"}, ReadsPrompt: true,
	}
}

// GPTImage is the contract of the gpt-image models of the 2 and 2.5 families;
// For narrows it to others.
func GPTImage() Profile {
	return Profile{
		ID: "gpt-image", ImageBytes: 50_000_000, Images: 16, PromptChars: 32000, NeedsPrompt: true, MaxN: 10,
		Sizes: []image.Point{{X: 1024, Y: 1024}, {X: 1536, Y: 1024}, {X: 1024, Y: 1536}}, Auto: true,
		Multiple: 16, MaxRatio: 3, MaxSide: 3840, MaxShortSide: 2160,
		Options: map[string][]string{
			"quality":            {"auto", "low", "medium", "high"},
			"background":         {"auto", "transparent", "opaque"},
			"output_format":      {"png", "jpeg", "webp"},
			"output_compression": nil,
			"input_fidelity":     {"low", "high"},
		},
		Stream: true, Partials: 3, ReadsPrompt: true, Whole: true,
	}
}

// Builtin is what the built-in engine takes: any size, at full resolution.
func Builtin() Profile {
	return Profile{ID: "builtin", Images: 1, PromptChars: 1000, MaxN: 10}
}

// ProfileByID returns the profile of that ID as it is built in.
func ProfileByID(id string) (p Profile, ok bool) {
	switch id {
	case "classic":
		return Classic(), true
	case "gpt-image":
		return GPTImage(), true
	case "builtin":
		return Builtin(), true
	}
	return Profile{}, false
}

// For returns the profile narrowed to what is known of a model by its name:
// sizes of one's own choice came with gpt-image-2, and input_fidelity is a
// field of 1.5 alone. A name that says nothing (an alias) leaves it as it is.
func (p Profile) For(model string) Profile {
	_, family, found := strings.Cut(strings.ToLower(model), "gpt-image-")
	if p.ID != "gpt-image" || !found {
		return p
	}
	first := strings.HasPrefix(family, "1")
	if first || strings.HasPrefix(family, "2.6") {
		p.Multiple, p.MaxRatio, p.MaxSide, p.MaxShortSide = 0, 0, 0, 0
	}
	if !strings.HasPrefix(family, "1.5") {
		p.Options = maps.Clone(p.Options)
		delete(p.Options, "input_fidelity")
	}
	return p
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
		(p.MaxSide == 0 || long <= p.MaxSide) && (p.MaxShortSide == 0 || short <= p.MaxShortSide)
}
