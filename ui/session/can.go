package session

import "slices"

// Can reports whether a command has something to work on now, so that a menu can
// offer it. Commands are called as in the table of keys (ui/keys); besides those
// there are "cancel_all" and "clear_failed". What needs nothing can be done always.
func (s *Session) Can(command string) bool {
	switch command {
	case "undo":
		return s.timeline.done > 0
	case "redo":
		return s.timeline.done < len(s.timeline.entries)
	case "steps":
		return len(s.timeline.entries) > 0
	case "generate":
		why, _ := s.reason()
		return why.IsZero()
	case "cancel", "cancel_all":
		return s.Running().Any()
	case "clear_failed":
		return slices.ContainsFunc(s.edits.list, func(e *edit) bool { return !e.detached && e.fault != nil })
	case "export_again":
		return s.file.doc != nil && s.lastExport() >= 0
	case "save_all":
		return anyMade(s.currentGroup())
	case "changes":
		return s.changedResult() != nil
	case "swap_sides":
		return s.shown.now.How != Alone
	case "save_recipe":
		return s.file.doc != nil && (s.panel.masked || len(s.file.doc.State().Results) > 0)
	case "next_picture", "previous_picture":
		return s.where() != ""
	case "mask_none", "mask_grow", "mask_shrink", "mask_feather", "mask_holes", "mask_hug", "mask_shadow", "mask_save":
		return s.masked()
	case "guides_clear":
		return s.file.doc != nil && len(s.file.doc.State().Lines) > 0
	case "save", "save_shown", "export", "project", "copy", "extend", "mask_all", "mask_invert", "mask_person", "mask_sky", "mask_background", "mask_transparency", "mask_load",
		"zoom_in", "zoom_out", "fit", "actual", "original", "current", "compare", "sides", "grid":
		return s.file.doc != nil
	}
	return true
}

// masked reports that something is painted on what is painted on.
func (s *Session) masked() bool {
	if s.file.doc == nil {
		return false
	}
	m, ok := s.coverage(s.file.doc.State())
	return ok && !m.Empty()
}

// anyMade reports that a variant of an edit has come and is there.
func anyMade(group []*edit) bool {
	return slices.ContainsFunc(cardsOf(group), func(one shownCard) bool { return one.card.made != nil })
}
