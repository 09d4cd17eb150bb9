package theme

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"

	"overpaint.dev/overpaint/assets/icons"
)

// fyneIcons maps Fyne's names to ours where Fyne's own widgets show them. Its
// file dialog writes over its large icons for files, so those stay.
var fyneIcons = map[fyne.ThemeIconName]string{
	fynetheme.IconNameConfirm:            "check",
	fynetheme.IconNameCancel:             "close",
	fynetheme.IconNameMenuExpand:         "chevron-right",
	fynetheme.IconNameArrowDropDown:      "chevron-down",
	fynetheme.IconNameArrowDropUp:        "chevron-up",
	fynetheme.IconNameVisibility:         "eye",
	fynetheme.IconNameVisibilityOff:      "eye-off",
	fynetheme.IconNameFolderOpen:         "open",
	fynetheme.IconNameFolderNew:          "folder",
	fynetheme.IconNameHome:               "home",
	fynetheme.IconNameSearch:             "search",
	fynetheme.IconNameSettings:           "settings",
	fynetheme.IconNameGrid:               "grid",
	fynetheme.IconNameList:               "list",
	fynetheme.IconNameMenu:               "menu",
	fynetheme.IconNameWarning:            "warning",
	fynetheme.IconNameError:              "warning",
	fynetheme.IconNameInfo:               "info",
	fynetheme.IconNameContentUndo:        "undo",
	fynetheme.IconNameContentRedo:        "redo",
	fynetheme.IconNameContentCopy:        "copy",
	fynetheme.IconNameContentPaste:       "paste",
	fynetheme.IconNameContentAdd:         "plus",
	fynetheme.IconNameContentRemove:      "minus",
	fynetheme.IconNameContentClear:       "close",
	fynetheme.IconNameDelete:             "trash",
	fynetheme.IconNameDocumentSave:       "save",
	fynetheme.IconNameCheckButton:        "box",
	fynetheme.IconNameCheckButtonChecked: "box-on",
	fynetheme.IconNameRadioButton:        "radio",
	fynetheme.IconNameRadioButtonChecked: "radio-on",
}

var outlined sync.Map // icon name -> fyne.Resource

// coloured are our icons in the colours that they were asked for.
var coloured sync.Map // tint -> fyne.Resource

// tint is an icon in a colour.
type tint struct {
	name  string
	color color.NRGBA
}

// Icon returns one of our icons in the colour that the theme has for that name
// now: a widget asks again whenever it is refreshed. Fyne's own coloured icons
// follow the theme by themselves, but are read three times at every refresh. A
// name that we have no icon for gets Fyne's sign for a broken picture, so that
// the fault shows.
func Icon(name string, colour fyne.ThemeColorName) fyne.Resource {
	key := tint{name, color.NRGBAModel.Convert(Color(colour)).(color.NRGBA)}
	if r, ok := coloured.Load(key); ok {
		return r.(fyne.Resource)
	}
	if _, ok := icons.SVG(name); !ok {
		return fynetheme.BrokenImageIcon()
	}
	c := key.color
	fill := fmt.Appendf(nil, `fill="#%02x%02x%02x" fill-opacity="%.3f"`, c.R, c.G, c.B, float64(c.A)/255)
	r := fyne.NewStaticResource(fmt.Sprintf("%s-%02x%02x%02x%02x.svg", name, c.R, c.G, c.B, c.A),
		bytes.ReplaceAll(outline(name).Content(), []byte(blackFill), fill))
	coloured.Store(key, r)
	return r
}

// SetIcon has img show one of our icons in a colour of the theme. It reads the
// icon's file only where img shows another one, or that one in another size: for
// Fyne to read it whenever a widget is refreshed took a seventh of the start.
func SetIcon(img *canvas.Image, name string, colour fyne.ThemeColorName) {
	r := Icon(name, colour)
	if img.Resource == r && (img.Size().IsZero() || sharp(img)) {
		canvas.Refresh(img)
		return
	}
	img.Resource = r
	img.Refresh()
}

// sharp tells whether img has a pixel for each of the screen's.
func sharp(img *canvas.Image) bool {
	on := fyne.CurrentApp().Driver().CanvasForObject(img)
	if on == nil || img.Image == nil {
		return false
	}
	size := img.Size()
	w, h := on.PixelCoordinateForPosition(fyne.NewPos(size.Width, size.Height))
	return img.Image.Bounds().Size() == image.Pt(w, h)
}

// AppIcon returns the application's icon.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("overpaint.png", icons.App) }

func outline(name string) fyne.Resource {
	if r, ok := outlined.Load(name); ok {
		return r.(fyne.Resource)
	}
	svg, ok := icons.SVG(name)
	if !ok {
		return fynetheme.BrokenImageIcon()
	}
	filled, err := fillStrokes(svg)
	if err != nil {
		return fynetheme.BrokenImageIcon()
	}
	r := fyne.NewStaticResource(name+".svg", filled)
	outlined.Store(name, r)
	return r
}

// precision is by how much an icon is enlarged before its curves are made
// into short lines.
const precision = 16

// fillStrokes rewrites an SVG whose shapes are stroked as one of filled
// outlines. Fyne's SVG painter needs that: it draws every stroke as many
// device pixels wide as the file says, however large the icon is, and colours
// fills alone.
func fillStrokes(svg []byte) ([]byte, error) {
	icon, err := oksvg.ReadReplacingCurrentColor(bytes.NewReader(svg), "#000000")
	if err != nil {
		return nil, err
	}
	w, h := icon.ViewBox.W, icon.ViewBox.H
	icon.SetTarget(0, 0, w*precision, h*precision)
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].LineWidth *= precision
		for k := range icon.SVGPaths[i].Dash {
			icon.SVGPaths[i].Dash[k] *= precision
		}
	}
	out := &outlineWriter{}
	icon.Draw(rasterx.NewDasher(int(w)*precision, int(h)*precision, out), 1)
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g">%s</svg>`,
		w, h, w, h, out.paths.String()), nil
}

// blackFill is how an outline says its colour.
const blackFill = `fill="#000000"`

// outlineWriter is a rasterx.Scanner that writes what it is given as SVG paths
// in place of painting it. The two sides of a stroke come in turns, so edges
// are gathered first and then joined end to end.
type outlineWriter struct {
	paths strings.Builder
	at    fixed.Point26_6
	edges []edge
}

type edge struct{ from, to fixed.Point26_6 }

func (o *outlineWriter) Start(a fixed.Point26_6) { o.at = a }

func (o *outlineWriter) Line(b fixed.Point26_6) {
	if b != o.at {
		o.edges = append(o.edges, edge{o.at, b})
	}
	o.at = b
}

// Draw ends one shape. Its edges make closed rounds: as many lead to each
// point as leave it.
func (o *outlineWriter) Draw() {
	from := map[fixed.Point26_6][]fixed.Point26_6{}
	for _, e := range o.edges {
		from[e.from] = append(from[e.from], e.to)
	}
	var d strings.Builder
	for _, e := range o.edges {
		op := byte('M')
		for p := e.from; len(from[p]) > 0; op = 'L' {
			next := from[p]
			point(&d, op, p)
			p, from[p] = next[len(next)-1], next[:len(next)-1]
		}
		if op == 'L' {
			d.WriteByte('Z')
		}
	}
	if d.Len() > 0 {
		fmt.Fprintf(&o.paths, `<path %s d="%s"/>`, blackFill, d.String())
	}
	o.Clear()
}

func point(d *strings.Builder, op byte, p fixed.Point26_6) {
	fmt.Fprintf(d, "%c%.5g %.5g", op, float64(p.X)/64/precision, float64(p.Y)/64/precision)
}

func (o *outlineWriter) Clear()                             { o.edges = o.edges[:0] }
func (o *outlineWriter) GetPathExtent() fixed.Rectangle26_6 { return fixed.Rectangle26_6{} }
func (o *outlineWriter) SetBounds(int, int)                 {}
func (o *outlineWriter) SetColor(any)                       {}
func (o *outlineWriter) SetWinding(bool)                    {}
func (o *outlineWriter) SetClip(image.Rectangle)            {}
