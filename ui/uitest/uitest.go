// Package uitest helps the tests of the user interface: windows of Fyne's test
// driver in the application's looks and languages, and a search for text that
// does not fit.
package uitest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
)

// App makes an application of the test driver that speaks a language, in a
// mode of the theme, until the test ends.
func App(t testing.TB, language string, mode theme.Mode) fyne.App {
	t.Helper()
	text.Use(language)
	t.Cleanup(func() { text.Use("") })
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(mode))
	return app
}

// Window shows o in a window of the given size, until the test ends.
func Window(t testing.TB, o fyne.CanvasObject, size fyne.Size) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	w.SetContent(o)
	w.Resize(size)
	return w
}

// Walk calls f for each visible object under root, parents first, with its
// place in root's coordinates.
func Walk(root fyne.CanvasObject, f func(o fyne.CanvasObject, at fyne.Position)) {
	walk(root, root.Position(), f)
}

func walk(o fyne.CanvasObject, at fyne.Position, f func(fyne.CanvasObject, fyne.Position)) {
	if !o.Visible() {
		return
	}
	f(o, at)
	for _, child := range children(o) {
		walk(child, at.Add(child.Position()), f)
	}
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// Texts returns all lines of text that can be seen under root.
func Texts(root fyne.CanvasObject) []string {
	var all []string
	Walk(root, func(o fyne.CanvasObject, _ fyne.Position) {
		if t, ok := o.(*canvas.Text); ok && t.Text != "" {
			all = append(all, t.Text)
		}
	})
	return all
}

// Has reports whether the texts under root, one after the other, contain s.
func Has(root fyne.CanvasObject, s string) bool {
	return strings.Contains(strings.Join(Texts(root), " "), s)
}

// Clipped returns what is wrong with the texts under root: lines that stand out
// of the widget that they belong to, and sentences without a translation. What
// lies in a scroller may stand out of that.
func Clipped(root fyne.CanvasObject) []string {
	var faults []string
	type place struct {
		name     string
		min, max fyne.Position
	}
	var visit func(o fyne.CanvasObject, at fyne.Position, in place)
	visit = func(o fyne.CanvasObject, at fyne.Position, in place) {
		if !o.Visible() {
			return
		}
		if t, ok := o.(*canvas.Text); ok && strings.TrimSpace(t.Text) != "" {
			size := t.MinSize()
			const slack = 1
			if at.X < in.min.X-slack || at.Y < in.min.Y-slack-2 ||
				at.X+size.Width > in.max.X+slack || at.Y+size.Height > in.max.Y+slack+2 {
				faults = append(faults, fmt.Sprintf("%q (%v at %v) leaves its %s (%v to %v)", t.Text, size, at, in.name, in.min, in.max))
			}
			if strings.HasPrefix(t.Text, "ui.") || strings.HasPrefix(t.Text, "tool.") || strings.HasPrefix(t.Text, "dialog.") {
				faults = append(faults, fmt.Sprintf("%q has no translation", t.Text))
			}
		}
		if _, ok := o.(fyne.Widget); ok {
			in = place{reflect.TypeOf(o).String(), at, at.AddXY(o.Size().Width, o.Size().Height)}
		}
		if s, ok := o.(*container.Scroll); ok {
			visit(s.Content, at.Add(s.Content.Position()), in)
			return
		}
		for _, child := range children(o) {
			visit(child, at.Add(child.Position()), in)
		}
	}
	visit(root, root.Position(), place{"root", root.Position(), root.Position().AddXY(root.Size().Width, root.Size().Height)})
	return faults
}

// Everywhere runs f in both languages and both looks.
func Everywhere(t *testing.T, f func(t *testing.T)) {
	for _, language := range text.Languages() {
		for _, mode := range []theme.Mode{theme.Dark, theme.Light} {
			t.Run(language+" "+string(mode), func(t *testing.T) {
				App(t, language, mode)
				f(t)
			})
		}
	}
}
