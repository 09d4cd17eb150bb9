package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Kind is the kind of an error, by which a sentence, an exit status and the
// next step for the user are chosen.
type Kind string

// The kinds of errors. Each has a sentence "error." + kind.
const (
	KindAuth       Kind = "auth"        // the key is wrong or not allowed here
	KindQuota      Kind = "quota"       // the account has no money or quota left
	KindRate       Kind = "rate"        // too many requests, or the service is too busy
	KindModeration Kind = "moderation"  // the service refused what was asked for
	KindRejected   Kind = "rejected"    // the service refused how it was asked for
	KindMoved      Kind = "moved"       // the address redirects elsewhere
	KindNotService Kind = "not_service" // the answer isn't that of an image service (a web page)
	KindEmpty      Kind = "empty"       // an answer without a picture
	KindNetwork    Kind = "network"     // no connection: the request did not arrive completely
	KindUnknown    Kind = "unknown"     // sent, with an unknown outcome: it may have been charged
	KindInput      Kind = "input"       // bad input: nothing was sent
	KindLocal      Kind = "local"       // a file, a disk, memory
	KindCancelled  Kind = "cancelled"   // the user stopped it
)

// Sentence is a text of the translations: its key and what is put into it, as
// pairs of name and value (see assets/text).
type Sentence struct {
	Key  string
	Args []any
}

// Error is an error that the user may see. It never holds a key.
type Error struct {
	Kind Kind
	// Sentence is what the user reads. An empty key means "error." + Kind.
	Sentence Sentence
	// Status is the HTTP status, or 0.
	Status int
	// Code, Message and RequestID are the service's own, trimmed, or "".
	Code, Message, RequestID string
	// Address is where a redirection points to (KindMoved), or what was asked.
	Address string
	// Retryable reports that nothing can have been charged and that the same
	// request may succeed if it is sent again: a refused connection, a failed
	// name look-up, a 429 that isn't about quota, a 503 with Retry-After. Only
	// then may a program repeat it without asking the user.
	Retryable bool
	// RetryAfter is how long the service asked to wait (Retry-After or
	// retry-after-ms), as it came and never negative; 0 where it said nothing.
	RetryAfter time.Duration
	// Cause is the error underneath, or nil. For logs, never for the user.
	Cause error
}

// Error describes the error for logs.
func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Sentence.Key != "" {
		s += " (" + e.Sentence.Key + ")"
	}
	if e.Status != 0 {
		s += fmt.Sprintf(": %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Code != "" {
		s += ": " + e.Code
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the error underneath.
func (e *Error) Unwrap() error { return e.Cause }

// Text returns the sentence for the user.
func (e *Error) Text() Sentence {
	if e.Sentence.Key != "" {
		return e.Sentence
	}
	return Sentence{Key: "error." + string(e.Kind)}
}

// CancelledSent is the sentence of a job that the user stopped when its
// request had left already.
const CancelledSent = "error.cancelled_sent"

// MayHaveCost reports that the request may have been carried out and charged
// although no picture came of it, so that only the user may repeat it.
func (e *Error) MayHaveCost() bool {
	return e.Kind == KindUnknown || e.Kind == KindCancelled && e.Sentence.Key == CancelledSent || e.PicturesMade()
}

// PicturesMade reports that the service has made pictures, of which none can be
// had as yet: their addresses don't give them out, or they can't be decoded.
func (e *Error) PicturesMade() bool {
	return e.Kind == KindEmpty && e.Text().Key != "error."+string(KindEmpty)
}

// InputError is an error in the user's input, found before anything was
// sent; key and args as in Sentence.
func InputError(key string, args ...any) *Error {
	return &Error{Kind: KindInput, Sentence: Sentence{Key: key, Args: args}}
}

// AsError returns the *Error inside err, or a new one around it (KindCancelled
// for a cancelled context, KindLocal otherwise), or nil for nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, context.Canceled) {
		return &Error{Kind: KindCancelled, Cause: err}
	}
	return &Error{Kind: KindLocal, Cause: err}
}
