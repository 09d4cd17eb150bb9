package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// script selects by OpenCV from clicks, each a line "x,y,x,y,radius,1 or 0", and prints the time
// in milliseconds, without reading and writing.
const script = `
import sys, time, numpy, cv2
img = cv2.imread(sys.argv[1])
mark = numpy.full(img.shape[:2], cv2.GC_PR_BGD, numpy.uint8)
for c in sys.argv[3:]:
    x, y, u, v, r, on = (int(n) for n in c.split(","))
    if on:
        cv2.line(mark, (x, y), (u, v), cv2.GC_PR_FGD, 24 * r)
for c in sys.argv[3:]:
    x, y, u, v, r, on = (int(n) for n in c.split(","))
    cv2.line(mark, (x, y), (u, v), cv2.GC_FGD if on else cv2.GC_BGD, 2 * r + 1)
start = time.time()
cv2.grabCut(img, mark, None, numpy.zeros((1, 65)), numpy.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
print(int(1000 * (time.time() - start)))
cv2.imwrite(sys.argv[2], numpy.where((mark == 1) | (mark == 3), 255, 0).astype(numpy.uint8))
`

// python returns a Python that has OpenCV, or "".
func python() string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import cv2").Run() == nil {
			return name
		}
	}
	return ""
}

var withOpenCV = python()

// grabCut selects by OpenCV, from the beginning with each click. The area around a click is
// marked as probably the object, without which grabCut selects only the clicks.
func grabCut(img *image.NRGBA) (func([]click) (*image.Alpha, time.Duration, error), error) {
	if withOpenCV == "" {
		return nil, errors.New("there is no OpenCV for Python")
	}
	return func(all []click) (*image.Alpha, time.Duration, error) {
		dir, err := os.MkdirTemp("", "select-quality")
		if err != nil {
			return nil, 0, err
		}
		defer os.RemoveAll(dir)
		from, to := filepath.Join(dir, "in.png"), filepath.Join(dir, "out.png")
		if err := writePNG(from, img); err != nil {
			return nil, 0, err
		}
		args := []string{"-c", script, from, to}
		for _, c := range all {
			on := 1
			if c.outside {
				on = 0
			}
			args = append(args, fmt.Sprintf("%d,%d,%d,%d,%d,%d", c.from.X, c.from.Y, c.to.X, c.to.Y, int(c.radius), on))
		}
		said, err := exec.Command(withOpenCV, args...).Output()
		if err != nil {
			return nil, 0, err
		}
		ms, err := strconv.Atoi(strings.TrimSpace(string(said)))
		if err != nil {
			return nil, 0, err
		}
		a, err := readGrey(to)
		return a, time.Duration(ms) * time.Millisecond, err
	}, nil
}

func writePNG(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func readGrey(path string) (*image.Alpha, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, err
	}
	a := image.NewAlpha(img.Bounds())
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			a.Pix[y*a.Stride+x] = color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y
		}
	}
	return a, nil
}
