//go:build linux

package main

import (
	"fmt"
	"math"
	"os"
	"syscall"
)

// smallDisks are file systems in memory of 16 kB to 8 MB for the data folder or
// for the results.
func smallDisks(h *harness, n int) ([]testcase, error) {
	probe, err := os.MkdirTemp(h.root, "mount-")
	if err != nil {
		return nil, err
	}
	if err := syscall.Mount("none", probe, "tmpfs", 0, "size=64k"); err != nil {
		return nil, &impossibleError{fmt.Errorf("mounting is not allowed here: %w", err)}
	}
	if err := syscall.Unmount(probe, syscall.MNT_DETACH); err != nil {
		return nil, err
	}
	var cases []testcase
	for i := range n {
		// Evenly by the logarithm, first down to the page.
		size := int(16*math.Pow(512, float64(i)/float64(max(n-1, 1)))) &^ 3
		sub := []string{"data", "out", "data"}[i%3]
		s := shapes[i%len(shapes)]
		cases = append(cases, testcase{fmt.Sprintf("%s of %d kB, %v", sub, size, s), func(t *try) (*verdict, error) {
			return smallDisk(t, sub, size, s)
		}})
	}
	return cases, nil
}

func smallDisk(t *try, sub string, kilobytes int, s shape) (*verdict, error) {
	o := t.order(s.n, s.byURL)
	o.refusals = s.refusals
	if kilobytes >= fills {
		o.hold = waiting
	}
	if err := t.settle(o); err != nil {
		return nil, err
	}
	path := t.path(sub)
	if err := syscall.Mount("none", path, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		return nil, err
	}
	t.tmpfs = append(t.tmpfs, path)
	// What lies there already leaves less than the program finds when it looks,
	// as another program's files would.
	stop, filled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(filled)
		t.fill(o, path, kilobytes, stop)
	}()
	r, err := t.overpaint(t.edit(o)...)
	close(stop)
	<-filled
	if err != nil {
		return nil, err
	}
	seen := t.look(o, r)
	seen.full = true
	if err := syscall.Mount("none", path, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		return nil, err
	}
	return t.check(seen)
}

// fills is from what size on, in kB, a disk fills up while the edit is made:
// smaller ones are full before.
const fills = 1024

// fill takes all but a part of the room once the request has arrived, so that
// the disk fills up between the check and the answer.
func (t *try) fill(o *order, path string, kilobytes int, stop chan struct{}) {
	if kilobytes < fills {
		return
	}
	select {
	case <-o.reached:
	case <-stop:
		return
	}
	var fs syscall.Statfs_t
	if syscall.Statfs(path, &fs) == nil {
		free := int64(fs.Bavail) * fs.Bsize
		_ = os.WriteFile(path+"/filler", make([]byte, max(0, free-int64(t.random.IntN(400))<<10)), 0o600)
	}
	o.release()
}
