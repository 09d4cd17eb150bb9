package main

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// outcome is what became of a file; each has its column in the table.
type outcome int

const (
	copied       outcome = iota // looked at before
	equalVips                   // equal to libvips
	equalMagick                 // equal to ImageMagick, not to libvips
	judged                      // differs, or is refused though another opens it, and verdicts.txt tells who is right
	differs                     // differs from both
	alone                       // opened, and by neither of the others
	damaged                     // refused as damaged, as the others do
	unsupported                 // refused for a feature or a size, as the others do
	noPicture                   // refused as no picture, as the others do
	refusedAlone                // refused, though another opens it
	crashed                     // the reader ended, took too long or too much memory
	outcomes                    // how many there are
)

var columns = [outcomes]string{
	"seen before", "equal to libvips", "to ImageMagick", "judged", "differs", "nothing to compare",
	"damaged", "unsupported", "no picture", "others open it", "crashed",
}

// finding is what became of a file, and why.
type finding struct {
	outcome outcome
	words   string
}

func (f finding) String() string {
	return strings.TrimSuffix(columns[f.outcome]+"; "+f.words, "; ")
}

// tell reports whether somebody should look at the file.
func (f finding) tell() bool {
	return f.outcome == differs || f.outcome == refusedAlone || f.outcome == crashed
}

// row is a line of the table.
type row struct {
	files  int
	counts [outcomes]int
}

// table has a row for each corpus.
type table map[string]*row

func (t table) count(corpus string, f finding) {
	if t[corpus] == nil {
		t[corpus] = &row{}
	}
	t[corpus].files++
	t[corpus].counts[f.outcome]++
}

func (t table) total() row {
	var sum row
	for _, r := range t {
		sum.files += r.files
		for i, n := range r.counts {
			sum.counts[i] += n
		}
	}
	return sum
}

// print writes the table, and its sums.
func (t table) print(to io.Writer) {
	w := tabwriter.NewWriter(to, 0, 8, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "\ncorpus\tfiles\t%s\n", strings.Join(columns[:], "\t"))
	line := func(name string, r row) {
		fmt.Fprintf(w, "%s\t%d", name, r.files)
		for _, n := range r.counts {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprintln(w)
	}
	var names []string
	for name := range t {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		line(name, *t[name])
	}
	line("all", t.total())
}

//go:embed verdicts.txt
var verdictLines string

// verdict returns what was found of a file that differs or is refused, "" where
// nobody looked.
func verdict(hash string) string {
	for line := range strings.Lines(verdictLines) {
		of, words, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && len(of) == hashLen && strings.HasPrefix(hash, of) {
			return strings.TrimSpace(words)
		}
	}
	return ""
}
