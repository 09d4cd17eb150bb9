package api

import "image"

// Profile is what a model accepts. Every constant of a contract stands here
// and nowhere else; zero means no limit, unless a field says otherwise.
type Profile struct {
	// ID is "classic", "gpt-image" or "builtin".
	ID string
	// ImageBytes is how long an uploaded file must stay under, in bytes.
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
	// FreeSize, where Multiple is not 0, allows any size whose sides are
	// multiples of Multiple, with a ratio within 1:MaxRatio and MaxRatio:1,
	// at most MaxSide (the longer) by MaxShortSide.
	Multiple              int
	MaxRatio              float64
	MaxSide, MaxShortSide int
	// ResponseFormats are the values of response_format; empty: never sent.
	ResponseFormats []string
	// Options are further fields: name on the wire to allowed values. A nil
	// list of values means a number from 0 to 100.
	Options map[string][]string
	// Stream reports that partial pictures can be asked for.
	Stream bool
	// ReadsPrompt is false where the prompt has no influence on the result.
	ReadsPrompt bool
}

// Classic is the contract of dall-e-2 and the relays' aliases of it.
func Classic() Profile {
	return Profile{
		ID: "classic", ImageBytes: 4 << 20, Images: 1, PromptChars: 1000, NeedsPrompt: true, MaxN: 10,
		Sizes:  []image.Point{{X: 1024, Y: 1024}, {X: 512, Y: 512}, {X: 256, Y: 256}},
		Square: true, ResponseFormats: []string{"url", "b64_json"}, ReadsPrompt: true,
	}
}

// Builtin is what the built-in engine takes: any size, at full resolution.
func Builtin() Profile {
	return Profile{ID: "builtin", Images: 1, PromptChars: 1000, MaxN: 10}
}
