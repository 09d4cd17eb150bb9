package main

import (
	"encoding/binary"
	"errors"
)

// errDamaged is returned for a file whose offsets lead outside of it.
var errDamaged = errors.New("the file is damaged: an offset leads outside of it")

// table is a table of a FlatBuffers file: the whole file, and where the table begins.
// Reading outside of the file panics with errDamaged.
type table struct {
	data []byte
	at   int
}

// root returns the table that a file begins with.
func root(data []byte) table { return table{data, 0}.follow(0) }

func (t table) bytes(at, n int) []byte {
	if at < 0 || n < 0 || at > len(t.data)-n {
		panic(errDamaged)
	}
	return t.data[at : at+n]
}

func (t table) u16(at int) int { return int(binary.LittleEndian.Uint16(t.bytes(at, 2))) }
func (t table) i32(at int) int { return int(int32(binary.LittleEndian.Uint32(t.bytes(at, 4)))) }

// follow returns what the offset at a position leads to.
func (t table) follow(at int) table { return table{t.data, at + t.i32(at)} }

// field returns where a field is, by its number in the schema, 0 where it is left out.
func (t table) field(number int) int {
	v := t.at - t.i32(t.at)
	if 4+2*number >= t.u16(v) {
		return 0
	}
	if o := t.u16(v + 4 + 2*number); o != 0 {
		return t.at + o
	}
	return 0
}

// integer returns a field of 32 bits, or a default.
func (t table) integer(number, without int) int {
	if at := t.field(number); at != 0 {
		return t.i32(at)
	}
	return without
}

// small returns a field of one byte, 0 where it is left out.
func (t table) small(number int) int {
	if at := t.field(number); at != 0 {
		return int(t.bytes(at, 1)[0])
	}
	return 0
}

// vector returns the length of a vector, and where its elements begin.
func (t table) vector(number int) (n, at int) {
	f := t.field(number)
	if f == 0 {
		return 0, 0
	}
	v := t.follow(f)
	return v.i32(v.at), v.at + 4
}

// elements returns a vector whose elements take four bytes each, by what reads one.
func elements[T any](t table, number int, read func(at int) T) []T {
	n, at := t.vector(number)
	t.bytes(at, 4*n)
	list := make([]T, n)
	for i := range list {
		list[i] = read(at + 4*i)
	}
	return list
}

// tables returns a vector of tables.
func (t table) tables(number int) []table { return elements(t, number, t.follow) }

// integers returns a vector of numbers of 32 bits.
func (t table) integers(number int) []int { return elements(t, number, t.i32) }

// blob returns a vector of bytes, or a string.
func (t table) blob(number int) []byte {
	n, at := t.vector(number)
	return t.bytes(at, n)
}
