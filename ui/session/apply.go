package session

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
)

// ApplyPhase is how far a recipe is with being applied to pictures.
type ApplyPhase int

// The phases.
const (
	ApplyNone     ApplyPhase = iota // nothing is wanted of a recipe
	ApplyChoosing                   // what is to be done is chosen
	ApplyRunning                    // pictures are made
	ApplyOver                       // all have ended, and can be looked at
)

// ApplyState is how far one picture of an Apply is.
type ApplyState string

// The states of a picture beside those of batch.State.
const (
	ApplyWaits     ApplyState = "waiting"
	ApplyRuns      ApplyState = "running"
	ApplyCancelled ApplyState = "cancelled"
)

// ApplyPicture is one picture to which a recipe is applied.
type ApplyPicture struct {
	Path  string
	State ApplyState
	// Reason says why it has no result, or fewer than were asked for.
	Reason Sentence
	Cost   Amount
	// Results are the files that were written, without those that were discarded.
	Results []string
	// Looked reports whether the user has kept or discarded what came.
	Looked bool
}

// Apply is a recipe that is applied to pictures, as the dialog shows it.
type Apply struct {
	Phase ApplyPhase
	// Shown reports whether the dialog is open; a run goes on without it.
	Shown bool
	// Recipe is the file's name.
	Recipe string
	// Prompt is what the recipe asks for.
	Prompt   string
	Pictures []ApplyPicture
	// Deep reports whether folders within folders are looked into.
	Deep bool
	// Connection is the ID of the service to ask, Model its model; Models are those to choose
	// from, as far as they are known.
	Connection, Model string
	Models            []string
	// AtOnce is how many pictures are made at the same time, Out the folder for the results.
	AtOnce int
	Out    string
	// Price says what all pictures will cost, as far as that is known. Reason says why the run
	// can't be started, and is empty where it can.
	Price, Reason Sentence
	// Trouble says what went wrong at the last attempt to start, and is empty where nothing
	// did.
	Trouble Sentence
	// Priced reports whether Price was computed, as far as it can be.
	Priced bool
	// Starting reports whether the run was requested and waits for the disk or for an answer to
	// a question.
	Starting, Paused bool
	// Unfinished reports whether some pictures have no result and can be requested again.
	Unfinished bool
	// Ended counts the pictures that have ended, Results the files that can be looked at; Cost
	// is what all have cost.
	Ended, Results int
	Cost           Amount
}

// applying is a recipe that is being applied. Each background computation has a number; only
// the result of the newest one is used.
type applying struct {
	phase             ApplyPhase
	shown             bool
	file              string
	recipe            *recipe.Recipe
	named             []string // files and folders, as they were chosen
	pictures          []batch.Picture
	list              []ApplyPicture
	deep              bool
	connection, model string
	atOnce            int
	out               string
	fault             error // why there are no pictures
	price             applyPrice
	pricing           int
	starting, paused  bool
	trouble           Sentence
	run               *applyRun
	look              applyLook
}

// ApplyRecipe asks for a recipe's file, to make its edit of other pictures, or shows the
// one that is being applied.
func (s *Session) ApplyRecipe() {
	defer s.act(Applying)()
	if s.applying.phase == ApplyNone {
		s.askRecipe()
		return
	}
	s.applying.shown = true
}

// ChooseRecipe asks for another recipe, while pictures are chosen.
func (s *Session) ChooseRecipe() {
	defer s.act()()
	if s.choosing() {
		s.askRecipe()
	}
}

// choosing reports whether the user is still choosing what the recipe is applied to.
func (s *Session) choosing() bool { return s.applying.phase == ApplyChoosing && !s.applying.starting }

func (s *Session) askRecipe() {
	folder := s.file.folder
	if s.applying.file != "" {
		folder = filepath.Dir(s.applying.file)
	}
	s.askFile(FileRequest{Title: say("apply.recipe.title"), Folder: folder, Endings: []string{recipe.Extension}}, func(c Chosen) {
		background(s, func() outcome[*recipe.Recipe] { return result(recipe.Open(c.Path, filepath.Base(c.Path))) }, func(got outcome[*recipe.Recipe]) {
			if got.err != nil {
				s.fail(got.err)
				return
			}
			s.takeRecipe(c.Path, got.value)
		})
	})
}

// takeRecipe makes a recipe the one that is applied, and chooses the service that it
// names, where there is one of that name, else the one that is asked now.
func (s *Session) takeRecipe(path string, r *recipe.Recipe) {
	a := &s.applying
	if a.phase == ApplyNone {
		*a = applying{phase: ApplyChoosing, shown: true, pricing: a.pricing, atOnce: batch.AtOnce, out: filepath.Join(filepath.Dir(path), say("apply.out.name").String())}
	}
	if !s.choosing() {
		return
	}
	a.file, a.recipe = path, r
	a.connection = s.panel.services[0]
	if r.Connection == settings.Builtin {
		a.connection = settings.Builtin
	}
	for _, c := range s.settings.Current().Connections {
		if c.Name == r.Connection {
			a.connection = c.ID
		}
	}
	a.model = ""
	if c, ok := s.service.Connection(a.connection); ok {
		a.model = c.Model
		if c.Name == r.Connection {
			a.model = cmp.Or(r.Model, c.Model)
		}
	}
	s.priceApply()
}

// AddApplyPictures asks for pictures, AddApplyFolder for a folder of them.
func (s *Session) AddApplyPictures() {
	defer s.act()()
	if !s.choosing() {
		return
	}
	s.askFile(FileRequest{Title: say("apply.pictures.title"), Folder: s.file.folder, Endings: pictureEndings, Several: true}, func(c Chosen) {
		s.addApply(append([]string{c.Path}, c.Further...)...)
	})
}

// AddApplyFolder asks for a folder of pictures.
func (s *Session) AddApplyFolder() {
	defer s.act()()
	if !s.choosing() {
		return
	}
	s.askFile(FileRequest{Title: say("apply.folder.title"), Folder: s.file.folder, Directory: true}, func(c Chosen) { s.addApply(c.Path) })
}

func (s *Session) addApply(paths ...string) {
	a := &s.applying
	if !s.choosing() { // it was given up while a file was asked for
		return
	}
	for _, path := range paths {
		if !slices.Contains(a.named, path) {
			a.named = append(a.named, path)
		}
	}
	if len(paths) > 0 {
		s.file.folder = filepath.Dir(paths[0])
	}
	s.findApply()
}

// ClearApply takes all pictures off the list.
func (s *Session) ClearApply() {
	defer s.act()()
	if s.choosing() {
		s.applying.named = nil
		s.findApply()
	}
}

// SetApplyDeep says whether folders within folders are looked into.
func (s *Session) SetApplyDeep(on bool) {
	defer s.act()()
	if s.choosing() && s.applying.deep != on {
		s.applying.deep = on
		s.findApply()
	}
}

// SetApplyService chooses the service to ask, with the model that it has in the settings.
func (s *Session) SetApplyService(connection string) {
	defer s.act()()
	a := &s.applying
	if !s.choosing() || a.connection == connection {
		return
	}
	a.connection, a.model = connection, ""
	if c, ok := s.service.Connection(connection); ok {
		a.model = c.Model
	}
	s.priceApply()
}

// SetApplyModel chooses the service's model. The connection is given that model when the run
// starts.
func (s *Session) SetApplyModel(model string) {
	defer s.act()()
	if s.choosing() && s.applying.model != model {
		s.applying.model = model
		s.priceApply()
	}
}

// SetApplyAtOnce says how many pictures are worked on at once.
func (s *Session) SetApplyAtOnce(n int) {
	defer s.act(Applying)()
	if s.choosing() {
		s.applying.atOnce = max(1, min(n, batch.MostAtOnce))
	}
}

// ChooseApplyOut asks for the folder for results.
func (s *Session) ChooseApplyOut() {
	defer s.act()()
	if !s.choosing() {
		return
	}
	folder := filepath.Dir(s.applying.out)
	s.askFile(FileRequest{Title: say("apply.out.title"), Folder: folder, Directory: true}, func(c Chosen) { s.setApplyOut(c.Path) })
}

// SetApplyOut makes a folder the one for results.
func (s *Session) SetApplyOut(path string) {
	defer s.act()()
	if s.choosing() && path != s.applying.out {
		s.setApplyOut(path)
	}
}

func (s *Session) setApplyOut(path string) {
	if !s.choosing() {
		return
	}
	s.applying.out = path
	s.findApply() // it may be one of the folders
}

// findApply finds the pictures that were chosen.
func (s *Session) findApply() {
	a := &s.applying
	a.pricing++
	number, named, out, deep := a.pricing, slices.Clone(a.named), a.out, a.deep
	s.touch(Applying)
	background(s, func() outcome[[]batch.Picture] { return result(batch.Find(named, out, deep)) }, func(got outcome[[]batch.Picture]) {
		if number != a.pricing {
			return
		}
		a.pictures, a.fault = got.value, got.err
		a.list = nil
		for _, p := range a.pictures {
			a.list = append(a.list, ApplyPicture{Path: p.Path, State: ApplyWaits})
		}
		s.priceApply()
	})
}

// applyPrice is the estimated cost of all pictures.
type applyPrice struct {
	known       bool // it was worked out
	sum, most   Amount
	each        []int64 // of each picture, in sum's currency
	least, open bool    // it may be more; of some nobody knows
}

// priceApply computes in the background what all pictures are estimated to cost.
func (s *Session) priceApply() {
	a := &s.applying
	a.pricing++
	s.touch(Applying)
	number, pictures, m := a.pricing, slices.Clone(a.pictures), s.maker()
	a.price, a.trouble = applyPrice{}, Sentence{}
	if len(pictures) == 0 || a.connection == settings.Builtin {
		a.price.known = true
		return
	}
	background(s, func() applyPrice { return priceOf(s.ctx, m, pictures) }, func(p applyPrice) {
		if number == a.pricing {
			a.price = p
			s.touch(Applying)
		}
	})
}

func priceOf(ctx context.Context, m *batch.Maker, pictures []batch.Picture) applyPrice {
	p := applyPrice{known: true}
	for _, one := range pictures {
		c := m.Price(ctx, one)
		p.open = p.open || !c.Known()
		p.least = p.least || c.Least
		p.sum.Sum += c.Amount
		p.each = append(p.each, c.Amount)
		p.sum.Currency = cmp.Or(p.sum.Currency, c.Currency)
		p.most = Amount{max(p.most.Sum, c.Amount), p.sum.Currency}
	}
	return p
}

// sentence says what all will cost.
func (p applyPrice) sentence(connection string) Sentence {
	switch {
	case connection == settings.Builtin:
		return say("apply.price.none")
	case !p.known:
		return say("apply.price.pending")
	case p.sum.Sum == 0:
		return say("apply.price.unknown")
	case p.open, p.least:
		return say("apply.price.least", "Price", p.sum)
	}
	return say("apply.price", "Price", p.sum)
}

// Apply returns the recipe that is applied, as the dialog shows it.
func (s *Session) Apply() Apply {
	a := &s.applying
	v := Apply{Phase: a.phase, Shown: a.shown, Priced: a.price.known, Deep: a.deep, Connection: a.connection, Model: a.model, AtOnce: a.atOnce, Out: a.out, Starting: a.starting, Paused: a.paused}
	if a.phase == ApplyNone {
		return v
	}
	v.Recipe, v.Prompt, v.Pictures, v.Unfinished = filepath.Base(a.file), a.recipe.Prompt, slices.Clone(a.list), a.unfinished()
	v.Trouble = a.trouble
	v.Price, v.Reason = a.price.sentence(a.connection), s.applyReason()
	if c, ok := s.service.Connection(a.connection); ok {
		v.Models = c.Models
	}
	for _, p := range a.list {
		if p.ended() {
			v.Ended++
		}
		v.Results += len(p.Results)
		v.Cost.Sum += p.Cost.Sum
		v.Cost.Currency = cmp.Or(v.Cost.Currency, p.Cost.Currency)
	}
	return v
}

// Bad reports whether there is no result for a reason that the user should read.
func (p ApplyPicture) Bad() bool {
	return p.State == ApplyState(batch.Failed) || p.State == ApplyState(batch.Unknown)
}

func (p ApplyPicture) ended() bool { return p.State != ApplyWaits && p.State != ApplyRuns }

// applyReason says why a recipe can't be applied as it was chosen, or nothing.
func (s *Session) applyReason() Sentence {
	a := &s.applying
	switch {
	case a.fault != nil:
		return faultSentence(a.fault)
	case len(a.list) == 0:
		return say("apply.reason.pictures")
	case a.out == "":
		return say("apply.reason.out")
	case s.keyless(a.connection):
		return s.noKey(a.connection, batch.NameOf(s.service, a.connection))
	}
	if err := s.maker().Check(); err != nil {
		return faultSentence(err)
	}
	return Sentence{}
}
