package main

import (
	_ "embed"
	"fmt"
	"image"
	"path/filepath"
	"strconv"
	"strings"

	"overpaint.dev/overpaint/editor/mask"
)

//go:embed tasks.txt
var taskList string

// task is something that people use the engine for, on a photo that isn't in the repository.
type task struct {
	name, photo string
	quick       bool
	width       int             // to about which the photo is shrunk
	corners     []mask.Point    // of what is to be removed, in percent, or
	canvas      image.Rectangle // what the photo is extended to, in percent
}

// parseTasks reads the lines of tasks.txt, where their form is described.
func parseTasks(list string) ([]task, error) {
	var tasks []task
	for line := range strings.Lines(list) {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		t, err := parseTask(f)
		if err != nil {
			return nil, fmt.Errorf("task %q: %w", f[0], err)
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

func parseTask(f []string) (t task, err error) {
	if len(f) < 7 {
		return t, fmt.Errorf("only %d words", len(f))
	}
	t.name, t.quick = strings.CutSuffix(f[0], "*")
	t.photo = f[1]
	if t.width, err = strconv.Atoi(f[2]); err != nil {
		return t, err
	}
	switch f[3] {
	case "remove":
		for _, word := range f[4:] {
			var p mask.Point
			if _, err := fmt.Sscanf(word, "%g,%g", &p.X, &p.Y); err != nil {
				return t, err
			}
			t.corners = append(t.corners, p)
		}
	case "extend":
		var left, above, right, below int
		if _, err := fmt.Sscan(strings.Join(f[4:], " "), &left, &above, &right, &below); err != nil {
			return t, err
		}
		t.canvas = image.Rect(-left, -above, 100+right, 100+below)
	default:
		return t, fmt.Errorf("neither remove nor extend but %s", f[3])
	}
	return t, nil
}

// load reads the task's photo from a folder.
func (t task) load(folder string) (*testCase, error) {
	path := filepath.Join(folder, t.photo)
	size, err := photoSize(path)
	if err != nil {
		return nil, err
	}
	img, err := readPhoto(path, max(1, (size.X+t.width/2)/t.width))
	if err != nil {
		return nil, err
	}
	c := &testCase{name: t.name, truth: img, open: true}
	if t.corners == nil {
		c.truth, c.hole = extended(img, t.canvas)
		return c, nil
	}
	var corners []mask.Point
	for _, p := range t.corners {
		corners = append(corners, mask.Point{X: p.X * float64(img.Rect.Dx()) / 100, Y: p.Y * float64(img.Rect.Dy()) / 100})
	}
	c.hole = mask.Polygon(img.Rect.Size(), corners).Alpha(img.Rect)
	return c, nil
}
