package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// TestOwnLabelStaysWithoutMetadata: the label of AI-generated content in a picture's file
// stays in copies and results when metadata is left out, unless no label is wanted.
func TestOwnLabelStaysWithoutMetadata(t *testing.T) {
	b := newBench(t)
	label := []byte("compositeWithTrainedAlgorithmicMedia")
	photo := filepath.Join(b.dir, "made.png")
	of := picture.Encoding{Format: picture.PNG, Label: picture.NewLabel("zh"), Meta: picture.Metadata{Comments: []string{"private words"}}}
	if err := picture.Save(t.Context(), photo, b.pixels, of, file.Nothing); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args  []string
		stays bool
	}{
		"copy.png":  {[]string{"export", "-strip", "-name", "copy"}, true},
		"none.png":  {[]string{"export", "-strip", "-label=false", "-name", "none"}, false},
		"whole.png": {[]string{"export", "-label=false", "-name", "whole"}, true},
		"edit.png":  {[]string{"edit", "-strip", "-mask", b.path("mask.png"), "-out", filepath.Join(b.dir, "edit.png")}, true},
		"bare.png":  {[]string{"edit", "-strip", "-label=false", "-mask", b.path("mask.png"), "-out", filepath.Join(b.dir, "bare.png")}, false},
	} {
		if o := run(context.Background(), append(c.args, photo)...); o.status != cli.ExitDone {
			t.Fatalf("%s: it ends with %d, %q", name, o.status, o.stderr)
		}
		data, err := os.ReadFile(filepath.Join(b.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, label) != c.stays || bytes.Contains(data, []byte("TC260:AIGC")) != c.stays {
			t.Errorf("%s: a label is there: %v", name, !c.stays)
		}
		if words := bytes.Contains(data, []byte("private words")); words != (name == "whole.png") {
			t.Errorf("%s: other metadata is there: %v", name, words)
		}
	}
	if o := run(context.Background(), "export", "-label=perhaps", photo); o.status != cli.ExitInput {
		t.Errorf("-label=perhaps ends with %d", o.status)
	}
}
