package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"time"

	"overpaint.dev/overpaint/editor/picture"
)

// Limits of the process that opens files.
const (
	mostTime   = time.Minute
	mostMemory = 4 << 30 // bytes
	// mostPixels is less than what the program opens, so that two pictures and the
	// programs that they are compared with fit into the memory.
	mostPixels = 100_000_000
)

// opened is what the process that opens files tells of one. If Width isn't 0, the
// pixels follow as straight RGBA.
type opened struct {
	Format, Refused string
	Reason          outcome
	Width, Height   int
}

// work opens the files whose names come in lines, and answers each with a line of
// JSON and the pixels.
func work(names io.Reader, to io.Writer) {
	limitMemory()
	out := bufio.NewWriter(to)
	lines := bufio.NewScanner(names)
	for lines.Scan() {
		p, err := picture.Open(lines.Text(), picture.Limits{MaxPixels: mostPixels})
		var o opened
		if err != nil {
			o.Refused, o.Reason = err.Error(), reason(err)
		} else {
			o.Format, o.Width, o.Height = p.Meta.Format, p.Size().X, p.Size().Y
		}
		if json.NewEncoder(out).Encode(o) != nil {
			return
		}
		if err == nil {
			out.Write(p.Pix.Pix)
		}
		if out.Flush() != nil {
			return
		}
	}
}

// reason returns why a file was refused.
func reason(err error) outcome {
	var (
		large *picture.TooLargeError
		part  *picture.UnsupportedError
		panic *picture.PanicError
	)
	switch {
	case errors.As(err, &panic):
		return crashed
	case errors.As(err, &large), errors.As(err, &part):
		return unsupported
	case errors.Is(err, picture.ErrNotPicture):
		return noPicture
	}
	return damaged
}

// child is the process that opens files.
type child struct {
	program string
	command *exec.Cmd
	names   io.WriteCloser
	answers *bufio.Reader
}

func newChild() (*child, error) {
	program, err := os.Executable()
	return &child{program: program}, err
}

// start starts the process, unless it runs.
func (c *child) start() error {
	if c.command != nil {
		return nil
	}
	command := exec.Command(c.program, "-open")
	names, err := command.StdinPipe()
	if err != nil {
		return err
	}
	answers, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	c.command, c.names, c.answers = command, names, bufio.NewReader(answers)
	return nil
}

// end ends the process.
func (c *child) end() {
	if c.command == nil {
		return
	}
	c.names.Close()
	c.command.Process.Kill()
	c.command.Wait()
	c.command = nil
}

// open has the process open a file. An error is a crash.
func (c *child) open(path string) (opened, *image.NRGBA, error) {
	if err := c.start(); err != nil {
		return opened{}, nil, err
	}
	late := time.AfterFunc(mostTime, func() { c.command.Process.Kill() })
	o, pix, err := c.ask(path)
	if err != nil {
		if !late.Stop() {
			err = fmt.Errorf("took more than %v", mostTime)
		}
		c.end()
	}
	late.Stop()
	return o, pix, err
}

// ask sends a name and reads the answer.
func (c *child) ask(path string) (o opened, pix *image.NRGBA, err error) {
	if _, err := fmt.Fprintln(c.names, path); err != nil {
		return o, nil, err
	}
	line, err := c.answers.ReadBytes('\n')
	if err != nil {
		return o, nil, fmt.Errorf("the reader ended: %w", err)
	}
	if err := json.Unmarshal(line, &o); err != nil {
		return o, nil, err
	}
	if o.Width == 0 {
		return o, nil, nil
	}
	pix = image.NewNRGBA(image.Rect(0, 0, o.Width, o.Height))
	_, err = io.ReadFull(c.answers, pix.Pix)
	return o, pix, err
}
