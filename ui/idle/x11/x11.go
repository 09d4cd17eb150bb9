//go:build linux && x11

// Package x11 waits for the events that GLFW, and with it Fyne, gets from an X
// server. It is apart from its users because it needs a C compiler.
package x11

// #cgo LDFLAGS: -lX11
// #include <X11/Xlib.h>
import "C"

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/go-gl/glfw/v3.4/glfw"
	"golang.org/x/sys/unix"
)

// Available reports whether this build talks to an X server.
const Available = true

// Waiter waits on GLFW's connection to the X server, with Go's own poller: a
// goroutine that waits in C would keep the runtime's monitor awake. It reads
// nothing; the events are left to GLFW. Its zero value is ready, also before
// GLFW is.
type Waiter struct {
	file  *os.File
	conn  syscall.RawConn
	woken atomic.Bool
	armed atomic.Pointer[os.File] // file, for Wake
}

// Wait is idle.Waiter's. Where there is no X server it returns at once.
func (w *Waiter) Wait(limit time.Duration) {
	if w.file == nil && !w.open() {
		return
	}
	if err := w.file.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return
	}
	if w.woken.Swap(false) {
		return
	}
	_ = w.conn.Read(readable) // the only error is the deadline's
}

// Wake is idle.Waiter's.
func (w *Waiter) Wake() {
	w.woken.Store(true)
	if f := w.armed.Load(); f != nil {
		_ = f.SetReadDeadline(time.Unix(1, 0)) // set long ago; it fails only where deadlines aren't supported
	}
}

func (w *Waiter) open() bool {
	if glfw.GetPlatform() != glfw.PlatformX11 {
		return false
	}
	display := (*C.Display)(unsafe.Pointer(glfw.GetX11Display()))
	if display == nil {
		return false
	}
	// A duplicate, so that closing the file would not close the connection. Xlib
	// has made both non-blocking.
	fd, err := unix.FcntlInt(uintptr(C.XConnectionNumber(display)), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return false
	}
	f := os.NewFile(uintptr(fd), "X server")
	conn, err := f.SyscallConn()
	if err != nil || f.SetReadDeadline(time.Time{}) != nil {
		f.Close()
		return false
	}
	w.file, w.conn = f, conn
	w.armed.Store(f)
	return true
}

// readable reports whether there is something to read, or the connection is lost.
func readable(fd uintptr) bool {
	polled := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(polled, 0)
	return n != 0 || err != nil && err != unix.EINTR
}
