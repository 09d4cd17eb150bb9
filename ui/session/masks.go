package session

import (
	"context"
	"os"
	"path/filepath"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/subject"
)

// MaskChange is an operation on a whole mask.
type MaskChange string

// The operations. Those that take a number of pixels are marked.
const (
	MaskAll          MaskChange = "all"
	MaskNone         MaskChange = "none"
	MaskInvert       MaskChange = "invert"
	MaskGrow         MaskChange = "grow"    // by so many pixels
	MaskShrink       MaskChange = "shrink"  // by so many pixels
	MaskFeather      MaskChange = "feather" // by so many pixels
	MaskFillHoles    MaskChange = "fill_holes"
	MaskTransparency MaskChange = "transparency"
	MaskPerson       MaskChange = MaskChange(subject.People)
	MaskSky          MaskChange = MaskChange(subject.Sky)
	MaskBackground   MaskChange = MaskChange(subject.Background)
	MaskHug          MaskChange = "hug"    // to the edge of the object
	MaskShadow       MaskChange = "shadow" // with the shadow of the object
)

// changed returns the result of an operation on m.
func (c MaskChange) changed(ctx context.Context, s *document.State, m *mask.Mask, pixels int) *mask.Mask {
	switch c {
	case MaskAll:
		return mask.All(s.Size)
	case MaskNone:
		return mask.New(s.Size.X, s.Size.Y)
	case MaskInvert:
		return m.Invert()
	case MaskGrow:
		return m.Grow(pixels)
	case MaskShrink:
		return m.Shrink(pixels)
	case MaskFeather:
		return m.Feather(float64(pixels))
	case MaskFillHoles:
		return m.FillHoles()
	case MaskTransparency:
		return mask.FromTransparency(s.Base.Pix, s.Size, s.Offset)
	case MaskHug, MaskShadow:
		return c.led(ctx, s, m)
	}
	if kind := subject.Kind(c); kind.Valid() {
		if made, err := kind.Find(ctx, s.Size, s.Pixels); err == nil {
			return made
		}
	}
	return m
}

// led returns the result of an operation that depends on the picture, or m where ctx ends.
func (c MaskChange) led(ctx context.Context, s *document.State, m *mask.Mask) *mask.Mask {
	scene, err := selection.Prepare(ctx, s.Size, s.Pixels)
	if err != nil {
		return m
	}
	made := m
	if c == MaskHug {
		made, err = scene.Hug(ctx, m, scene.Reach())
	} else {
		made, err = scene.Shadow(ctx, m)
	}
	if err != nil {
		return m
	}
	return made
}

// MaskAmount returns the number of pixels that was last chosen for an operation.
func (s *Session) MaskAmount(c MaskChange) int {
	if n, ok := s.tool.amounts[c]; ok {
		return n
	}
	return map[MaskChange]int{MaskGrow: 4, MaskShrink: 4, MaskFeather: 8}[c]
}

// PreviewMask previews an operation on the target until ChangeMask, Escape or DropMaskPreview.
// The newest call counts.
func (s *Session) PreviewMask(c MaskChange, pixels int) {
	defer s.act()()
	s.reckonMask(c, pixels, false, func(m *mask.Mask) {
		s.editing.masking = m
		s.touch(Canvas)
	})
}

// DropMaskPreview ends the preview.
func (s *Session) DropMaskPreview() {
	defer s.act()()
	s.dropMaskPreview()
}

func (s *Session) dropMaskPreview() {
	s.editing.asked++
	if s.editing.masking != nil {
		s.editing.masking = nil
		s.touch(Canvas)
	}
}

// ChangeMask applies an operation to the target as one step, unless the document changes
// meanwhile. pixels is for the operations that take a number. A finding (package subject)
// becomes the mask where that is empty; else the user is asked (AskFound) how to combine the
// two.
func (s *Session) ChangeMask(c MaskChange, pixels int) {
	defer s.act()()
	if pixels > 0 {
		if s.tool.amounts == nil {
			s.tool.amounts = map[MaskChange]int{}
		}
		s.tool.amounts[c] = pixels
	}
	if subject.Kind(c).Valid() && s.asking(AskFound) {
		return
	}
	s.onceSettled(func() { s.changeMask(c, pixels) })
}

func (s *Session) changeMask(c MaskChange, pixels int) {
	target := s.editing.target
	s.reckonMask(c, pixels, true, func(m *mask.Mask) {
		was, _ := s.coverage(s.file.doc.State())
		switch {
		case subject.Kind(c).Valid():
			s.takeFound(finding{subject.Kind(c), m, s.file.doc, target}, was)
		case c == MaskShadow && m.Equal(was):
			s.remark(say("mask.no_shadow"))
		case c == MaskTransparency && m.Empty():
			s.remark(say("mask.opaque"))
		default:
			s.paint("step."+string(c), target, m)
		}
	})
}

// reckonMask computes an operation in the background, of which step tells that it is not for a
// preview alone. The document is displayed, so that the mask is visible. What waits for the mask
// (onceSettled) is dropped where the operation finds nothing, or asks.
func (s *Session) reckonMask(c MaskChange, pixels int, step bool, done func(*mask.Mask)) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	s.show(Shown{})
	s.seeMask()
	s.dropMaskPreview()
	number, doc, state, target := s.editing.asked, s.file.doc, s.file.doc.State(), s.editing.target
	m, _ := state.Coverage(target)
	if step {
		s.editing.changing++
	}
	background(s, func() *mask.Mask { return c.changed(s.ctx, state, m, pixels) }, func(made *mask.Mask) {
		if s.file.doc != doc {
			return
		}
		if step {
			s.editing.changing--
		}
		if doc.State() == state && s.editing.target == target && s.editing.asked == number {
			done(made)
		}
		if step && subject.Kind(c).Valid() && doc.State() == state {
			s.editing.then = nil
		}
		s.settled()
	})
}

// HasPicture reports whether a picture is open, and tells the user where none is.
func (s *Session) HasPicture() bool {
	defer s.act()()
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
	}
	return s.file.doc != nil
}

// HasMask reports whether the target is not empty, and posts a notice where it is.
func (s *Session) HasMask() bool {
	defer s.act()()
	if !s.HasPicture() {
		return false
	}
	if !s.masked() {
		s.remark(say("mask.nothing"))
		return false
	}
	return true
}

// LoadMask asks for a PNG and makes it the mask.
func (s *Session) LoadMask() {
	defer s.act()()
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	doc, size := s.file.doc, s.file.doc.State().Size
	s.askFile(FileRequest{Title: say("mask.load.title"), Folder: s.file.folder, Endings: []string{".png"}}, func(c Chosen) {
		background(s, func() outcome[*mask.Mask] {
			data, err := os.ReadFile(c.Path)
			if err != nil {
				return outcome[*mask.Mask]{err: err}
			}
			return result(mask.Decode(data, size))
		}, func(got outcome[*mask.Mask]) {
			switch {
			case got.err != nil:
				s.fail(job.MaskError(filepath.Base(c.Path), got.err))
			case s.file.doc == doc && doc.State().Size == size:
				s.show(Shown{})
				s.seeMask()
				s.paint("step.load", s.editing.target, got.value)
			}
		})
	})
}

// SaveMask asks for a name and writes the target there as a PNG.
func (s *Session) SaveMask() {
	defer s.act()()
	s.onceSettled(s.saveMask)
}

func (s *Session) saveMask() {
	if !s.HasMask() {
		return
	}
	m, _ := s.file.doc.State().Coverage(s.editing.target)
	request := FileRequest{
		Title: say("mask.save.title"), Save: true, Folder: s.file.folder, Name: s.stem() + "-mask.png", Endings: []string{".png"},
	}
	s.askFile(request, func(c Chosen) {
		s.write(say("window.saving", "File", filepath.Base(c.Path)), func(ctx context.Context) error {
			return file.Save(c.Path, c.Over, file.Shared, file.Until(ctx, m.EncodePNG))
		}, func(err error) {
			if err != nil {
				s.fail(folderError(c.Path, err))
				return
			}
			s.log.Info("mask saved")
			s.file.folder = filepath.Dir(c.Path)
			s.tellSaved(say("mask.saved", "File", filepath.Base(c.Path)), c.Path)
		})
	})
}

// folderError says that a file's folder could not be written to.
func folderError(path string, err error) error {
	return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "input.folder", Args: []any{"Folder", filepath.Dir(path)}}, Cause: err}
}

// ReuseMask makes a result's mask the next edit's.
func (s *Session) ReuseMask(id document.ID) {
	defer s.act()()
	r := s.result(id)
	if r == nil {
		return
	}
	s.leaveEditing()
	s.show(Shown{})
	s.seeMask()
	s.paint("step.result_mask", document.Target{}, r.Mask)
}
