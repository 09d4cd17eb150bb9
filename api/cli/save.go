package cli

import (
	"image"
	"math"
	"path/filepath"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// arrived combines a window's variant with those of the other windows, and saves the
// variant of the whole edit once it is complete.
func (e *run) arrived(part, index int, came *job.Variant, fault *api.Error) error {
	if fault != nil {
		return fault
	}
	e.tellOf(e.Set.Job.Parts()[part], came)
	v, made, err := e.Take(part, index, came)
	if v == nil {
		return err
	}
	return e.save(v, made)
}

// tellOf prints how a window's variant was aligned and enlarged.
func (e *run) tellOf(j *job.Job, v *job.Variant) {
	if words, ok := job.Told(v.Answer.Motion); ok {
		e.report.notice(words)
	}
	if words, ok := job.ToldDetail(j.Result(v).Detail()); ok {
		e.report.notice(words)
	}
}

// save saves one variant; made are the variants of its windows.
func (e *run) save(v *job.Variant, made []*job.Variant) error {
	touched := e.touched
	if touched == nil {
		touched = e.Set.Job.Result(v).Covered()
	}
	return e.write(v, e.Set.Job.Flatten(v), touched, variantEvent{
		Event: "variant", Index: v.Index, ServiceChangedPercent: v.ChangedOutside, RevisedPrompt: v.RevisedPrompt,
		Motion: motionOf(made[0].Answer.Motion), ChangedPercent: e.reallyChanged(made), Scale: e.scale(),
		Detail: detailOf(e.Set.Job.Parts()[0].Result(made[0]).Detail()), Spots: e.spots(made),
	})
}

// write writes the whole picture with a variant, checks the written file outside touched,
// which covers what the variant may change, and prints told with path and size filled in.
func (e *run) write(v *job.Variant, img *image.NRGBA, touched *mask.Mask, told variantEvent) error {
	j := e.Set.Job
	encoding := e.output.encoding
	if e.flags.label && e.Windows[0].AtService() {
		encoding.Label = picture.NewLabel(text.Language())
	}
	if e.words && !e.flags.strip {
		encoding.Text = j.Words(e.Set.Drafts[0].Profile.ID, v.Index)
	}
	var lost picture.Loss
	encoding.Lost = func(l picture.Loss) { lost = l }
	path, data, err := e.output.save(v.Index+1, img, encoding)
	if err != nil {
		return err
	}
	if lost != "" {
		e.report.notice(api.Sentence{Key: "notice.lost_" + string(lost)})
	}
	if whole, err := filepath.Abs(path); err == nil && data == nil {
		for _, edit := range e.Windows {
			e.service.Saved(edit.Entry, v.Index, whole)
		}
	}
	changed, err := outside(path, data, e.original, j.State().Base.Meta.Space, touched)
	if err != nil {
		return err
	}
	e.got++
	e.paths = append(e.paths, path)
	e.outside += changed
	e.changed += v.ChangedOutside
	told.Path, told.Width, told.Height = path, img.Rect.Dx(), img.Rect.Dy()
	e.report.variant(told)
	return nil
}

// reallyChanged returns how much a variant changed after it was aligned, in percent of its
// windows; it is computed only where it is printed.
func (e *run) reallyChanged(made []*job.Variant) (percent float64) {
	if !e.report.json {
		return 0
	}
	sum, all := 0.0, 0.0
	for i, j := range e.Set.Job.Parts() {
		w := j.Plan().Window
		area := float64(w.Dx()) * float64(w.Dy())
		sum, all = sum+area*j.Changed(made[i]), all+area
	}
	return sum / all
}

// scale returns the least scale of the windows: pixels sent per pixel of the picture, along
// one side.
func (e *run) scale() float64 {
	least := math.Inf(1)
	for _, j := range e.Set.Job.Parts() {
		least = min(least, scaleOf(j))
	}
	return least
}

func scaleOf(j *job.Job) float64 { return float64(j.Plan().Send.X) / float64(j.Plan().Window.Dx()) }

// spots returns the JSON of a variant's windows, nil where there is only one.
func (e *run) spots(made []*job.Variant) (list []spotPart) {
	if len(made) < 2 || !e.report.json {
		return nil
	}
	for i, j := range e.Set.Job.Parts() {
		list = append(list, partOf(j, made[i]))
	}
	return list
}

// partOf returns the JSON of a window's variant.
func partOf(j *job.Job, v *job.Variant) spotPart {
	return spotPart{
		Window: corners(j.Plan().Window), Motion: motionOf(v.Answer.Motion), ChangedPercent: j.Changed(v), Scale: scaleOf(j),
		Detail: detailOf(j.Result(v).Detail()),
	}
}

// expectedBytes estimates the size of a result's file, from typical photographs as PNG.
func expectedBytes(s *document.State) int64 { return int64(s.Size.X) * int64(s.Size.Y) * 5 / 2 }
