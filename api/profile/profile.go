// Package profile knows what models accept. Each profile is a file of JSON: those
// in the folder models are part of the program, and a person may keep further ones
// in a folder named profiles beside settings.json, which count before them.
//
// A profile is found by the model's name: one that names it exactly, else the one
// with the longest pattern that fits. What is known of a model therefore follows it
// to whatever service offers it.
package profile

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
)

// Files are the built-in profiles, in the folder models.
//
//go:embed models/*.json
var Files embed.FS

// Entry is a profile and whose it is.
type Entry struct {
	api.Profile
	// Models are the names that it is for, in lower case; "*" stands for any text.
	Models []string
	// Source is the address of the page that says so, Date when it was read, as
	// year and month.
	Source, Date string
	// Own reports that the person has made it.
	Own bool
}

// Set holds profiles. It is never changed, so any goroutine may use it.
type Set struct {
	list []Entry
}

var builtin = func() *Set {
	s := &Set{}
	if errs := s.read(Files, "models", false, s); len(errs) > 0 {
		panic(errs[0]) // the program's own files, which a test reads
	}
	s.sort()
	return s
}()

// Builtin returns the profiles that are part of the program.
func Builtin() *Set { return builtin }

// Load returns the profiles of the program and those in a folder, which replace
// those of the same ID. Files that are no profiles are passed over and returned as
// errors, each with a sentence that names the file. A folder that isn't there holds none.
func Load(folder fs.FS) (*Set, []error) {
	own := &Set{}
	errs := own.read(folder, ".", true, builtin)
	s := &Set{list: own.list}
	for _, e := range builtin.list {
		if _, replaced := own.ByID(e.ID); !replaced {
			s.list = append(s.list, e)
		}
	}
	s.sort()
	return s, errs
}

// sort brings the person's own to the front, each part by ID.
func (s *Set) sort() {
	slices.SortStableFunc(s.list, func(a, b Entry) int {
		switch {
		case a.Own && !b.Own:
			return -1
		case b.Own && !a.Own:
			return 1
		}
		return cmp.Compare(a.ID, b.ID)
	})
}

// List returns all profiles, the person's own first.
func (s *Set) List() []Entry { return slices.Clone(s.list) }

// ByID returns the profile of that ID.
func (s *Set) ByID(id string) (Entry, bool) {
	for _, e := range s.list {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// Named returns the profile that is known to be a model's, by its name as services
// write it: what a router puts before it ("maker/") or after it (":free") counts for nothing.
func (s *Set) Named(model string) (Entry, bool) {
	name := plainName(model)
	best, length := -1, -1
	for i, e := range s.list {
		for _, pattern := range e.Models {
			n := len(pattern)
			if !strings.Contains(pattern, "*") {
				n = 1 << 20 // an exact name counts before all patterns
			}
			if n > length && fits(pattern, name) {
				best, length = i, n
			}
		}
	}
	if best < 0 {
		return Entry{}, false
	}
	return s.list[best], true
}

// EditorsFirst returns models in their order, but those first that are known to edit pictures (Named).
func (s *Set) EditorsFirst(models []string) []string {
	var editors, others []string
	for _, m := range models {
		if _, ok := s.Named(m); ok {
			editors = append(editors, m)
		} else {
			others = append(others, m)
		}
	}
	return append(editors, others...)
}

// For returns the profile for a model: the one that a person chose for it, by ID,
// else the one that its name tells of, else the contract of POST /images/edits as
// it is specified, which is what services with names of their own understand.
func (s *Set) For(model, chosen string) api.Profile {
	if e, ok := s.ByID(chosen); ok {
		return e.Profile
	}
	if e, ok := s.Named(model); ok {
		return e.Profile
	}
	return Classic()
}

// plainName returns a model's name without what routers add to it, in lower case.
func plainName(model string) string {
	model = strings.ToLower(strings.TrimSpace(model))
	if i := strings.LastIndexByte(model, '/'); i >= 0 && i < len(model)-1 {
		model = model[i+1:]
	}
	if i := strings.IndexByte(model, ':'); i > 0 {
		model = model[:i]
	}
	return model
}

// fits reports that a name is what a pattern describes, in which each "*" stands
// for any text.
func fits(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// Classic returns the contract of dall-e-2, which relays also speak under names of
// their own.
func Classic() api.Profile { return must("classic") }

// GPTImage returns the contract of gpt-image-2.
func GPTImage() api.Profile { return must("gpt-image-2") }

// must returns a profile of the program's own.
func must(id string) api.Profile {
	e, ok := builtin.ByID(id)
	if !ok {
		panic("no profile " + id)
	}
	return e.Profile
}
