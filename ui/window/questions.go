package window

import (
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/session"
)

// ask shows the session's first question, once.
func (w *Window) ask() {
	list := w.session.Questions()
	if len(list) == 0 {
		w.asked, w.forecast = 0, nil
		return
	}
	q := list[0]
	if q.ID == w.asked {
		if w.forecast != nil {
			size := w.session.Forecast()
			w.forecast(size.Bytes, size.Working)
		}
		return
	}
	w.asked, w.forecast = q.ID, nil
	switch q.Ask {
	case session.AskFile:
		w.askFile(q)
	case session.AskLeft:
		w.askLeft(q)
	case session.AskFound:
		dialogs.AskFound(w.win, q.Name.String(),
			func(mode tool.Mode) { w.session.PreviewFound(q.ID, mode) },
			func(mode tool.Mode) { w.session.AnswerFound(q.ID, mode) },
			func() { w.session.Answer(q.ID, session.Dismiss) })
	default:
		w.askAnswer(q)
	}
}

// askAnswer shows a question that is answered by buttons.
func (w *Window) askAnswer(q session.Question) {
	d := dialogs.Question{Title: q.Name.String(), Text: text.Sentences(q.Text.String(), q.Also.String())}
	for _, a := range q.Answers {
		d.Answers = append(d.Answers, dialogs.Answer{Label: a.Label.String(), Safe: a.Safe, Do: func() { w.session.Answer(q.ID, a.Reply) }})
	}
	d.OnClose = func() { w.session.Answer(q.ID, session.Dismiss) }
	dialogs.Ask(w.win, d)
}

// askFile asks for a file or a folder.
func (w *Window) askFile(q session.Question) {
	f := q.File
	c := session.Chosen{Quality: f.Quality, Choices: &session.Choices{Strip: f.Strip, Label: f.Label, Sampling: f.Sampling}}
	changed := func() {
		if c.Path != "" {
			choices := *c.Choices
			w.session.Reckon(q.ID, session.Chosen{Path: c.Path, Quality: c.Quality, Choices: &choices})
		}
	}
	r := dialogs.FileRequest{
		Folder: f.Folder, Name: f.Name, Endings: f.Endings, Title: f.Title.String(),
		Keeps: f.Keeps, Quality: f.Quality, OnQuality: func(v int) { c.Quality = v; changed() },
		Formats: f.Formats, Strip: dialogs.Choice{On: f.Strip, Changed: func(on bool) { c.Choices.Strip = on; changed() }},
		OnClose: func() { w.session.Answer(q.ID, session.Dismiss) },
	}
	if f.Formats {
		r.Sampling, r.OnSampling = f.Sampling, func(id string) { c.Choices.Sampling = id; changed() }
		r.Forecast = func(path string, tell func(int64, bool)) {
			c.Path, w.forecast = path, tell
			changed()
		}
	}
	if f.Labels {
		r.Label = dialogs.Choice{On: f.Label, Changed: func(on bool) { c.Choices.Label = on; changed() }}
	}
	var further []string
	r.Several, r.Further = f.Several, func(paths []string) { further = paths }
	chosen := func(path string) {
		w.session.AnswerFile(q.ID, session.Chosen{Path: path, Further: further, Quality: c.Quality})
	}
	switch {
	case f.Directory:
		dialogs.ChooseFolder(w.win, r, chosen)
	case f.Save:
		dialogs.SaveFile(w.win, r, func(path string, over file.Over) {
			c.Path, c.Over = path, over
			w.session.AnswerFile(q.ID, c)
		})
	default:
		dialogs.OpenFile(w.win, r, chosen)
	}
}

// askLeft asks what to do with documents that an earlier run left behind.
func (w *Window) askLeft(q session.Question) {
	var left []dialogs.Left
	for _, l := range q.Left {
		left = append(left, dialogs.Left{Name: l.Name.String(), Saved: l.Saved, Size: l.Size})
	}
	dialogs.AskRecover(w.win, left,
		func(i int) { w.session.AnswerLeft(q.ID, i, session.Open) },
		func(i int) { w.session.AnswerLeft(q.ID, i, session.Discard) },
		func() { w.session.Answer(q.ID, session.Dismiss) })
}
