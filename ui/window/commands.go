package window

import (
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/session"
)

// makeCommands returns what each command of the table of keys does in this window. Commands
// with fixed keys are handled where those keys are.
func (w *Window) makeCommands() map[string]func() {
	s := w.session
	mask := func(c session.MaskChange) func() { return func() { s.ChangeMask(c, 0) } }
	maskBy := func(name, label string, c session.MaskChange) func() {
		return func() { w.changeMaskBy(name, label, c) }
	}
	masked := func(c session.MaskChange) func() {
		return func() {
			if s.HasMask() {
				s.ChangeMask(c, 0)
			}
		}
	}
	m := map[string]func(){
		"swap": s.SwapBrush, "smaller": func() { s.ResizeBrush(false) }, "larger": func() { s.ResizeBrush(true) },
		"softer": func() { s.HardenBrush(false) }, "harder": func() { s.HardenBrush(true) },

		"mask_all": w.maskAll, "mask_none": mask(session.MaskNone), "mask_invert": mask(session.MaskInvert),
		"mask_grow":    maskBy("grow", "mask.pixels", session.MaskGrow),
		"mask_shrink":  maskBy("shrink", "mask.pixels", session.MaskShrink),
		"mask_feather": maskBy("feather", "mask.radius", session.MaskFeather),
		"mask_holes":   mask(session.MaskFillHoles), "mask_transparency": mask(session.MaskTransparency),
		"mask_person": mask(session.MaskPerson), "mask_sky": mask(session.MaskSky), "mask_background": mask(session.MaskBackground),
		"mask_hug": masked(session.MaskHug), "mask_shadow": masked(session.MaskShadow),
		"mask_load": s.LoadMask, "mask_save": s.SaveMask, "guides_clear": s.ClearGuides,

		"undo": w.undo, "redo": w.redo, "steps": w.showSteps, "copy": w.copy, "paste": w.paste, "extend": w.extend,
		"generate": s.Generate, "cancel": s.Cancel, "prompt": w.side.TogglePrompt,

		"save_shown": s.SaveShown, "discard": s.DiscardSelected, "original": s.ShowOriginal, "current": s.ShowCurrent,
		"compare": s.ToggleCompare, "sides": s.ToggleSideBySide, "swap_sides": s.SwapSides, "grid": w.toggleGrid, "save_all": s.SaveAll,

		"zoom_in": w.surface.ZoomIn, "zoom_out": w.surface.ZoomOut, "fit": w.surface.Fit, "actual": w.surface.ActualSize,
		"changes": func() { s.ShowChanges(!s.ChangesShown()) }, "show_mask": s.ToggleMask, "show_frame": s.ToggleFrame, "panels": s.TogglePanels, "full_screen": w.toggleFullScreen,

		"new_window": s.NewWindow, "open": s.AskOpen,
		"previous_picture": func() { s.OpenNeighbour(false) }, "next_picture": func() { s.OpenNeighbour(true) },
		"export": w.export, "export_again": s.ExportAgain,
		"save": s.Save, "save_as": s.SavePicture, "project": s.SaveProject, "save_recipe": s.SaveRecipe, "apply_recipe": s.ApplyRecipe,
		"history": func() { s.ShowHistory(0) }, "settings": func() { w.showSettings("", false) }, "keyboard": w.showKeyboard, "close": s.Close, "quit": w.program.quit,
	}
	for _, t := range panel.Tools() {
		m[keys.Tool(t.ID)] = func() { s.SelectTool(t.ID) }
	}
	return m
}

// tools are those of the rail, with their keys.
func (w *Window) tools() []panel.Tool {
	list := panel.Tools()
	for i := range list {
		list[i].Key = w.session.Keys().Label(keys.Tool(list[i].ID))
	}
	return list
}
