// Command corpus opens every file of a folder and compares what is seen with
// libvips and ImageMagick, where they are installed:
//
//	go run ./editor/picture/corpus -in FOLDER
//
// It prints a table by format: how many files were opened, how many are equal to
// at least one of the two, how many differ from both, were refused, or crashed
// the reader; and below it one line for each file that isn't equal. Equal means
// that the size is the same and that a channel is off by at most two levels in
// the mean, over white.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"overpaint/editor/picture"
)

// tolerance is the mean difference of a channel, of 255, that counts as equal:
// inverse transforms, upsampling and profiles are not the same in all programs.
const tolerance = 2

// row is a line of the table.
type row struct{ files, equal, differs, alone, refused, crashed int }

func main() {
	in := flag.String("in", "", "folder with pictures")
	verbose := flag.Bool("v", false, "a line for every file")
	flag.Parse()
	if *in == "" {
		flag.Usage()
		os.Exit(2)
	}
	table := map[string]*row{}
	bad := 0
	err := filepath.WalkDir(*in, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		kind := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
		if table[kind] == nil {
			table[kind] = &row{}
		}
		words := table[kind].look(path)
		if *verbose || words != "" {
			name, _ := filepath.Rel(*in, path)
			fmt.Printf("%s: %s\n", name, words)
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, r := range table {
		bad += r.crashed
	}
	show(table)
	if bad > 0 {
		os.Exit(1)
	}
}

// show prints the table.
func show(table map[string]*row) {
	var kinds []string
	for kind := range table {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ending\tfiles\tequal\tdiffers\tnothing to compare\trefused\tcrashed")
	for _, kind := range kinds {
		r := table[kind]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", kind, r.files, r.equal, r.differs, r.alone, r.refused, r.crashed)
	}
	w.Flush()
}

// look opens one file and counts it. It returns what is to be said of it.
func (r *row) look(path string) (words string) {
	r.files++
	p, err := open(path)
	var crash *crashError
	switch {
	case errors.As(err, &crash):
		r.crashed++
		return err.Error()
	case err != nil:
		r.refused++
		words = "refused: " + err.Error()
		if img, err := reference(vips, path); err == nil {
			words += fmt.Sprintf(" (libvips opens it, %v)", img.Bounds().Size())
		}
		return words
	}
	compared := false
	for _, program := range []func(from, to string) *exec.Cmd{vips, magick} {
		want, err := reference(program, path)
		if err != nil {
			words += "; " + err.Error()
			continue
		}
		compared = true
		d, same := difference(p.Pix, want)
		if same && d <= tolerance {
			r.equal++
			return ""
		}
		words += fmt.Sprintf("; %v is %v, off by %.2f", p.Size(), want.Bounds().Size(), d)
	}
	if compared {
		r.differs++
		return "differs" + words
	}
	r.alone++
	return "nothing to compare" + words
}

// crashError is a panic of a reader.
type crashError struct{ value any }

func (e *crashError) Error() string { return fmt.Sprintf("crashed: %v", e.value) }

func open(path string) (p *picture.Picture, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &crashError{v}
		}
	}()
	p, err = picture.Open(path, picture.DefaultLimits)
	if err == nil && p.Meta.Format == "" {
		err = errors.New("no format")
	}
	return p, err
}

func vips(from, to string) *exec.Cmd { return exec.Command("vips", "autorot", from, to) }

func magick(from, to string) *exec.Cmd {
	return exec.Command("convert", from+"[0]", "-auto-orient", "-colorspace", "sRGB", "-depth", "8", "png32:"+to)
}

// reference has another program convert a file, and reads what it made.
func reference(program func(from, to string) *exec.Cmd, path string) (image.Image, error) {
	f, err := os.CreateTemp("", "corpus-*.png")
	if err != nil {
		return nil, err
	}
	f.Close()
	defer os.Remove(f.Name())
	c := program(path, f.Name())
	var said bytes.Buffer
	c.Stderr = &said
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c = exec.CommandContext(ctx, c.Path, c.Args[1:]...)
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Args[0], err)
	}
	data, err := os.ReadFile(f.Name())
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

// difference returns how far two pictures are apart over white, in the mean of
// all channels, and whether they have the same size.
func difference(a *image.NRGBA, b image.Image) (mean float64, same bool) {
	size := a.Rect.Size()
	if b.Bounds().Size() != size {
		return 255, false
	}
	at := b.Bounds().Min
	var sum int64
	for y := range size.Y {
		for x := range size.X {
			p, q := over(a.NRGBAAt(x, y).RGBA()), over(b.At(at.X+x, at.Y+y).RGBA())
			for i := range p {
				sum += int64(max(p[i]-q[i], q[i]-p[i]))
			}
		}
	}
	return float64(sum) / float64(3*size.X*size.Y), true
}

// over lays a premultiplied colour of 16 bits over white and returns 8 bits.
func over(r, g, b, a uint32) [3]int {
	white := 0xffff - a
	return [3]int{int(r+white) / 257, int(g+white) / 257, int(b+white) / 257}
}
