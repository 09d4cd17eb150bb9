package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"image"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/subject"
)

// server is `overpaint mcp`: a Model Context Protocol server on standard input and output,
// by which a program with a model can edit pictures. Its tools run the code of `overpaint
// edit`, with the same caps, journal and pixel lock. The command line gives the one service
// that is used and the folders that are read and written; a call can't name others.
type server struct {
	flags   flags // common to all edits
	service *service.Service
	engine  string
	fence   *fence
	budget  *service.Budget // or nil
}

// serve is `overpaint mcp`; it ends when standard input does, or with ctx.
func serve(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
	r := newReport("mcp", io.Discard, stderr, false)
	s := &server{flags: flags{spots: "auto", label: true, given: map[string]bool{}}}
	var read []string
	if err := s.parse(args, &read); helped(err, "mcp", stdout) {
		return ExitDone
	} else if err != nil {
		return r.failed(err, false)
	}
	warn(r, set.Trouble())
	s.service = newService(ctx, set, r)
	defer s.service.Close()
	var err error
	if s.fence, err = newFence(read); err != nil {
		return r.failed(err, false)
	}
	defer s.fence.close()
	if err := s.prepare(ctx, r); err != nil {
		return r.failed(err, false)
	}
	if err := s.server().Run(ctx, &mcp.StdioTransport{}); err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		return r.failed(&api.Error{Kind: api.KindLocal, Cause: err}, true)
	}
	return ExitDone
}

// parse reads the command line.
func (s *server) parse(args []string, read *[]string) error {
	engine := settings.Builtin
	values := map[string]*string{
		"engine": &engine, "write": &s.flags.out, "model": &s.flags.model, "profile": &s.flags.profile,
		"dialect": &s.flags.dialect, "max-cost": &s.flags.maxCost,
	}
	words, err := walk(args, func(o *option) error {
		to, ok := values[o.name]
		if !ok && o.name != "read" {
			return o.unknown()
		}
		value, err := o.value()
		if err != nil {
			return err
		}
		if s.flags.given[o.name] = true; ok {
			*to = value
		} else {
			*read = append(*read, value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return api.InputError("cli.word_unknown", "Word", words[0])
	}
	s.flags.engines = []string{engine}
	if len(*read) == 0 || s.flags.out == "" {
		return api.InputError("cli.mcp_folders")
	}
	return nil
}

// prepare finds the engine and the folder for results, and closes unfinished edits of
// earlier runs.
func (s *server) prepare(ctx context.Context, r *report) (err error) {
	if s.engine, err = choose(&s.flags, s.service); err != nil {
		return err
	}
	if s.flags.out, err = filepath.EvalSymlinks(s.flags.out); err == nil {
		s.flags.out, err = filepath.Abs(s.flags.out)
	}
	if err != nil || !isFolder(s.flags.out) {
		return api.InputError("input.folder", "Folder", s.flags.out)
	}
	if s.flags.given["max-cost"] {
		b := &manyEdits{flags: &s.flags, service: s.service, engines: []string{s.engine}}
		if err := b.allot(); err != nil {
			return err
		}
		s.budget = b.budget
	}
	recoverEarlier(ctx, s.service, r, s.engine)
	return nil
}

// Inputs and outputs of the tools. The tags are the descriptions that clients get.
type (
	target struct {
		Image  string  `json:"image" jsonschema:"absolute path of the picture, in a folder that this server may read"`
		Mask   string  `json:"mask,omitempty" jsonschema:"absolute path of a PNG as large as the picture; its transparent pixels are edited"`
		Box    []int   `json:"box,omitempty" jsonschema:"what is edited: x, y, width and height in pixels"`
		Points []point `json:"points,omitempty" jsonschema:"what is edited: a disc around each point"`
		Select string  `json:"select,omitempty" jsonschema:"what is edited: person (all people), sky or background, which is found in the picture; -person and so on are all but that"`
		N      int     `json:"n,omitempty" jsonschema:"how many variants; 1 by default"`
	}
	point struct {
		X      float64 `json:"x" jsonschema:"pixels from the left"`
		Y      float64 `json:"y" jsonschema:"pixels from the top"`
		Radius float64 `json:"radius,omitempty" jsonschema:"of the disc in pixels; a twentieth of the picture's shorter side by default"`
	}
	fillInput struct {
		target
		Lines polylines `json:"lines,omitempty" jsonschema:"lines along which an edge goes on across what is filled, such as a horizon, a wire or a shore; each a list of two or more points [x, y] in pixels"`
	}
	editInput struct {
		target
		Prompt     string    `json:"prompt" jsonschema:"what should be there"`
		Size       string    `json:"size,omitempty" jsonschema:"the size to work at, such as 1024x1024; best left out"`
		References []string  `json:"references,omitempty" jsonschema:"absolute paths of further pictures that the model may look at, where it takes them"`
		Lines      polylines `json:"lines,omitempty" jsonschema:"lines along which an edge goes on across what is edited, such as a horizon, a wire or a shore; each a list of two or more points [x, y] in pixels; only where this server's engine is the built-in one, others refuse them"`
	}
	extendInput struct {
		Image  string    `json:"image" jsonschema:"absolute path of the picture, in a folder that this server may read"`
		Left   int       `json:"left,omitempty" jsonschema:"pixels added at the left"`
		Top    int       `json:"top,omitempty" jsonschema:"pixels added at the top"`
		Right  int       `json:"right,omitempty" jsonschema:"pixels added at the right"`
		Bottom int       `json:"bottom,omitempty" jsonschema:"pixels added at the bottom"`
		Prompt string    `json:"prompt,omitempty" jsonschema:"what should be there"`
		N      int       `json:"n,omitempty" jsonschema:"how many variants; 1 by default"`
		Lines  polylines `json:"lines,omitempty" jsonschema:"lines along which an edge goes on into the new border, such as a horizon or a shore; each a list of two or more points [x, y] in pixels of the picture as it is, which may lie outside it; only where this server's engine is the built-in one, others refuse them"`
	}
	// polylines are guide lines, each of points of two coordinates.
	polylines    [][][]int
	historyInput struct {
		Search string `json:"search,omitempty" jsonschema:"words that the prompt holds"`
		Limit  int    `json:"limit,omitempty" jsonschema:"how many edits, the newest first; 20 by default"`
	}
	editOutput struct {
		Paths []string `json:"paths" jsonschema:"the results' files"`
		Entry string   `json:"entry,omitempty" jsonschema:"the edit's name in the history"`
		Cost  string   `json:"cost,omitempty" jsonschema:"what it cost, or at most"`
		Notes []string `json:"notes,omitempty" jsonschema:"what the person should be told"`
	}
	historyOutput struct {
		Edits []historyEdit `json:"edits"`
	}
	historyEdit struct {
		Entry   string   `json:"entry"`
		Created string   `json:"created" jsonschema:"in RFC 3339"`
		Image   string   `json:"image"`
		Service string   `json:"service"`
		Prompt  string   `json:"prompt,omitempty"`
		Outcome string   `json:"outcome" jsonschema:"done, running, or the kind of trouble"`
		Cost    string   `json:"cost,omitempty"`
		Paths   []string `json:"paths,omitempty" jsonschema:"files that its results were saved to"`
	}
)

// server returns the MCP server with its tools.
func (s *server) server() *mcp.Server {
	m := mcp.NewServer(&mcp.Implementation{Name: "overpaint", Version: cmp.Or(Version, "devel")}, nil)
	no := false
	changes := func(open bool) *mcp.ToolAnnotations {
		return &mcp.ToolAnnotations{DestructiveHint: &no, OpenWorldHint: &open}
	}
	asks := s.service.AtService(s.engine)
	mcp.AddTool(m, &mcp.Tool{Name: "edit", Annotations: changes(asks), Description: "Edit a picture by words: what a mask, a box or points cover or what is selected, or, with none of them, what is transparent or all of it. Pixels outside stay as they are, to the bit. Results are new files; nothing is replaced. It may cost money."},
		func(ctx context.Context, _ *mcp.CallToolRequest, in editInput) (*mcp.CallToolResult, editOutput, error) {
			return s.edit(ctx, in)
		})
	mcp.AddTool(m, &mcp.Tool{Name: "fill", Annotations: changes(false), Description: "Fill what a mask, a box or points cover, what is selected, or what is transparent, from what surrounds it, on this computer, without words and without cost."},
		func(ctx context.Context, _ *mcp.CallToolRequest, in fillInput) (*mcp.CallToolResult, editOutput, error) {
			return s.fill(ctx, in)
		})
	mcp.AddTool(m, &mcp.Tool{Name: "extend", Annotations: changes(asks), Description: "Extend a picture at its sides and have the new border made. It may cost money."},
		func(ctx context.Context, _ *mcp.CallToolRequest, in extendInput) (*mcp.CallToolResult, editOutput, error) {
			return s.extend(ctx, in)
		})
	mcp.AddTool(m, &mcp.Tool{Name: "history", Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: &no}, Description: "List the edits that services were asked for of pictures in the folders that this server may read."},
		func(ctx context.Context, _ *mcp.CallToolRequest, in historyInput) (*mcp.CallToolResult, historyOutput, error) {
			out, err := s.history(ctx, in)
			return nil, out, told(err)
		})
	return m
}

// told returns an error whose text is the sentence for the client.
func told(err error) error {
	if err == nil {
		return nil
	}
	fault := api.AsError(err)
	return errors.New(text.T(fault.Text().Key, fault.Text().Args...) + details(fault))
}

// fill is the tool fill.
func (s *server) fill(ctx context.Context, in fillInput) (*mcp.CallToolResult, editOutput, error) {
	f := s.flagsOf(in.Image, in.N)
	f.either = true
	if err := cmp.Or(f.follow(in.Lines), f.aim(in.target)); err != nil {
		return nil, editOutput{}, told(err)
	}
	return s.run(ctx, f, settings.Builtin)
}

// edit is the tool edit.
func (s *server) edit(ctx context.Context, in editInput) (*mcp.CallToolResult, editOutput, error) {
	f := s.flagsOf(in.Image, in.N)
	f.prompt, f.references = in.Prompt, in.References
	if in.Size != "" {
		f.size, f.given["size"] = in.Size, true
	}
	f.whole, f.either = s.engine != settings.Builtin, true
	if err := cmp.Or(f.follow(in.Lines), f.aim(in.target)); err != nil {
		return nil, editOutput{}, told(err)
	}
	return s.run(ctx, f, s.engine)
}

// extend is the tool extend.
func (s *server) extend(ctx context.Context, in extendInput) (*mcp.CallToolResult, editOutput, error) {
	f := s.flagsOf(in.Image, in.N)
	f.prompt, f.given["extend"] = in.Prompt, true
	var sides []string
	for _, side := range []int{in.Left, in.Top, in.Right, in.Bottom} {
		sides = append(sides, strconv.Itoa(side))
	}
	f.extend = strings.Join(sides, ",")
	if err := f.follow(in.Lines); err != nil {
		return nil, editOutput{}, told(err)
	}
	return s.run(ctx, f, s.engine)
}

// flagsOf returns the flags of one call.
func (s *server) flagsOf(path string, n int) *flags {
	f := s.flags
	f.given = map[string]bool{}
	f.image, f.fence = path, s.fence
	if n != 0 {
		f.n, f.given["n"] = strconv.Itoa(n), true
	}
	return &f
}

// follow sets the guide lines.
func (f *flags) follow(lines polylines) error {
	bad := api.InputError("input.lines", "Lines", document.MaxLines, "Points", document.MaxLinePoints)
	for _, points := range lines {
		var line []image.Point
		for _, p := range points {
			if len(p) != 2 {
				return bad
			}
			line = append(line, image.Pt(p[0], p[1]))
		}
		f.lines = append(f.lines, line)
	}
	if !document.ValidLines(f.lines) {
		return bad
	}
	return nil
}

// aim sets the area to edit.
func (f *flags) aim(in target) error {
	ways := 0
	for _, given := range []bool{in.Mask != "", len(in.Box) > 0, len(in.Points) > 0, in.Select != ""} {
		if given {
			ways++
		}
	}
	switch {
	case ways > 1:
		return api.InputError("input.area")
	case in.Mask != "":
		f.mask, f.given["mask"] = in.Mask, true
	case len(in.Box) > 0:
		f.area = func(_ context.Context, s *document.State) (*mask.Mask, error) { return boxMask(s.Size, in.Box) }
	case len(in.Points) > 0:
		f.area = func(_ context.Context, s *document.State) (*mask.Mask, error) { return discs(s.Size, in.Points) }
	case in.Select != "":
		f.area = func(ctx context.Context, s *document.State) (*mask.Mask, error) { return found(ctx, s, in.Select) }
	}
	return nil
}

// found returns the mask of a kind of object in a picture; a minus before the kind inverts it.
func found(ctx context.Context, s *document.State, what string) (*mask.Mask, error) {
	name, inverted := strings.CutPrefix(what, "-")
	kind := subject.Kind(name)
	if !kind.Valid() {
		return nil, api.InputError("input.area")
	}
	m, err := kind.Find(ctx, s.Size, s.Pixels)
	switch {
	case err != nil:
		return nil, err
	case m.Empty() && kind == subject.People:
		return nil, api.InputError("mask.nobody")
	case m.Empty():
		return nil, api.InputError("mask.not_found")
	case inverted:
		return m.Invert(), nil
	}
	return m, nil
}

func boxMask(size image.Point, box []int) (*mask.Mask, error) {
	if len(box) != 4 || box[2] <= 0 || box[3] <= 0 {
		return nil, api.InputError("input.area")
	}
	r := image.Rect(box[0], box[1], box[0]+box[2], box[1]+box[3])
	if r.Empty() || !r.In(image.Rectangle{Max: size}) {
		return nil, api.InputError("input.area")
	}
	return mask.Rectangle(size, mask.Point{X: float64(r.Min.X), Y: float64(r.Min.Y)}, mask.Point{X: float64(r.Max.X), Y: float64(r.Max.Y)}), nil
}

// maxPoints is the largest number of points of an edit.
const maxPoints = 256

func discs(size image.Point, points []point) (*mask.Mask, error) {
	m := mask.New(size.X, size.Y)
	if len(points) > maxPoints {
		return nil, api.InputError("input.area")
	}
	for _, p := range points {
		r := cmp.Or(p.Radius, float64(min(size.X, size.Y))/20)
		if !(r > 0 && p.X >= 0 && p.Y >= 0 && p.X < float64(size.X) && p.Y < float64(size.Y)) {
			return nil, api.InputError("input.area")
		}
		r = min(r, float64(max(size.X, size.Y)))
		m = mask.Union(m, mask.Ellipse(size, mask.Point{X: p.X - r, Y: p.Y - r}, mask.Point{X: p.X + r, Y: p.Y + r}))
	}
	return m, nil
}

// run makes one edit and returns its results.
func (s *server) run(ctx context.Context, f *flags, engine string) (*mcp.CallToolResult, editOutput, error) {
	if f.image == standard {
		return nil, editOutput{}, told(api.InputError("input.fenced", "File", f.image))
	}
	said := &notes{}
	e, err := prepare(ctx, f, s.service, newReport("mcp", io.Discard, said, false), engine)
	if err != nil {
		return nil, editOutput{}, told(err)
	}
	e.budget = s.budget
	if e.carryOut(ctx) != ExitDone {
		return nil, editOutput{}, errors.New(strings.Join(said.lines(), " "))
	}
	out := editOutput{Paths: e.paths, Entry: e.entry(), Notes: said.lines()}
	if e.cost.Amount > 0 {
		out.Cost = settings.Money(e.cost.Amount, e.cost.Currency)
	}
	result := &mcp.CallToolResult{}
	for _, path := range e.paths {
		if small := preview(path); small != nil {
			result.Content = append(result.Content, &mcp.ImageContent{Data: small, MIMEType: "image/png"})
		}
	}
	result.Content = append(result.Content, &mcp.TextContent{Text: strings.Join(append(e.paths, out.Notes...), "\n")})
	return result, out, nil
}

// previewSide is the longer side, in pixels, of the previews for a client.
const previewSide = 512

// preview returns a scaled-down result as PNG, nil where it can't be read.
func preview(path string) []byte {
	p, err := picture.Open(path, picture.DefaultLimits)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	if picture.Encode(&b, picture.Thumbnail(p.Pix, previewSide), picture.Encoding{Format: picture.PNG, Strip: true}) != nil {
		return nil
	}
	return b.Bytes()
}

// notes collects the sentences that a report writes.
type notes struct {
	mu   sync.Mutex
	said []byte
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.said = append(n.said, p...)
	return len(p), nil
}

func (n *notes) lines() (list []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for line := range strings.Lines(string(n.said)) {
		list = append(list, strings.TrimSpace(strings.TrimPrefix(line, "overpaint: ")))
	}
	return list
}

// maxListed is the largest number of edits that the tool history lists.
const maxListed = 100

// history is the tool history: it lists edits of pictures that may be read, and no others.
func (s *server) history(ctx context.Context, in historyInput) (historyOutput, error) {
	out := historyOutput{Edits: []historyEdit{}}
	store, err := s.service.History()
	if store == nil {
		return out, err
	}
	limit := min(max(cmp.Or(in.Limit, 20), 1), maxListed)
	filter := history.Filter{Text: in.Search, Limit: maxListed}
	for len(out.Edits) < limit {
		items, err := store.List(ctx, filter)
		if err != nil {
			return out, err
		}
		for _, i := range items {
			if _, _, ok := s.fence.within(i.Source); ok && len(out.Edits) < limit {
				out.Edits = append(out.Edits, listed(&i))
			}
		}
		if len(items) < filter.Limit {
			break
		}
		filter.Before = items[len(items)-1].ID
	}
	return out, nil
}

func listed(i *history.Item) historyEdit {
	e := historyEdit{
		Entry: history.NameOf(i.ID), Created: i.Created.Format("2006-01-02T15:04:05Z07:00"), Image: i.Source, Service: i.Name, Prompt: i.Prompt,
		Outcome: cmp.Or(string(i.Outcome), "done"), Paths: batch.SavedFiles(i),
	}
	if !i.Over {
		e.Outcome = "running"
	}
	if i.Cost > 0 {
		e.Cost = settings.Money(i.Cost, i.Currency)
	}
	return e
}
