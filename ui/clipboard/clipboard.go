// Package clipboard reads and writes pictures on the system's clipboard, which
// Fyne has for text alone. Under X11 it speaks the selection protocol itself
// (ICCCM, chapter 2), pictures of any size included; elsewhere the system's own
// calls serve.
//
// Every call may wait for another program, so none belongs on Fyne's
// goroutine. What another program hands over is checked before it is believed:
// its size while it comes, and that it is a picture when it is there.
package clipboard

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"overpaint.dev/overpaint/editor/picture"
)

var (
	// ErrEmpty reports that there is no picture on the clipboard.
	ErrEmpty = errors.New("clipboard: no picture")
	// ErrNoAnswer reports that the program that owns the clipboard fell silent.
	ErrNoAnswer = errors.New("clipboard: its owner does not answer")
	// ErrTooLarge reports that the owner sent more bytes than the limit.
	ErrTooLarge = errors.New("clipboard: too large")
	// ErrUnavailable reports that there is no clipboard to be reached.
	ErrUnavailable = errors.New("clipboard: not available")

	// errRefused is an owner's no to a format that it had offered.
	errRefused = errors.New("clipboard: the owner refused")
)

// Content is what was read: a picture, or the path of a file that was copied
// in a file manager.
type Content struct {
	// Picture is the decoded picture and Bytes the file it was decoded from.
	// Both are nil where Path is set.
	Picture *picture.Picture
	Bytes   []byte
	// Path is an absolute path, of which only the ending says that it is a
	// picture.
	Path string
}

// Clipboard is the system's clipboard. The zero value is ready; its methods
// may be called from several goroutines, its fields must not change then.
type Clipboard struct {
	// Patience is how long another program may be silent, 0 for 5 seconds.
	Patience time.Duration
	// MaxBytes is the most that is taken from another program, 0 for 512 MiB.
	MaxBytes int
	// Limits bound the picture's size in pixels.
	Limits picture.Limits

	mu    sync.Mutex
	owned owner
}

// owner is what Write leaves behind until another program copies something.
type owner interface{ close() }

// source is a clipboard while it is read.
type source interface {
	// targets returns those of wanted that the clipboard's owner offers. An
	// owner that doesn't say is believed to offer them all.
	targets(ctx context.Context, wanted []string) ([]string, error)
	// data returns the clipboard in one target.
	data(ctx context.Context, target string) ([]byte, error)
	close()
}

const files = "text/uri-list"

// wanted are the formats that are asked for, the best first: those without
// loss, of which PNG is what all programs agree on, then files.
var wanted = []string{
	"image/png", "image/webp", "image/tiff", "image/bmp", "image/x-bmp", "image/x-MS-bmp", "image/gif", "image/jpeg", "image/jpg", files,
}

// Read returns the picture on the clipboard. It tries the formats that are
// offered one after the other until one is a picture. Errors are those of this
// package, those of picture.Decode where what came is no good picture, and
// the context's.
func (c *Clipboard) Read(ctx context.Context) (*Content, error) {
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	defer s.close()
	offered, err := s.targets(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var first error
	for _, target := range wanted {
		if !slices.Contains(offered, target) {
			continue
		}
		content, err := c.read(ctx, s, target)
		if err == nil {
			return content, nil
		}
		if errors.Is(err, ErrNoAnswer) || ctx.Err() != nil {
			return nil, err
		}
		if first == nil && !errors.Is(err, errRefused) && !errors.Is(err, ErrEmpty) {
			first = err
		}
	}
	if first == nil {
		first = ErrEmpty
	}
	return nil, first
}

func (c *Clipboard) read(ctx context.Context, s source, target string) (*Content, error) {
	data, err := s.data(ctx, target)
	if err != nil {
		return nil, err
	}
	if target == files {
		if path := pictureFile(string(data)); path != "" {
			return &Content{Path: path}, nil
		}
		return nil, ErrEmpty
	}
	p, err := picture.Decode(data, c.Limits)
	if err != nil {
		return nil, err
	}
	if p.Meta.Has(picture.Cut) { // unlike a file, it can be had once more
		return nil, picture.ErrTruncated
	}
	return &Content{Picture: p, Bytes: data}, nil
}

// pictureFile returns the first local path with a picture's ending in a list
// of addresses (RFC 2483: a line each, # begins a comment), or "".
func pictureFile(list string) string {
	for line := range strings.Lines(list) {
		u, err := url.Parse(strings.TrimSpace(line))
		if err != nil || u.Scheme != "file" || (u.Host != "" && u.Host != "localhost") {
			continue
		}
		path := u.Path
		if runtime.GOOS == "windows" {
			path = strings.TrimPrefix(path, "/") // file:///C:/...
		}
		path = filepath.FromSlash(path)
		if picture.Named(path) && filepath.IsAbs(path) {
			return filepath.Clean(path)
		}
	}
	return ""
}

// Write puts a PNG file on the clipboard. It is there when Write returns, and
// stays until something else is copied or Close is called. png must not be
// changed afterwards.
func (c *Clipboard) Write(ctx context.Context, png []byte) error {
	o, err := c.own(ctx, png)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.owned = o // the previous owner has lost the clipboard and ends by itself
	c.mu.Unlock()
	return nil
}

// Close gives up what Write put there; where the desktop has a clipboard
// manager, that keeps it. Close waits for it, with Patience.
func (c *Clipboard) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.owned != nil {
		c.owned.close()
		c.owned = nil
	}
}

func (c *Clipboard) patience() time.Duration {
	if c.Patience <= 0 {
		return 5 * time.Second
	}
	return c.Patience
}

func (c *Clipboard) maxBytes() int {
	if c.MaxBytes <= 0 {
		return 512 << 20
	}
	return c.MaxBytes
}
