// Command quality compares package colour with ImageMagick's conversion (Little CMS) on
// colour profiles: for each file named, or found below a folder that is named, by how many
// levels of 255 the colours of the whole space differ on the way to sRGB, and by how many
// they miss themselves on the way there and back.
//
//	go run ./editor/colour/quality [-convert magick] /usr/share/color/icc
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"overpaint.dev/overpaint/editor/colour"
)

func main() {
	convert := flag.String("convert", "convert", "ImageMagick's program")
	srgb := flag.String("srgb", "/usr/share/color/icc/colord/sRGB.icc", "the profile of sRGB that it converts to")
	flag.Parse()
	for _, root := range flag.Args() {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if e := strings.ToLower(filepath.Ext(path)); err == nil && d.Type().IsRegular() && (e == ".icc" || e == ".icm") {
				fmt.Printf("%-60s %s\n", filepath.Base(path), compare(*convert, path, *srgb))
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// compare measures one profile and says how it went.
func compare(convert, path, srgb string) string {
	profile, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	model := colour.ModelOf(profile)
	channels := map[colour.Model]int{colour.RGB: 3, colour.Grey: 1, colour.CMYK: 4}[model]
	if channels == 0 {
		return "not for pictures"
	}
	in := samples(channels)
	start := time.Now()
	ours, kind, space, err := converted(model, profile, in)
	took := time.Since(start)
	if err != nil {
		return err.Error()
	}
	theirs, err := theirs(convert, path, srgb, model, in)
	if err != nil {
		return err.Error()
	}
	line := fmt.Sprintf("%s %-8s %s  %5d ms", model, kind, difference(ours, theirs, 3, 4), took.Milliseconds())
	if space != nil {
		again := bytes.Clone(ours)
		start = time.Now()
		space.FromSRGB(again)
		space.ToSRGB(again)
		line += fmt.Sprintf("   there again %s  %5d ms", difference(again, ours, 4, 4), time.Since(start).Milliseconds())
	}
	return line
}

// samples returns colours of the whole space, pixel after pixel.
func samples(channels int) []byte {
	side := map[int]int{1: 256, 3: 24, 4: 11}[channels]
	n := 1
	for range channels {
		n *= side
	}
	out := make([]byte, 0, n*channels)
	for i := range n {
		for c, v := 0, i; c < channels; c, v = c+1, v/side {
			out = append(out, byte(v%side*255/(side-1)))
		}
	}
	return out
}

// converted returns samples in sRGB as RGBA.
func converted(m colour.Model, profile, in []byte) (out []byte, kind string, s *colour.Space, err error) {
	if m == colour.CMYK {
		inks, err := colour.FromInksICC(profile)
		if err != nil {
			return nil, "", nil, err
		}
		out = make([]byte, len(in))
		inks.ToSRGB(out, in)
		return out, "inks", nil, nil
	}
	kind = "space"
	if m == colour.Grey {
		s, err = colour.FromGreyICC(profile)
		for _, v := range in {
			out = append(out, v, v, v, 255)
		}
	} else {
		s, err = colour.FromICC(profile)
		for i := 0; i < len(in); i += 3 {
			out = append(out, in[i], in[i+1], in[i+2], 255)
		}
	}
	if s == nil {
		kind = "sRGB"
	}
	s.ToSRGB(out)
	return out, kind, s, err
}

// theirs returns samples in sRGB as RGB.
func theirs(convert, path, srgb string, m colour.Model, in []byte) ([]byte, error) {
	kind := map[colour.Model]string{colour.RGB: "rgb", colour.Grey: "gray", colour.CMYK: "cmyk"}[m]
	channels := map[colour.Model]int{colour.RGB: 3, colour.Grey: 1, colour.CMYK: 4}[m]
	cmd := exec.Command(convert, "-size", fmt.Sprintf("%dx1", len(in)/channels), "-depth", "8", kind+":-", "-profile", path, "-profile", srgb, "-depth", "8", "rgb:-")
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err == nil && len(out) != len(in)/channels*3 {
		err = fmt.Errorf("%s gave %d bytes", convert, len(out))
	}
	return out, err
}

// difference tells the mean and the largest difference of red, green and blue; b has
// pixels of the first given number of bytes, a of the second.
func difference(a, b []byte, eachB, eachA int) string {
	sum, most, n := 0, 0, len(b)/eachB
	for i := range n {
		for c := range 3 {
			d := int(a[i*eachA+c]) - int(b[i*eachB+c])
			d = max(d, -d)
			sum, most = sum+d, max(most, d)
		}
	}
	return fmt.Sprintf("mean %6.3f  most %3d", float64(sum)/float64(3*n), most)
}
