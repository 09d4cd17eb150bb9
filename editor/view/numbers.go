package view

import (
	"image"
	"strconv"
)

// digits are 3 dots wide and 5 high, each row from its left dot in the highest bit.
var digits = [10][5]uint8{
	{7, 5, 5, 5, 7},
	{2, 6, 2, 2, 7},
	{7, 1, 7, 4, 7},
	{7, 1, 3, 1, 7},
	{5, 5, 7, 1, 1},
	{7, 4, 7, 1, 7},
	{7, 4, 7, 5, 7},
	{7, 1, 2, 2, 2},
	{7, 5, 7, 5, 7},
	{7, 5, 7, 1, 7},
}

// Dimensions of a number, in line widths.
const (
	dotSide   = 2
	digitStep = 4 * dotSide // from one digit to the next
	numberPad = 3           // around a number, and to its frame
)

// numberBox is where the number of a frame is drawn, in device pixels: in its top-left
// corner.
func (s *shot) numberBox(frame image.Rectangle, number int) image.Rectangle {
	n := s.style.Line
	at := s.transform.frameRect(frame).Min.Add(image.Pt(numberPad*n, numberPad*n))
	w := (len(strconv.Itoa(number))*digitStep - dotSide + 2*numberPad) * n
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(w, (5*dotSide+2*numberPad)*n))}
}

// frames returns all frames in the order of their numbers.
func (f Frame) frames() []image.Rectangle {
	return append([]image.Rectangle{f.Rect}, f.More...)
}

// number returns the number shown in frame i, counted from 0.
func (f Frame) number(i int) int { return max(f.First, 1) + i }

// numberBoxes returns the boxes of all numbers, none for a single frame without First.
func (s *shot) numberBoxes() (list []image.Rectangle) {
	if len(s.frame.More) == 0 && s.frame.First == 0 || s.frame.Rect.Empty() {
		return nil
	}
	for i, f := range s.frame.frames() {
		list = append(list, s.numberBox(f, s.frame.number(i)))
	}
	return list
}

// drawNumbers draws the parts of the frames' numbers that lie in r.
func (s *shot) drawNumbers(dst *image.RGBA, r image.Rectangle) {
	n := s.style.Line
	for i, box := range s.numberBoxes() {
		if !box.Overlaps(r) {
			continue
		}
		shade(dst, box.Intersect(r), laneBlack, numberWeight)
		at := box.Min.Add(image.Pt(numberPad*n, numberPad*n))
		for _, c := range strconv.Itoa(s.frame.number(i)) {
			for y, row := range digits[c-'0'] {
				for x := range 3 {
					if row>>(2-x)&1 == 0 {
						continue
					}
					dot := image.Rect(x*dotSide*n, y*dotSide*n, (x+1)*dotSide*n, (y+1)*dotSide*n).Add(at)
					shade(dst, dot.Intersect(r), laneWhite, 256)
				}
			}
			at.X += digitStep * n
		}
	}
}

// numberWeight is the darkness of a number's background, in 256ths.
const numberWeight = 190
