package session

import (
	"sync"
	"time"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
)

// keepAfter is how long after the last change of frequently changed settings (brush, counts,
// sizes) they are written.
const keepAfter = 500 * time.Millisecond

// keeping holds the settings that are still to be written.
type keeping struct {
	pending []func(*settings.Settings)
	wait    func()     // ends the wait, or nil
	writing sync.Mutex // held while they are written, so that they are in order
}

// remember queues a change of the settings, which is written after keepAfter together with
// those that follow.
func (s *Session) remember(change func(*settings.Settings)) {
	s.keeping.pending = append(s.keeping.pending, change)
	if s.keeping.wait != nil {
		s.keeping.wait()
	}
	s.keeping.wait = s.after(keepAfter, s.flush)
}

// takePending returns the queued changes and empties the queue.
func (s *Session) takePending() []func(*settings.Settings) {
	if s.keeping.wait != nil {
		s.keeping.wait()
		s.keeping.wait = nil
	}
	changes := s.keeping.pending
	s.keeping.pending = nil
	return changes
}

// writeSettings writes changes into the settings, in the order of the calls. It may be called
// from any goroutine.
func (s *Session) writeSettings(changes []func(*settings.Settings)) error {
	if len(changes) == 0 {
		return nil
	}
	s.keeping.writing.Lock()
	defer s.keeping.writing.Unlock()
	return s.settings.Update(func(set *settings.Settings) {
		for _, change := range changes {
			change(set)
		}
	})
}

// flush writes what is pending into the settings.
func (s *Session) flush() {
	changes := s.takePending()
	if len(changes) == 0 {
		return
	}
	background(s, func() error { return s.writeSettings(changes) }, func(err error) {
		if err != nil { // an error here is not reported
			s.log.Warn("settings not saved", "error", err)
		}
		s.touch(Panel | Menu)
	})
}

// takeSettings applies the settings to the session.
func (s *Session) takeSettings() {
	set := s.settings.Current()
	if s.tool.id == "" {
		s.tool.id = "brush"
	}
	s.takeServices(set)
	s.takeLayout(set)
	if len(s.keeping.pending) > 0 { // what the user has just done here counts
		return
	}
	b := set.Brush
	s.tool.settings.Tolerance, s.tool.settings.Contiguous = b.Tolerance, b.Contiguous
	s.tool.settings.Brush = mask.Brush{Size: b.Size, Hardness: b.Hardness}
	s.tool.look = MaskLook{Mode: set.View.Mode, Colour: set.View.Colour, Strength: set.View.Strength}
	s.panel.variants = max(set.Variants, 1)
}

// takeServices drops chosen services that no longer exist; other windows may have chosen
// others.
func (s *Session) takeServices(set *settings.Settings) {
	var list []string
	for _, id := range s.panel.services {
		if _, ok := s.service.Connection(id); ok {
			list = append(list, id)
		}
	}
	if len(list) == 0 && len(s.panel.services) > 0 && s.panel.services[0] == settings.Builtin {
		return
	}
	if len(list) == 0 {
		list = []string{set.Connection}
		if _, ok := s.service.Connection(set.Connection); !ok {
			list = []string{settings.Builtin}
		}
	}
	p := s.service.Profile(list[0])
	if len(s.panel.services) == 0 || list[0] != s.panel.services[0] || !p.Allows(s.panel.size) {
		s.panel.size = defaultSize(p)
	}
	s.panel.services = list
}

// The tools that are no tools of editor/tool.
const (
	ToolMove   = "move"   // moves the window that is sent, chooses results
	ToolHand   = "hand"   // moves the view
	ToolExtend = "extend" // drags the canvas's edges outward
)

// Tool is the selected tool.
type Tool struct {
	// ID is a tool's of editor/tool, or one of the above.
	ID       string
	Settings tool.Settings
	// Drawn reports whether the user has drawn the window that is sent.
	Drawn bool
	// Grow is by how many pixels the mask that is sent is larger.
	Grow int
	// Editing is what it paints on.
	Editing Editing
	// GuidesIgnored reports that no service that is chosen obeys guide lines.
	GuidesIgnored bool
}

// Tool returns the selected tool.
func (s *Session) Tool() Tool {
	return Tool{
		ID: s.tool.id, Settings: s.tool.settings, Drawn: !s.frame.rect.Empty(), Grow: s.settings.Current().Window.Grow, Editing: s.Editing(), GuidesIgnored: !s.guidesObeyed(),
	}
}

// SelectTool selects a tool. A stroke under way ends as it is; an open shape is dropped, which a
// notice tells.
func (s *Session) SelectTool(id string) {
	defer s.act()()
	if id == s.tool.id {
		return
	}
	s.settleShape()
	s.tool.id = id
	s.touch(Tools | Canvas)
	if id == ToolQuick {
		s.prepareQuick()
	}
}

// SwapBrush selects the eraser where the brush is selected, else the brush.
func (s *Session) SwapBrush() {
	if s.tool.id == "brush" {
		s.SelectTool("eraser")
	} else {
		s.SelectTool("brush")
	}
}

// handBrush selects the brush where the selected tool doesn't paint.
func (s *Session) handBrush() {
	if tool.New(s.tool.id) == nil && s.tool.id != ToolQuick {
		s.SelectTool("brush")
	}
}

// SetTool changes the tools' settings.
func (s *Session) SetTool(t tool.Settings) {
	defer s.act(Tools)()
	s.tool.settings = t
	b := settings.Brush{Size: t.Brush.Size, Hardness: t.Brush.Hardness, Tolerance: t.Tolerance, Contiguous: t.Contiguous}
	s.remember(func(set *settings.Settings) { set.Brush = b })
}

// ResizeBrush makes the brush larger or smaller by a tenth, and by a pixel at
// least.
func (s *Session) ResizeBrush(larger bool) {
	t := s.tool.settings
	by := max(1, float64(int(t.Brush.Size/10)))
	if !larger {
		by = -by
	}
	t.Brush.Size = min(max(t.Brush.Size+by, 1), 1000)
	s.SetTool(t)
}

// HardenBrush makes the brush harder or softer by a tenth.
func (s *Session) HardenBrush(harder bool) {
	t := s.tool.settings
	by := 0.1
	if !harder {
		by = -by
	}
	t.Brush.Hardness = min(max(t.Brush.Hardness+by, 0), 1)
	s.SetTool(t)
}

// MaskLook returns how a mask that is shown looks.
func (s *Session) MaskLook() MaskLook { return s.tool.look }

// SetMaskLook changes how a mask looks.
func (s *Session) SetMaskLook(l MaskLook) {
	defer s.act(Canvas | Menu)()
	s.tool.look, s.tool.preview = l, nil
	s.remember(func(set *settings.Settings) {
		set.View = settings.MaskView{Mode: l.Mode, Colour: l.Colour, Strength: l.Strength}
	})
}

// PreviewMaskLook shows the mask in a look that is being chosen; nil ends that.
func (s *Session) PreviewMaskLook(l *MaskLook) {
	defer s.act(Canvas)()
	s.tool.preview = l
}
