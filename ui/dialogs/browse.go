package dialogs

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// browser is the program's own dialog to choose a file or a folder, used where the desktop has
// none.
type browser struct {
	request FileRequest
	folders bool // folders are chosen, not files
	chosen  func(path string)

	folder  string
	entries []entry
	index   int       // of the chosen entry, or -1
	tapped  time.Time // when an entry was clicked last
	now     func() time.Time

	path    *widgets.Field
	kind    *widgets.Dropdown
	list    *list
	empty   *widgets.Label
	problem *widgets.Label
	thumbs  *thumbs
	sheet   *sheet
}

// entry is a file or a folder in the list.
type entry struct {
	name   string
	folder bool
	when   time.Time
	size   int64
}

// fitting and everything are the kinds of files that are shown.
const (
	fitting    = "fitting"
	everything = "everything"
)

// newBrowser opens the dialog in the folder that is asked for.
func newBrowser(w fyne.Window, r FileRequest, folders bool, chosen func(string)) {
	d := &browser{request: r, folders: folders, chosen: chosen, index: -1, now: func() time.Time { return widgets.Clock() }}
	load := r.Thumbnail
	if load == nil {
		load = loadThumb
	}
	d.thumbs = &thumbs{load: load, arrived: d.arrived}
	d.path = widgets.NewField()
	d.path.PlaceHolder = text.T("dialog.file.path")
	d.path.OnSubmit = d.submit
	d.path.OnChanged = func(string) { d.check() }
	up := widgets.NewToolButton("chevron-up", text.T("dialog.file.up"), func() { d.enter(filepath.Dir(d.folder)) }).Small()
	home := widgets.NewToolButton("home", text.T("dialog.file.home"), func() {
		if home, err := os.UserHomeDir(); err == nil {
			d.enter(home)
		}
	}).Small()
	d.list = newList(func() int { return len(d.entries) }, newBrowserRow, d.update, d.choose)
	d.list.name = func(i int) string { return d.entries[i].name }
	d.empty = widgets.NewLabel("").Align(fyne.TextAlignCenter)
	d.problem = widgets.NewLabel("").Cut()
	d.kind = d.kinds()
	high := max(180, min(400, w.Canvas().Size().Height-300))
	files := widgets.Sized(0, high, container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge),
		widgets.Pad(2, 2, 2, 2, d.list), widgets.Column(0, nil, d.empty, nil)))
	bottom := widgets.Sized(0, theme.ControlHeight, container.NewBorder(nil, nil, nil, widgets.Sized(230, 0, d.kind), widgets.Column(0, nil, d.problem, nil)))
	label := "dialog.file.open_do"
	if folders {
		label = "dialog.file.folder_do"
		d.kind.Hide()
	}
	body := widgets.Column(10, container.NewBorder(nil, nil, widgets.Pad(0, theme.Gap, 0, 0, widgets.Row(2, up, home)), nil, d.path), files, bottom)
	d.sheet = newSheet(w, r.Title, 700, body, d.list, action{label: text.T("dialog.cancel")},
		action{label: text.T(label), do: d.submit, stays: true})
	d.sheet.onDismiss = r.closed
	d.enter(r.Folder)
}

// kinds is the choice between the files that fit and all of them.
func (d *browser) kinds() *widgets.Dropdown {
	all := widgets.Option{ID: everything, Text: text.T("dialog.file.all")}
	if len(d.request.Endings) == 0 {
		return widgets.NewDropdown(all)
	}
	var names []string
	for _, e := range d.request.Endings {
		names = append(names, strings.ToUpper(strings.TrimPrefix(e, ".")))
	}
	kind := "dialog.file.kind.files"
	if slices.Contains(d.request.Endings, ".png") {
		kind = "dialog.file.kind.fitting"
	}
	k := widgets.NewDropdown(widgets.Option{ID: fitting, Text: text.T(kind, "Endings", strings.Join(names, ", "))}, all)
	k.OnChanged = func(string) { d.enter(d.folder) }
	return k
}

// enter shows what is in a folder.
func (d *browser) enter(folder string) {
	folder = filepath.Clean(folder)
	files, err := os.ReadDir(folder)
	d.folder, d.entries, d.index = folder, nil, -1
	for _, f := range files {
		if e, ok := d.entryOf(folder, f); ok {
			d.entries = append(d.entries, e)
		}
	}
	slices.SortFunc(d.entries, func(a, b entry) int {
		if a.folder != b.folder {
			if a.folder {
				return -1
			}
			return 1
		}
		return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	})
	d.empty.SetText("")
	switch {
	case err != nil:
		d.empty.SetText(text.T("dialog.file.unreadable"))
	case len(d.entries) == 0:
		d.empty.SetText(text.T("dialog.file.empty"))
	}
	d.list.UnselectAll()
	d.list.ScrollToTop()
	d.list.Refresh()
	d.setPath(folder)
}

// entryOf is a file as it is listed, unless it is hidden or doesn't fit.
func (d *browser) entryOf(folder string, f os.DirEntry) (entry, bool) {
	if strings.HasPrefix(f.Name(), ".") {
		return entry{}, false
	}
	info, err := os.Stat(filepath.Join(folder, f.Name())) // where a link leads to
	if err != nil {
		return entry{}, false
	}
	e := entry{name: f.Name(), folder: info.IsDir(), when: info.ModTime(), size: info.Size()}
	fits := d.request.fits(e.name) || d.kind.Selected() == everything
	return e, e.folder || !d.folders && fits && info.Mode().IsRegular()
}

func (d *browser) setPath(path string) {
	d.path.SetText(path)
	d.path.CursorColumn = len([]rune(path))
	d.path.Refresh()
	d.check()
}

// choose handles the choice of an entry.
func (d *browser) choose(i int) {
	d.index = i
	d.setPath(filepath.Join(d.folder, d.entries[i].name))
}

// target returns the path that the path field stands for.
func (d *browser) target() string {
	p := strings.TrimSpace(d.path.Text)
	if rest, ok := strings.CutPrefix(p, "~"); ok && (rest == "" || rest[0] == filepath.Separator) {
		if home, err := os.UserHomeDir(); err == nil {
			p = home + rest
		}
	}
	if p != "" && !filepath.IsAbs(p) {
		p = filepath.Join(d.folder, p)
	}
	return p
}

// check says what is wrong with the path field, or that nothing is chosen yet: where it has the
// folder that is shown, and a file is to be chosen.
func (d *browser) check() {
	if d.sheet == nil {
		return
	}
	target := d.target()
	info, err := os.Stat(target)
	sentence, color := "", theme.Warning
	switch {
	case !d.folders && filepath.Clean(target) == d.folder:
		sentence, color = text.T("dialog.file.none"), theme.Secondary
	case err != nil && d.folders:
		sentence = text.T("dialog.file.no_folder")
	case err != nil:
		sentence = text.T("dialog.file.no_file")
	case d.folders && !info.IsDir():
		sentence = text.T("dialog.file.no_folder")
	}
	d.problem.Colored(color).SetText(sentence)
	if sentence == "" {
		d.sheet.safe().Enable()
	} else {
		d.sheet.safe().Disable()
	}
}

// submit opens what the path field stands for: a folder is entered, unless a folder is to be
// chosen.
func (d *browser) submit() {
	path := d.target()
	info, err := os.Stat(path)
	if err != nil {
		d.check()
		return
	}
	if info.IsDir() && (!d.folders || path != d.folder && d.index < 0) {
		d.enter(path)
		return
	}
	if d.folders != info.IsDir() {
		d.check()
		return
	}
	d.sheet.answered = true
	d.sheet.close()
	d.chosen(path)
}

// thumbSide is how large thumbnails are made, and rowSide shown.
const (
	thumbSide = 96
	rowSide   = 40
)

// loadThumb makes a thumbnail of a picture in the background.
func loadThumb(path string, tell func(image.Image)) {
	go func() {
		p, err := picture.Open(path, picture.DefaultLimits)
		fyne.Do(func() {
			if err != nil {
				tell(nil)
				return
			}
			tell(p.Meta.Space.SRGB(picture.Thumbnail(p.Pix, thumbSide)))
		})
	}()
}

// arrived shows a thumbnail in its row.
func (d *browser) arrived(path string) {
	for i, e := range d.entries {
		if filepath.Join(d.folder, e.name) == path {
			d.list.RefreshItem(i)
		}
	}
}

// browserRow is a line of the list.
type browserRow struct {
	widget.BaseWidget
	click   func()
	content fyne.CanvasObject
	icon    *widgets.Icon
	picture *widgets.Picture
	name    *widgets.Label
	about   *widgets.Label
}

func newBrowserRow() fyne.CanvasObject {
	r := &browserRow{icon: widgets.NewIcon("folder", 20, theme.Secondary), picture: widgets.NewPicture(rowSide), name: widgets.NewText("").Cut(), about: widgets.NewLabel("").Cut()}
	sign := widgets.Sized(rowSide, rowSide, container.NewStack(r.picture, container.NewCenter(r.icon)))
	r.content = widgets.Pad(3, 8, 3, 6, widgets.Beside(10, sign, widgets.Column(2, nil, r.name, r.about, nil)))
	r.ExtendBaseWidget(r)
	return r
}

// Tapped hears each click at once; Fyne would keep the first of two back.
func (r *browserRow) Tapped(*fyne.PointEvent) { r.click() }

// CreateRenderer implements fyne.Widget.
func (r *browserRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

// click chooses an entry; with two clicks it is opened.
func (d *browser) click(i int) {
	double := i == d.index && d.now().Sub(d.tapped) < widgets.DoubleClick
	d.tapped = d.now()
	d.list.Select(i)
	if double {
		d.tapped = time.Time{}
		widgets.TakenAway(d.list) // a third click has no further effect
		d.open(i)
	}
}

// open enters a folder, or takes a file.
func (d *browser) open(i int) {
	if e := d.entries[i]; e.folder {
		d.enter(filepath.Join(d.folder, e.name))
		return
	}
	d.submit()
}

// update fills a row of the list.
func (d *browser) update(i int, o fyne.CanvasObject) {
	if i >= len(d.entries) {
		return
	}
	r, e := o.(*browserRow), d.entries[i]
	path := filepath.Join(d.folder, e.name)
	r.name.SetText(plain.Line(e.name, 200))
	about := e.when.Format("2006-01-02 15:04")
	var thumb image.Image
	if !e.folder {
		about += " · " + sizeText(e.size)
		if _, ok := picture.FormatOf(path); ok || slices.Contains(d.request.Endings, strings.ToLower(filepath.Ext(path))) {
			thumb = d.thumbs.get(path)
		}
	}
	r.about.SetText(about)
	r.picture.SetImage(thumb)
	show(r.picture, thumb != nil)
	show(r.icon, thumb == nil)
	icon := "file"
	if e.folder {
		icon = "folder"
	}
	r.icon.Set(icon, theme.Secondary)
	r.click = func() { d.click(i) }
}

// sizeText writes a file's length.
func sizeText(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d KB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
