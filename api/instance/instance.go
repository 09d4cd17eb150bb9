// Package instance lets a second start of the program hand its files to the one
// that runs already, so that all windows are one program's.
//
// The first program holds a lock in the user's data folder and listens on a
// Unix socket in the system's folder for such things (XDG_RUNTIME_DIR), or beside
// the lock where there is none. The lock decides who is first: it goes with the
// program however that ends, while a socket's name stays behind.
package instance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"overpaint.dev/overpaint/editor/file"
)

const (
	lockName = "instance.lock"
	// patience is how long a second start waits for the first to answer.
	patience = 3 * time.Second
	// most is how long a request may be, in bytes.
	most = 1 << 20
)

// request is what a second start hands over.
type request struct {
	Paths []string `json:"paths"`
}

// Instance is the first program of a person.
type Instance struct {
	lock     *file.Lock
	listener net.Listener
	done     chan struct{}
}

// Start makes this program the first one of a data folder, or hands paths,
// which should be absolute, to the one that is. handed reports the latter: then
// this program has nothing more to do. open is called, on a goroutine of its
// own, with what later starts hand over, one at a time; it may be an empty list.
// Where nothing can be arranged this program runs by itself: the error says why,
// and the Instance is nil.
func Start(folder string, paths []string, open func([]string)) (first *Instance, handed bool, err error) {
	if err := file.Folder(folder); err != nil {
		return nil, false, err
	}
	name := socket(folder)
	lock, err := file.TryLock(filepath.Join(folder, lockName))
	if errors.Is(err, file.ErrLocked) {
		if err := hand(name, paths); err != nil {
			return nil, false, err
		}
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	_ = os.Remove(name) // left by a dead process: this one holds the lock
	listener, err := net.Listen("unix", name)
	if err != nil {
		_ = lock.Unlock()
		return nil, false, err
	}
	i := &Instance{lock: lock, listener: listener, done: make(chan struct{})}
	if err := os.Chmod(name, 0o600); err != nil {
		i.Close()
		return nil, false, err
	}
	go i.listen(open)
	return i, false, nil
}

// Close lets another start be the first. It may be called on nil.
func (i *Instance) Close() {
	if i == nil {
		return
	}
	_ = i.listener.Close()
	<-i.done
	_ = i.lock.Unlock()
}

// socket is where the first program of a data folder listens. Names of sockets
// are short (108 bytes on Linux), so the folder is in it by its hash.
func socket(folder string) string {
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if info, err := os.Stat(dir); dir == "" || err != nil || !info.IsDir() {
		dir = folder
	}
	sum := sha256.Sum256([]byte(folder))
	return filepath.Join(dir, "overpaint-"+hex.EncodeToString(sum[:6])+".sock")
}

func (i *Instance) listen(open func([]string)) {
	defer close(i.done)
	for {
		c, err := i.listener.Accept()
		if err != nil {
			return
		}
		if r, err := receive(c); err == nil {
			open(r.Paths)
		}
		c.Close()
	}
}

// receive reads a request and confirms it.
func receive(c net.Conn) (request, error) {
	var r request
	_ = c.SetDeadline(time.Now().Add(patience))
	if err := json.NewDecoder(io.LimitReader(c, most)).Decode(&r); err != nil {
		return r, err
	}
	_, err := io.WriteString(c, "ok\n")
	return r, err
}

// hand gives paths to the program that listens, and waits until it has them.
func hand(name string, paths []string) error {
	c, err := net.DialTimeout("unix", name, patience)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	if err := json.NewEncoder(c).Encode(request{paths}); err != nil {
		return err
	}
	var answer [2]byte
	if _, err := io.ReadFull(c, answer[:]); err != nil || string(answer[:]) != "ok" {
		return errors.Join(errors.New("instance: the first program did not answer"), err)
	}
	return nil
}
