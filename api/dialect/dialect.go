// Package dialect knows how services want an edit to be written: where it is sent,
// as a form or as JSON, and what its fields are called. Each dialect is a file of
// JSON in the folder dialects; the first one is the contract of OpenAI's
// POST /images/edits, which most services speak.
package dialect

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Files are the dialects, in the folder dialects.
//
//go:embed dialects/*.json
var Files embed.FS

// The ways to write a body.
const (
	Form = "form" // multipart/form-data
	JSON = "json" // pictures as data URLs
)

// OpenAI is the ID of the dialect that services speak of which nothing else is known.
const OpenAI = "openai"

// Dialect is how a service wants an edit to be written.
type Dialect struct {
	// ID names the dialect for ever, Name is what people call it.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Hosts are those known to speak it.
	Hosts []string `json:"hosts,omitempty"`
	// Source is the page that says so, Date when it was read, as year and month.
	Source string `json:"source"`
	Date   string `json:"date"`
	// Path is where edits are made, below the base URL.
	Path string `json:"path"`
	// Body is Form or JSON.
	Body string `json:"body"`
	// Image is the field of one picture, Images that of several, Mask that of the
	// mask; "" for Mask: there is none.
	Image  string `json:"image"`
	Images string `json:"images"`
	Mask   string `json:"mask,omitempty"`
	// Wrap, in JSON, is the field of an object in which each picture lies; "" for a
	// picture that is a text by itself.
	Wrap string `json:"wrap,omitempty"`
	// IdempotencyHeader is the header that names a request, by which the service makes and
	// charges it but once however often it is sent; "": there is none.
	IdempotencyHeader string `json:"idempotency_header,omitempty"`
	// Sends lists the fields beside pictures that the service knows; nil: all.
	Sends []string `json:"sends,omitempty"`
}

var all = func() []Dialect {
	names, err := Files.ReadDir("dialects")
	if err != nil {
		panic(err)
	}
	var list []Dialect
	for _, n := range names {
		data, err := Files.ReadFile(path.Join("dialects", n.Name()))
		if err != nil {
			panic(err)
		}
		d, err := parse(data)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", n.Name(), err)) // the built-in files are checked by a test
		}
		list = append(list, d)
	}
	place := func(d Dialect) string {
		if d.ID == OpenAI {
			return "" // before all others
		}
		return d.ID
	}
	slices.SortFunc(list, func(a, b Dialect) int { return cmp.Compare(place(a), place(b)) })
	return list
}()

func parse(data []byte) (Dialect, error) {
	var d Dialect
	r := json.NewDecoder(bytes.NewReader(data))
	r.DisallowUnknownFields()
	if err := r.Decode(&d); err != nil {
		return d, err
	}
	if d.ID == "" || d.Name == "" || d.Path == "" || d.Image == "" || d.Images == "" || d.Body != Form && d.Body != JSON || d.Wrap != "" && d.Body != JSON {
		return d, fmt.Errorf("something is missing, or contradicts itself: %+v", d)
	}
	return d, nil
}

// All returns the dialects, OpenAI's first.
func All() []Dialect { return slices.Clone(all) }

// For returns the dialect of a service: the one that was chosen for it, by ID, else
// the one that its host is known to speak, else OpenAI's.
func For(chosen, host string) Dialect {
	host = strings.ToLower(host)
	for _, d := range all {
		if d.ID == chosen {
			return d
		}
	}
	for _, d := range all {
		for _, h := range d.Hosts {
			if host == h || strings.HasSuffix(host, "."+h) {
				return d
			}
		}
	}
	return all[0]
}

// Knows reports that the service knows a field beside the pictures.
func (d Dialect) Knows(field string) bool { return d.Sends == nil || slices.Contains(d.Sends, field) }
