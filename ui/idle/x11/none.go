//go:build !linux || !x11

// Package x11 waits for the events that GLFW, and with it Fyne, gets from an X
// server. This build talks to none.
package x11

import "time"

// Available reports whether this build talks to an X server.
const Available = false

// Waiter waits for nothing.
type Waiter struct{}

// Wait returns at once.
func (*Waiter) Wait(time.Duration) {}

// Wake does nothing.
func (*Waiter) Wake() {}
