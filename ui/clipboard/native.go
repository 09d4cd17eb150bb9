//go:build windows || darwin

package clipboard

import (
	"context"
	"fmt"
	"slices"
	"time"

	system "golang.design/x/clipboard"
)

// native is the system's clipboard, which gives every picture as PNG.
type native struct {
	patience time.Duration
	maxBytes int
}

func (c *Clipboard) open() (source, error) {
	if err := system.Init(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return native{c.patience(), c.maxBytes()}, nil
}

func (native) targets(_ context.Context, wanted []string) ([]string, error) {
	return slices.DeleteFunc(slices.Clone(wanted), func(t string) bool { return t != "image/png" && t != files }), nil
}

// data waits for the program that copied: systems let it make the picture when
// it is asked for.
func (n native) data(ctx context.Context, target string) ([]byte, error) {
	format := system.FmtImage
	if target == files {
		format = system.FmtFiles
	}
	ctx, cancel := context.WithTimeoutCause(ctx, n.patience, ErrNoAnswer)
	defer cancel()
	type answer struct {
		data []byte
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		data, err := system.Read(ctx, format)
		got <- answer{data, err}
	}()
	select {
	case a := <-got:
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case a.err != nil || len(a.data) == 0:
			return nil, ErrEmpty
		case len(a.data) > n.maxBytes:
			return nil, ErrTooLarge
		}
		return a.data, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (native) close() {}

// own hands the picture to the system, which keeps it, also when the program
// has ended.
func (c *Clipboard) own(ctx context.Context, png []byte) (owner, error) {
	if err := system.Init(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if _, err := system.Write(ctx, system.FmtImage, png); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return native{}, nil
}
