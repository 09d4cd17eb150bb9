//go:build !windows

package openai

import "syscall"

// connectionRefused is the system's error where no program listens at an address.
const connectionRefused = syscall.ECONNREFUSED
