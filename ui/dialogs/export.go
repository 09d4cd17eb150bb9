package dialogs

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Exporting is the input of AskExport.
type Exporting struct {
	// Presets are the presets, of which the one at index Last is shown first.
	Presets []export.Preset
	Last    int
	// Of is the picture.
	Of export.Original
	// OnSave is called with the changed presets when the dialog is closed by one of its
	// buttons, then OnExport with the index of the one to export by.
	OnSave   func([]export.Preset)
	OnExport func(export.Preset)
}

// exportSheet is the open dialog.
type exportSheet struct {
	Exporting
	now      int // the preset that is shown
	presets  *widgets.Dropdown
	remove   *widgets.ToolButton
	name     *widgets.Field
	bound    *widgets.Dropdown
	size     *widgets.NumberField
	tall     *widgets.NumberField // the height of an exact size
	by       *widgets.Label       // between the two
	height   *fyne.Container      // which tall lies in
	sizes    *fyne.Container      // bound, size, by and height
	sharpen  *widgets.Dropdown
	format   *widgets.Dropdown
	quality  *widgets.NumberField
	folder   *widgets.Field
	template *widgets.Field
	checks   [3]*widgets.Check // sRGB, strip, enlarge
	result   *widgets.Label
	filling  bool // the fields are being set by the program
	sheet    *sheet
}

// AskExport asks how a copy of the picture is to be made.
func AskExport(w fyne.Window, e Exporting) { openExport(w, e) }

func openExport(w fyne.Window, e Exporting) *exportSheet {
	e.Presets = slices.Clone(e.Presets)
	if len(e.Presets) == 0 {
		e.Presets = export.Presets()[:1]
	}
	d := &exportSheet{Exporting: e, now: min(max(e.Last, 0), len(e.Presets)-1), result: widgets.NewLabel("").Wrap().Colored(theme.Text)}
	body := d.build(w)
	d.show()
	save := func() { d.OnSave(d.Presets) }
	d.sheet = newSheet(w, text.T("dialog.export"), wide, body, nil,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.export.save"), do: save},
		action{label: text.T("dialog.export.do"), do: func() {
			save()
			d.OnExport(d.Presets[d.now])
		}})
	d.tell()
	for _, f := range []*widgets.Field{d.name, d.folder, d.template, &d.size.Field, &d.tall.Field, &d.quality.Field} {
		f.OnSubmit = d.sheet.press
	}
	return d
}

func (d *exportSheet) build(w fyne.Window) fyne.CanvasObject {
	d.presets = widgets.NewDropdown()
	d.presets.OnChanged = func(id string) {
		d.now, _ = strconv.Atoi(id)
		d.show()
	}
	add := widgets.NewToolButton("plus", text.T("dialog.export.add"), d.add).Small()
	d.remove = widgets.NewToolButton("trash", text.T("dialog.export.remove"), d.delete).Small()
	d.name = d.field(func(p *export.Preset, s string) { p.Name = s })
	d.template = d.field(func(p *export.Preset, s string) { p.Template = s })
	d.template.PlaceHolder = export.UsualTemplate
	d.template.SetTip(text.T("dialog.export.template.tip"))
	d.folder = d.field(func(p *export.Preset, s string) { p.Folder = strings.TrimSpace(s) })
	d.folder.PlaceHolder = text.T("dialog.export.beside")
	choose := widgets.NewButton(text.T("dialog.export.choose"), "", widgets.Normal, func() {
		ChooseFolder(w, FileRequest{Folder: d.Presets[d.now].FolderOf(d.Of.Folder)}, func(path string) {
			d.folder.SetText(path)
			d.change(func(p *export.Preset) { p.Folder = path })
		})
	})
	d.choices()
	d.height = widgets.Sized(96, 0, d.tall)
	d.sizes = container.NewBorder(nil, nil, nil, widgets.Row(theme.Gap, widgets.Sized(96, 0, d.size), d.by, d.height), widgets.Pad(0, theme.Gap, 0, 0, d.bound))
	return widgets.Column(12,
		labeled("export.preset", container.NewBorder(nil, nil, nil, widgets.Row(4, add, d.remove), d.presets)),
		widgets.Halves(theme.Gap, labeled("export.name", d.name), labeled("format", d.format)),
		labeled("export.size", d.sizes),
		widgets.Halves(theme.Gap, labeled("export.sharpen", d.sharpen), labeled("export.quality", d.quality)),
		widgets.Halves(theme.Gap, labeled("export.file", d.template),
			labeled("export.folder", container.NewBorder(nil, nil, nil, widgets.Pad(0, 0, 0, theme.Gap, choose), d.folder))),
		widgets.Row(20, d.checks[0], d.checks[1], d.checks[2]),
		d.result)
}

// field returns a field that changes the preset as the user types.
func (d *exportSheet) field(set func(*export.Preset, string)) *widgets.Field {
	f := widgets.NewField()
	f.OnChanged = func(s string) { d.change(func(p *export.Preset) { set(p, s) }) }
	return f
}

// choices makes the drop-downs, and the numbers beside them.
func (d *exportSheet) choices() {
	list := func(key string, ids ...string) (all []widgets.Option) {
		for _, id := range ids {
			all = append(all, widgets.Option{ID: id, Text: text.T(key + id)})
		}
		return all
	}
	var bounds, degrees []string
	for _, b := range export.Bounds() {
		bounds = append(bounds, string(b))
	}
	for _, s := range export.Degrees() {
		degrees = append(degrees, string(s))
	}
	formats := []string{export.Source}
	for _, f := range picture.Formats() {
		formats = append(formats, string(f))
	}
	d.bound = widgets.NewDropdown(list("dialog.export.bound.", bounds...)...)
	d.bound.OnChanged = func(id string) {
		d.change(func(p *export.Preset) { p.Rebind(export.Bound(id), d.Of.Size) })
		d.show()
	}
	d.sharpen = widgets.NewDropdown(list("dialog.export.sharpen.", degrees...)...)
	d.sharpen.OnChanged = func(id string) { d.change(func(p *export.Preset) { p.Sharpen = export.Sharpness(id) }) }
	d.format = widgets.NewDropdown(list("dialog.format.", formats...)...)
	d.format.OnChanged = func(id string) { d.change(func(p *export.Preset) { p.Format = id }) }
	d.size = widgets.NewNumberField(1, export.MaxSide, "").Bordered().Strict()
	d.size.OnChanged = func(v float64) { d.change(func(p *export.Preset) { p.Size = int(v) }) }
	d.tall = widgets.NewNumberField(1, export.MaxSide, "").Bordered().Strict()
	d.tall.OnChanged = func(v float64) { d.change(func(p *export.Preset) { p.Tall = int(v) }) }
	d.by = widgets.NewLabel("×")
	d.quality = widgets.NewNumberField(1, 100, "").Bordered().Strict()
	d.quality.OnChanged = func(v float64) { d.change(func(p *export.Preset) { p.Quality = int(v) }) }
	for _, f := range d.numbers() {
		f.OnFault = func() { d.change(func(*export.Preset) {}) }
	}
	for i, key := range []string{"srgb", "strip", "enlarge"} {
		d.checks[i] = widgets.NewCheck(text.T("dialog.export."+key), func(on bool) {
			d.change(func(p *export.Preset) { *[]*bool{&p.SRGB, &p.Strip, &p.Enlarge}[i] = on })
		})
	}
}

func (d *exportSheet) numbers() []*widgets.NumberField {
	return []*widgets.NumberField{d.size, d.tall, d.quality}
}

// mostOf returns the largest number for a bound.
func mostOf(b export.Bound) int {
	if b == export.Percent {
		return export.MaxPercent
	}
	return export.MaxSide
}

// change applies a change by the user to the shown preset.
func (d *exportSheet) change(by func(*export.Preset)) {
	if d.filling {
		return
	}
	by(&d.Presets[d.now])
	d.list()
	d.tell()
}

// add makes a copy of the shown preset.
func (d *exportSheet) add() {
	p := d.Presets[d.now]
	p.Name = text.T("dialog.export.copy", "Name", p.Name)
	d.Presets = append(d.Presets, p)
	d.now = len(d.Presets) - 1
	d.show()
}

// delete removes the shown preset. The last one stays.
func (d *exportSheet) delete() {
	if len(d.Presets) < 2 {
		return
	}
	widgets.TakenAway(d.remove)
	d.Presets = slices.Delete(d.Presets, d.now, d.now+1)
	d.now = min(d.now, len(d.Presets)-1)
	d.show()
}

// list shows the presets' names.
func (d *exportSheet) list() {
	var all []widgets.Option
	for i, p := range d.Presets {
		all = append(all, widgets.Option{ID: strconv.Itoa(i), Text: plain.Line(p.Name, 80)})
	}
	d.presets.SetOptions(all)
	d.presets.Select(strconv.Itoa(d.now))
	if len(d.Presets) < 2 {
		d.remove.Disable()
	} else {
		d.remove.Enable()
	}
}

// show fills the fields with the preset that is chosen.
func (d *exportSheet) show() {
	p := d.Presets[d.now]
	d.filling = true
	d.list()
	d.name.SetText(p.Name)
	d.bound.Select(string(p.Bound))
	d.size.SetRange(1, float64(mostOf(p.Bound)))
	d.size.SetValue(float64(max(p.Size, 1)))
	d.tall.SetValue(float64(max(p.Tall, 1)))
	for _, o := range []fyne.CanvasObject{d.by, d.height} {
		if o.Hide(); p.Bound == export.Exact {
			o.Show()
		}
	}
	d.sizes.Refresh()
	d.sharpen.Select(string(p.Sharpen))
	d.format.Select(p.Format)
	d.quality.SetValue(float64(p.Quality))
	d.folder.SetText(p.Folder)
	d.template.SetText(p.Template)
	for i, on := range []bool{p.SRGB, p.Strip, p.Enlarge} {
		d.checks[i].SetChecked(on)
	}
	d.filling = false
	d.tell()
}

// tell shows what the copy will be, and disables the action for impossible numbers.
func (d *exportSheet) tell() {
	p := d.Presets[d.now]
	if p.Bound == export.Own {
		d.size.Disable()
	} else {
		d.size.Enable()
	}
	if format := p.FormatFor(d.Of.Meta); format == picture.JPEG || format == picture.WebP {
		d.quality.Enable()
	} else {
		d.quality.Disable()
	}
	size, path := p.SizeOf(d.Of.Size), p.Path(d.Of, time.Now())
	name := filepath.Base(path)
	usable := file.NameAllowed(name)
	d.result.SetText(text.T("dialog.export.result", "Width", size.X, "Height", size.Y, "File", plain.Line(path, 120)))
	if !usable {
		d.result.SetText(text.T("dialog.file.bad_name", "Name", plain.Line(name, 60)))
	}
	fault := faultOf(d.numbers()...)
	if fault != "" {
		d.result.SetText(fault)
	}
	if d.sheet == nil {
		return
	}
	for i, on := range []bool{fault == "", fault == "" && usable} {
		if do := d.sheet.buttons[1+i]; on {
			do.Enable()
		} else {
			do.Disable()
		}
	}
	d.sheet.fit()
}
