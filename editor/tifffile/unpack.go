package tifffile

import (
	"encoding/binary"
	"math"
)

// unpredict undoes the predictor in a chunk's rows.
func (p *Page) unpredict(raw []byte, rowBytes, columns, samples int) {
	for row := raw; len(row) >= rowBytes && rowBytes > 0; row = row[rowBytes:] {
		switch {
		case p.predictor == 3 && p.format == floating:
			unpredictFloat(row[:rowBytes], p.d.file.order, p.bits/8, samples)
		case p.predictor != 2:
			return
		case p.bits == 8:
			for i := samples; i < columns*samples; i++ {
				row[i] += row[i-samples]
			}
		case p.bits == 16:
			o := p.d.file.order
			for i := samples; i < columns*samples; i++ {
				o.PutUint16(row[2*i:], o.Uint16(row[2*i:])+o.Uint16(row[2*(i-samples):]))
			}
		case p.bits == 32:
			o := p.d.file.order
			for i := samples; i < columns*samples; i++ {
				o.PutUint32(row[4*i:], o.Uint32(row[4*i:])+o.Uint32(row[4*(i-samples):]))
			}
		case p.bits == 64:
			o := p.d.file.order
			for i := samples; i < columns*samples; i++ {
				o.PutUint64(row[8*i:], o.Uint64(row[8*i:])+o.Uint64(row[8*(i-samples):]))
			}
		}
	}
}

// unpredictFloat undoes Adobe's predictor for floating point (technical note 3):
// the bytes of a row are differences, the most significant ones of all samples first.
func unpredictFloat(row []byte, order binary.ByteOrder, size, samples int) {
	for i := samples; i < len(row); i++ {
		row[i] += row[i-samples]
	}
	n := len(row) / size
	planes := append([]byte(nil), row...)
	for i := range n {
		for b := range size {
			to := i*size + b
			if order == binary.ByteOrder(binary.LittleEndian) {
				to = i*size + size - 1 - b
			}
			row[to] = planes[b*n+i]
		}
	}
}

// unpack writes the samples of a row as numbers: those of up to 16 bits as they
// are, longer ones and floating point scaled to 16 bits. scale is what of a float
// is white.
func (p *Page) unpack(to []uint16, row []byte, scale float64) {
	o := p.d.file.order
	switch {
	case p.format == floating:
		for i := range to {
			v := p.float(row[i*p.bits/8:]) / scale
			to[i] = uint16(min(max(v, 0), 1)*0xffff + 0.5) // NaN becomes 0 by max
		}
		return
	case p.bits == 8:
		for i := range to {
			to[i] = uint16(row[i])
		}
	case p.bits == 16:
		for i := range to {
			to[i] = o.Uint16(row[2*i:])
		}
	case p.bits == 32:
		for i := range to {
			to[i] = uint16(o.Uint32(row[4*i:]) >> 16)
		}
	default:
		for i := range to {
			to[i] = field(row, i*p.bits, p.bits)
		}
	}
	if p.format == signed && !p.Lab() {
		// What is below zero has no place in a picture.
		half := uint16(p.max()/2 + 1)
		for i, v := range to {
			to[i] = v ^ half
			if to[i] < half {
				to[i] = 0
			} else {
				to[i] = (to[i] - half) << 1
			}
		}
	}
}

// max returns the largest value that unpack writes.
func (p *Page) max() int {
	if p.format == floating || p.bits > 16 {
		return 0xffff
	}
	return 1<<p.bits - 1
}

// field returns n bits from bit at on, of more than 16 the upper ones.
func field(row []byte, at, n int) uint16 {
	v := uint32(0)
	for i := range n {
		bit := at + i
		v = v<<1 | uint32(row[bit/8]>>(7-bit%8)&1)
	}
	if n > 16 {
		v >>= n - 16
	}
	return uint16(v)
}

// float reads a floating point number.
func (p *Page) float(b []byte) float64 {
	o := p.d.file.order
	switch p.bits {
	case 16:
		return half(o.Uint16(b))
	case 24:
		v := uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
		if o == binary.ByteOrder(binary.LittleEndian) {
			v = uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
		}
		return small(v>>23, v>>16&0x7f, v&0xffff, 16, 63)
	case 32:
		return float64(math.Float32frombits(o.Uint32(b)))
	}
	return math.Float64frombits(o.Uint64(b))
}

// half reads IEEE 754's binary16.
func half(v uint16) float64 {
	return small(uint32(v>>15), uint32(v>>10&0x1f), uint32(v&0x3ff), 10, 15)
}

// small puts a floating point number together from its sign, exponent and
// fraction of so many bits.
func small(sign, exponent, fraction uint32, bits, bias int) float64 {
	v := float64(fraction) / float64(uint32(1)<<bits)
	if exponent == 0 {
		v = math.Ldexp(v, 1-bias)
	} else {
		v = math.Ldexp(1+v, int(exponent)-bias)
	}
	if sign != 0 {
		return -v
	}
	return v
}
