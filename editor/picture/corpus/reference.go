package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// reference is another program that opens pictures.
type reference struct {
	name string
	// open returns a picture's first page, turned; drawings, where a size is given, in
	// this size.
	open func(path string, size image.Point) (image.Image, error)
}

var references = []reference{{"libvips", by(vips)}, {"ImageMagick", by(magick)}}

func vips(from, to string, size image.Point) *exec.Cmd {
	to += "[compression=1]"
	if size != (image.Point{}) {
		return exec.Command("vips", "thumbnail", from, to, strconv.Itoa(size.X), "--height", strconv.Itoa(size.Y), "--size", "force")
	}
	return exec.Command("vips", "autorot", from, to)
}

func magick(from, to string, size image.Point) *exec.Cmd {
	program := "convert"
	if _, err := exec.LookPath("magick"); err == nil {
		program = "magick"
	}
	arguments := []string{"-limit", "memory", "4GiB", "-limit", "disk", "0", from + "[0]", "-auto-orient", "-colorspace", "sRGB", "-depth", "8"}
	if size != (image.Point{}) {
		arguments = append(arguments, "-resize", fmt.Sprintf("%dx%d!", size.X, size.Y))
	}
	return exec.Command(program, append(arguments, "-quality", "11", "png32:"+to)...)
}

// by returns a function that has a command convert a file, and reads what it made.
func by(command func(from, to string, size image.Point) *exec.Cmd) func(string, image.Point) (image.Image, error) {
	return func(path string, size image.Point) (image.Image, error) {
		folder, err := os.MkdirTemp("", "corpus-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(folder)
		to := filepath.Join(folder, "seen.png")
		ctx, cancel := context.WithTimeout(context.Background(), mostTime)
		defer cancel()
		c := command(path, to, size)
		c = exec.CommandContext(ctx, c.Path, c.Args[1:]...)
		if err := c.Run(); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(c.Path), err)
		}
		data, err := os.ReadFile(to)
		if err != nil {
			return nil, fmt.Errorf("%s made nothing", filepath.Base(c.Path))
		}
		return png.Decode(bytes.NewReader(data))
	}
}
