package colour

import (
	"math"
	"sort"
)

// vector is a colour: XYZ with the white of D50, or linear light of sRGB.
type vector [3]float64

// matrix has the rows of a linear map.
type matrix [3]vector

func (m matrix) of(v vector) (out vector) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

func (m matrix) times(n matrix) (out matrix) {
	for i := range 3 {
		for j := range 3 {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j] + m[i][2]*n[2][j]
		}
	}
	return out
}

// inverse returns the inverse; ok is false where the matrix is nearly singular.
func (m matrix) inverse() (out matrix, ok bool) {
	minor := func(i, j int) float64 {
		a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	det := m[0][0]*minor(0, 0) + m[0][1]*minor(0, 1) + m[0][2]*minor(0, 2)
	if !(math.Abs(det) > 1e-6) {
		return out, false
	}
	for i := range 3 {
		for j := range 3 {
			out[j][i] = minor(i, j) / det
		}
	}
	return out, true
}

// fromD50 converts XYZ with the white of D50 to linear sRGB (IEC 61966-2-1, adapted by the
// Bradford transform, as in ICC profiles).
var fromD50 = matrix{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// linear decodes sRGB's tone curve.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// encoded is the inverse of linear.
func encoded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

const (
	toneSteps = 1 << 14 // of linear light, fine enough for the darkest tones of sRGB
	fineSteps = 1 << 16 // for steeper curves
)

// encodedTones are sRGB's bytes for linear light in toneSteps.
var encodedTones = func() (t [toneSteps + 1]uint8) {
	for i := range t {
		t[i] = uint8(255*encoded(float64(i)/toneSteps) + 0.5)
	}
	return t
}()

// shaper converts an additive space to sRGB by tone curves and a matrix.
type shaper struct {
	// lights are the contributions of each byte of each channel to linear sRGB, in toneSteps.
	lights [3][256][4]float32
}

// newShaper returns the shaper of tone curves and a matrix from their linear light to linear
// sRGB.
func newShaper(curves *[3][256]float64, m matrix) *shaper {
	s := new(shaper)
	for c := range 3 {
		for v, light := range curves[c] {
			for i := range 3 {
				s.lights[c][v][i] = float32(light * m[i][c] * toneSteps)
			}
		}
	}
	return s
}

func (s *shaper) convert(row []byte) {
	for ; len(row) >= 4; row = row[4:] {
		r, g, b := &s.lights[0][row[0]], &s.lights[1][row[1]], &s.lights[2][row[2]]
		row[0] = tone(r[0] + g[0] + b[0])
		row[1] = tone(r[1] + g[1] + b[1])
		row[2] = tone(r[2] + g[2] + b[2])
	}
}

func tone(light float32) uint8 {
	return encodedTones[min(max(int32(light+0.5), 0), toneSteps)]
}

// unshaper is the inverse of a shaper.
type unshaper struct {
	linear [256]float32
	m      [3][3]float32
	tones  [3][]uint8
}

// newUnshaper returns the unshaper of a shaper's curves and the inverse of its matrix.
func newUnshaper(curves *[3][256]float64, inv matrix) *unshaper {
	u := new(unshaper)
	for i := range u.linear {
		u.linear[i] = float32(linear(float64(i) / 255))
	}
	for i := range 3 {
		for j := range 3 {
			u.m[i][j] = float32(inv[i][j])
		}
		if i > 0 && curves[i] == curves[0] {
			u.tones[i] = u.tones[0]
			continue
		}
		u.tones[i] = nearestTones(&curves[i])
	}
	return u
}

// nearestTones returns, for linear light in fineSteps, the byte whose light is nearest.
func nearestTones(curve *[256]float64) []uint8 {
	rising := *curve
	for i := 1; i < len(rising); i++ {
		rising[i] = max(rising[i], rising[i-1])
	}
	tones := make([]uint8, fineSteps+1)
	for i := range tones {
		light := float64(i) / fineSteps
		above := min(sort.SearchFloat64s(rising[:], light), 255)
		if above > 0 && light-rising[above-1] < rising[above]-light {
			above--
		}
		tones[i] = uint8(above)
	}
	return tones
}

func (u *unshaper) convert(row []byte) {
	for ; len(row) >= 4; row = row[4:] {
		r, g, b := u.linear[row[0]], u.linear[row[1]], u.linear[row[2]]
		for i := range 3 {
			light := u.m[i][0]*r + u.m[i][1]*g + u.m[i][2]*b
			row[i] = u.tones[i][min(max(int32(light*fineSteps+0.5), 0), fineSteps)]
		}
	}
}

// identity reports whether a converter changes no value by more than a level or two, as the
// profiles of files in sRGB do.
func identity(c converter) bool {
	const most = 2
	for r := 0; r <= 255; r += 15 {
		for g := 0; g <= 255; g += 15 {
			for b := 0; b <= 255; b += 15 {
				p := [4]byte{byte(r), byte(g), byte(b), 255}
				q := p
				c.convert(q[:])
				for i := range 3 {
					if d := int(p[i]) - int(q[i]); d > most || d < -most {
						return false
					}
				}
			}
		}
	}
	return true
}
