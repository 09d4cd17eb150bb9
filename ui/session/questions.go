package session

import (
	"slices"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
)

// Ask is what a question is about.
type Ask string

// The questions.
const (
	AskUnsaved     Ask = "unsaved"      // what becomes of changes that were not saved
	AskUnsavedMask Ask = "unsaved_mask" // the same where only a mask would be lost
	AskUnused      Ask = "unused"       // paid variants are not used
	AskRunning     Ask = "running"      // services work while the window is to close
	AskOverCap     Ask = "over_cap"     // the edit would pass the cap
	AskUnrecorded  Ask = "unrecorded"   // the edit can't be written down
	AskAgain       Ask = "again"        // asking again may cost once more
	AskCancel      Ask = "cancel"       // the service has the request already
	AskLeft        Ask = "left"         // what earlier runs left: Question.Left
	AskDiscard     Ask = "discard"      // unsaved work is to be deleted
	AskReplace     Ask = "replace"      // the photo's own file may be replaced
	AskChanged     Ask = "changed"      // another program has changed the photo's own file
	AskShown       Ask = "shown"        // whether a displayed variant is accepted before saving
	AskFound       Ask = "found"        // what to make of the mask and what was found: PreviewFound, AnswerFound
	AskFile        Ask = "file"         // a file or folder: Question.File
)

// Reply is an answer to a question. Dismiss, which closes the dialog, is always possible and
// changes nothing.
type Reply string

// The replies.
const (
	Dismiss Reply = ""
	Yes     Reply = "yes"
	Save    Reply = "save"
	SaveAs  Reply = "save_as" // AskReplace, AskChanged: under another name
	Discard Reply = "discard" // don't save, or delete
	Wait    Reply = "wait"
	Open    Reply = "open" // AskLeft, with AnswerLeft
)

// Answer is one way to answer: a button.
type Answer struct {
	Reply Reply
	Label Sentence
	// Safe marks the answer that Enter chooses.
	Safe bool
}

// Question is a question that the window must ask. One is asked at a time: the first.
type Question struct {
	ID   int64
	Ask  Ask
	Name Sentence // the title
	// Text is the question, Also a second sentence or empty.
	Text, Also Sentence
	Answers    []Answer
	// File is set for AskFile, Left for AskLeft.
	File *FileRequest
	Left []Left
}

// FileRequest describes the file to choose.
type FileRequest struct {
	Title Sentence
	// Folder and Name are suggestions. Save reports whether the file is to be written,
	// Directory whether a folder is to be chosen.
	Folder, Name    string
	Save, Directory bool
	// Several reports whether more than one file may be chosen.
	Several bool
	Endings []string
	// Quality is the suggested quality of JPEG and WebP, 1 to 100, or 0 where it doesn't
	// matter.
	Quality int
	// Sampling is the suggested chroma sampling of JPEG, "4:2:0" or "4:4:4", or "" for that of
	// the opened picture, where Keeps allows that.
	Sampling string
	// Formats reports whether the picture formats are listed. Strip says whether metadata is
	// left out; Label, offered where Labels is set, whether the file is labelled as partly made
	// by a model.
	Formats, Strip, Labels, Label bool
	// Keeps reports whether a JPEG keeps the quality of the opened picture where nothing was
	// edited, unless another one is chosen.
	Keeps bool
}

// Chosen is a file that the user chose.
type Chosen struct {
	Path string
	// Further are the other files, where Several was set.
	Further []string
	// Over says which existing file the user has agreed to replace.
	Over    file.Over
	Quality int
	// Choices are the choices of format, nil where they were not offered.
	Choices *Choices
}

// Choices say how a picture's file is written.
type Choices struct {
	Strip, Label bool
	// Sampling is as in FileRequest.
	Sampling string
}

type question struct {
	Question
	reply func(Reply)
	file  func(Chosen)
	// size returns what computes the size of a chosen file; nil where that is not shown.
	size func(Chosen) sizing
	left func(i int, r Reply)
	// found is what was found, of AskFound.
	found *finding
}

type questions struct {
	list []*question
	last int64
}

// Questions returns the open questions, the one to ask first at the beginning.
func (s *Session) Questions() []Question {
	list := make([]Question, len(s.questions.list))
	for i, q := range s.questions.list {
		list[i] = q.Question
	}
	return list
}

// Answer answers a question. An ID that is no longer open is ignored.
func (s *Session) Answer(id int64, r Reply) {
	defer s.act()()
	if q := s.takeQuestion(id); q != nil && q.reply != nil {
		q.reply(r)
	}
}

// AnswerFile answers a question for a file.
func (s *Session) AnswerFile(id int64, c Chosen) {
	defer s.act()()
	if q := s.takeQuestion(id); q != nil && q.file != nil {
		q.file(c)
	}
}

// AnswerLeft opens or discards a left document, by its index in Question.Left: r is Open or
// Discard.
func (s *Session) AnswerLeft(id int64, i int, r Reply) {
	defer s.act()()
	if q := s.takeQuestion(id); q != nil && q.left != nil && i >= 0 && i < len(q.Left) {
		q.left(i, r)
	}
}

func (s *Session) takeQuestion(id int64) *question {
	i := slices.IndexFunc(s.questions.list, func(q *question) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	q := s.questions.list[i]
	if s.forecast.of == id {
		s.forecast.drop()
	}
	s.questions.list = slices.Delete(s.questions.list, i, i+1)
	s.touch(Questions)
	return q
}

// ask asks a question.
func (s *Session) ask(q *question) *question {
	s.touch(Questions)
	s.questions.last++
	q.ID = s.questions.last
	s.questions.list = append(s.questions.list, q)
	return q
}

// asking reports whether a question of one of these kinds is open.
func (s *Session) asking(kinds ...Ask) bool {
	return slices.ContainsFunc(s.questions.list, func(q *question) bool { return slices.Contains(kinds, q.Ask) })
}

// confirm asks whether to do something; the safe answer is not to.
func (s *Session) confirm(ask Ask, title, text, label Sentence, do func()) *question {
	return s.ask(&question{
		Question: Question{Ask: ask, Name: title, Text: text, Answers: []Answer{
			{Reply: Yes, Label: label}, {Reply: Dismiss, Label: say("dialog.cancel"), Safe: true},
		}},
		reply: func(r Reply) {
			if r == Yes {
				do()
			}
		},
	})
}

// askFile asks for a file.
func (s *Session) askFile(f FileRequest, chosen func(Chosen)) {
	s.ask(&question{Question: Question{Ask: AskFile, Name: f.Title, File: &f}, file: chosen})
}

// WishKind is the kind of a Wish.
type WishKind string

// The wishes.
const (
	WishWindow   WishKind = "window"   // open another window: Path, Entry or empty
	WishClose    WishKind = "close"    // close this window: all is kept
	WishHistory  WishKind = "history"  // show the history at Entry
	WishSettings WishKind = "settings" // show the settings, at Connection and, with Key, its key
	WishFit      WishKind = "fit"      // fit the picture into the canvas
	WishReveal   WishKind = "reveal"   // scroll the gallery to Edit
	WishShare    WishKind = "share"    // tell the other windows that the settings are others
	WishNotify   WishKind = "notify"   // tell Text by the desktop, where the window is in the background
	WishFolder   WishKind = "folder"   // show the file or folder at Path where it lies
)

// Wish is a request of the session to the window or the program, which needs no answer.
type Wish struct {
	Kind WishKind
	// Path is a file to open in another window or to show, Entry an entry of the history
	// (Session.Reopen); Again has its edit requested again.
	Path       string
	Entry      int64
	Again      bool
	Connection string
	Key        bool
	Edit       EditID
	Text       Sentence
}

// Wishes returns the pending wishes and clears them.
func (s *Session) Wishes() []Wish {
	list := s.wishes
	s.wishes = nil
	return list
}

func (s *Session) wish(w Wish) {
	s.touch(Wishes)
	s.wishes = append(s.wishes, w)
}

// NewWindow asks for another window with nothing in it.
func (s *Session) NewWindow() {
	defer s.act()()
	s.wish(Wish{Kind: WishWindow})
}

// recovered is a document that an earlier run left.
type recovered = document.Recovered
