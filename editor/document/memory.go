package document

import (
	"image"
	"runtime/debug"
	"sync"
)

// Memory is how many bytes a program that edits any number of documents lets
// itself take: what each picture takes with its pyramid and what lies over it,
// the cache's budget, and room for masks, thumbnails and work. Pixels hold no
// pointers, so collecting more often costs little, while a heap that is let grow
// to twice what is in use does not.
//
// The limit is one for the whole process, so a program has one Memory. It may be
// used by any number of goroutines.
type Memory struct {
	cache *Cache
	set   func(limit int64) int64

	mu    sync.Mutex
	sizes map[any]image.Point
}

// NewMemory returns a Memory of which nothing is held yet. set is what is told
// the limit; nil stands for runtime/debug.SetMemoryLimit.
func NewMemory(c *Cache, set func(limit int64) int64) *Memory {
	if set == nil {
		set = debug.SetMemoryLimit
	}
	return &Memory{cache: c, set: set, sizes: map[any]image.Point{}}
}

// Hold notes that an owner edits a canvas of a size instead of the one before.
// The zero size lets go of it.
func (m *Memory) Hold(owner any, size image.Point) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sizes[owner] == size {
		return
	}
	m.sizes[owner] = size
	if size == (image.Point{}) {
		delete(m.sizes, owner)
	}
	m.set(m.limit())
}

// limit is what all owners need together.
func (m *Memory) limit() int64 {
	const work = 200 << 20
	pixels := int64(0)
	for _, s := range m.sizes {
		pixels += 4 * int64(s.X) * int64(s.Y)
	}
	m.cache.mu.Lock()
	defer m.cache.mu.Unlock()
	return pixels*5/2 + m.cache.budget + work
}
