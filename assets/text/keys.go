package text

import "regexp"

// The keys that are held on the keyboards of macOS have other names, and the
// shortcuts that are Ctrl's elsewhere are Cmd's there.
var (
	ctrl = regexp.MustCompile(`\bCtrl\b`)
	alt  = regexp.MustCompile(`\bAlt\b`)
)

// Keys writes the names of the keys that are held, in a sentence or in a shortcut
// ("Ctrl+Alt+S"), as they are on the keyboards of a system, named as runtime.GOOS
// does: "Cmd+Option+S" on macOS.
func Keys(system, s string) string {
	if system != "darwin" {
		return s
	}
	return alt.ReplaceAllString(ctrl.ReplaceAllString(s, "Cmd"), "Option")
}
