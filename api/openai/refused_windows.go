package openai

import "golang.org/x/sys/windows"

// connectionRefused is the system's error where no program listens at an address.
// Windows' sockets have numbers of their own, which syscall.ECONNREFUSED is not.
const connectionRefused = windows.WSAECONNREFUSED
