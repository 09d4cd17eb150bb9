// Command corpus opens every file of folders of pictures and compares what is seen
// with libvips and ImageMagick, where they are installed:
//
//	make pictures OVERPAINT_CORPORA=FOLDER
//	go run -tags nodynamic ./editor/picture/corpus -in FOLDER [-only TEXT] [-peers=false] [-v]
//
// Each folder directly below FOLDER is a corpus and gets a line of the table; a file
// that is there more than once is looked at once. Files are opened by a process of its
// own, which is started again where it ends by itself, takes more than a minute for
// one file or more memory than the limit (4 GB): such files count as crashed, as do
// those of which the reader tells that a decoder panicked.
//
// Below the table each file stands that needs a look: what crashed, what differs from
// both programs, and what was refused though another program opens it. Equal means
// that the size is the same and that over white a channel is off by at most 2 of 255
// in the mean, and by at most 10 in each part of an 8x8 grid laid over the picture
// (parts are at least 16 pixels wide). Where someone looked at a file and found who is
// right, the file verdicts.txt beside this one says so, by the beginning of the
// SHA-256 of its content, and it counts as judged.
//
// Corpora are not in this repository. Any folder of pictures will do; README.md names
// those that the last table was made of.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	in := flag.String("in", "", "`folder` of folders with pictures")
	only := flag.String("only", "", "look only at files with this `text` in their path")
	peers := flag.Bool("peers", true, "compare with libvips and ImageMagick; without, it is quick")
	verbose := flag.Bool("v", false, "a line for every file")
	open := flag.Bool("open", false, "open the files whose names come by the standard input, for the process of its own")
	flag.Parse()
	switch {
	case *open:
		work(os.Stdin, os.Stdout)
		return
	case *in == "":
		flag.Usage()
		os.Exit(2)
	}
	if !*peers {
		references = nil
	}
	files, err := list(*in, *only)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: no files", *in)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c, err := newChild()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	t := table{}
	for _, f := range files {
		found := look(c, f)
		t.count(f.corpus, found)
		if *verbose || found.tell() {
			fmt.Printf("%s %s: %v\n", f.hash[:hashLen], f.path, found)
		}
	}
	c.end()
	t.print(os.Stdout)
	if t.total().counts[crashed] > 0 {
		os.Exit(1)
	}
}

// hashLen is how many hexadecimal digits of a file's SHA-256 name it.
const hashLen = 12

// file is a file of a corpus.
type file struct {
	corpus, path string
	// hash is the SHA-256 of its content.
	hash string
	// copy reports that a file of the same content comes before it.
	copy bool
}

// list returns the regular files below a folder whose paths hold a text, by name.
func list(root, only string) (files []file, err error) {
	seen := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.Contains(path, only) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		corpus, _, below := strings.Cut(filepath.ToSlash(name), "/")
		if !below {
			corpus = "."
		}
		sum := sha256.Sum256(data)
		f := file{corpus: corpus, path: path, hash: hex.EncodeToString(sum[:])}
		f.copy = seen[f.hash]
		seen[f.hash] = true
		files = append(files, f)
		return nil
	})
	slices.SortStableFunc(files, func(a, b file) int { return strings.Compare(a.corpus, b.corpus) })
	return files, err
}
