//go:build !amd64

package picture

// fastRow reports that it has no faster way of converting a row.
func fastRow(dst, ys []byte, cb, cr chromaRows, sx int) bool { return false }
