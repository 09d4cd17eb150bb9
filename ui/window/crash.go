package window

import (
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/crash"
	"overpaint.dev/overpaint/assets/text"
)

// tellCrashes posts a notice that the program has crashed, with an action that copies the
// reports at paths, the oldest first.
func (w *Window) tellCrashes(paths []string) {
	if len(paths) == 0 {
		return
	}
	w.log.Warn("crashed before", "reports", len(paths))
	w.session.Offer(text.T("notice.crashed"), text.T("notice.copy_report"), func() {
		var reports []string
		for _, p := range paths {
			report, err := crash.Text(p)
			if err != nil {
				w.fail(&api.Error{Kind: api.KindLocal, Cause: err})
				return
			}
			reports = append(reports, report)
		}
		w.program.app.Clipboard().SetContent(strings.Join(reports, "\n"))
		w.log.Info("crash report copied")
		w.tell(text.T("notice.report_copied", "File", paths[len(paths)-1]))
	})
}
