package filechooser

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user          = windows.NewLazySystemDLL("user32.dll")
	findWindow    = user.NewProc("FindWindowW")
	guiThreadInfo = user.NewProc("GetGUIThreadInfo")
	windowThread  = user.NewProc("GetWindowThreadProcessId")
	sendMessage   = user.NewProc("SendMessageW")
	postMessage   = user.NewProc("PostMessageW")
	className     = user.NewProc("GetClassNameW")
)

const (
	messageSetText = 0xc
	messageGetText = 0xd
	messageCommand = 0x111
	buttonOK       = 1
	buttonCancel   = 2
)

// threadInfo is a GUITHREADINFO.
type threadInfo struct {
	size, flags                                      uint32
	active, focus, capture, menuOwner, moving, caret uintptr
	rectangle                                        [4]int32
}

// answer is what Ask returned.
type answer struct {
	paths []string
	err   error
}

// dialog is a dialog that is shown: its window, the field for the name, which has the focus,
// and what comes of it.
type dialog struct {
	window, field uintptr
	answer        chan answer
}

// show has the dialog shown, and waits until the user could type.
func show(t *testing.T, r Request) *dialog {
	t.Helper()
	r.Title = t.Name() + " 打开"
	title, err := windows.UTF16PtrFromString(r.Title)
	if err != nil {
		t.Fatal(err)
	}
	d := &dialog{answer: make(chan answer, 1)}
	go func() {
		paths, err := Ask(0, r)
		d.answer <- answer{paths, err}
	}()
	for range 3000 {
		select {
		case a := <-d.answer:
			t.Fatalf("answered before anything was chosen: %q, %v", a.paths, a.err)
		case <-time.After(10 * time.Millisecond):
		}
		if d.window, _, _ = findWindow.Call(0, uintptr(unsafe.Pointer(title))); d.window == 0 {
			continue
		}
		thread, _, _ := windowThread.Call(d.window, 0)
		info := threadInfo{size: uint32(unsafe.Sizeof(threadInfo{}))}
		_, _, _ = guiThreadInfo.Call(thread, uintptr(unsafe.Pointer(&info)))
		if info.focus != 0 && classOf(info.focus) == "Edit" {
			d.field = info.focus
			return d
		}
	}
	t.Fatalf("no dialog with a field for the name came (window %#x)", d.window)
	return nil
}

func classOf(window uintptr) string {
	var name [64]uint16
	_, _, _ = className.Call(window, uintptr(unsafe.Pointer(&name[0])), uintptr(len(name)))
	return windows.UTF16ToString(name[:])
}

// name returns what stands in the field for the name.
func (d *dialog) name() string {
	var name [512]uint16
	_, _, _ = sendMessage.Call(d.field, messageGetText, uintptr(len(name)), uintptr(unsafe.Pointer(&name[0])))
	return windows.UTF16ToString(name[:])
}

// typeName replaces what stands in the field for the name.
func (d *dialog) typeName(t *testing.T, name string) {
	t.Helper()
	p, err := windows.UTF16PtrFromString(name)
	if err != nil {
		t.Fatal(err)
	}
	_, _, _ = sendMessage.Call(d.field, messageSetText, 0, uintptr(unsafe.Pointer(p)))
}

// press presses a button and returns what came of the dialog.
func (d *dialog) press(t *testing.T, button uintptr) []string {
	t.Helper()
	_, _, _ = postMessage.Call(d.window, messageCommand, button, 0)
	select {
	case a := <-d.answer:
		if a.err != nil {
			t.Fatal(a.err)
		}
		return a.paths
	case <-time.After(time.Minute):
		t.Fatal("the dialog stays")
		return nil
	}
}

// folderOf makes a folder with files.
func folderOf(t *testing.T, names ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "图片 夹")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var pictures = []Filter{{Name: "Pictures", Endings: []string{".png", ".jpg"}}, {Name: "All"}}

func TestTypedPathComesBack(t *testing.T) {
	path := filepath.Join(folderOf(t, "湖 1.png"), "湖 1.png")
	d := show(t, Request{Filters: pictures})
	d.typeName(t, path)
	if got := d.press(t, buttonOK); !slices.Equal(got, []string{path}) {
		t.Errorf("opened %q, want %q", got, path)
	}
}

func TestSeveralFiles(t *testing.T) {
	dir := folderOf(t, "a.png", "湖.jpg")
	d := show(t, Request{Folder: dir, Filters: pictures, Several: true})
	d.typeName(t, `"a.png" "湖.jpg"`)
	got := d.press(t, buttonOK)
	slices.Sort(got)
	if want := []string{filepath.Join(dir, "a.png"), filepath.Join(dir, "湖.jpg")}; !slices.Equal(got, want) {
		t.Errorf("opened %q, want %q", got, want)
	}
}

func TestCancelledIsNoFile(t *testing.T) {
	for _, kind := range []Kind{Open, Save, Folder} {
		d := show(t, Request{Kind: kind, Folder: folderOf(t), Name: "a.png"})
		if got := d.press(t, buttonCancel); len(got) > 0 {
			t.Errorf("kind %d: cancelled, and %q came", kind, got)
		}
	}
}

func TestSuggestedNameIsSaved(t *testing.T) {
	dir := folderOf(t, "湖.png")
	d := show(t, Request{Kind: Save, Folder: dir, Name: "湖-编辑.jpg", Filters: []Filter{
		{Name: "PNG", Endings: []string{".png"}}, {Name: "JPEG", Endings: []string{".jpg", ".jpeg"}},
	}})
	if got := d.name(); strings.TrimSuffix(got, ".jpg") != "湖-编辑" { // Windows may hide endings
		t.Errorf("suggested %q", got)
	}
	want := filepath.Join(dir, "湖-编辑.jpg")
	if got := d.press(t, buttonOK); !slices.Equal(got, []string{want}) {
		t.Errorf("to be saved as %q, want %q", got, want)
	}
	if _, err := os.Stat(want); err == nil {
		t.Error("the dialog made the file")
	}
}

func TestFolderComesBack(t *testing.T) {
	dir := folderOf(t)
	d := show(t, Request{Kind: Folder, Folder: filepath.Dir(dir)})
	d.typeName(t, dir)
	if got := d.press(t, buttonOK); !slices.Equal(got, []string{dir}) {
		t.Errorf("chosen %q, want %q", got, dir)
	}
}

func TestPattern(t *testing.T) {
	for _, f := range pictures {
		want := map[string]string{"Pictures": "*.png;*.jpg", "All": "*.*"}[f.Name]
		if got := patternOf(f); got != want {
			t.Errorf("%s: %q", f.Name, got)
		}
	}
}
