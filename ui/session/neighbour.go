package session

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/picture"
)

// OpenNeighbour opens the next or the previous picture in the folder of the open one, after
// asking about what would be lost. Pictures are in the order of their names.
func (s *Session) OpenNeighbour(next bool) {
	defer s.act()()
	from := s.where()
	if from == "" {
		return
	}
	background(s, func() outcome[string] { return result(neighbour(from, next)) }, func(got outcome[string]) {
		switch {
		case from != s.where(): // another one was opened meanwhile
		case got.err != nil:
			s.fail(job.OpenError(filepath.Base(filepath.Dir(from)), got.err))
		case got.value != "":
			s.Open(got.value)
		case next:
			s.remark(say("window.last_picture"))
		default:
			s.remark(say("window.first_picture"))
		}
	})
}

// where is the file that is open, or "" where it is in none.
func (s *Session) where() string {
	if s.file.doc == nil {
		return ""
	}
	return cmp.Or(s.file.path, s.file.project)
}

// neighbour returns the next or the previous picture in the folder of the file at path, or ""
// where there is none. Names are compared without case, and numbers in them by value; the file
// itself need not exist.
func neighbour(path string, next bool) (string, error) {
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	name, best := filepath.Base(path), ""
	for _, f := range files {
		other := f.Name()
		if strings.HasPrefix(other, ".") || !picture.Named(other) {
			continue
		}
		if info, err := os.Stat(filepath.Join(filepath.Dir(path), other)); err != nil || !info.Mode().IsRegular() {
			continue
		}
		beyond, nearer := byName(other, name), best == "" || byName(other, best) < 0
		if !next {
			beyond, nearer = -beyond, best == "" || byName(other, best) > 0
		}
		if beyond > 0 && nearer {
			best = other
		}
	}
	if best == "" {
		return "", nil
	}
	return filepath.Join(filepath.Dir(path), best), nil
}

// byName compares file names in natural order: p2 before P10.
func byName(a, b string) int {
	if n := slices.Compare(nameParts(a), nameParts(b)); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

// nameParts returns the characters of a name in lower case, with each number as one part that
// sorts by its value.
func nameParts(name string) (parts []string) {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	rest := strings.ToLower(name)
	for rest != "" {
		if n := len(rest) - len(strings.TrimLeftFunc(rest, digit)); n > 0 {
			number := strings.TrimLeft(rest[:n], "0")
			// Behind a digit, its length first: more digits are more.
			parts = append(parts, "0"+string(rune(len(number)))+number)
			rest = rest[n:]
			continue
		}
		n := strings.IndexFunc(rest, digit)
		if n < 0 {
			n = len(rest)
		}
		parts = append(parts, strings.Split(rest[:n], "")...)
		rest = rest[n:]
	}
	return parts
}
