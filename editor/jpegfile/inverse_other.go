//go:build !amd64

package jpegfile

// transform computes 8x8 samples from coefficients in rows, whose values it may
// destroy, and writes them as rows that lie stride apart. few says that there are
// none beyond the fourth row and column.
func transform(dst []byte, stride int, w *[64]int32, few bool) {
	transform8x8(dst, stride, w, few)
}
