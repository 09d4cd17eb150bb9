package display

import (
	"errors"
	"runtime"

	"overpaint.dev/overpaint/assets/text"
)

// Sentence returns what a person should read where Probe failed: what is missing,
// what to install, and what works without a window.
func Sentence(err error) string {
	switch {
	case runtime.GOOS == "windows":
		return text.T("display.windows")
	case errors.Is(err, ErrNoXWayland):
		return text.T("display.no_xwayland")
	case errors.Is(err, ErrNoOpenGL):
		return text.T("display.no_opengl")
	case errors.Is(err, ErrOldOpenGL):
		return text.T("display.old_opengl")
	}
	return text.T("display.none")
}
