// Package profile holds what models accept. Each profile is a JSON file: those in the folder
// models are built in, and a person may add others in a folder named profiles beside
// settings.json, which take precedence.
//
// A profile is found by the model's name: one that names it exactly, else the one with the
// longest matching pattern. It therefore applies wherever a service offers the model.
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

// Entry is a profile and its origin.
type Entry struct {
	api.Profile
	// Models are the names of the models it applies to, in lower case; "*" stands for any text.
	Models []string
	// Source is the address of the page that documents it, Date the year and month when that
	// was read.
	Source, Date string
	// Own reports whether it is the user's own.
	Own bool
}

// Set is an immutable set of profiles.
type Set struct {
	list []Entry
}

var builtin = func() *Set {
	s := &Set{}
	if errs := s.read(Files, "models", false, s); len(errs) > 0 {
		panic(errs[0]) // the built-in files are checked by a test
	}
	s.sort()
	return s
}()

// Builtin returns the built-in profiles.
func Builtin() *Set { return builtin }

// Load returns the built-in profiles and those in a folder, which replace built-in ones of the
// same ID. Invalid files are skipped and returned as errors, each with a sentence that names
// the file. A missing folder is empty.
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

// sort sorts by ID, the user's own first.
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

// List returns all profiles, the user's own first.
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

// Named returns the profile of a model by its name as services write it, without what a router
// puts before it ("maker/") or after it (":free").
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

// EditorsFirst returns models in their order, but those known to edit pictures (Named) first.
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

// For returns the profile for a model: the one with the ID that the user chose, else the one
// of the model's name, else the contract of POST /images/edits as specified, which services
// with model names of their own understand.
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

// fits reports whether a name matches a pattern, in which each "*" stands for any text.
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

// Classic returns the contract of dall-e-2, which relays offer under other names, too.
func Classic() api.Profile { return must("classic") }

// must returns a built-in profile.
func must(id string) api.Profile {
	e, ok := builtin.ByID(id)
	if !ok {
		panic("no profile " + id)
	}
	return e.Profile
}
