package cli

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// kept is `overpaint history`: the edits made by services and their results.
func kept(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
	c := &keptCommand{folder: "."}
	do, err := c.parse(args)
	if helped(err, "history", stdout) {
		return ExitDone
	}
	c.report = newReport("history", stdout, stderr, c.json)
	if err == nil {
		err = c.with(ctx, set, func(ctx context.Context) error { return do(c, ctx) })
	}
	return refuse(c.report, err)
}

// refuse reports an error and returns the exit status.
func refuse(r *report, err error) int {
	if err == nil {
		return ExitDone
	}
	fault := api.AsError(err)
	r.fail(fault)
	return status(fault, fault.Kind == api.KindLocal)
}

// keptCommand is one of the commands of `overpaint history`.
type keptCommand struct {
	report  *report
	service *service.Service
	store   *history.Store

	json   bool
	filter history.Filter
	folder string
	names  []string // the arguments after the command that are no flags
}

// keptCommands are the commands of `overpaint history`, with the flags of each.
var keptCommands = map[string]struct {
	do    func(*keptCommand, context.Context) error
	flags string
	named bool // an edit is named
}{
	"list":    {do: (*keptCommand).list, flags: " json search favourites limit "},
	"show":    {do: (*keptCommand).show, flags: " json ", named: true},
	"recover": {do: (*keptCommand).recover, flags: " json "},
	"export":  {do: (*keptCommand).export, flags: " json o out ", named: true},
}

// parse reads the arguments, as walk does, and returns what carries out the command.
func (c *keptCommand) parse(args []string) (do func(*keptCommand, context.Context) error, err error) {
	var given []*option
	words, err := walk(args, func(o *option) error {
		given = append(given, o)
		return c.set(o)
	})
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, api.InputError("cli.history_what")
	}
	command, ok := keptCommands[words[0]]
	if !ok {
		return nil, api.InputError("cli.history_what")
	}
	for _, o := range given {
		if !strings.Contains(command.flags, " "+o.name+" ") {
			return nil, o.unknown()
		}
	}
	if c.names = words[1:]; !command.named && len(c.names) > 0 {
		return nil, api.InputError("cli.word_unknown", "Word", c.names[0])
	}
	return command.do, nil
}

// set sets a flag of one of the commands.
func (c *keptCommand) set(o *option) error {
	switch o.name {
	case "json":
		return o.on(&c.json)
	case "favourites":
		return o.on(&c.filter.Favourites)
	case "search", "limit", "o", "out":
	default:
		return o.unknown()
	}
	value, err := o.value()
	if err != nil {
		return err
	}
	switch o.name {
	case "search":
		c.filter.Text = value
	case "limit":
		if !setNumber(&c.filter.Limit, value, 0, farthest) {
			return o.bad(value)
		}
	default:
		c.folder = value
	}
	return nil
}

// with opens the history, calls do and closes it.
func (c *keptCommand) with(ctx context.Context, set *settings.Store, do func(context.Context) error) error {
	c.service = newService(ctx, set, c.report)
	defer c.service.Close()
	var err error
	if c.store, err = c.service.History(); c.store == nil {
		return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.history_closed"}, Cause: err}
	}
	return do(ctx)
}

// recover closes interrupted edits and lists them.
func (c *keptCommand) recover(ctx context.Context) error {
	found, err := c.service.Recover(ctx)
	items := make([]history.Item, 0, len(found.Entries))
	for _, id := range found.Entries {
		if i, itemErr := c.store.Item(ctx, id); itemErr == nil {
			items = append(items, i)
		}
	}
	if listed := c.print(items); err == nil {
		err = listed
	}
	return err
}

// item returns the edit that was named.
func (c *keptCommand) item(ctx context.Context) (history.Item, error) {
	if len(c.names) != 1 {
		return history.Item{}, api.InputError("cli.history_which")
	}
	id, ok := history.ParseName(c.names[0])
	if n, err := strconv.ParseInt(c.names[0], 10, 64); !ok && err == nil {
		id = n
	}
	i, err := c.store.Item(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return i, api.InputError("cli.history_none", "Name", c.names[0])
	}
	return i, err
}

// The JSON of an edit.
type (
	keptItem struct {
		Name       string    `json:"name"`
		ID         int64     `json:"id"`
		Created    time.Time `json:"created"`
		Connection string    `json:"connection"`
		Model      string    `json:"model,omitempty"`
		Prompt     string    `json:"prompt"`
		Image      string    `json:"image,omitempty"`
		// Spot is the number of this request within an edit that has several.
		Spot      *history.Spot    `json:"spot,omitempty"`
		Asked     int              `json:"asked"`
		Over      bool             `json:"over"`
		Outcome   api.Kind         `json:"outcome,omitempty"`
		Message   string           `json:"message,omitempty"`
		RequestID string           `json:"request_id,omitempty"`
		Usage     map[string]int64 `json:"usage,omitempty"`
		// Cost is in millionths of Currency.
		Cost      int64         `json:"cost,omitempty"`
		Currency  string        `json:"currency,omitempty"`
		Favourite bool          `json:"favourite,omitempty"`
		Variants  []keptVariant `json:"variants"`
		Answers   int           `json:"answers,omitempty"`
	}
	keptVariant struct {
		Index         int    `json:"index"`
		File          string `json:"file"`
		RevisedPrompt string `json:"revised_prompt,omitempty"`
		Saved         string `json:"saved,omitempty"`
		Favourite     bool   `json:"favourite,omitempty"`
	}
	exported struct {
		Kind string `json:"kind"` // variant, canvas, mask, reference, answer
		Path string `json:"path"`
	}
)

func (c *keptCommand) object(i history.Item) keptItem {
	k := keptItem{
		Name: history.NameOf(i.ID), ID: i.ID, Created: i.Created, Connection: i.Name, Model: i.Settings.Model, Prompt: i.Prompt, Image: i.Source,
		Asked: i.Asked, Over: i.Over, Outcome: i.Outcome, Message: message(i), RequestID: i.RequestID, Usage: i.Usage,
		Cost: i.Cost, Currency: i.Currency, Favourite: i.Favourite, Answers: i.Answers, Variants: []keptVariant{},
	}
	if s := i.Settings.Spot; s.Several() {
		k.Spot = &s
	}
	for _, v := range i.Variants {
		k.Variants = append(k.Variants, keptVariant{v.Index, c.store.Path(v.File), v.RevisedPrompt, v.Saved, v.Favourite})
	}
	return k
}

// message returns the sentence for the error of a failed edit, or "".
func message(i history.Item) string {
	if i.Trouble == nil {
		return ""
	}
	if !text.Has(i.Trouble.Key) { // written by another version of the program
		return text.T("error." + string(i.Outcome))
	}
	return text.T(i.Trouble.Key, i.Trouble.Args...)
}

func (c *keptCommand) list(ctx context.Context) error {
	items, err := c.store.List(ctx, c.filter)
	if err != nil {
		return err
	}
	return c.print(items)
}

// print lists items.
func (c *keptCommand) print(items []history.Item) error {
	if c.json {
		for _, i := range items {
			c.report.object(c.object(i))
		}
		return nil
	}
	w := tabwriter.NewWriter(c.report.out, 0, 0, 2, ' ', 0)
	for _, i := range items {
		fmt.Fprintf(w, "%s\t%d/%d\t%s\t%s\t%s\n", history.NameOf(i.ID), len(i.Variants), i.Asked, outcome(i), line(i.Name), line(i.Prompt))
	}
	return w.Flush()
}

// outcome returns one word for how an edit ended.
func outcome(i history.Item) string {
	switch {
	case !i.Over:
		return "..."
	case i.Outcome == "":
		return "ok"
	}
	return string(i.Outcome)
}

// line returns text from outside as one line that is safe to print.
func line(s string) string { return plain.Line(s, 200) }

func (c *keptCommand) show(ctx context.Context) error {
	i, err := c.item(ctx)
	if err != nil {
		return err
	}
	if c.json {
		raw, err := json.MarshalIndent(c.object(i), "", "  ")
		fmt.Fprintf(c.report.out, "%s\n", raw)
		return err
	}
	fmt.Fprintln(c.report.out, history.NameOf(i.ID))
	tell := func(key, value string) {
		if value = line(value); value != "" {
			fmt.Fprintf(c.report.out, "%s: %s\n", text.T("cli.history_"+key), value)
		}
	}
	tell("date", i.Created.Local().Format("2006-01-02 15:04:05"))
	tell("connection", i.Name)
	tell("model", i.Settings.Model)
	tell("prompt", i.Prompt)
	tell("picture", i.Source)
	tell("variants", fmt.Sprintf("%d/%d", len(i.Variants), i.Asked))
	if s := i.Settings.Spot; s.Of > 1 {
		tell("window", fmt.Sprintf("%d/%d", s.Number+1, s.Of))
	}
	switch {
	case !i.Over:
		tell("outcome", text.T("cli.history_running"))
	case i.Outcome == "":
		tell("outcome", text.T("cli.history_done"))
	default:
		tell("outcome", message(i))
	}
	tell("request", i.RequestID)
	if i.Cost > 0 {
		tell("cost", settings.Money(i.Cost, i.Currency))
	}
	if i.Answers > 0 {
		tell("answers", strconv.Itoa(i.Answers))
	}
	for _, v := range i.Variants {
		words := text.T("cli.history_variant", "Number", v.Index+1) + ": " + c.store.Path(v.File)
		if v.Saved != "" {
			words += "; " + text.T("cli.history_saved", "Path", line(v.Saved))
		}
		fmt.Fprintln(c.report.out, words)
	}
	return nil
}

// export writes the files of an edit under readable names.
func (c *keptCommand) export(ctx context.Context) error {
	i, err := c.item(ctx)
	if err != nil {
		return err
	}
	if picture.Named(c.folder) && !isFolder(c.folder) {
		return api.InputError("cli.folder_name", "File", c.folder)
	}
	if err := checkFolder(c.folder, history.NameOf(i.ID)+"-reference-10.png", nil); err != nil {
		return err
	}
	stem := history.NameOf(i.ID)
	for _, v := range i.Variants {
		if err := c.exportFile(v.File, "variant", fmt.Sprintf("%s-%d", stem, v.Index+1)); err != nil {
			return err
		}
	}
	if err := c.exportFile(i.Canvas, "canvas", stem+"-canvas"); err != nil {
		return err
	}
	if err := c.exportFile(i.Mask, "mask", stem+"-mask"); err != nil {
		return err
	}
	for n, hash := range i.References {
		if err := c.exportFile(hash, "reference", fmt.Sprintf("%s-reference-%d", stem, n+1)); err != nil {
			return err
		}
	}
	answers, bad := c.store.RawAnswers(i.ID)
	if bad != nil {
		c.report.notice(api.Sentence{Key: "cli.history_missing", Args: []any{"Name", stem + "-answer"}})
	}
	for n, a := range answers {
		if err := c.write("answer", fmt.Sprintf("%s-answer-%d", stem, n+1), ending(a.ContentType, a.Body), a.Body); err != nil {
			return err
		}
	}
	return nil
}

// exportFile writes a file of the history. One that can't be read is reported and left out,
// so that the others are still exported.
func (c *keptCommand) exportFile(hash, kind, name string) error {
	if hash == "" {
		return nil
	}
	data, err := c.store.File(hash)
	if err != nil {
		c.report.notice(api.Sentence{Key: "cli.history_missing", Args: []any{"Name", name}})
		return nil
	}
	return c.write(kind, name, ending("", data), data)
}

// write writes data to a new file, with a number in its name where the name is taken.
func (c *keptCommand) write(kind, name, ending string, data []byte) error {
	for n := 1; ; n++ {
		path := filepath.Join(c.folder, name+ending)
		if n > 1 {
			path = filepath.Join(c.folder, fmt.Sprintf("%s (%d)%s", name, n, ending))
		}
		err := file.New(path, 0o644, func(w io.Writer) error { _, err := w.Write(data); return err })
		if errors.Is(err, file.ErrExists) {
			continue
		}
		if err != nil {
			return err
		}
		c.report.object(exported{kind, path})
		if !c.json {
			fmt.Fprintln(c.report.out, path)
		}
		return nil
	}
}

// ending returns a file's extension by its content or, failing that, by the service's
// content type.
func ending(contentType string, data []byte) string {
	switch found := http.DetectContentType(data); found {
	case "image/png":
		return ".png"
	case "image/jpeg":
		return ".jpg"
	case "image/webp":
		return ".webp"
	case "image/gif":
		return ".gif"
	}
	switch kind, _, _ := mime.ParseMediaType(contentType); kind {
	case "application/json":
		return ".json"
	case "text/html":
		return ".html"
	case "text/event-stream", "text/plain":
		return ".txt"
	}
	return ".bin"
}
