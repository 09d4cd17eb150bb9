package window

import (
	"context"
	"image"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/file"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
	"overpaint/ui/widgets"
)

// showHistory opens the history, with an entry shown first or 0.
func (w *Window) showHistory(entry int64) {
	if dialogs.IsOpen(w.win) {
		return
	}
	go func() {
		store, err := w.service.History()
		fyne.Do(func() {
			if err != nil {
				w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.history_closed"}, Cause: err})
				return
			}
			w.historyChanged = dialogs.ShowHistory(w.win, w.historyOf(store, entry))
		})
	}()
}

// historyOf wires the dialog to the store. What it asks waits for the disk and
// is done in the background.
func (w *Window) historyOf(store *history.Store, entry int64) dialogs.History {
	thumbnails := history.DefaultThumbnails(store)
	failed := func(err error) {
		if err != nil {
			w.log.Warn("history", "error", err)
			fyne.Do(func() { w.fail(err) })
		}
	}
	return dialogs.History{
		Connections: w.connectionOptions(), Selected: entry,
		List: func(f history.Filter, tell func([]history.Item)) {
			go func() {
				items, err := store.List(w.context, f)
				failed(err)
				fyne.Do(func() { tell(items) })
			}()
		},
		Thumbnail: func(hash string, tell func(image.Image)) {
			go func() {
				img, err := thumbnails.Get(hash)
				fyne.Do(func() {
					if err != nil {
						tell(nil)
						return
					}
					tell(img)
				})
			}()
		},
		Totals:      func(tell func(string)) { go func() { s := w.totals(); fyne.Do(func() { tell(s) }) }() },
		OnUsage:     func() { w.showUsage(store) },
		OnFavourite: func(id int64, on bool) { go func() { failed(store.SetFavourite(id, on)) }() },
		OnReuse:     func(i history.Item) { w.reuse(store, i) },
		OnReopen:    func(i history.Item) { w.askThen(func() { w.reopen(store, i, nil) }) },
		OnAgain: func(i history.Item) {
			w.askThen(func() {
				w.reuse(store, i)
				w.reopen(store, i, func() {
					w.frame = drawnFrame{rect: i.Settings.Plan.Window}
					w.generate()
				})
			})
		},
		OnFetch: func(i history.Item) { w.fetchAgain(i.ID) },
		OnSave:  func(i history.Item, v history.Variant) { w.saveKept(store, i, v) },
		OnDelete: func(id int64, done func()) {
			go func() {
				failed(store.Delete(id))
				failed(thumbnails.Sweep())
				fyne.Do(done)
			}()
		},
	}
}

// connectionOptions are the connections to choose from, without the engine of
// this program, of which the history keeps nothing: it can do its work again.
func (w *Window) connectionOptions() []widgets.Option {
	var list []widgets.Option
	for _, c := range w.set().Connections {
		list = append(list, widgets.Option{ID: c.ID, Text: c.Name})
	}
	return list
}

// totals is what was spent today and this month, in one line.
func (w *Window) totals() string {
	today, month, err := w.service.Totals(w.context)
	if err != nil {
		return ""
	}
	return text.T("dialog.usage.line", "Today", dialogs.TotalsText(today), "Month", dialogs.TotalsText(month))
}

func (w *Window) showUsage(store *history.Store) {
	dialogs.ShowUsage(w.win, dialogs.Usage{
		Fetch: func(by history.Period, tell func([]history.Total)) {
			go func() {
				now := time.Now()
				from := now.AddDate(0, 0, -60)
				if by == history.ByMonth {
					from = now.AddDate(-10, 0, 0)
				}
				all, err := store.Totals(w.context, by, from, now)
				if err != nil {
					w.log.Warn("totals", "error", err)
				}
				fyne.Do(func() { tell(all) })
			}()
		},
		Name: func(connection string) string {
			if c, ok := w.set().Find(connection); ok {
				return c.Name
			}
			return ""
		},
	})
}

// reuse takes prompt, connection and settings from an entry of the history.
func (w *Window) reuse(store *history.Store, i history.Item) {
	o := i.Options()
	w.change(func(s *settings.Settings) {
		if c, ok := s.Find(i.Connection); ok && isService(i.Connection) {
			c.SetModel(i.Settings.Model)
			s.Connection = c.ID
		}
		s.Variants = max(o.N, 1)
	})
	w.showConnection()
	w.checkKey(false)
	w.loadPrompt(o.Prompt)
	if p := w.profile(); p.Allows(o.Size) && o.Size != (image.Point{}) {
		w.size = o.Size
		w.side.SetSize(o.Size)
	}
	w.side.SetVariants(w.set().Variants)
	w.more = panel.More{Seed: w.more.Seed, User: w.more.User, ResponseFormat: o.ResponseFormat, Options: o.Extra, Names: map[string]string{}}
	if o.Stream {
		w.more.Previews = o.Partials
	}
	for n, hash := range i.References {
		path := store.Path(hash)
		w.more.References = append(w.more.References, path)
		w.more.Names[path] = text.T("ui.references.kept", "Number", n+1)
	}
	w.side.SetMore(w.more)
	w.plan()
	w.tell(text.T("notice.reused", "Date", i.Created.Format("2006-01-02 15:04")))
}

// reopen opens the picture of an entry as it was, with its mask and its
// variants, then goes on.
func (w *Window) reopen(store *history.Store, i history.Item, then func()) {
	go func() {
		j, err := store.Reopen(i)
		var bytes []byte
		if err == nil {
			bytes, err = store.File(i.Canvas)
		}
		if err != nil {
			w.log.Warn("not reopened", "error", err)
			fyne.Do(func() {
				w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.not_reopened"}, Cause: err})
			})
			return
		}
		made := w.variantsOf(store, j, i)
		fyne.Do(func() {
			name := keptStem(i) + ".png"
			w.begin(document.Open(j.State(), document.Source{Name: name, Bytes: bytes}), name, nil)
			w.showKept(i, j, made)
			w.log.Info("reopened", "variants", len(made))
			if then != nil {
				then()
				return
			}
			w.prompt = i.Prompt
			w.side.SetPrompt(i.Prompt)
			w.plan()
			sentence := text.T("notice.reopened")
			if len(made) == 0 {
				sentence = text.T("notice.reopened_bare")
			}
			w.tell(sentence)
		})
	}()
}

// variantsOf stitches the answers that the history has of an entry.
func (w *Window) variantsOf(store *history.Store, j *job.Job, i history.Item) []*job.Variant {
	var made []*job.Variant
	for _, v := range i.Variants {
		answer, err := store.Answer(v)
		if err == nil {
			var one *job.Variant
			if one, err = j.Variant(answer); err == nil {
				made = append(made, one)
			}
		}
		if err != nil {
			w.log.Warn("variant not reopened", "error", err)
		}
	}
	return made
}

// showKept shows variants from the history as cards.
func (w *Window) showKept(i history.Item, j *job.Job, made []*job.Variant) {
	b := &batch{picture: w.name, edit: service.Edit{
		Connection: i.Connection, Name: i.Name, Profile: w.service.Profile(i.Connection), Job: j, Entry: i.ID, Submitted: i.Created,
	}}
	for _, v := range made {
		w.putVariant(w.addCard(b), v)
	}
}

// keptStem is the name, without its ending, of the picture that an entry of the
// history was made of.
func keptStem(i history.Item) string {
	if i.Source == "" {
		return text.T("dialog.history")
	}
	return strings.TrimSuffix(filepath.Base(i.Source), filepath.Ext(i.Source))
}

// profileOf returns the ID of the profile that an entry was most likely made with.
func (w *Window) profileOf(i history.Item) string {
	if c, ok := w.set().Find(i.Connection); ok {
		return c.Profile
	}
	return settings.GuessProfile(i.Settings.Model)
}

// saveKept saves the whole picture with a variant of the history in it.
func (w *Window) saveKept(store *history.Store, i history.Item, v history.Variant) {
	words, profile := w.set().Saving.Text, w.profileOf(i)
	e := picture.Encoding{Quality: w.set().Saving.Quality}
	request := dialogs.FileRequest{
		Folder: w.folder, Name: free(w.folder, w.variantNameOf(keptStem(i), v.Index+1), w.ending()), Endings: saveEndings,
		Quality: e.Quality, OnQuality: func(q int) { e.Quality = q; w.keepQuality(q) },
	}
	dialogs.SaveFile(w.win, request, func(path string, over file.Over) {
		w.folder = filepath.Dir(path)
		w.writing(text.T("window.saving", "File", filepath.Base(path)), func(ctx context.Context) error {
			return writeKept(ctx, store, i, v, path, e, over, func(j *job.Job) map[string]string {
				if !words {
					return nil
				}
				return j.Words(profile, v.Index)
			})
		}, func(err error) { w.saved(path, nil, err) })
	})
}

func writeKept(ctx context.Context, store *history.Store, i history.Item, v history.Variant, path string, e picture.Encoding, over file.Over, words func(*job.Job) map[string]string) error {
	j, err := store.Reopen(i)
	if err != nil {
		return err
	}
	answer, err := store.Answer(v)
	if err != nil {
		return err
	}
	made, err := j.Variant(answer)
	if err != nil {
		return err
	}
	e.Meta, e.Text = j.State().Base.Meta, words(j)
	if err := write(ctx, path, j.Flatten(made), e, over); err != nil {
		return err
	}
	return store.MarkSaved(i.ID, v.Index, path)
}
