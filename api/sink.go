package api

import (
	"context"
	"image"
	"io"
	"time"
)

// Sink takes what an engine reports while it carries out a request. An engine
// makes one call at a time, and none after Edit has returned. Of the writers that
// Spool returns, several may be in use at once and beside other calls; each is
// used by one goroutine and closed before Edit returns.
type Sink interface {
	// Emit reports an event. An error means that what the event says could not
	// be written down. An engine that gets one from Sending must not send; after
	// any other event it goes on, since its answer may be paid for.
	Emit(Event) error
	// Spool opens the file that keeps the bytes of an answer. The engine writes
	// what it reads there before it makes use of it, and closes it when the
	// transfer has ended, however it ended. Neither ever fails for the engine:
	// the code that keeps the bytes reports errors of that to the user.
	Spool(Arrival) io.WriteCloser
}

// Sending says that the first byte of a request is about to leave this machine.
// When Emit has returned without an error this is on the disk.
type Sending struct {
	// Bytes is the length of the request's body.
	Bytes int64
	// Index is the variant that is asked for, or -1 for all.
	Index int
}

func (Sending) event() {}

// Arrival describes an answer whose bytes begin to arrive.
type Arrival struct {
	// Index is the variant that the answer is for, or -1 where it is for all.
	Index int `json:"index"`
	// Status and ContentType are the service's own.
	Status      int    `json:"status,omitempty"`
	ContentType string `json:"type,omitempty"`
	// RequestID is the service's number of the request, or "".
	RequestID string `json:"request_id,omitempty"`
	// Address is where the answer came from: addresses of pictures in it may be
	// relative to it.
	Address string `json:"address,omitempty"`
}

// Kept is an answer, whole or as far as it came, as it was spooled.
type Kept struct {
	Arrival
	Body []byte
}

// Recovered is what could be made of a kept answer.
type Recovered struct {
	Answers []Answer
	// Usage is the service's account of tokens by its own names, or nil.
	Usage map[string]int64
	// Whole reports that the answer had arrived to its end, so that nothing more
	// of it is to come.
	Whole bool
}

// Files are a request's pictures as they are sent. They are made once (see
// Encoder) and never changed.
type Files struct {
	// Image and Mask are PNG files; Mask is nil where none is sent.
	Image, Mask []byte
	// References are PNG files, in the request's order.
	References [][]byte
	// Size is the size of Image in pixels. Scaled reports that it is smaller than
	// the request's, because the file would have been too long.
	Size   image.Point
	Scaled bool
	// Inverted reports that the mask's black and white are exchanged.
	Inverted bool
}

// Bytes is the length of all files together.
func (f *Files) Bytes() int64 {
	n := int64(len(f.Image) + len(f.Mask))
	for _, r := range f.References {
		n += int64(len(r))
	}
	return n
}

// Encoder is an engine that sends pictures as files. Encode makes them once, so
// that a request with Request.Files set is not encoded again by Edit.
type Encoder interface {
	Encode(ctx context.Context, req *Request) (*Files, error)
}

// FreeLimits bound the calls that cost nothing (models, tests, downloads).
type FreeLimits struct {
	// Connect is how long a connection may take to be made, Silence how long the
	// other side may send no byte. Zero means 10 and 30 seconds.
	Connect, Silence time.Duration
}
