package apitest

import (
	"image"
	"slices"
)

// Scenario is one way in which services behave.
type Scenario struct {
	// Name is what Use and Base want.
	Name string
	// About says what happens.
	About string

	play func(*Exchange)
	// early answers before the body is read; false goes on.
	early func(*Exchange) bool
	// get answers a GET; false goes on.
	get func(*Exchange) bool
	// paths are where edits are made, and where the models are; nil: under /v1.
	paths      []string
	modelsPath string
	// field is the name that the picture's part must have.
	field        string
	invertedMask bool
	edit         func(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA
	size         image.Point
}

// at reports that a path is where edits are made.
func (s *Scenario) at(path string) bool {
	if s.paths == nil {
		return path == "/v1/images/edits"
	}
	return slices.Contains(s.paths, path)
}

func (s *Scenario) models(path string) bool {
	if s.modelsPath != "" {
		return path == s.modelsPath
	}
	return path == "/v1/models"
}

func (s *Scenario) imageField() string {
	if s.field != "" {
		return s.field
	}
	return "image"
}

// Scenarios returns all there are, the one without faults ("") first.
func Scenarios() []Scenario { return slices.Clone(all) }

var all = slices.Concat(
	[]Scenario{{Name: "", About: "does all as specified", play: checked((*Exchange).usual)}},
	redirects, paths, wrongAnswers, shapes, pictures, errorShapes, codes, streams, behaviours, unknowns, models, breaks,
	stalls, excesses, refusals, echoes,
)

// checked refuses what is against the contract and otherwise goes on.
func checked(play func(*Exchange)) func(*Exchange) {
	return func(x *Exchange) {
		if !x.refuse() {
			play(x)
		}
	}
}

// Known reports that there is a scenario of that name.
func Known(name string) bool { return lookup(name) != nil }

func lookup(name string) *Scenario {
	if i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}

func find(name string) *Scenario {
	s := lookup(name)
	if s == nil {
		panic("apitest: there is no scenario " + name)
	}
	return s
}
