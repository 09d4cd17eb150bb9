package filechooser

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What is used of Windows' Component Object Model: the interfaces IFileOpenDialog,
// IFileSaveDialog, IShellItem and IShellItemArray, as shobjidl_core.h numbers their methods.

var (
	coCreateInstance            = windows.NewLazySystemDLL("ole32.dll").NewProc("CoCreateInstance")
	shCreateItemFromParsingName = windows.NewLazySystemDLL("shell32.dll").NewProc("SHCreateItemFromParsingName")
)

var (
	classOpen = windows.GUID{Data1: 0xdc1c5a9c, Data2: 0xe88a, Data3: 0x4dde, Data4: [8]byte{0xa5, 0xa1, 0x60, 0xf8, 0x2a, 0x20, 0xae, 0xf7}}
	classSave = windows.GUID{Data1: 0xc0b4e2f3, Data2: 0xba21, Data3: 0x4773, Data4: [8]byte{0x8d, 0xba, 0x33, 0x5e, 0xc9, 0x46, 0xeb, 0x8b}}
	idOpen    = windows.GUID{Data1: 0xd57c7288, Data2: 0xd4ad, Data3: 0x4768, Data4: [8]byte{0xbe, 0x02, 0x9d, 0x96, 0x95, 0x32, 0xd9, 0x60}}
	idSave    = windows.GUID{Data1: 0x84bccd23, Data2: 0x5fde, Data3: 0x4cdb, Data4: [8]byte{0xae, 0xa4, 0xaf, 0x64, 0xb8, 0x3d, 0x78, 0xab}}
	idItem    = windows.GUID{Data1: 0x43826d1e, Data2: 0xe718, Data3: 0x42ee, Data4: [8]byte{0xbc, 0x55, 0xa1, 0xe2, 0x61, 0xc3, 0x7b, 0xfe}}
)

const (
	methodRelease = 2 // of every interface

	methodShow                = 3
	methodSetFileTypes        = 4
	methodSetFileTypeIndex    = 5
	methodSetOptions          = 9
	methodGetOptions          = 10
	methodSetFolder           = 12
	methodSetFileName         = 15
	methodSetTitle            = 17
	methodGetResult           = 20
	methodSetDefaultExtension = 22
	methodGetResults          = 27 // of IFileOpenDialog

	methodGetDisplayName = 5 // of IShellItem
	methodGetCount       = 7 // of IShellItemArray
	methodGetItemAt      = 8
)

// Options of a dialog, FILEOPENDIALOGOPTIONS.
const (
	optionOverwritePrompt  = 0x2
	optionNoChangeDir      = 0x8
	optionPickFolders      = 0x20
	optionForceFileSystem  = 0x40
	optionAllowMultiSelect = 0x200
	optionPathMustExist    = 0x800
	optionNoReadOnlyReturn = 0x8000
	optionNoTestFileCreate = 0x10000
)

const (
	inThisProcess  = 1          // CLSCTX_INPROC_SERVER
	fileSystemPath = 0x80058000 // SIGDN_FILESYSPATH
	// errCancelled is the HRESULT of ERROR_CANCELLED.
	errCancelled = syscall.Errno(0x800704c7)
	// initialisedAlready is S_FALSE, which is success.
	initialisedAlready = syscall.Errno(1)
)

// filterSpec is a COMDLG_FILTERSPEC.
type filterSpec struct{ name, pattern *uint16 }

// object is a COM object that this program holds a reference to.
type object struct{ methods *[28]uintptr }

// call calls a method by its number. Its error is the HRESULT, where that tells of a failure.
//
//go:uintptrescapes
func (o *object) call(method int, args ...uintptr) error {
	return failure(syscallN(o.methods[method], append([]uintptr{uintptr(unsafe.Pointer(o))}, args...)))
}

func syscallN(address uintptr, args []uintptr) uintptr {
	result, _, _ := syscall.SyscallN(address, args...)
	return result
}

// failure makes an error of an HRESULT, nil where that tells of success.
func failure(result uintptr) error {
	if int32(result) >= 0 {
		return nil
	}
	return syscall.Errno(uint32(result))
}

// callText calls a method that takes a text.
func (o *object) callText(method int, words string) error {
	p, err := windows.UTF16PtrFromString(words)
	if err != nil {
		return err
	}
	return o.call(method, uintptr(unsafe.Pointer(p)))
}

// get calls a method that returns an object, which its caller releases.
func (o *object) get(method int) (*object, error) {
	var got *object
	err := o.call(method, uintptr(unsafe.Pointer(&got)))
	return got, err
}

func (o *object) release() { _ = o.call(methodRelease) }

// create makes an object of a class, which its caller releases.
func create(class, id windows.GUID) (*object, error) {
	if err := coCreateInstance.Find(); err != nil {
		return nil, err
	}
	var made *object
	result, _, _ := coCreateInstance.Call(uintptr(unsafe.Pointer(&class)), 0, inThisProcess,
		uintptr(unsafe.Pointer(&id)), uintptr(unsafe.Pointer(&made)))
	return made, failure(result)
}

// itemOf returns the shell's item of an absolute path, which its caller releases.
func itemOf(path string) (*object, error) {
	if err := shCreateItemFromParsingName.Find(); err != nil {
		return nil, err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	var item *object
	result, _, _ := shCreateItemFromParsingName.Call(uintptr(unsafe.Pointer(name)), 0,
		uintptr(unsafe.Pointer(&idItem)), uintptr(unsafe.Pointer(&item)))
	return item, failure(result)
}

// pathOf returns the path of a shell's item in the file system.
func pathOf(item *object) (string, error) {
	var name *uint16
	if err := item.call(methodGetDisplayName, fileSystemPath, uintptr(unsafe.Pointer(&name))); err != nil {
		return "", err
	}
	defer windows.CoTaskMemFree(unsafe.Pointer(name))
	return windows.UTF16PtrToString(name), nil
}
