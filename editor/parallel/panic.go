package parallel

import (
	"fmt"
	"runtime/debug"
)

// A Panic is a panic that was taken from one goroutine to another.
type Panic struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine that panicked, as debug.Stack prints it
}

// Catch calls f and returns its panic, or nil if there is none. A *Panic that f
// raised again is returned as it is, with the stack where it began.
func Catch(f func()) (p *Panic) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case *Panic:
			p = v
		default:
			p = &Panic{v, debug.Stack()}
		}
	}()
	f()
	return nil
}

// Raise panics with p, unless p is nil.
func (p *Panic) Raise() {
	if p != nil {
		panic(p)
	}
}

// Error returns the value and the stack, which is what the runtime prints of an
// unrecovered panic.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap returns the value if it is an error, such as a runtime.Error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
