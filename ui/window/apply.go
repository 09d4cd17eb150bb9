package window

import (
	"cmp"
	"path/filepath"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/widgets"
)

// showApply shows the recipe that is applied to pictures, in its dialog.
func (w *Window) showApply() {
	a := w.session.Apply()
	switch {
	case !a.Shown:
		if d := w.applying; d != nil {
			w.applying = nil
			d.Close()
		}
	case w.applying == nil:
		w.applying = dialogs.ShowApply(w.win, w.applyActions(), w.applyView(a))
	default:
		w.applying.Show(w.applyView(a))
	}
}

func (w *Window) applyActions() dialogs.ApplyActions {
	s := w.session
	services := append([]widgets.Option{{ID: settings.Builtin, Text: text.T("ui.builtin")}}, w.connectionOptions()...)
	return dialogs.ApplyActions{
		Services: services, Recipe: s.ChooseRecipe, AddPictures: s.AddApplyPictures, AddFolder: s.AddApplyFolder, Clear: s.ClearApply,
		Deep: s.SetApplyDeep, Service: s.SetApplyService, Model: s.SetApplyModel, Out: s.SetApplyOut, ChooseOut: s.ChooseApplyOut,
		AtOnce: s.SetApplyAtOnce, Start: s.StartApply, Cancel: s.CancelApply, Again: s.ContinueApply, Pause: s.PauseApply,
		Review: s.ReviewApply, Back: func() { s.LookAtApply(-1, 0) }, Keep: s.KeepApplied, Discard: s.DiscardApplied, Open: s.OpenApplied,
		Step: s.StepApply, Closed: s.HideApply,
	}
}

// applyView is what the dialog shows of it.
func (w *Window) applyView(a session.Apply) dialogs.Applying {
	v := dialogs.Applying{
		Recipe: a.Recipe, Prompt: a.Prompt, Deep: a.Deep, Connection: a.Connection, Model: a.Model, AtOnce: a.AtOnce, Out: a.Out,
		Price: a.Price.String(), Reason: cmp.Or(a.Reason.String(), a.Trouble.String()), CanStart: a.Reason.IsZero() && a.Priced && !a.Starting,
		Running: a.Phase == session.ApplyRunning, Paused: a.Paused, Unfinished: a.Unfinished, Results: a.Results,
	}
	if a.Phase == session.ApplyChoosing {
		v.Models = w.program.options.Settings.Profiles().EditorsFirst(a.Models)
	}
	for _, p := range a.Pictures {
		row := dialogs.ApplyRow{Path: p.Path, Reason: p.Reason.String(), Bad: p.Bad()}
		if a.Phase != session.ApplyChoosing {
			row.State = text.T("apply.state." + string(p.State))
		}
		if p.Cost.Sum > 0 {
			row.Cost = p.Cost.String()
		}
		v.Rows = append(v.Rows, row)
	}
	if a.Phase != session.ApplyChoosing {
		v.Page = dialogs.ApplyWork
		v.Progress = text.N("apply.ended", len(a.Pictures), "Ended", a.Ended)
		if a.Cost.Sum > 0 {
			v.Progress += " · " + text.T("apply.cost", "Cost", a.Cost.String())
		}
		if a.Paused {
			v.Progress += " · " + text.T("apply.paused")
		}
		v.Fraction = float64(a.Ended) / float64(max(1, len(a.Pictures)))
	}
	if look := w.session.ApplyLooked(); look.Picture >= 0 {
		v.Page, v.Number = dialogs.ApplyReview, look.Number
		v.Name = filepath.Base(a.Pictures[look.Picture].Results[look.Result])
		if look.Before != nil {
			v.Before = look.Before
		}
		if look.After != nil {
			v.After = look.After
		}
	}
	return v
}
