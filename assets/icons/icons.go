// Package icons holds the icons that were drawn for this application: one
// family on a grid of 24, outlines 1.6 wide with round caps, whose colour is
// "currentColor", and the application's own icon.
package icons

import "embed"

//go:embed *.svg
var files embed.FS

// App is the application's icon, a 512x512 PNG file made from AppSVG.
//
//go:embed overpaint.png
var App []byte

// AppSVG is the application's icon as SVG.
//
//go:embed overpaint.svg
var AppSVG []byte

// SVG returns the SVG file of the icon called name, and whether there is one.
func SVG(name string) ([]byte, bool) {
	b, err := files.ReadFile(name + ".svg")
	return b, err == nil
}
