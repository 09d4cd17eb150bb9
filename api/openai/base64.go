package openai

import (
	"bytes"
	"strings"
)

// sextets are the values of base64's characters, of both alphabets. What may
// stand between them without a meaning is skipped, anything else is wrong.
var sextets = func() (t [256]uint8) {
	for i := range t {
		t[i] = wrongByte
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = uint8(i)
	}
	t['-'], t['_'] = 62, 63
	for _, c := range []byte(" \t\r\n=") {
		t[c] = skippedByte
	}
	return t
}()

const skippedByte, wrongByte = 64, 128

// decoder decodes base64 piece by piece, as services write it: of either
// alphabet, broken into lines, padded or not (RFC 4648).
type decoder struct {
	out  []byte
	bits uint32
	have int // sextets in bits
	bad  bool
	drop bool // only check
}

func (d *decoder) write(p []byte) {
	if d.bad {
		return
	}
	for len(p) > 0 {
		if d.have == 0 {
			p = d.fours(p)
			if len(p) == 0 {
				return
			}
		}
		switch v := sextets[p[0]]; {
		case v < 64:
			d.bits = d.bits<<6 | uint32(v)
			if d.have++; d.have == 4 {
				d.add(byte(d.bits>>16), byte(d.bits>>8), byte(d.bits))
				d.bits, d.have = 0, 0
			}
		case v == wrongByte:
			d.bad = true
			return
		}
		p = p[1:]
	}
}

// fours decodes whole groups, as far as they stand together.
func (d *decoder) fours(p []byte) []byte {
	for len(p) >= 4 {
		a, b, c, e := sextets[p[0]], sextets[p[1]], sextets[p[2]], sextets[p[3]]
		if a|b|c|e >= 64 {
			break
		}
		d.add(a<<2|b>>4, b<<4|c>>2, c<<6|e)
		p = p[4:]
	}
	return p
}

func (d *decoder) add(b ...byte) {
	if d.drop {
		return
	}
	if cap(d.out)-len(d.out) < len(b) {
		// A half more, not twice: pictures are long.
		grown := make([]byte, len(d.out), max(4096, cap(d.out)+cap(d.out)/2))
		copy(grown, d.out)
		d.out = grown
	}
	d.out = append(d.out, b...)
}

// end returns what was decoded. What was no base64 gives an empty file that is
// not nil, so that it counts as a broken picture.
func (d *decoder) end() []byte {
	switch d.have {
	case 1:
		d.bad = true
	case 2:
		d.add(byte(d.bits >> 4))
	case 3:
		d.add(byte(d.bits>>10), byte(d.bits>>2))
	}
	if d.bad || d.out == nil {
		return []byte{}
	}
	return d.out
}

// A text holds a picture's file or its address, by the name of its field.
type textKind int

const (
	fileText    textKind = iota // base64, maybe behind "data:...,", or an address that begins with http
	addressText                 // an address, or "data:...,"
	anyText                     // a text in place of a picture: an address or a picture's file
)

// longestAddress bounds an address, in bytes.
const longestAddress = 64 << 10

// text takes the text of a field piece by piece and makes an item of it.
type text struct {
	kind  textKind
	state textState
	head  []byte // what has come while it isn't clear what it is; then the address
	dec   decoder
}

type textState int

const (
	undecided textState = iota
	address
	header // of "data:...,", up to the comma
	file
)

func (t *text) write(p []byte) {
	switch t.state {
	case undecided:
		t.head = append(t.head, p...)
		if len(t.head) >= len("https://") {
			t.decide()
		}
	case address:
		if len(t.head) <= longestAddress {
			t.head = append(t.head, p...)
		}
	case header:
		if i := bytes.IndexByte(p, ','); i >= 0 {
			t.state = file
			t.dec.write(p[i+1:])
		}
	case file:
		t.dec.write(p)
	}
}

// decide tells by its beginning what the text is.
func (t *text) decide() {
	head := t.head
	switch {
	case bytes.HasPrefix(head, []byte("data:")):
		t.state, t.head = header, nil
	case t.kind == addressText || isAddress(string(head)):
		t.state = address
		return
	default:
		t.state, t.head = file, nil
	}
	t.write(head)
}

// end returns the item that the text is, or false.
func (t *text) end() (item, bool) {
	if t.state == undecided {
		if len(t.head) == 0 && t.kind != anyText {
			return item{}, false
		}
		t.decide()
	}
	if t.state == address {
		return item{url: string(t.head)}, len(t.head) <= longestAddress
	}
	data := t.dec.end()
	return item{data: data}, t.kind != anyText || isPicture(data)
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
