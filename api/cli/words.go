package cli

import (
	"errors"
	"strings"
	"syscall"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
)

// ownWords are the sentences that the command line has in the place of those of the window.
var ownWords = map[string]string{
	"error.local":      "cli.local",
	"error.mask_empty": "cli.mask_empty",
	"notice.cut":       "cli.cut",
	"notice.animated":  "cli.animated",
	"notice.pages":     "cli.pages",
	"notice.pictures":  "cli.pictures",
	"notice.layers":    "cli.layers",
	"notice.inks":      "cli.inks",
	"notice.opaque":    "cli.opaque",
	"notice.drawing":   "cli.drawing",
	"notice.preview":   "cli.preview",
}

// sentence returns a sentence in the command line's words; command is whose help it refers
// to, such as "edit".
func sentence(s api.Sentence, command string) string {
	key := s.Key
	if own, ok := ownWords[key]; ok {
		key = own
	}
	return text.T(key, append([]any{"Command", "overpaint " + command}, s.Args...)...)
}

// usage returns the part of the help that is about a command, with the exit statuses, or the
// whole help where there is no such part.
func usage(command string) string {
	whole, end, _ := strings.Cut(text.T("cli.usage"), "\n\n")
	var part []string
	in := false
	for line := range strings.Lines(whole) {
		if rest, starts := strings.CutPrefix(line, "overpaint "); starts {
			in = strings.HasPrefix(rest, command+" ")
		}
		if in {
			part = append(part, line)
		}
	}
	if part == nil {
		return text.T("cli.usage")
	}
	return strings.TrimRight(strings.Join(part, ""), "\n") + "\n\n" + end
}

// explained returns an error of the file system with a sentence of its own where there is
// one, so that no error text of the system has to be printed.
func explained(e *api.Error, path string) *api.Error {
	if e.Kind != api.KindLocal || e.Sentence.Key != "" {
		return e
	}
	switch {
	case errors.Is(e.Cause, syscall.ENOSPC):
		return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "cli.no_space"}}
	case errors.Is(e.Cause, file.ErrExists) && path != "":
		return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "cli.out_exists", Args: []any{"File", path}}}
	}
	return e
}

// pipeClosed reports whether an error says that nobody reads standard output any more.
func pipeClosed(e *api.Error) bool {
	return e.Kind == api.KindLocal && errors.Is(e.Cause, syscall.EPIPE)
}
