//go:build !unix

package history_test

func shortOfRoom(string, string) {}
