package settings

import (
	"fmt"
	"path/filepath"

	"overpaint.dev/overpaint/api"
)

// CorruptError reports that the settings' file could not be decoded, so that the defaults
// are used. The file was renamed to Kept.
type CorruptError struct {
	Path, Kept string
	Cause      error
}

// Error describes the error for logs.
func (e *CorruptError) Error() string {
	return fmt.Sprintf("settings: %s is damaged (kept as %q): %v", e.Path, e.Kept, e.Cause)
}

// Unwrap returns the error of decoding the file.
func (e *CorruptError) Unwrap() error { return e.Cause }

// Notice is the sentence for the user.
func (e *CorruptError) Notice() api.Notice { return notice("notice.settings_damaged", e.Kept) }

// PartError reports that some fields of the settings' file could not be decoded, so that
// their defaults are used. Kept is a copy of the file as it was.
type PartError struct {
	Path, Kept string
	// Fields are the JSON paths of the fields, such as "brush.size" or
	// "connections[1].limits".
	Fields []string
}

// Error describes the error for logs.
func (e *PartError) Error() string {
	return fmt.Sprintf("settings: %s is damaged in part (kept as %q): %v", e.Path, e.Kept, e.Fields)
}

// Notice is the sentence for the user.
func (e *PartError) Notice() api.Notice { return notice("notice.settings_part", e.Kept) }

// UnreadableError reports that a settings' file that exists, or may exist, could not be
// read, so that the defaults are used and changes are not saved.
type UnreadableError struct {
	Path  string
	Cause error
}

// Error describes the error for logs.
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
