package batch_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
)

// files makes empty files below a folder.
func files(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// found are the names of pictures below root, with the folders of their results.
func found(root string, list []batch.Picture) string {
	var names []string
	for _, p := range list {
		name, _ := filepath.Rel(root, p.Path)
		names = append(names, filepath.ToSlash(name)+":"+filepath.ToSlash(p.Folder))
	}
	return strings.Join(names, " ")
}

func TestPicturesAreFoundOnce(t *testing.T) {
	root := files(t, "b.png", "a.jpg", "a.mask.png", "notes.txt", ".hidden.png", "below/c.png", ".cache/d.png", "out/e.png")
	out := filepath.Join(root, "out")
	for _, c := range []struct {
		names []string
		deep  bool
		want  string
	}{
		{[]string{root}, false, "a.jpg:. b.png:."},
		{[]string{root}, true, "a.jpg:. b.png:. below/c.png:below"},
		{[]string{filepath.Join(root, "b.png"), root}, false, "b.png: a.jpg:."},
		{[]string{filepath.Join(root, "no.png")}, false, "no.png:"},
		{nil, false, ""},
	} {
		list, err := batch.Find(c.names, out, c.deep)
		if got := found(root, list); err != nil || got != c.want {
			t.Errorf("%v: %q, %v, not %q", c.names, got, err, c.want)
		}
	}
	_, err := batch.Find([]string{root}, root, false)
	if fault := api.AsError(err); fault == nil || fault.Text().Key != "input.out_inside" {
		t.Errorf("into the folder itself: %v", err)
	}
	if got := batch.MaskBeside(filepath.Join(root, "a.jpg")); filepath.Base(got) != "a.mask.png" {
		t.Errorf("beside it lies %q", got)
	}
	if got := batch.MaskBeside(filepath.Join(root, "b.png")); got != "" {
		t.Errorf("beside the other lies %q", got)
	}
}

// TestAQueueIsPausedAndStopped: what has begun goes on, nothing else begins, and each thing
// is reported once.
func TestAQueueIsPausedAndStopped(t *testing.T) {
	var q batch.Queue
	begun, release, end := make(chan int), make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var made, left []int
	go func() {
		defer close(end)
		q.Run(t.Context(), 2, 6, func(i int) {
			if q.Over(t.Context()) {
				mu.Lock()
				left = append(left, i)
				mu.Unlock()
				return
			}
			begun <- i
			<-release
			mu.Lock()
			made = append(made, i)
			mu.Unlock()
		})
	}()
	first := []int{<-begun, <-begun}
	slices.Sort(first)
	q.Pause(true)
	release <- struct{}{}
	release <- struct{}{}
	select {
	case i := <-begun:
		t.Errorf("%d was begun meanwhile", i)
	default:
	}
	q.Pause(false)
	<-begun
	<-begun
	q.Stop()
	release <- struct{}{}
	release <- struct{}{}
	<-end
	slices.Sort(made)
	slices.Sort(left)
	if !slices.Equal(first, []int{0, 1}) || !slices.Equal(made, []int{0, 1, 2, 3}) || !slices.Equal(left, []int{4, 5}) {
		t.Errorf("begun first %v, made %v, left %v", first, made, left)
	}
}

// TestAPausedQueueEndsWithItsContext and begins nothing.
func TestAPausedQueueEndsWithItsContext(t *testing.T) {
	var q batch.Queue
	q.Pause(true)
	ctx, cancel := context.WithCancel(t.Context())
	end := make(chan int)
	go func() {
		n := 0
		q.Run(ctx, 1, 3, func(int) {
			if !q.Over(ctx) {
				n++
			}
		})
		end <- n
	}()
	cancel()
	if n := <-end; n != 0 {
		t.Errorf("%d were begun", n)
	}
	q.Run(t.Context(), 3, 0, func(int) { t.Error("of nothing something was begun") })
}

func TestWhatStopsARun(t *testing.T) {
	for fault, want := range map[*api.Error]bool{
		nil: false, {Kind: api.KindAuth}: true, {Kind: api.KindQuota}: true, {Kind: api.KindUnknown}: false,
		api.InputError("input.over_budget"): true, api.InputError("input.unrecorded"): true, api.InputError("error.mask_empty"): false,
	} {
		if got := batch.Stops(fault); got != want {
			t.Errorf("%v: %v", fault, got)
		}
	}
}
