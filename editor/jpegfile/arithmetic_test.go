package jpegfile

import (
	"bytes"
	"os"
	"slices"
	"testing"
)

// TestConditioning writes files with other bounds for the arithmetic coder's
// models, and different ones in each scan.
func TestConditioning(t *testing.T) {
	for _, name := range []string{"arithmetic.jpg", "arithmetic-restart.jpg", "arithmetic-progressive.jpg", "grey-arithmetic.jpg"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(data, 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.scans {
			c := &f.scans[i].cond
			c.dcLow = [4]uint8{1, 2, 0, 3}
			c.dcHigh = [4]uint8{4, uint8(3 + i%5), 9, 5}
			c.acLow = [4]uint8{uint8(1 + 7*i%60), 63, 5, 2}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(out.Bytes(), []byte{0xff, mDAC}) {
			t.Fatalf("%s: no conditioning was written", name)
		}
		g, err := Read(out.Bytes(), 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.Components {
			if !slices.Equal(f.Components[i].Coefficients, g.Components[i].Coefficients) {
				t.Errorf("%s: component %d has other coefficients", name, i)
			}
		}
		if dir := os.Getenv("JPEG_WRITTEN"); dir != "" { // to be looked at with other decoders
			if err := os.WriteFile(dir+"/conditioned-"+name, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
