package session

import (
	"bytes"
	"context"
	"errors"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/clipboard"
)

// Clipboard is the system's clipboard; *clipboard.Clipboard implements it. Both calls wait for
// other programs.
type Clipboard interface {
	Read(context.Context) (*clipboard.Content, error)
	Write(ctx context.Context, png []byte) error
}

// encoding is how the picture of a job is written.
func encoding(j *job.Job, quality int) picture.Encoding {
	return picture.Encoding{Quality: quality, Meta: j.State().Base.Meta}
}

// Paste opens the picture on the clipboard as a new document.
func (s *Session) Paste() {
	defer s.act()()
	if s.options.Clipboard == nil {
		s.remark(say("paste.unavailable"))
		return
	}
	type pasted struct {
		content *clipboard.Content
		state   outcome[*document.State]
	}
	background(s, func() outcome[pasted] {
		got, err := s.options.Clipboard.Read(s.ctx)
		if err != nil {
			return outcome[pasted]{err: err}
		}
		p := pasted{content: got}
		if got.Picture != nil {
			p.state = begun(got.Picture, nil)
		}
		return outcome[pasted]{value: p}
	}, func(got outcome[pasted]) {
		if got.err != nil {
			s.log.Info("not pasted", "error", got.err)
			s.remark(say(clipboardSentence(got.err)))
			return
		}
		content, state := got.value.content, got.value.state
		if content.Path != "" {
			s.Open(content.Path)
			return
		}
		s.leaveDocument(func() {
			name := say("paste.name").String()
			s.openPicture(state, name, document.Source{Name: name, Bytes: content.Bytes})
			s.file.pasted = true
		})
	})
}

// Copy puts the picture that the canvas shows on the clipboard.
func (s *Session) Copy() {
	defer s.act()()
	switch {
	case s.file.doc == nil:
		s.remark(say("paste.no_document"))
		return
	case s.options.Clipboard == nil:
		s.remark(say("paste.unavailable"))
		return
	}
	state := s.stateOf(s.shown.now.Picture)
	background(s, func() error {
		// Only the profile is copied: other metadata may tell about the user.
		var png bytes.Buffer
		err := picture.Encode(&png, state.Flatten(), picture.Encoding{Format: picture.PNG, Meta: picture.Metadata{ICC: state.Base.Meta.ICC, Space: state.Base.Meta.Space}})
		if err != nil {
			return err
		}
		return s.options.Clipboard.Write(s.ctx, png.Bytes())
	}, func(err error) {
		if err != nil {
			s.log.Warn("not copied", "error", err)
			s.remark(say(clipboardSentence(err)))
			return
		}
		s.log.Info("copied")
	})
}

// clipboardSentence chooses the words for an error of the clipboard.
func clipboardSentence(err error) string {
	var large *picture.TooLargeError
	switch {
	case errors.Is(err, clipboard.ErrEmpty):
		return "paste.nothing"
	case errors.Is(err, clipboard.ErrNoAnswer):
		return "paste.no_answer"
	case errors.Is(err, clipboard.ErrUnavailable):
		return "paste.unavailable"
	case errors.Is(err, clipboard.ErrTooLarge), errors.As(err, &large):
		return "paste.too_large"
	}
	return "paste.bad"
}
