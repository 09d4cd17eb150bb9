package document

import (
	"bytes"
	"container/list"
	"image"
	"runtime"
	"sync"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/picture"
)

// DefaultBudget is the cache's default budget in bytes.
const DefaultBudget = 512 << 20

// DefaultCache is the cache of variants without one of their own.
var DefaultCache = NewCache(DefaultBudget)

// Cache keeps decoded pixels within a budget of bytes. What was not looked at
// for longest is dropped first, and decoded again from its file when it is
// looked at. The files, which stay in memory as long as anything refers to
// them, count as well, but an eighth of the budget is always left for pixels.
//
// Pixels that are in use stay valid: dropping only forgets them. What belongs
// to files that nothing refers to any more is forgotten with the next garbage
// collection. A Cache is safe for use by several goroutines.
type Cache struct {
	mu      sync.Mutex
	budget  int64
	pixels  int64 // bytes of decoded pixels
	files   int64 // bytes of encoded pictures
	entries map[blobID][]*cached
	order   *list.List // of *cached, the latest first
}

// blobID identifies an encoded picture without keeping it alive.
type blobID uint64

var lastBlob atomic.Uint64

// look is how a picture is cached: its size, and whether it was moved back onto what was sent.
type look struct {
	size  image.Point
	moved bool
}

// cached is one picture in one look. once guards img.
type cached struct {
	id    blobID
	look  look
	once  sync.Once
	img   *image.NRGBA
	bytes int64 // 0 until it is decoded
	place *list.Element
}

// NewCache returns an empty cache with a budget in bytes.
func NewCache(budget int64) *Cache {
	return &Cache{budget: budget, entries: map[blobID][]*cached{}, order: list.New()}
}

// SetBudget changes the budget in bytes; what exceeds it is dropped at once.
func (c *Cache) SetBudget(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budget = bytes
	c.trim()
}

// Usage returns the number of cached pictures, their bytes, and the bytes of the files that
// they are decoded from.
func (c *Cache) Usage() (pictures int, pixels, files int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len(), c.pixels, c.files
}

// get returns a picture in a look, made by decode where it is not cached. Concurrent calls
// wait for the first one. nil is not cached.
func (c *Cache) get(id blobID, l look, decode func() *image.NRGBA) *image.NRGBA {
	c.mu.Lock()
	e := c.find(id, l)
	if e == nil {
		e = &cached{id: id, look: l}
		e.place = c.order.PushFront(e)
		c.entries[id] = append(c.entries[id], e)
	} else {
		c.order.MoveToFront(e.place)
	}
	c.mu.Unlock()
	e.once.Do(func() {
		e.img = decode()
		c.mu.Lock()
		defer c.mu.Unlock()
		switch {
		case e.place == nil: // its file is gone
		case e.img == nil:
			c.drop(e)
		default:
			e.bytes = int64(len(e.img.Pix))
			c.pixels += e.bytes
			c.trim()
		}
	})
	return e.img
}

// kept returns a picture if it is cached at a size, else nil.
func (c *Cache) kept(id blobID, size image.Point) *image.NRGBA {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.find(id, look{size: size}); e != nil && e.bytes > 0 {
		return e.img
	}
	return nil
}

func (c *Cache) find(id blobID, l look) *cached {
	for _, e := range c.entries[id] {
		if e.look == l {
			return e
		}
	}
	return nil
}

// trim drops pixels until the budget holds. The caller holds mu.
func (c *Cache) trim() {
	limit := max(c.budget-c.files, c.budget/8)
	for at := c.order.Back(); at != nil && c.pixels > limit; {
		e := at.Value.(*cached)
		at = at.Prev()
		if e.bytes > 0 { // the others are being made
			c.drop(e)
		}
	}
}

// drop removes a picture from the cache. The caller holds mu.
func (c *Cache) drop(e *cached) {
	c.order.Remove(e.place)
	e.place = nil
	c.pixels -= e.bytes
	list := c.entries[e.id]
	for i := range list {
		if list[i] == e {
			list = append(list[:i:i], list[i+1:]...)
			break
		}
	}
	if len(list) == 0 {
		delete(c.entries, e.id)
		return
	}
	c.entries[e.id] = list
}

// forget removes everything of a file that was garbage-collected.
func (c *Cache) forget(id blobID, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files -= bytes
	for _, e := range c.entries[id] {
		c.order.Remove(e.place)
		e.place = nil
		c.pixels -= e.bytes
	}
	delete(c.entries, id)
}

// blob is an encoded picture that is decoded when its pixels are needed.
type blob struct {
	id    blobID
	data  []byte
	size  image.Point // of the pixels
	cache *Cache
	space *colour.Space // that the pixels are brought into from sRGB; nil: none
}

// newBlob returns a blob of an encoded picture of a size. pix, unless nil, is data decoded and
// converted to the space; it must not be written to.
func newBlob(c *Cache, data []byte, size image.Point, pix *image.NRGBA, space *colour.Space) *blob {
	if c == nil {
		c = DefaultCache
	}
	b := &blob{id: blobID(lastBlob.Add(1)), data: data, size: size, cache: c, space: space}
	type file struct {
		id    blobID
		bytes int64
	}
	c.mu.Lock()
	c.files += int64(len(data))
	c.trim()
	c.mu.Unlock()
	runtime.AddCleanup(b, func(f file) { c.forget(f.id, f.bytes) }, file{b.id, int64(len(data))})
	if pix != nil {
		c.get(b.id, look{size: size}, func() *image.NRGBA { return pix })
	}
	return b
}

// encodedBlob returns a blob of pixels, which are encoded so that they can be dropped.
func encodedBlob(c *Cache, pix *image.NRGBA) (*blob, error) {
	var out bytes.Buffer
	if err := picture.EncodeRGBA(&out, pix, 1); err != nil {
		return nil, err
	}
	return newBlob(c, bytes.Clone(out.Bytes()), pix.Rect.Size(), pix, nil), nil
}

// pixels returns the picture, nil where it cannot be decoded.
func (b *blob) pixels() *image.NRGBA {
	return b.cache.get(b.id, look{size: b.size}, b.decode)
}

// at returns the picture at a size, nil where it cannot be decoded.
func (b *blob) at(size image.Point) *image.NRGBA {
	if size == b.size {
		return b.pixels()
	}
	return b.made(look{size: size}, func(pix *image.NRGBA) *image.NRGBA { return picture.Resize(pix, size) })
}

// made returns what make returns for the picture, cached as a look; nil where it cannot be
// decoded.
func (b *blob) made(l look, make func(pix *image.NRGBA) *image.NRGBA) *image.NRGBA {
	return b.cache.get(b.id, l, func() *image.NRGBA {
		pix := b.cache.kept(b.id, b.size)
		if pix == nil {
			pix = b.decode()
		}
		if pix == nil {
			return nil
		}
		return make(pix)
	})
}

func (b *blob) decode() *image.NRGBA {
	p, err := picture.Decode(b.data, picture.Limits{MaxPixels: int64(b.size.X) * int64(b.size.Y)})
	if err != nil || p.Size() != b.size {
		return nil
	}
	return b.space.Of(p.SRGB())
}
