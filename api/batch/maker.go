package batch

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// Engine is what a Maker needs of api/service.
type Engine interface {
	Service
	Profile(connection string) api.Profile
	Outline(*document.State, service.Choices) (service.Outline, error)
	PrepareSpots(context.Context, *document.State, service.Choices) (*service.Set, error)
	SubmitAll(context.Context, []service.Order) ([][]service.Edit, error)
	Subscribe() (events <-chan service.Event, cancel func())
	Saved(entry int64, variant int, path string)
}

// Maker makes the edit of a recipe of one picture after the other, and writes what comes
// as files. It is not changed while it works; its methods may be called by several goroutines.
type Maker struct {
	Service Engine
	Recipe  *recipe.Recipe
	// Name is what sentences call the recipe.
	Name string
	// Choices are whom to ask and what the recipe leaves open.
	Choices service.Choices
	// Out is the folder for results.
	Out string
	// Encoding returns how the results of a picture are written, and whether what is kept in
	// their files of how they were made is wanted.
	Encoding func(s *document.State, data []byte) (e picture.Encoding, words bool)
	// With goes with each edit: the user's consent, and the budget of all.
	With service.Submission
	// Earlier is what earlier runs have asked for (Earlier), by picture.
	Earlier map[string][]history.Item
}

// Outcome is how it ended with a picture.
type Outcome struct {
	State State
	// Fault says why there is no result, or that there are fewer than were asked for.
	Fault *api.Error
	// Paths are the results' files.
	Paths []string
	Cost  service.Cost
	// Entry is the edit's place in the history, or 0.
	Entry int64
	// Running reports, with Unknown, that another run is making it.
	Running bool
}

// choices are the recipe's, for a picture.
func (m *Maker) choices() service.Choices {
	c := m.Choices
	m.Recipe.Fill(&c.Options, m.Service.Profile(c.Connection))
	c.Prompt, c.Whole = m.Recipe.Prompt, m.Recipe.Whole
	return c
}

// Check sees what can be seen before any picture is opened: errors are *api.Error of
// KindInput.
func (m *Maker) Check() error {
	p := m.Service.Profile(m.Choices.Connection)
	switch {
	case m.Recipe.Whole && !p.Whole:
		return api.InputError("input.whole_unsupported", "Name", NameOf(m.Service, m.Choices.Connection))
	case p.NeedsPrompt && m.Recipe.Prompt == "":
		return api.InputError("error.prompt_empty")
	}
	return nil
}

// Price returns what the edit of a picture is foreseen to cost, by its size alone; the
// zero value where it isn't known, and where it can't be made.
func (m *Maker) Price(ctx context.Context, p Picture) service.Cost {
	if _, ok := m.Service.Connection(m.Choices.Connection); !ok {
		return service.Cost{}
	}
	size, err := sizeOf(p.Path)
	if err != nil || ctx.Err() != nil {
		return service.Cost{}
	}
	// A picture without pixels: with a mask, or with none for all of it, nothing looks at them.
	state := document.NewState(&picture.Picture{Pix: &image.NRGBA{Rect: image.Rectangle{Max: size}}})
	area, err := m.maskBeside(p.Path, size)
	if err == nil && area == nil {
		area, err = m.Recipe.MaskFor(size, m.Name)
	}
	if err == nil && area == nil && !m.Recipe.Whole {
		area = mask.New(size.X, size.Y).Invert() // what is transparent of it, at most all
	}
	if err != nil {
		return service.Cost{}
	}
	if area != nil {
		state = state.WithMask(area)
	}
	out, err := m.Service.Outline(state, m.choices())
	if err != nil {
		return service.Cost{}
	}
	return out.Cost
}

// sizeOf reads a picture's size in pixels, as much of the file as that takes.
func sizeOf(path string) (image.Point, error) {
	f, err := os.Open(path)
	if err != nil {
		return image.Point{}, err
	}
	defer f.Close()
	if c, _, err := image.DecodeConfig(f); err == nil {
		return image.Pt(c.Width, c.Height), nil
	}
	p, err := picture.Open(path, picture.DefaultLimits)
	if err != nil {
		return image.Point{}, err
	}
	return p.Size(), nil
}

// making is the edit of one picture under way.
type making struct {
	*Maker
	Edit
	state *document.State
	data  []byte
	of    Picture
	out   Outcome
	fault *api.Error // the first error with a variant
}

// Make makes the edit of a picture. What an earlier run has made is not asked for again,
// nor is what it may have paid for. hear is told of what happens meanwhile; it may be nil.
// The end of ctx cancels it.
func (m *Maker) Make(ctx context.Context, p Picture, hear func(service.Event)) Outcome {
	e := &making{Maker: m, of: p, Edit: Edit{Service: m.Service, Source: p.Path}}
	if path, err := filepath.Abs(p.Path); err == nil {
		e.Source = path
	}
	err := e.prepare(ctx)
	if err == nil {
		err = e.carryOut(ctx, hear)
	}
	if err != nil {
		e.fail(err)
	}
	return e.out
}

// fail notes why no result came.
func (e *making) fail(err error) {
	var over *service.OverCapError
	var unrecorded *service.UnrecordedError
	e.out.State = Failed
	switch {
	case errors.As(err, &over):
		e.out.Fault = service.OverCap(over)
	case errors.As(err, &unrecorded):
		e.out.Fault = api.InputError("input.unrecorded")
		e.out.Fault.Cause = unrecorded.Cause
	case errors.Is(err, context.Canceled):
		e.out.Fault = &api.Error{Kind: api.KindCancelled, Cause: err}
	default:
		e.out.Fault = api.AsError(err)
	}
}

// prepare opens the picture with its mask and makes what is to be sent.
func (e *making) prepare(ctx context.Context) error {
	name := filepath.Base(e.of.Path)
	p, data, err := picture.Read(e.of.Path, picture.DefaultLimits)
	if err != nil {
		return job.OpenError(name, err)
	}
	e.state, e.data = document.NewState(p), data
	area, err := e.area(ctx)
	if err != nil {
		return err
	}
	if area != nil {
		if area.Empty() {
			return api.InputError("error.mask_empty")
		}
		e.state = e.state.WithMask(area)
	}
	if err := e.folder(); err != nil {
		return err
	}
	e.Set, err = e.Maker.Service.PrepareSpots(ctx, e.state, e.choices())
	return err
}

// area is what is edited: the mask that lies beside the picture, else the recipe's, nil
// for none.
func (e *making) area(ctx context.Context) (*mask.Mask, error) {
	beside, err := e.maskBeside(e.of.Path, e.state.Size)
	if beside != nil || err != nil || e.Recipe.Whole {
		return beside, err
	}
	return e.Recipe.MaskOn(ctx, e.state, e.Name)
}

// maskBeside returns the mask that lies beside a picture of some size, nil where none does
// and where the recipe is of an edit without a mask.
func (m *Maker) maskBeside(path string, size image.Point) (*mask.Mask, error) {
	beside := MaskBeside(path)
	if beside == "" || m.Recipe.Whole {
		return nil, nil
	}
	data, err := os.ReadFile(beside)
	if err != nil {
		return nil, job.OpenError(filepath.Base(beside), err)
	}
	read, err := mask.Decode(data, size)
	if err != nil {
		return nil, job.MaskError(filepath.Base(beside), err)
	}
	return read, nil
}

// folder makes the results' folder, before anything is asked.
func (e *making) folder() error {
	dir := filepath.Join(e.Out, e.of.Folder)
	err := os.MkdirAll(dir, 0o777)
	if err == nil {
		err = file.CheckFolder(dir)
	}
	if err == nil {
		return nil
	}
	fault := api.InputError("input.folder", "Folder", dir)
	fault.Cause = err
	return fault
}

// carryOut has the edit made, or takes what earlier runs have made of it, and saves what
// comes.
func (e *making) carryOut(ctx context.Context, hear func(service.Event)) error {
	over, err := e.earlier(ctx)
	if over || err != nil {
		return err
	}
	events, cancel := e.Maker.Service.Subscribe()
	defer cancel()
	edits, err := e.Maker.Service.SubmitAll(ctx, []service.Order{e.Order(e.With)})
	if err != nil {
		return err
	}
	e.Submitted(edits[0])
	if err := e.bringBack(ctx); err != nil {
		e.fault = api.AsError(err)
	}
	end, err := e.Listen(ctx, events, func(window int, event service.Event) {
		if a, ok := event.(service.Arrived); ok {
			e.came(window, a.Index, a.Variant, a.Err)
		}
		if hear != nil {
			hear(event)
		}
	})
	if err != nil {
		return err
	}
	e.out.Cost, e.out.Entry = end.Cost, e.Entry()
	fault := end.Err
	if fault == nil {
		fault = e.fault
	}
	if len(e.out.Paths) == 0 && fault == nil { // an engine without results and without an error
		fault = &api.Error{Kind: api.KindEmpty, RequestID: end.Result.RequestID}
	}
	if e.out.State, e.out.Fault = Done, fault; len(e.out.Paths) == 0 {
		e.out.State = Failed
	}
	return nil
}

// earlier takes what earlier runs have made. It reports whether nothing is to be asked.
func (e *making) earlier(ctx context.Context) (over bool, err error) {
	store, _ := e.Maker.Service.History()
	items := e.Earlier[e.Source]
	if store == nil || len(items) == 0 {
		return false, nil // where there is no history, submitting says so
	}
	found, err := e.Look(store, items)
	if err != nil || found.State == "" {
		return false, err
	}
	e.out = Outcome{State: found.State, Entry: found.Entry, Paths: found.Paths, Running: found.Running}
	if found.State != Kept || found.Paths != nil || e.OtherPlan() != 0 {
		return true, nil
	}
	e.Submitted(nil)
	e.out.Paths = e.Edit.Saved()
	return true, e.bringBack(ctx)
}

// bringBack saves what the history has of the edit's windows.
func (e *making) bringBack(ctx context.Context) error {
	store, _ := e.Maker.Service.History()
	if store == nil {
		return nil
	}
	err := e.BringBack(ctx, store, func(window, index int, v *job.Variant) error {
		e.came(window, index, v, nil)
		return nil
	})
	if err == nil && e.fault != nil {
		return e.fault
	}
	return err
}

// came saves a variant of the edit once all its windows have it.
func (e *making) came(window, index int, v *job.Variant, fault *api.Error) {
	var whole *job.Variant
	err := error(nil)
	if fault != nil {
		err = fault
	} else {
		whole, _, err = e.Take(window, index, v)
	}
	if err == nil && whole != nil {
		err = e.save(whole)
	}
	if err != nil && e.fault == nil {
		e.fault = api.AsError(err)
	}
}

// save writes a variant under the first free number, also after ctx has ended: it was
// paid for.
func (e *making) save(v *job.Variant) error {
	encoding, words := e.Encoding(e.state, e.data)
	if words {
		encoding.Text = e.Set.Job.Words(e.Set.Drafts[0].Profile.ID, v.Index)
	}
	dir, base := filepath.Join(e.Out, e.of.Folder), filepath.Base(e.of.Path)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	path, err := picture.SaveNumbered(context.Background(), func(n int) string {
		return file.Numbered(dir, name, encoding.Format.Ending(), n)
	}, 1, e.Set.Job.Flatten(v), encoding)
	if err != nil {
		return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "input.folder", Args: []any{"Folder", dir}}, Cause: err}
	}
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	for _, w := range e.Windows {
		e.Maker.Service.Saved(w.Entry, v.Index, path)
	}
	e.out.Paths = append(e.out.Paths, path)
	return nil
}
