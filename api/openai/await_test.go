package openai

import (
	"context"
	"errors"
	"testing"

	cores "overpaint.dev/overpaint/editor/parallel"
)

// A panic of an encoder or decoder must meet the recover of the worker that runs
// the engine, and not end the program.
func TestAwaitBringsPanicsHome(t *testing.T) {
	broken := errors.New("broken")
	p := cores.Catch(func() {
		_, _ = await(t.Context(), func(context.Context) (int, error) { panic(broken) })
	})
	if p == nil || !errors.Is(p, broken) {
		t.Fatalf("what came is %v", p)
	}
}

// Nobody waits for what panics after the end: it is lost, and ends nothing.
func TestAwaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	running, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	go func() { <-running; cancel() }()
	_, err := await(ctx, func(context.Context) (int, error) {
		close(running)
		<-release
		panic("late")
	})
	if err == nil {
		t.Error("no error came")
	}
	if _, err := await(ctx, func(context.Context) (int, error) { t.Error("called"); return 0, nil }); err == nil {
		t.Error("no error came after the end")
	}
}
