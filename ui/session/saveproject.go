package session

import (
	"context"
	"path/filepath"

	"overpaint.dev/overpaint/editor/document"
)

// SaveProject asks where to save the document as a project.
func (s *Session) SaveProject() {
	defer s.act()()
	s.onceSettled(func() { s.saveProject(nil) })
}

func (s *Session) saveProject(then func()) {
	if s.file.doc == nil {
		s.remark(say("ui.reason.no_picture"))
		return
	}
	doc := s.file.doc
	request := FileRequest{
		Title: say("project.save.title"), Save: true, Folder: s.file.folder, Name: s.stem() + document.ProjectExtension,
		Endings: []string{document.ProjectExtension},
	}
	if s.file.project != "" {
		request.Folder, request.Name = filepath.Dir(s.file.project), filepath.Base(s.file.project)
	}
	s.askFile(request, func(c Chosen) {
		p := doc.Project(s.saved("").json())
		s.write(say("window.saving", "File", filepath.Base(c.Path)), func(ctx context.Context) error {
			return document.SaveProject(ctx, c.Path, p, c.Over)
		}, func(err error) {
			if err != nil {
				s.fail(folderError(c.Path, err))
				if s.file.doc == doc {
					s.saveProject(then)
				}
				return
			}
			if s.file.doc == doc {
				s.file.project, s.file.name = c.Path, filepath.Base(c.Path)
				s.file.real = append(s.file.real, realPath(c.Path))
			}
			s.openedFile(c.Path)
			markSaved(doc, p.State)
			s.log.Info("project saved")
			s.tellSaved(say("window.saved", "File", filepath.Base(c.Path)), c.Path)
			s.touch(Status)
			if then != nil {
				then()
			}
		})
	})
}

// markSaved marks a document as saved, unless it has changed while it was being written.
func markSaved(doc *document.Document, saved *document.State) {
	if doc.State() == saved {
		doc.MarkSaved()
	}
}
