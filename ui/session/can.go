package session

import "slices"

// Can reports whether a command has something to work on now, so that a menu can
// offer it. Commands are called as in the table of keys (ui/keys); besides those
// there are "cancel_all" and "clear_failed". What needs nothing can be done always.
func (s *Session) Can(command string) bool {
	needs, ok := needed[command]
	return !ok || needs(s)
}

// needed says what has to be so for a command; those that need nothing aren't in it.
var needed = map[string]func(s *Session) bool{
	"undo":         func(s *Session) bool { return s.timeline.done > 0 },
	"redo":         func(s *Session) bool { return s.timeline.done < len(s.timeline.entries) },
	"steps":        func(s *Session) bool { return len(s.timeline.entries) > 0 },
	"generate":     (*Session).canGenerate,
	"cancel":       (*Session).running,
	"cancel_all":   (*Session).running,
	"clear_failed": (*Session).anyFailed,
	"export_again": func(s *Session) bool { return s.opened() && s.lastExport() >= 0 },
	"save_all":     func(s *Session) bool { return anyMade(s.currentGroup()) },
	"changes":      func(s *Session) bool { return s.changedResult() != nil },
	"swap_sides":   func(s *Session) bool { return s.shown.now.How != Alone },
	"save_recipe":  (*Session).anyEdit,

	"next_picture":     func(s *Session) bool { return s.where() != "" },
	"previous_picture": func(s *Session) bool { return s.where() != "" },

	"mask_none":    (*Session).masked,
	"mask_grow":    (*Session).masked,
	"mask_shrink":  (*Session).masked,
	"mask_feather": (*Session).masked,
	"mask_holes":   (*Session).masked,
	"mask_hug":     (*Session).masked,
	"mask_shadow":  (*Session).masked,
	"mask_save":    (*Session).masked,
	"guides_clear": (*Session).guided,

	"mask_all":          (*Session).opened,
	"mask_invert":       (*Session).opened,
	"mask_person":       (*Session).opened,
	"mask_sky":          (*Session).opened,
	"mask_background":   (*Session).opened,
	"mask_transparency": (*Session).opened,
	"mask_load":         (*Session).opened,

	"save":       (*Session).opened,
	"save_as":    (*Session).opened,
	"save_shown": (*Session).opened,
	"export":     (*Session).opened,
	"project":    (*Session).opened,
	"copy":       (*Session).opened,
	"extend":     (*Session).opened,
	"zoom_in":    (*Session).opened,
	"zoom_out":   (*Session).opened,
	"fit":        (*Session).opened,
	"actual":     (*Session).opened,
	"original":   (*Session).opened,
	"current":    (*Session).opened,
	"compare":    (*Session).opened,
	"sides":      (*Session).opened,
	"grid":       (*Session).opened,
}

// opened reports whether a picture is open.
func (s *Session) opened() bool { return s.file.doc != nil }

// canGenerate reports whether nothing stands in Generate's way.
func (s *Session) canGenerate() bool {
	why, _ := s.reason()
	return why.IsZero()
}

// running reports whether there is an edit that can be cancelled.
func (s *Session) running() bool { return s.Running().Any() }

// anyFailed reports whether the gallery shows an edit that failed.
func (s *Session) anyFailed() bool {
	return slices.ContainsFunc(s.edits.list, func(e *edit) bool { return !e.detached && e.fault != nil })
}

// guided reports whether there are guide lines.
func (s *Session) guided() bool { return s.opened() && len(s.file.doc.State().Lines) > 0 }

// anyEdit reports whether there is a mask or a result, of which a recipe could be made.
func (s *Session) anyEdit() bool {
	return s.opened() && (s.panel.masked || len(s.file.doc.State().Results) > 0)
}

// masked reports whether something is painted on what is painted on.
func (s *Session) masked() bool {
	if s.file.doc == nil {
		return false
	}
	m, ok := s.coverage(s.file.doc.State())
	return ok && !m.Empty()
}

// anyMade reports whether a variant of an edit has come and is there.
func anyMade(group []*edit) bool {
	return slices.ContainsFunc(cardsOf(group), func(one shownCard) bool { return one.card.made != nil })
}
