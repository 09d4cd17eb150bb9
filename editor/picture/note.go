package picture

import "errors"

// NoteKind is a kind of Note.
type NoteKind string

// The kinds of notes.
const (
	// Cut: the file is truncated or damaged; the part that could be read is shown.
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
	// Layers: the flattened picture is shown; its layers are not read.
	Layers NoteKind = "layers"
	// Drawing: the picture was rendered from a vector drawing.
	Drawing NoteKind = "drawing"
	// Undrawn: parts of a drawing aren't rendered, such as its text.
	Undrawn NoteKind = "undrawn"
	// Opaque: the picture's alpha can't be read; it is shown as opaque.
	Opaque NoteKind = "opaque"
	// Inks: the file is in CMYK; it is shown and edited as RGB.
	Inks NoteKind = "inks"
	// Preview: the picture is the camera's preview in a raw file.
	Preview NoteKind = "preview"
)

// Note is something that the user should know about a file that was opened.
type Note struct {
	Kind NoteKind
	// Count is the number of pages or pictures, 0 for other kinds.
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

// errPart is returned by decoders together with an incomplete picture.
var errPart = errors.New("picture: a part is missing")

// errOpaque is returned by decoders together with a picture whose alpha can't be read.
var errOpaque = errors.New("picture: its alpha can't be read")
