//go:build !amd64

package mask

// fastWords reports that it has no faster way of comparing pixels.
func (m *match) fastWords(to []uint64, pix []uint8) int { return 0 }
