package jpegfile

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/parallel"
)

// Samples are the decoded planes of a picture.
type Samples struct {
	*Frame
	Planes []Plane
}

// Plane holds one component's samples, rows that lie Stride apart. Width and
// Height count those that belong to the picture; whole MCUs are stored.
type Plane struct {
	Pix                   []byte
	Stride, Width, Height int
}

func newSamples(f *Frame) *Samples {
	s := &Samples{Frame: f}
	for i := range f.Components {
		c := &f.Components[i]
		s.Planes = append(s.Planes, Plane{
			Pix: make([]byte, 64*c.Stride*c.height), Stride: 8 * c.Stride,
			Width: up(f.Width*c.h, f.hMax), Height: up(f.Height*c.v, f.vMax),
		})
	}
	return s
}

// Decode computes the samples of a file; maxPixels and the errors are as for
// Read. begin is called with the planes before any is filled. It returns what is
// called with ranges of the picture's rows whose samples, and those next to them,
// are there: every row once, from other goroutines than the caller's, several at
// a time, before Decode returns. Where an error is returned rows may be missing,
// unless it is a *CutError: then all rows were passed on, and missing parts are
// grey, or coarse.
//
// The entropy coding of a sequential file in one scan is decoded on the caller's
// goroutine while others transform what came before; no coefficients are kept. Other
// files are decoded whole first, and their rows then divided among all processors.
func Decode(data []byte, maxPixels int64, begin func(*Samples) (rows func(from, to int))) error {
	r := newReader(data, maxPixels)
	if err := r.header(); err != nil {
		return err
	}
	scan, err := r.beginScan()
	if err != nil {
		return err
	}
	f := r.file
	if f.Mode != Progressive && len(scan.parts) == len(f.Components) {
		return r.stream(scan, begin)
	}
	f.allocate()
	scan.lenient = true
	rows, err := r.wholeScan(scan)
	switch {
	case err == nil:
		err = r.endScan(scan)
	case rows == 0:
		return err
	}
	if err == nil && scan.flawed {
		err = errFlawed
	}
	if err == nil || f.Mode == Progressive {
		err = cmp.Or(err, r.rest())
	}
	if err != nil {
		err = &CutError{err}
	}
	f.show(begin)
	return err
}

// errFlawed reports codes that cannot be, behind which a scan went on.
var errFlawed = damaged("an impossible code")

// rest reads what follows the first scan. Damage in a scan of a progressive file ends that
// scan alone; refinements of its coefficients are passed over, since without all of these
// their bits can't be told apart.
func (r *reader) rest() error {
	lost := make([][64]bool, len(r.file.Components))
	var first error
	for {
		more, err := r.toScan()
		if err == nil && !more {
			err = r.finish()
		}
		if err != nil || !more {
			return cmp.Or(first, err)
		}
		s, err := r.beginScan()
		if err != nil {
			return cmp.Or(first, err)
		}
		sc := s.scan
		band := lost[sc.components[0].index][sc.ss : sc.se+1]
		if sc.ss > 0 && sc.ah > 0 && slices.Contains(band, true) {
			continue
		}
		if _, err = r.wholeScan(s); err == nil {
			err = r.endScan(s)
		}
		if first = cmp.Or(first, err); err == nil {
			continue
		}
		if r.file.Mode != Progressive {
			return first
		}
		if sc.ss > 0 {
			for k := range band {
				band[k] = true
			}
		}
	}
}

// show computes the samples of a file's coefficients.
func (f *File) show(begin func(*Samples) (rows func(from, to int))) {
	s := newSamples(&f.Frame)
	rows := begin(s)
	parallel.All(f.mcusY, 1, func(y, _ int) {
		for i := range f.Components {
			c := &f.Components[i]
			for by := y * c.v; by < (y+1)*c.v; by++ {
				for bx := range c.Stride {
					b := c.Block(bx, by)
					inverse(s.Planes[i].Pix[8*(by*s.Planes[i].Stride+bx):], s.Planes[i].Stride, b, &c.Quant, last(b))
				}
			}
		}
	})
	high := 8 * f.vMax
	parallel.All(f.mcusY, 1, func(y, _ int) { rows(y*high, min((y+1)*high, f.Height)) })
}

// last returns the place of the last coefficient that is not zero, 0 if there is none.
func last(b *[64]int16) int {
	for k := 63; k > 0; k-- {
		if b[k] != 0 {
			return k
		}
	}
	return 0
}

// mcuRow is row y of the MCUs on its way from the entropy decoder to a transform.
type mcuRow struct {
	y            int
	coefficients [4][]int16
	ends         [4][]uint8
}

// rowsAhead is how many rows of MCUs the entropy decoder may be ahead.
const rowsAhead = 8

// stream decodes a file of one scan row by row.
func (r *reader) stream(scan *scanReader, begin func(*Samples) (rows func(from, to int))) error {
	f := &r.file.Frame
	free, full := make(chan *mcuRow, rowsAhead), make(chan *mcuRow, rowsAhead)
	var (
		group    sync.WaitGroup
		panicked atomic.Pointer[parallel.Panic]
		t        = transformer{frame: f, done: make([]bool, f.mcusY)}
	)
	for range min(f.mcusY, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for row := range full {
				// A panic must not stop the decoder's rows from coming back.
				if p := parallel.Catch(func() { t.transform(row, begin) }); p != nil {
					panicked.Store(p)
				}
				free <- row
			}
		})
	}
	err := f.streamRows(scan, free, full)
	close(full)
	group.Wait()
	panicked.Load().Raise()
	if err != nil {
		return err
	}
	if err := r.tail(scan); err != nil {
		return &CutError{err}
	}
	return nil
}

// streamRows decodes all rows of MCUs and sends them. Behind damage it goes on at the next
// restart marker, with blocks of zeros in between; a scan without these goes on with the next
// bits. The error is a *CutError where all rows were sent.
func (f *Frame) streamRows(scan *scanReader, free, full chan *mcuRow) error {
	var first error
	scan.lenient = scan.restart == 0
	for y := 0; y < scan.rows; y++ {
		row := f.emptyRow(free, y)
		scan.into(row)
		for err := scan.row(y); err != nil; err = scan.row(y) {
			if first == nil {
				first = err
			}
			row.unsure()
			at, ok := scan.resume()
			if !ok && y == 0 {
				return err
			}
			if !ok {
				at = scan.rows * scan.cols
			}
			for ; y < at/scan.cols && y < scan.rows-1; y++ {
				full <- row
				row = f.emptyRow(free, y+1)
				scan.into(row)
			}
			if !ok || y < at/scan.cols {
				break
			}
			scan.from = at % scan.cols
		}
		full <- row
	}
	if first == nil && scan.flawed {
		first = errFlawed
	}
	if first != nil {
		return &CutError{first}
	}
	return nil
}

// unsure has a row's blocks transformed whole: where their coefficients end isn't known.
func (r *mcuRow) unsure() {
	for i := range r.ends {
		for b := range r.ends[i] {
			r.ends[i][b] = 63
		}
	}
}

// emptyRow returns a row of zeros, of the memory of one that was used where
// there are enough.
func (f *Frame) emptyRow(free chan *mcuRow, y int) *mcuRow {
	if y >= rowsAhead {
		row := <-free
		row.y = y
		for _, c := range row.coefficients {
			clear(c)
		}
		return row
	}
	row := &mcuRow{y: y}
	for i := range f.Components {
		c := &f.Components[i]
		row.coefficients[i], row.ends[i] = make([]int16, 64*c.Stride*c.v), make([]uint8, c.Stride*c.v)
	}
	return row
}

// transformer computes samples from rows of MCUs, on several goroutines.
type transformer struct {
	frame *Frame
	once  sync.Once
	s     *Samples
	rows  func(from, to int)

	mu   sync.Mutex
	done []bool // of each row of MCUs: its samples are there
}

// transform computes the samples of a row, and tells of the pixels that are
// complete with it. The picture is divided a little above each row of MCUs: what
// lies there is interpolated from the row's first samples.
func (t *transformer) transform(row *mcuRow, begin func(*Samples) (rows func(from, to int))) {
	f := t.frame
	t.once.Do(func() {
		t.s = newSamples(f)
		t.rows = begin(t.s)
	})
	for i := range f.Components {
		c := &f.Components[i]
		stride := t.s.Planes[i].Stride
		for b := range c.Stride * c.v {
			to := t.s.Planes[i].Pix[8*((row.y*c.v+b/c.Stride)*stride+b%c.Stride):]
			inverse(to, stride, (*[64]int16)(row.coefficients[i][64*b:]), &c.Quant, int(row.ends[i][b]))
		}
	}
	t.mu.Lock()
	t.done[row.y] = true
	above := row.y == 0 || t.done[row.y-1]
	below := row.y+1 == f.mcusY || t.done[row.y+1]
	t.mu.Unlock()
	if above {
		t.rows(t.border(row.y), t.border(row.y+1))
	}
	if below && row.y+1 < f.mcusY {
		t.rows(t.border(row.y+1), t.border(row.y+2))
	}
}

// border returns the first pixel row that needs samples of row y of the MCUs.
func (t *transformer) border(y int) int {
	f := t.frame
	switch {
	case y == 0:
		return 0
	case y >= f.mcusY:
		return f.Height
	}
	return 8*f.vMax*y - f.vMax
}

// tail reads what follows the only scan of a file.
func (r *reader) tail(scan *scanReader) error {
	if err := r.endScan(scan); err != nil {
		return err
	}
	more, err := r.toScan()
	if err == nil && more {
		return damaged("a scan too many")
	}
	return err
}
