// Package logfile writes the application's log: what was done and what went
// wrong, as JSON lines for whoever looks for a fault. It holds no prompt, no
// key and no picture.
package logfile

import (
	"io"
	"log/slog"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"

	"overpaint.dev/overpaint/editor/file"
)

// Name is the log's file name inside its folder.
const Name = "overpaint.log"

// Limit is how large the log grows, in megabytes, before it is set aside as
// the one older log that is kept.
const Limit = 5

// Open returns a logger that appends to the log in folder, and its closer. The
// folder is made where it is missing. The logger may be used by any number of
// goroutines; it never fails: what can't be written is lost.
func Open(folder string) (*slog.Logger, io.Closer) {
	// lumberjack makes the folder too, but with a mode that lets others in.
	_ = file.Folder(folder)
	out := &lumberjack.Logger{Filename: filepath.Join(folder, Name), MaxSize: Limit, MaxBackups: 1}
	return slog.New(slog.NewJSONHandler(out, nil)), out
}
