package picture

import "errors"

// NoteKind is a kind of Note.
type NoteKind string

// What there may be to tell of a file that was opened.
const (
	// Cut: the file breaks off or is damaged; what could be read is shown.
	Cut NoteKind = "cut"
	// Deep: the file has more than 8 bits a channel; 8 are shown and edited.
	Deep NoteKind = "deep"
	// Animated: there are more frames than the first, which is shown.
	Animated NoteKind = "animated"
	// Pages: there are Count pages, of which the first is shown.
	Pages NoteKind = "pages"
	// Pictures: there are Count pictures, of which the main one is shown.
	Pictures NoteKind = "pictures"
	// GainMap: the map that brightens the picture on HDR screens isn't kept once the picture
	// was edited.
	GainMap NoteKind = "gainmap"
	// Layers: the picture is shown as it looks in all; its layers are not read.
	Layers NoteKind = "layers"
	// Drawing: the picture was made of a drawing's shapes.
	Drawing NoteKind = "drawing"
	// Undrawn: parts of a drawing aren't shown, such as its texts.
	Undrawn NoteKind = "undrawn"
	// Opaque: how opaque the picture is can't be read; all of it is shown as opaque.
	Opaque NoteKind = "opaque"
	// Inks: the file is made of printing inks; they are shown and edited as RGB.
	Inks NoteKind = "inks"
	// Preview: the picture is the camera's own, out of a file of raw data.
	Preview NoteKind = "preview"
)

// Note is something that the user should know of a file that was opened.
type Note struct {
	Kind NoteKind
	// Count is how many things the kind speaks of, 0 where it speaks of none.
	Count int
}

// note adds a note to the others.
func (m *Metadata) note(kind NoteKind, count int) { m.Notes = append(m.Notes, Note{kind, count}) }

// Has reports whether there is a note of a kind.
func (m *Metadata) Has(kind NoteKind) bool {
	for _, n := range m.Notes {
		if n.Kind == kind {
			return true
		}
	}
	return false
}

// errPart comes from decoders together with a picture of which a part is missing.
var errPart = errors.New("picture: a part is missing")

// errOpaque comes from decoders together with a picture whose alpha can't be read.
var errOpaque = errors.New("picture: its alpha can't be read")
