package settings

import (
	"fmt"
	"path/filepath"

	"overpaint.dev/overpaint/api"
)

// CorruptError says that the settings' file could not be understood, so that
// the defaults are used. It was moved to Kept.
type CorruptError struct {
	Path, Kept string
	Cause      error
}

// Error describes the trouble for logs.
func (e *CorruptError) Error() string {
	return fmt.Sprintf("settings: %s is damaged (kept as %q): %v", e.Path, e.Kept, e.Cause)
}

// Unwrap returns what was wrong with the file.
func (e *CorruptError) Unwrap() error { return e.Cause }

// Notice is the sentence for the user.
func (e *CorruptError) Notice() api.Notice { return notice("notice.settings_damaged", e.Kept) }

// PartError says that some fields of the settings' file could not be
// understood, so that their defaults are used. The file as it was is kept as Kept.
type PartError struct {
	Path, Kept string
	// Fields are the JSON names of what was lost, such as "brush.size" or
	// "connections[1].limits".
	Fields []string
}

// Error describes the trouble for logs.
func (e *PartError) Error() string {
	return fmt.Sprintf("settings: %s is damaged in part (kept as %q): %v", e.Path, e.Kept, e.Fields)
}

// Notice is the sentence for the user.
func (e *PartError) Notice() api.Notice { return notice("notice.settings_part", e.Kept) }

// UnreadableError says that the settings' file is there, or may be, and could
// not be read, so that the defaults are used and changes are not kept.
type UnreadableError struct {
	Path  string
	Cause error
}

// Error describes the trouble for logs.
func (e *UnreadableError) Error() string {
	return fmt.Sprintf("settings: %s can't be read: %v", e.Path, e.Cause)
}

// Unwrap returns why the file couldn't be read.
func (e *UnreadableError) Unwrap() error { return e.Cause }

// Notice is the sentence for the user.
func (e *UnreadableError) Notice() api.Notice {
	return api.Notice{Sentence: api.Sentence{Key: "notice.settings_unreadable"}}
}

func notice(key, kept string) api.Notice {
	return api.Notice{Sentence: api.Sentence{Key: key, Args: []any{"File", filepath.Base(kept)}}}
}
