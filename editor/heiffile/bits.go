package heiffile

// bits reads numbers of so many bits, the most significant first. Beyond the end it
// reads zeros, and short is set.
type bits struct {
	data  []byte
	at    int // in bits
	short bool
}

// u reads a number of n bits, at most 32.
func (b *bits) u(n int) (v uint32) {
	for ; n > 0; n-- {
		v <<= 1
		if b.at>>3 >= len(b.data) {
			b.short = true
			continue
		}
		v |= uint32(b.data[b.at>>3]>>(7-b.at&7)) & 1
		b.at++
	}
	return v
}

// flag reads one bit.
func (b *bits) flag() bool { return b.u(1) == 1 }

// skip passes over n bits.
func (b *bits) skip(n int) {
	b.at += n
	if b.at > 8*len(b.data) {
		b.at, b.short = 8*len(b.data), true
	}
}

// ue reads an unsigned number in Exp-Golomb's code (ITU-T H.265, 9.2), which AV1 calls uvlc.
func (b *bits) ue() uint32 {
	zeros := 0
	for !b.flag() {
		if zeros++; zeros > 31 || b.short {
			b.short = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.u(zeros)
}

// ues passes over n such numbers; signed ones are as long.
func (b *bits) ues(n int) {
	for ; n > 0 && !b.short; n-- {
		b.ue()
	}
}
