// Package results shows the accepted edits of a picture as a list, the topmost first: whether
// each is visible, what it changed, its name and opacity, and for the chosen one the controls
// that change it.
//
// The list shows a View, which is plain values, and reports the user's actions by Actions.
// Its own state is its scroll position and what is being typed or dragged. It is used on
// Fyne's goroutine alone.
package results

import (
	"image"

	"fyne.io/fyne/v2"
)

// View is all that the list shows.
type View struct {
	Results []Result // the topmost first
	Chosen  int64    // the one whose controls are shown, or 0
	Folded  bool     // only the heading is shown
}

// Result is one accepted edit.
type Result struct {
	ID        int64 // above 0
	Name      string
	Thumbnail image.Image // of what it changed, or nil
	Visible   bool
	Opacity   float64 // 0 to 1
	Feather   int     // pixels of the picture
	Match     bool    // its colours are matched to what is around it
	Align     bool    // the answer is moved back onto what was sent
	Enlarged  bool    // the answer was smaller than what was sent of the picture
	Sharpen   bool    // then it is sharpened
	Grain     bool    // and has the photo's grain
	KeepMore  bool    // only the pixels that the service changed are used
	Counts    float64 // the threshold for that, -1 to 1
	Details   string  // what the service did to the picture, or ""; of the chosen one alone
	Variants  int     // how many it has; with more than one they can be mixed and swapped
	// MaskEdited and Mixed report whether the user is painting on its mask, or mixing its
	// variants.
	MaskEdited, Mixed bool
}

// Actions are called for the user's actions. A nil one is not called.
type Actions struct {
	// Fold is called when the list is to be folded or unfolded.
	Fold   func(on bool)
	Choose func(id int64)
	Show   func(id int64, on bool)
	// ShowAll shows or hides all results, Remove removes one.
	ShowAll func(on bool)
	Remove  func(id int64)
	Rename  func(id int64, name string)
	// Opacity and Feather are called with each value while a slider moves, and with done once
	// at the end.
	Opacity func(id int64, opacity float64, done bool)
	Feather func(id int64, pixels int, done bool)
	Match   func(id int64, on bool)
	// Align and KeepMore are called for the switches, Counts with each value while its slider
	// moves and with done once at the end.
	Align, KeepMore func(id int64, on bool)
	Sharpen, Grain  func(id int64, on bool)
	Counts          func(id int64, counts float64, done bool)
	// EditMask and Mix begin painting, or end it where it is under way; Swap takes the next
	// variant.
	EditMask, Mix, Swap func(id int64)
	// ReuseMask makes the result's mask the next edit's.
	ReuseMask func(id int64)
	// Move is called when a result was dragged to an index of the list.
	Move func(id int64, to int)
	// Menu is called for a secondary click or the menu key, with the position in the window.
	Menu func(id int64, at fyne.Position)
}

func (v *View) find(id int64) *Result {
	for i := range v.Results {
		if v.Results[i].ID == id && id != 0 {
			return &v.Results[i]
		}
	}
	return nil
}

// anyVisible reports whether hiding all would change something.
func (v *View) anyVisible() bool {
	for _, r := range v.Results {
		if r.Visible {
			return true
		}
	}
	return false
}
