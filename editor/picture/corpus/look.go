package main

import (
	"fmt"
	"image"
	"strings"
)

// look has a file opened and compares what is seen.
func look(c *child, f file) finding {
	if f.copy {
		return finding{outcome: copied}
	}
	o, pix, err := c.open(f.path)
	switch {
	case err != nil:
		return finding{crashed, err.Error()}
	case pix == nil && o.Reason == crashed:
		return finding{crashed, o.Refused}
	case pix == nil:
		return refused(f, o)
	}
	return compared(f, o, pix)
}

// refused finds out whether another program opens what was refused.
func refused(f file, o opened) finding {
	var others []string
	for _, r := range references {
		if img, err := r.open(f.path, image.Point{}); err == nil {
			others = append(others, fmt.Sprintf("%s opens it, %v", r.name, img.Bounds().Size()))
		}
	}
	found := finding{o.Reason, strings.Join(append([]string{o.Refused}, others...), "; ")}
	if others == nil {
		return found
	}
	if v := verdict(f.hash); v != "" {
		return finding{judged, v}
	}
	found.outcome = refusedAlone
	return found
}

// compared compares a picture with what the other programs make of the file.
func compared(f file, o opened, pix *image.NRGBA) finding {
	var words []string
	var seen []image.Image
	for i, r := range references {
		want, err := r.open(f.path, drawingSize(o))
		if err != nil {
			words = append(words, err.Error())
			continue
		}
		d := difference(pix, want)
		if d.equal() {
			return finding{[]outcome{equalVips, equalMagick}[i], ""}
		}
		seen = append(seen, want)
		words = append(words, fmt.Sprintf("from %s: %v", r.name, d))
	}
	switch v := verdict(f.hash); {
	case seen == nil:
		return finding{alone, strings.Join(words, "; ")}
	case v != "":
		return finding{judged, v}
	}
	if len(seen) == 2 {
		if d := difference(seen[0], seen[1]); d.equal() {
			words = append(words, "these two are equal")
		}
	}
	return finding{differs, strings.Join(words, "; ")}
}

// drawingSize returns the size in pixels that others must draw a drawing in, to be
// compared with ours; nothing for pictures, which have one.
func drawingSize(o opened) image.Point {
	if o.Format != "svg" {
		return image.Point{}
	}
	return image.Pt(o.Width, o.Height)
}
