package dialogs

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/filechooser"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// FileRequest describes the file to choose.
type FileRequest struct {
	// Folder is where to start, "" for the user's home folder.
	Folder string
	// Name is the suggested name of a file to be saved.
	Name string
	// Endings are the accepted file name endings, in lower case with their dot. None accepts
	// all.
	Endings []string
	// Title is the dialog's, "" for the usual one.
	Title string
	// Formats lists the picture formats; choosing one changes the name's ending. With it Strip
	// asks whether to leave out metadata, and Label, where its function isn't nil, whether to
	// label the file as partly made by a model. The dialog is then the program's own, since the
	// desktop's has no place for these.
	Formats      bool
	Strip, Label Choice
	// Quality (1 to 100) is asked for a JPEG or WebP to be saved, where it is not 0; OnQuality
	// is called with the choice.
	Quality   int
	OnQuality func(int)
	// Keeps says whether the file keeps the quality of the opened picture where nothing was
	// edited, unless another one is chosen.
	Keeps bool
	// Sampling is the chroma sampling of a JPEG to be saved, asked where OnSampling, which is
	// called with the choice, isn't nil: "4:2:0", "4:4:4", or, where Keeps is set, "" for that
	// of the opened picture.
	Sampling   string
	OnSampling func(string)
	// Forecast, unless nil, is called with the path of a file to be saved whenever that has
	// changed. tell shows the size in bytes, 0 where that is unknown, or that it is being
	// computed.
	Forecast func(path string, tell func(bytes int64, working bool))
	// Thumbnail makes a thumbnail of a file and passes it to tell on Fyne's goroutine, nil
	// where there is none; a nil function decodes the file.
	Thumbnail func(path string, tell func(image.Image))
	// OnClose is called when no file was chosen; it may be nil.
	OnClose func()
	// Several allows choosing several files where the desktop's dialog can; Further is called
	// with the others before chosen is called with the first.
	Several bool
	Further func(paths []string)
}

// Choice is an option that is on or off; the function is called with the choice, or nil.
type Choice struct {
	On      bool
	Changed func(bool)
}

// closed reports that no file was chosen.
func (r FileRequest) closed() {
	if r.OnClose != nil {
		r.OnClose()
	}
}

// OpenFile lets the user choose a file to open; chosen gets its path and is
// not called where the user chose none. The desktop's own dialog is used
// where it offers one.
func OpenFile(w fyne.Window, r FileRequest, chosen func(path string)) {
	r.complete("dialog.file.open")
	ask(w, filechooser.Open, r, func(path string) { chosen(path) }, func() {
		newBrowser(w, r, false, chosen)
	})
}

// ChooseFolder lets the user choose a folder.
func ChooseFolder(w fyne.Window, r FileRequest, chosen func(path string)) {
	r.complete("dialog.file.folder")
	r.Endings = nil
	ask(w, filechooser.Folder, r, chosen, func() {
		newBrowser(w, r, true, chosen)
	})
}

// SaveFile lets the user choose where to save. Nothing is created or truncated: chosen is
// called with the path and with what may be replaced there. A file that wasn't suggested, and a
// write-protected one, is replaced after a question; until that is agreed to, the dialog stays. The
// desktop's own dialog is used where there is one, except for
// pictures, whose format and quality it has no place for, unless a sandbox allows writing
// nowhere else.
func SaveFile(w fyne.Window, r FileRequest, chosen func(path string, over file.Over)) {
	r.complete("dialog.file.save")
	ours := func() { newSaveSheet(w, r, chosen) }
	if r.Formats && !filechooser.Sandboxed() {
		ours()
		return
	}
	ask(w, filechooser.Save, r, func(path string) {
		accept(w, r, path, chosen, func(r FileRequest) { SaveFile(w, r, chosen) })
	}, ours)
}

// accept takes the path that was chosen in the desktop's own dialog, which asks before a file is
// replaced, but not about write protection, and allows every ending: with one that isn't accepted
// nothing is saved, and a sentence says which are. Where that path isn't taken, again is called, to
// show the dialog with it once more.
func accept(w fyne.Window, r FileRequest, path string, chosen func(string, file.Over), again func(FileRequest)) {
	path = withEnding(path, r)
	back := func() {
		r := r
		if r.Name = filepath.Base(path); !filechooser.Sandboxed() { // where the folder is not the real one
			r.Folder = filepath.Dir(path)
		}
		again(r)
	}
	switch {
	case !r.fits(path):
		Ask(w, Question{Title: r.Title, Text: r.endings(), OnClose: back, Answers: []Answer{{Label: text.T("dialog.close"), Safe: true, Do: back}}})
	case file.IsProtected(path):
		askProtected(w, path, func() { chosen(path, file.Protected) }, back)
	default:
		chosen(path, over(path))
	}
}

// over returns what may be replaced at a path where no more was agreed to.
func over(path string) file.Over {
	if exists(path) {
		return file.Writable
	}
	return file.Nothing
}

// askProtected asks whether to replace the write-protected file at path.
func askProtected(w fyne.Window, path string, yes, no func()) {
	Ask(w, Question{
		Title: text.T("dialog.file.protected"), Text: text.T("dialog.file.protected.text", "Name", filepath.Base(path)), OnClose: no,
		Answers: []Answer{{Label: text.T("dialog.file.replace"), Do: yes}, {Label: text.T("dialog.cancel"), Safe: true, Do: no}},
	})
}

// endings is the sentence that names the accepted endings.
func (r *FileRequest) endings() string {
	return text.T("dialog.file.bad_type", "Types", strings.Join(r.Endings, " "))
}

func (r *FileRequest) complete(title string) {
	if r.Title == "" {
		r.Title = text.T(title)
	}
	if info, err := os.Stat(r.Folder); err != nil || !info.IsDir() {
		r.Folder, _ = os.UserHomeDir()
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// fits reports whether a name has one of the accepted endings.
func (r *FileRequest) fits(name string) bool {
	return len(r.Endings) == 0 || slices.Contains(r.Endings, strings.ToLower(filepath.Ext(name)))
}

// withEnding appends the suggested name's ending to a name without any.
func withEnding(path string, r FileRequest) string {
	if filepath.Ext(path) == "" {
		return path + filepath.Ext(r.Name)
	}
	return path
}

// saveSheet is the program's own dialog for a file's name and folder.
type saveSheet struct {
	request FileRequest
	name    *widgets.Field
	folder  *widgets.Field
	problem *widgets.Label
	quality *fyne.Container
	number  *widgets.NumberField // of the quality
	// sampling and size are nil where they aren't asked for or told.
	sampling *fyne.Container
	size     *widgets.Label
	told     string            // the path that Forecast has heard of
	format   *widgets.Dropdown // nil where there is no list
	sheet    *sheet
}

func newSaveSheet(w fyne.Window, r FileRequest, chosen func(string, file.Over)) {
	d := &saveSheet{
		request: r, name: widgets.NewField(), folder: widgets.NewField(),
		problem: widgets.NewLabel("").Wrap().Colored(theme.Warning),
	}
	d.name.SetText(r.Name)
	d.folder.SetText(r.Folder)
	choose := widgets.NewButton(text.T("dialog.file.choose"), "folder", widgets.Normal, func() {
		ChooseFolder(w, FileRequest{Folder: d.folder.Text}, func(path string) {
			d.folder.SetText(path)
			d.check()
		})
	})
	quality := d.newQuality()
	if r.Keeps {
		quality = widgets.Column(4, quality, widgets.NewLabel(text.T("dialog.file.quality.keeps")).Wrap())
	}
	d.quality = widgets.Labeled(widgets.NewLabel(text.T("dialog.file.quality")), quality)
	rows := []fyne.CanvasObject{
		widgets.Labeled(widgets.NewLabel(text.T("dialog.file.name")), d.name),
		widgets.Labeled(widgets.NewLabel(text.T("dialog.file.in")),
			container.NewBorder(nil, nil, nil, widgets.Pad(0, 0, 0, 4, choose), d.folder)),
	}
	rows = append(append(rows, d.formats()...), d.quality)
	if r.OnSampling != nil {
		d.sampling = widgets.Labeled(widgets.NewLabel(text.T("dialog.file.sampling")), newSampling(r))
		rows = append(rows, d.sampling)
	}
	if r.Forecast != nil {
		d.size = widgets.NewLabel("")
		rows = append(rows, widgets.Labeled(widgets.NewLabel(text.T("dialog.file.size")), d.size))
	}
	rows = append(rows, d.problem)
	body := widgets.Column(12, rows...)
	d.sheet = newSheet(w, r.Title, wide, body, d.name,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.save"), do: func() { d.confirm(chosen) }, stays: true})
	d.sheet.onDismiss = r.closed
	d.name.OnChanged = func(string) { d.check() }
	d.folder.OnChanged = func(string) { d.check() }
	d.name.OnSubmit, d.folder.OnSubmit = d.sheet.press, d.sheet.press
	d.check()
	d.name.SelectStem()
}

// confirm calls chosen with the path and closes the dialog. Where a write-protected file would be
// replaced, or one that wasn't suggested, it asks before: who types a name quickly doesn't read that
// there is one.
func (d *saveSheet) confirm(chosen func(string, file.Over)) {
	path, w := d.path(), d.sheet.window
	take := func(over file.Over) {
		d.sheet.answered = true
		d.sheet.close()
		chosen(path, over)
	}
	switch {
	case file.IsProtected(path):
		askProtected(w, path, func() { take(file.Protected) }, func() {})
	case !exists(path) || path == filepath.Join(d.request.Folder, d.request.Name):
		take(over(path))
	default:
		Confirm(w, text.T("dialog.file.over", "Name", plain.Line(filepath.Base(path), 60)), text.T("dialog.file.over.text"), text.T("dialog.file.replace"), func() { take(file.Writable) })
	}
}

func (d *saveSheet) path() string {
	return withEnding(filepath.Join(strings.TrimSpace(d.folder.Text), filepath.Base(strings.TrimSpace(d.name.Text))), d.request)
}

// check says what is wrong with the name, and whether a file would be replaced.
func (d *saveSheet) check() {
	path := d.path()
	if f, ok := picture.FormatOf(path); ok && d.format != nil {
		d.format.Select(string(f))
	}
	d.quality.Hidden = d.request.Quality == 0 || !isLossy(path)
	if format, _ := picture.FormatOf(path); d.sampling != nil {
		d.sampling.Hidden = format != picture.JPEG
	}
	d.forecast(path)
	fault := d.fault(path)
	if fault == "" && !d.quality.Hidden {
		fault = faultOf(d.number)
	}
	if fault == "" && exists(path) {
		d.sheet.safe().SetText(text.T("dialog.file.replace"))
		d.sheet.tell(d.problem, text.T("dialog.file.exists", "Name", filepath.Base(path)))
		d.sheet.safe().Enable()
		return
	}
	d.sheet.safe().SetText(text.T("dialog.save"))
	d.sheet.tell(d.problem, fault)
}

// fault returns what is wrong with the file's name or folder, or "".
func (d *saveSheet) fault(path string) string {
	name := strings.TrimSpace(d.name.Text)
	info, err := os.Stat(filepath.Dir(path))
	target, targetErr := os.Stat(path)
	switch {
	case name == "":
		return text.T("dialog.file.no_name")
	case err != nil || !info.IsDir():
		return text.T("dialog.file.no_folder")
	case !file.NameAllowed(name):
		return text.T("dialog.file.bad_name", "Name", plain.Line(name, 60))
	case !d.request.fits(path):
		return d.request.endings()
	case targetErr == nil && target.IsDir():
		return text.T("dialog.file.is_folder", "Name", filepath.Base(path))
	}
	return ""
}

// forecast updates the file's size after the path has changed.
func (d *saveSheet) forecast(path string) {
	if d.size == nil || path == d.told {
		return
	}
	d.told = path
	d.request.Forecast(path, func(bytes int64, working bool) {
		switch {
		case working:
			d.size.SetText(text.T("dialog.file.size.working"))
		case bytes == 0:
			d.size.SetText(text.T("dialog.file.size.unknown"))
		default:
			d.size.SetText(text.T("dialog.file.size.about", "Size", sizeText(bytes)))
		}
	})
}

// formats returns the list of formats and the other choices for a picture's file.
func (d *saveSheet) formats() []fyne.CanvasObject {
	if !d.request.Formats {
		return nil
	}
	var options []widgets.Option
	for _, f := range []picture.Format{picture.PNG, picture.JPEG, picture.WebP, picture.TIFF, picture.BMP} {
		options = append(options, widgets.Option{ID: string(f), Text: text.T("dialog.format." + string(f))})
	}
	d.format = widgets.NewDropdown(options...)
	d.format.OnChanged = func(id string) {
		name := strings.TrimSpace(d.name.Text)
		if now, ok := picture.FormatOf(name); ok {
			if string(now) == id {
				return
			}
			name = strings.TrimSuffix(name, filepath.Ext(name))
		}
		d.name.SetText(name + picture.Format(id).Ending())
		d.check()
	}
	rows := []fyne.CanvasObject{widgets.Labeled(widgets.NewLabel(text.T("dialog.file.format")), d.format)}
	for _, c := range []struct {
		choice Choice
		words  string
	}{{d.request.Strip, "dialog.file.strip"}, {d.request.Label, "dialog.file.label"}} {
		if c.choice.Changed != nil {
			check := widgets.NewCheck(text.T(c.words), c.choice.Changed)
			check.SetChecked(c.choice.On)
			rows = append(rows, check)
		}
	}
	return rows
}

// isLossy reports whether a file's format has a quality.
func isLossy(path string) bool {
	f, _ := picture.FormatOf(path)
	return f == picture.JPEG || f == picture.WebP
}

// newSampling returns the list of a JPEG's samplings.
func newSampling(r FileRequest) fyne.CanvasObject {
	var options []widgets.Option
	if r.Keeps {
		options = append(options, widgets.Option{ID: "", Text: text.T("dialog.file.sampling.own")})
	}
	for _, s := range []picture.Sampling{picture.Half, picture.Full} {
		words := "dialog.file.sampling.half"
		if s == picture.Full {
			words = "dialog.file.sampling.full"
		}
		options = append(options, widgets.Option{ID: string(s), Text: text.T(words)})
	}
	list := widgets.NewDropdown(options...)
	list.Select(r.Sampling)
	list.OnChanged = r.OnSampling
	return list
}

// newQuality returns a slider with its number for the quality of JPEG and WebP.
func (d *saveSheet) newQuality() fyne.CanvasObject {
	r := d.request
	slider, number := widgets.NewSlider(1, 100, false), widgets.NewNumberField(1, 100, "").Strict()
	tell := func(v float64) {
		if r.OnQuality != nil {
			r.OnQuality(int(v))
		}
	}
	slider.SetValue(float64(r.Quality))
	number.SetValue(float64(r.Quality))
	slider.OnChanged = func(v float64) { number.SetValue(v); tell(v) }
	d.number, number.OnFault = number, d.check
	number.OnChanged = func(v float64) { slider.SetValue(v); tell(v) }
	return container.NewBorder(nil, nil, nil, widgets.Sized(44, 0, number), slider)
}
