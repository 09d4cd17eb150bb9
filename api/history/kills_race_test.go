//go:build race

package history_test

// kills is how often the program is killed at each step: seldom, because a
// program that looks for races takes a second to start.
const kills = 2
