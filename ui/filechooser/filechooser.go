// Package filechooser shows the dialogs for files that are the desktop's own: those of the
// XDG desktop portal on Linux and the common item dialogs of Windows. It draws nothing
// itself and knows no window toolkit.
package filechooser

// Kind is what is chosen.
type Kind int

// What can be chosen.
const (
	Open   Kind = iota // a file that exists, or several
	Save               // the name of a file to be written
	Folder             // a folder that exists
)

// Filter is one kind of file that can be listed.
type Filter struct {
	Name string // as the user reads it
	// Endings are the names' endings in small letters, with their dot; none means every file.
	Endings []string
}

// Request says what the user is asked to choose.
type Request struct {
	Kind   Kind
	Title  string
	Folder string // where to begin, as an absolute path; "" leaves it to the desktop
	Name   string // what is suggested for a file to be saved
	// Filters are what can be listed, the first one at the beginning, unless another one has
	// the ending of Name.
	Filters []Filter
	Several bool // more than one file may be chosen, where Kind is Open
}
