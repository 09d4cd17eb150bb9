package cli

import (
	"cmp"
	"errors"
	"slices"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/assets/text"
)

// ended reports how the edit ended and returns the exit status.
func (e *run) ended(end service.Ended, sent bool) int {
	result, fault := end.Result, e.fault(end)
	e.cost = end.Cost
	interrupted := fault != nil && fault.Kind == api.KindCancelled
	if interrupted || e.got == 0 || e.trouble != nil {
		fault = cmp.Or(fault, nothing(end))
		e.report.failEdit(fault, e.entry(), e.inHistory(e.unsaved(result), fault))
		return status(fault, sent || !e.Windows[0].AtService())
	}
	done := doneEvent{
		Event: "done", Asked: result.Asked, Got: e.got, OutsideChanged: e.outside,
		ServiceChangedPercent: e.changed / float64(e.got), RequestID: result.RequestID, Usage: result.Usage, Entry: e.entry(),
	}
	if fault != nil {
		done.Message = text.T("notice.broken_off", "Got", e.got, "Asked", result.Asked, "Reason", sentence(fault.Text(), e.report.command))
	} else if e.got < result.Asked {
		done.Message = text.T("notice.fewer", "Got", e.got, "Asked", result.Asked)
	}
	e.report.line("")
	e.report.object(done)
	if fault != nil { // the engine has reported itself that there are fewer pictures
		e.report.say(done.Message)
	}
	return ExitDone
}

// fault returns the error of an edit that has ended, or of saving its results, or nil.
func (e *run) fault(end service.Ended) *api.Error {
	if end.Err == nil && e.trouble != nil {
		return api.AsError(e.trouble)
	}
	return end.Err
}

// nothing is the error for an engine that ended without results and without an error.
func nothing(end service.Ended) *api.Error {
	return &api.Error{Kind: api.KindEmpty, RequestID: end.Result.RequestID}
}

// entry is the edit's name in the history, or "".
func (e *run) entry() string {
	if e.Windows[0].Entry == 0 {
		return ""
	}
	return history.NameOf(e.Windows[0].Entry)
}

// unsaved returns the ID of the history's entry with pictures that were not saved, or 0:
// that of the edit, or of one of its windows where other windows failed.
func (e *run) unsaved(result api.Result) int64 {
	for i, came := range e.Came {
		for index := range came {
			if slices.ContainsFunc(e.Came, func(other map[int]*job.Variant) bool { return other[index] == nil }) {
				return e.Windows[i].Entry
			}
		}
	}
	if result.Got > e.got {
		return e.Windows[0].Entry
	}
	return 0
}

// inHistory returns a sentence on what the history holds of a failed edit, or "".
func (e *run) inHistory(unsaved int64, fault *api.Error) string {
	switch {
	case e.Windows[0].Entry == 0:
		return ""
	case unsaved != 0:
		return text.T("notice.in_history", "Entry", history.NameOf(unsaved))
	case fault.MayHaveCost():
		return text.T("notice.history_knows", "Entry", e.entry())
	}
	return ""
}

// refusal turns an error to which the user could consent into a refusal, since a command
// line can't ask.
func refusal(err error) error {
	var over *service.OverCapError
	var unrecorded *service.UnrecordedError
	switch {
	case errors.As(err, &over):
		return service.OverCap(over)
	case errors.As(err, &unrecorded):
		fault := api.InputError("input.unrecorded")
		fault.Cause = unrecorded.Cause
		return fault
	}
	return err
}
