package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// report prints what happens: JSON objects or paths on stdout, sentences on stderr, and on a
// terminal a status line that is updated in place. With several pictures each has its own
// report, which prints the picture's name with each sentence. It may be used by several
// goroutines.
type report struct {
	*lines
	json bool
	// command is the command whose help errors refer to, such as "edit".
	command string
	// image and engine are printed with each line, "" for none.
	image, engine string
}

// lines is the output that all reports share.
type lines struct {
	mu       sync.Mutex
	out, err io.Writer
	moving   bool // stderr is a terminal, on which a line can be updated
	shown    bool // such a line is shown
}

func newReport(command string, stdout, stderr io.Writer, asJSON bool) *report {
	return &report{command: command, lines: &lines{out: stdout, err: stderr, moving: terminal(stderr)}, json: asJSON}
}

// of returns the report of one picture and one engine among several.
func (r *report) of(image, engine string) *report {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moving = false
	return &report{lines: r.lines, json: r.json, command: r.command, image: image, engine: engine}
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// The objects of -json. Zero fields are left out.
type (
	queuedEvent struct {
		Event  string `json:"event"` // "queued"
		Image  string `json:"image"`
		Engine string `json:"engine"`
		Model  string `json:"model,omitempty"`
		N      int    `json:"n"`
		// Window is the part of the picture that is sent: x, y, width and height in pixels
		// of the extended picture.
		Window [4]int `json:"window"`
		// Windows are all windows where the mask is sent in several; Window is then their
		// bounding rectangle.
		Windows [][4]int `json:"windows,omitempty"`
		// Size is the size at which the window is sent.
		Size string `json:"size"`
	}
	sentEvent struct {
		Event string `json:"event"` // "sent"
		Bytes int64  `json:"bytes"`
	}
	progressEvent struct {
		Event string    `json:"event"` // "progress"
		Stage api.Stage `json:"stage"`
		// Fraction is 0 to 1; it is left out where it isn't known.
		Fraction *float64 `json:"fraction,omitempty"`
		// Index is the variant's, from 0; it is left out where all variants are meant.
		Index *int       `json:"index,omitempty"`
		Until *time.Time `json:"until,omitempty"`
	}
	noticeEvent struct {
		Event   string `json:"event"` // "notice"
		Message string `json:"message"`
	}
	variantEvent struct {
		Event                 string  `json:"event"` // "variant"
		Index                 int     `json:"index"`
		Path                  string  `json:"path"`
		Width                 int     `json:"width"`
		Height                int     `json:"height"`
		ServiceChangedPercent float64 `json:"service_changed_percent"`
		RevisedPrompt         string  `json:"revised_prompt,omitempty"`
		// Motion is how the service had moved the picture, where it did.
		Motion *motionPart `json:"motion,omitempty"`
		// ChangedPercent is how much of the window the service changed, after the answer
		// was aligned.
		ChangedPercent float64 `json:"changed_percent"`
		// Scale is how many pixels were sent per pixel of the picture, along one side.
		Scale float64 `json:"scale"`
		// Detail is how detail was restored, where the answer had to be enlarged.
		Detail *detailPart `json:"detail,omitempty"`
		// Spots are the windows, where the mask was sent in several: then Motion and Detail are
		// those of the first, and Scale the least.
		Spots []spotPart `json:"spots,omitempty"`
	}
	spotPart struct {
		Window         [4]int      `json:"window"`
		Motion         *motionPart `json:"motion,omitempty"`
		ChangedPercent float64     `json:"changed_percent"`
		Scale          float64     `json:"scale"`
		Detail         *detailPart `json:"detail,omitempty"`
	}
	tileEvent struct {
		Event string `json:"event"` // "tile"
		// Number is the finished tile's, from 1; Count is the number of tiles.
		Number int `json:"number"`
		Count  int `json:"count"`
		spotPart
	}
	detailPart struct {
		// EnlargedTimes is the factor, along one side, by which the answer was enlarged.
		EnlargedTimes float64 `json:"enlarged_times"`
		// SharpenedPercent is the amount of unsharp masking, Grain the deviation of the
		// grain that was added, in levels of 255.
		SharpenedPercent int     `json:"sharpened_percent"`
		Grain            float64 `json:"grain"`
	}
	motionPart struct {
		// Finding is "moved", or "other" where the answer is another picture.
		Finding align.Finding `json:"finding"`
		// Frame is "cropped" or "boxed" where the service or a relay made it so.
		Frame align.Frame `json:"frame,omitempty"`
		// Shift is in pixels of the sent picture, TurnDegrees clockwise.
		Shift       float64 `json:"shift"`
		ZoomPercent float64 `json:"zoom_percent"`
		TurnDegrees float64 `json:"turn_degrees"`
		Bent        bool    `json:"bent"`
	}
	doneEvent struct {
		Event string `json:"event"` // "done"
		Asked int    `json:"asked"`
		Got   int    `json:"got"`
		// OutsideChanged counts the pixels outside the mask and its feather that
		// differ between the picture and the files, read back from the disk.
		OutsideChanged int64 `json:"outside_changed"`
		// ServiceChangedPercent is the mean over the variants.
		ServiceChangedPercent float64          `json:"service_changed_percent"`
		RequestID             string           `json:"request_id,omitempty"`
		Usage                 map[string]int64 `json:"usage,omitempty"`
		// Entry is the edit's name in the history (overpaint history show), left out where
		// it has none.
		Entry string `json:"entry,omitempty"`
		// Message says why there are fewer pictures than were requested.
		Message string `json:"message,omitempty"`
	}
	errorEvent struct {
		Event     string   `json:"event"` // "error"
		Kind      api.Kind `json:"kind"`
		Message   string   `json:"message"`
		Status    int      `json:"status"`
		Code      string   `json:"code"`
		RequestID string   `json:"request_id"`
		// Detail is the service's message.
		Detail string `json:"detail,omitempty"`
		// Entry is the edit's name in the history, left out where it has none.
		Entry string `json:"entry,omitempty"`
	}
)

// Further objects of -json for several pictures; each of the others names its picture.
type (
	ofPicture struct {
		Image  string `json:"image"`
		Engine string `json:"engine,omitempty"` // where there are several
	}
	// pictureEvent is the last event of a picture and engine.
	pictureEvent struct {
		Event  string      `json:"event"` // "picture"
		Status batch.State `json:"status"`
		// Exit is the exit status that this picture alone would have had.
		Exit  int      `json:"exit"`
		Paths []string `json:"paths,omitempty"`
		// Cost is the most that this run spent on it, in millionths of Currency.
		Cost     int64  `json:"cost,omitempty"`
		Currency string `json:"currency,omitempty"`
		Entry    string `json:"entry,omitempty"`
	}
	// batchEvent is the last event of all.
	batchEvent struct {
		Event    string `json:"event"` // "batch"
		Done     int    `json:"done"`
		Kept     int    `json:"kept"`
		Failed   int    `json:"failed"`
		Unknown  int    `json:"unknown"`
		NotAsked int    `json:"not_asked"`
		Cost     int64  `json:"cost"`
		Currency string `json:"currency,omitempty"`
	}
)

// motionOf returns the JSON of a motion, nil for none.
func motionOf(m align.Motion) *motionPart {
	if m.Finding != align.Moved && m.Finding != align.Other {
		return nil
	}
	return &motionPart{
		Finding: m.Finding, Frame: m.Frame, Shift: m.Shift, ZoomPercent: 100 * m.Zoom, TurnDegrees: m.Turn, Bent: m.Field != nil,
	}
}

// detailOf returns the JSON of restored detail, nil where the answer was not enlarged.
func detailOf(d region.Detail) *detailPart {
	if d.Times == 0 {
		return nil
	}
	return &detailPart{EnlargedTimes: d.Times, SharpenedPercent: d.Sharpened, Grain: d.Grain}
}

// object writes one line of JSON if -json was given.
func (r *report) object(v any) {
	if !r.json {
		return
	}
	line, err := json.Marshal(v)
	if err != nil {
		panic(err) // every type above can be encoded
	}
	if _, said := v.(queuedEvent); r.image != "" && !said {
		of, err := json.Marshal(ofPicture{r.image, r.engine})
		if err != nil {
			panic(err)
		}
		line = append(append(of[:len(of)-1], ','), line[1:]...)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.out, "%s\n", line)
}

// line replaces the status line with s.
func (r *report) line(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.move(s)
}

func (l *lines) move(s string) {
	if l.moving {
		fmt.Fprintf(l.err, "\r\x1b[K%s", s)
		l.shown = s != ""
	}
}

// say writes a sentence on stderr.
func (r *report) say(s string) {
	if r.engine != "" {
		s = r.engine + ": " + s
	}
	if r.image != "" && !strings.Contains(s, r.image) {
		s = r.image + ": " + s
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shown {
		r.move("")
	}
	fmt.Fprintf(r.err, "overpaint: %s\n", plain.Text(s, plain.MaxText))
}

func (r *report) notice(s api.Sentence) { r.tell(sentence(s, r.command)) }

// notes reports how a picture was read where the user should know it.
func (r *report) notes(p *picture.Picture) {
	for _, words := range job.Notes(p.Meta) {
		r.notice(words)
	}
}

// tell reports something that the user should know.
func (r *report) tell(words string) {
	r.object(noticeEvent{"notice", words})
	r.say(words)
}

func (r *report) progress(p api.Progress) {
	e := progressEvent{Event: "progress", Stage: p.Stage}
	if p.Fraction >= 0 {
		e.Fraction = &p.Fraction
	}
	if p.Index >= 0 {
		e.Index = &p.Index
	}
	if !p.Until.IsZero() {
		e.Until = &p.Until
	}
	r.object(e)
	if p.Stage == api.Pausing {
		r.line(text.N("notice.pausing", max(1, int(time.Until(p.Until).Round(time.Second)/time.Second))))
		return
	}
	words := text.T("cli.stage_" + string(p.Stage))
	if p.Index >= 0 {
		words = fmt.Sprintf("%d: %s", p.Index+1, words)
	}
	if p.Fraction >= 0 {
		words += fmt.Sprintf(" %d%%", int(100*p.Fraction))
	}
	r.line(words)
}

func (r *report) variant(e variantEvent) {
	r.object(e)
	if !r.json && e.Path != standard {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.shown {
			r.move("")
		}
		fmt.Fprintln(r.out, e.Path)
	}
}

func (r *report) fail(e *api.Error) { r.failEdit(e, "", "") }

// failEdit reports a failed edit; entry is its name in the history, or "", and history a
// sentence on what is found there, or "".
func (r *report) failEdit(e *api.Error, entry, history string) {
	if pipeClosed(e) && history == "" {
		return // as programs end whose output nobody reads
	}
	e = explained(e, "")
	words := sentence(e.Text(), r.command)
	r.object(errorEvent{"error", e.Kind, words, e.Status, e.Code, e.RequestID, e.Message, entry})
	r.say(text.Sentences(words+details(e), history))
}

// details returns the details for a service's support, in brackets, or "".
func details(e *api.Error) string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	for _, s := range []string{e.Code, e.RequestID, e.Message} {
		if s = plain.Line(s, plain.MaxText); s != "" {
			parts = append(parts, s)
		}
	}
	if e.Kind == api.KindLocal && e.Cause != nil {
		parts = append(parts, strings.SplitN(e.Cause.Error(), "\n", 2)[0])
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}
