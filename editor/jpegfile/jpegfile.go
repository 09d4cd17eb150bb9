// Package jpegfile takes JPEG files (ITU-T T.81) apart into their quantised
// coefficients and puts them together again, so that what an edit does not touch
// is the same in the saved file, bit for bit.
//
// Read returns a File: the frame, the tables, the scans as the encoder chose
// them, and the coefficients of every block. File.Write is its inverse. Decode
// gives the samples that are to be shown without keeping the coefficients.
//
// Baseline, extended and progressive files of 8 bits with 1, 3 or 4 components
// of any sampling are read, Huffman or arithmetic coded; 12 bits, lossless and
// hierarchical files are not.
package jpegfile

import (
	"errors"
	"fmt"
)

var (
	// ErrDamaged reports that a file breaks off or breaks the rules of the format.
	ErrDamaged = errors.New("jpegfile: the file is cut off or damaged")
	// ErrTooLarge reports a frame of more pixels than the caller allows. It is
	// found in the header, before memory is taken.
	ErrTooLarge = errors.New("jpegfile: the picture is larger than the limit")
)

// UnsupportedError reports a JPEG file that uses a part of the standard which
// this package does not read.
type UnsupportedError struct {
	// Feature names that part, in English.
	Feature string
}

func (e *UnsupportedError) Error() string { return "jpegfile: unsupported feature: " + e.Feature }

// CutError reports a file of which Decode could show a part: the beginning, or a
// coarse picture of which the details are missing. It unwraps to the reason, which
// is ErrDamaged.
type CutError struct{ Cause error }

func (e *CutError) Error() string { return e.Cause.Error() }

// Unwrap returns the reason.
func (e *CutError) Unwrap() error { return e.Cause }

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// Mode is how a file's coefficients are ordered and coded.
type Mode int

// The modes, by the standard's names.
const (
	Baseline    Mode = iota // sequential, at most two tables of each kind
	Extended                // sequential, up to four tables
	Progressive             // several scans, each refining what came before
)

// Colour is what a file's components mean.
type Colour int

// The colour models. CMYK and YCCK are stored inverted where Frame.Inverted says so.
const (
	Grey  Colour = iota
	YCbCr        // full-range BT.601, as JFIF defines it
	RGB
	CMYK
	YCCK // C, M and Y as YCbCr, K as it is
)

// Frame describes a picture as its header does.
type Frame struct {
	// Width and Height are in pixels, 1 to 65535.
	Width, Height int
	Mode          Mode
	Colour        Colour
	// Inverted reports that inks are stored as 255 minus their amount, which
	// files with Adobe's marker do.
	Inverted bool
	// Components are the planes of samples, 1, 3 or 4 of them.
	Components []Component
	// Segments are all application segments (APP0 to APP15) and comments in the
	// order of the file. Payloads share the file's memory.
	Segments []Segment

	// Arithmetic tells arithmetic coding from Huffman coding.
	Arithmetic bool

	hMax, vMax   int
	mcusX, mcusY int
}

// Component is one plane of samples, divided into blocks of 8x8.
type Component struct {
	// ID names the component in the file.
	ID byte
	// H and V are the sampling factors, 1 to 4: the component has H/Hmax x V/Vmax
	// of the picture's samples, where Hmax and Vmax are the largest of all.
	H, V int
	// Columns and Rows count the blocks that hold samples of the picture. Blocks
	// are stored in rows of Stride blocks, which fill whole MCUs.
	Columns, Rows, Stride int
	// Quant is the quantisation table, in zig-zag order.
	Quant [64]uint16
	// Coefficients holds 64 values for each block, quantised, in zig-zag order;
	// nil where a file was read for its header alone.
	Coefficients []int16

	h, v   int // as H and V, but 1 in a frame of one component
	height int // in blocks, whole MCUs
	slot   byte
	wide   bool // the table is stored with 16 bits
	quants bool // Quant is known
	added  bool // the file that was read has no such component
}

// Segment is a marker segment that does not concern decoding.
type Segment struct {
	Marker  byte // 0xe0 to 0xef for APP0 to APP15, 0xfe for a comment
	Payload []byte
}

// File is a JPEG file taken apart.
type File struct {
	Frame
	scans []scan
}

// scan is what one scan codes, and how.
type scan struct {
	components []scanComponent
	ss, se     int // the band of coefficients
	ah, al     int // the bits: those above al were sent before, or ah is 0
	restart    int // MCUs between restart markers, 0 for none
	cond       conditioning
}

// scanComponent is a component's part in a scan: its index in the frame and the
// tables that it is coded with, nil where the scan needs none.
type scanComponent struct {
	index   int
	dcSlot  byte
	acSlot  byte
	dc, ac  *huffman
	implied bool // the file has no tables and means the standard's
}

// Block returns the coefficients of block (x, y), to be read or changed.
func (c *Component) Block(x, y int) *[64]int16 {
	return (*[64]int16)(c.Coefficients[64*(y*c.Stride+x):])
}

// lay works out how many blocks the components have.
func (f *Frame) lay() {
	f.hMax, f.vMax = 1, 1
	for i := range f.Components {
		c := &f.Components[i]
		c.h, c.v = c.H, c.V
		if len(f.Components) == 1 {
			c.h, c.v = 1, 1 // a scan of one component has MCUs of one block (A.2.2)
		}
		f.hMax, f.vMax = max(f.hMax, c.h), max(f.vMax, c.v)
	}
	f.mcusX, f.mcusY = up(f.Width, 8*f.hMax), up(f.Height, 8*f.vMax)
	for i := range f.Components {
		c := &f.Components[i]
		c.Columns, c.Rows = up(up(f.Width*c.h, f.hMax), 8), up(up(f.Height*c.v, f.vMax), 8)
		c.Stride, c.height = f.mcusX*c.h, f.mcusY*c.v
	}
}

// up divides, rounding up.
func up(a, b int) int { return (a + b - 1) / b }

// MCU returns the size in pixels of the smallest unit of the picture that all
// components divide into whole blocks: what an offset must be a multiple of for
// blocks to stay as they are.
func (f *Frame) MCU() (width, height int) { return 8 * f.hMax, 8 * f.vMax }

// blocks returns the number of blocks of all components, those that only fill
// MCUs included.
func (f *Frame) blocks() int64 {
	var n int64
	for i := range f.Components {
		n += int64(f.Components[i].Stride) * int64(f.Components[i].height)
	}
	return n
}

// coded returns the number of blocks that hold samples of the picture.
func (f *Frame) coded() int64 {
	var n int64
	for i := range f.Components {
		n += int64(f.Components[i].Columns) * int64(f.Components[i].Rows)
	}
	return n
}

// allocate takes the memory for all coefficients.
func (f *Frame) allocate() {
	for i := range f.Components {
		c := &f.Components[i]
		c.Coefficients = make([]int16, 64*c.Stride*c.height)
	}
}

// zigzag maps a coefficient's place in the file to its place in the block, rows
// first (figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}
