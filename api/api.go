// Package api says what is asked of an engine and what it answers: the
// request, the answers, the profile that tells what a model accepts, and the
// errors that a person may see. It knows neither windows nor files.
package api

import (
	"context"
	"image"
	"time"
)

// Engine makes edits. Implementations are safe for use by several goroutines.
type Engine interface {
	// Profile tells what the engine accepts.
	Profile() Profile
	// Edit carries out one request. It reports to the sink on the way and returns
	// when all is done. Cancelling ctx ends it soon, with ctx's error inside the
	// one returned. Errors are *Error. With an error too, what was reported stays
	// valid and Result counts it: whoever repeats asks for Asked-Got variants only.
	Edit(ctx context.Context, req *Request, to Sink) (Result, error)
}

// Request is one edit, whole: all that affects the result is in it, and
// it is immutable.
type Request struct {
	// Image is the part of the canvas that is sent, at the size that is sent.
	// Pixels under the mask may be anything.
	Image *image.NRGBA
	// Mask is the coverage (255 = edit) at the size of Image. Nil means that
	// Image's own fully transparent pixels are the mask and no mask is sent.
	Mask *image.Alpha
	// References are further input pictures, where the profile allows them.
	References []*image.NRGBA
	Prompt     string
	// Model is the service's name for the model; "" leaves it out.
	Model string
	// N is how many variants are asked for; 0 leaves it out.
	N int
	// Size is the size of the answer in pixels; the zero point leaves it out,
	// or is "auto" where the profile has that.
	Size image.Point
	// ResponseFormat is "url", "b64_json" or "" to leave it out.
	ResponseFormat string
	// User is the end user's identifier; "" leaves it out.
	User string
	// Seed makes the built-in engine's variants repeatable. Services never see it.
	Seed int64
	// Lines are edges and lines that the built-in engine continues through the mask, each at
	// least two points in Image's pixels, in their order along it. Services never see them.
	Lines [][]image.Point
	// Options are the profile's further fields by their name on the wire
	// (quality, background, output_format, ...); only what the user set.
	Options map[string]string
	// Stream asks for the answer as a stream, with Partials (0 to 3) previews
	// on the way, where the profile allows it.
	Stream   bool
	Partials int
	// Key names the request for services that make, and charge, what has one name but once
	// (Profile.IdempotencyHeader): it is the same however often it is sent. "" has the engine
	// make one up each time.
	Key string
	// Files are the pictures as they are sent, where they were encoded before
	// (see Encoder); nil otherwise.
	Files *Files
}

// Stage tells how far an edit has come.
type Stage string

// The stages of an edit in their order. The built-in engine has only Computing.
const (
	Queued      Stage = "queued"
	Uploading   Stage = "uploading"
	Waiting     Stage = "waiting" // the service works
	Pausing     Stage = "pausing" // before a repetition, see Progress.Until
	Downloading Stage = "downloading"
	Computing   Stage = "computing"
)

// Event is one of the types below, in the order in which things happened.
type Event interface{ event() }

// Progress tells how far a stage has come.
type Progress struct {
	Stage Stage
	// Fraction is 0 to 1, or negative where it isn't known.
	Fraction float64
	// Index is the variant that is being made, from 0, or -1 for all.
	Index int
	// Until is when a pause ends; zero otherwise.
	Until time.Time
}

// Sent says that a request left this machine (its last byte was written), from
// when on it may be charged. One edit may need several requests.
type Sent struct {
	// Bytes is the length of the request's body.
	Bytes int64
	// Index is the variant that was asked for, or -1 for all.
	Index int
}

// Partial is a preview of a variant that is still being made.
type Partial struct {
	Index int
	Image *image.NRGBA
}

// Answer is one finished variant as the engine gave it: the window alone, of
// any size, not yet stitched into the picture.
type Answer struct {
	Index int
	Image *image.NRGBA
	// Encoded is the picture file as it came, nil from the built-in engine.
	Encoded []byte
	// RevisedPrompt is the prompt that the service says it used, or "".
	RevisedPrompt string
	// Method is how the built-in engine made it, one of the methods below, or "".
	Method string
}

// The methods of the built-in engine.
const (
	Patches = "patches" // from many small patches
	Pieces  = "pieces"  // from few large pieces
)

// Notice is something that the user should know and that is no error, as a
// sentence of the translations.
type Notice struct {
	Sentence Sentence
}

func (Progress) event() {}
func (Sent) event()     {}
func (Partial) event()  {}
func (Answer) event()   {}
func (Notice) event()   {}

// Result is what is known once an edit has ended.
type Result struct {
	// Asked and Got count variants. Got is smaller without an error where the
	// service gave fewer than it was asked for.
	Asked, Got int
	RequestID  string
	// Usage is the service's account of tokens by its own names, or nil.
	Usage map[string]int64
}
