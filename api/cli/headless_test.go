package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/cli"
)

// TestHeadless checks which command lines open the window.
func TestHeadless(t *testing.T) {
	photo := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(photo, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want bool
		args []string
	}{
		{false, nil},
		{false, []string{photo}},
		{false, []string{photo, photo}},
		{false, []string{"absent.jpg"}},
		{false, []string{"folder/absent"}},
		{false, []string{`folder\absent`}},
		{false, []string{"file:absent"}},
		{true, []string{"edti", photo}},
		{true, []string{"frobnicate"}},
		{true, []string{"edit"}},
		{true, []string{"export"}},
		{true, []string{"-version"}},
		{true, []string{"history", photo}},
	} {
		if got := cli.Headless(c.args); got != c.want {
			t.Errorf("%q without a window is %v", c.args, got)
		}
	}
}
