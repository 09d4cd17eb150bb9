package colour

import (
	"crypto/sha256"
	"sync"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// cache keeps the conversions of recent profiles: pictures of one camera share a profile.
type cache[T any] struct {
	mu   sync.Mutex
	made map[[sha256.Size]byte]*entry[T]
}

type entry[T any] struct {
	once  sync.Once
	value T
	err   error
}

// mostKept is the largest number of entries of a cache; a table takes a megabyte.
const mostKept = 16

var (
	known     cache[*Space]
	knownGrey cache[*Space]
	knownInks cache[*Inks]
)

func (c *cache[T]) get(profile []byte, read func() (T, error)) (T, error) {
	key := sha256.Sum256(profile)
	c.mu.Lock()
	e := c.made[key]
	if e == nil {
		if c.made == nil || len(c.made) >= mostKept {
			c.made = map[[sha256.Size]byte]*entry[T]{}
		}
		e = new(entry[T])
		c.made[key] = e
	}
	c.mu.Unlock()
	e.once.Do(func() { e.value, e.err = read() })
	return e.value, e.err
}

// onceMixed returns a function that makes the table from sRGB to a profile's inks at its first
// call; the table is nil where the profile has none.
func onceMixed(p *icc.Profile) func() *inkGrid {
	return sync.OnceValue(func() *inkGrid {
		t, err := guarded(func() (*inkGrid, error) { return mixed(p) })
		if err != nil {
			return nil
		}
		return t
	})
}

func mixed(p *icc.Profile) (*inkGrid, error) {
	pipe, err := p.CreateTransformerToDevice(intent, true, true)
	if err != nil {
		return nil, err
	}
	toXYZ, _ := fromD50.inverse()
	black := &grid{points: make([]vector, 0, gridSide*gridSide*gridSide)}
	lab := p.Header.ProfileConnectionSpace == icc.ColorSpaceLab
	colours := newGrid(func(r, g, b float64) vector {
		xyz := toXYZ.of(vector{linear(r), linear(g), linear(b)})
		if lab {
			xyz = xyzToLab(xyz)
		}
		var in, out [4]float64
		copy(in[:], xyz[:])
		pipe.TransformGeneral(out[:], in[:])
		if !finite(out[:]...) {
			panic(ErrProfile)
		}
		black.points = append(black.points, vector{255 * out[3]})
		return vector{255 * out[0], 255 * out[1], 255 * out[2]}
	})
	return &inkGrid{colours, black}, nil
}
