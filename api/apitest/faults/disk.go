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
		// Evenly by the logarithm.
		d := disk{
			sub: []string{"data", "out"}[i/2%2], size: int(16*math.Pow(512, float64(i)/float64(max(n-1, 1)))) &^ 3,
			late: i%2 == 1, shape: shapes[i%len(shapes)],
		}
		cases = append(cases, testcase{d.String(), d.try})
	}
	return cases, nil
}

// disk is a file system with little room for the data folder or the results. late
// says that there is enough until the request has arrived, and only so much from
// then on: the program looks before it asks.
type disk struct {
	sub   string
	size  int // kB
	late  bool
	shape shape
}

// roomy is enough for any edit here, in kB.
const roomy = 40 << 10

func (d disk) String() string {
	when := ""
	if d.late {
		when = " once the request is sent"
	}
	return fmt.Sprintf("%s of %d kB%s, %v", d.sub, d.size, when, d.shape)
}

func (d disk) try(t *try) (*verdict, error) {
	o := t.order(d.shape.n, d.shape.byURL)
	o.refusals = d.shape.refusals
	size := d.size
	if d.late {
		o.hold, size = waiting, roomy
	}
	if err := t.settle(o); err != nil {
		return nil, err
	}
	path := t.path(d.sub)
	if err := syscall.Mount("none", path, "tmpfs", 0, fmt.Sprintf("size=%dk", size)); err != nil {
		return nil, err
	}
	t.tmpfs = append(t.tmpfs, path)
	p, err := t.start(nil, t.h.binary, t.edit(o)...)
	if err != nil {
		return nil, err
	}
	if d.late {
		select {
		case <-o.reached:
			d.fill(path)
		case <-p.done:
		}
		o.release()
	}
	r, err := p.wait()
	if err != nil {
		return nil, err
	}
	seen := t.look(o, r)
	seen.full = true
	if err := syscall.Mount("none", path, "tmpfs", syscall.MS_REMOUNT, "size=256m"); err != nil {
		return nil, err
	}
	return t.check(seen)
}

// fill leaves no more room than the disk is to have.
func (d disk) fill(path string) {
	var fs syscall.Statfs_t
	if syscall.Statfs(path, &fs) == nil {
		free := int64(fs.Bavail) * fs.Bsize
		_ = os.WriteFile(path+"/filler", make([]byte, max(0, free-int64(d.size)<<10)), 0o600)
	}
}
