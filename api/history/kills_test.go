//go:build !race

package history_test

// kills is how often the program is killed at each step.
const kills = 6
