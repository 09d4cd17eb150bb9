package colour

// Conversion converts pixels from one space to another. Nil changes nothing. Any number of
// goroutines may use it.
type Conversion struct{ steps []converter }

// To returns the conversion from s to another space, nil where both are the same. Colours
// outside o's gamut become the nearest within it. Where a profile describes one of the
// spaces by a table, the conversion goes through sRGB and loses colours outside its gamut.
func (s *Space) To(o *Space) *Conversion {
	switch {
	case s.Same(o):
		return nil
	case o == nil:
		return &Conversion{[]converter{s.to}}
	case s == nil:
		return &Conversion{[]converter{o.back()}}
	}
	from, ok := s.to.(*shaper)
	to, both := o.back().(*unshaper)
	if ok && both {
		return &Conversion{[]converter{newPassage(from, to)}}
	}
	return &Conversion{[]converter{s.to, o.back()}}
}

// Convert converts a row of straight RGBA in place.
func (c *Conversion) Convert(row []byte) {
	if c == nil {
		return
	}
	for _, step := range c.steps {
		step.convert(row)
	}
}

// passage converts directly between two matrix-and-curve spaces, without clipping to sRGB's
// gamut.
type passage struct {
	// lights are the contributions of each byte of each channel to the target space's linear
	// light, in fineSteps.
	lights [3][256][4]float32
	tones  [3][]uint8
}

func newPassage(from *shaper, to *unshaper) *passage {
	p := &passage{tones: to.tones}
	for c := range from.lights {
		for v, light := range from.lights[c] {
			for i := range 3 {
				p.lights[c][v][i] = (to.m[i][0]*light[0] + to.m[i][1]*light[1] + to.m[i][2]*light[2]) * (fineSteps / toneSteps)
			}
		}
	}
	return p
}

func (p *passage) convert(row []byte) {
	for ; len(row) >= 4; row = row[4:] {
		r, g, b := &p.lights[0][row[0]], &p.lights[1][row[1]], &p.lights[2][row[2]]
		for i := range 3 {
			row[i] = p.tones[i][min(max(int32(r[i]+g[i]+b[i]+0.5), 0), fineSteps)]
		}
	}
}
