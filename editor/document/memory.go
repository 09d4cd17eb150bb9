package document

import (
	"image"
	"runtime/debug"
	"sync"
)

// Memory sets the memory limit of a program that edits any number of documents: for each
// picture with its pyramid and what lies over it, the cache's budget, and room for masks,
// thumbnails and work. Pixels hold no pointers, so collecting garbage more often costs little,
// while a heap that may double costs much.
//
// The limit is one for the whole process, so a program has one Memory. It is safe for use by
// several goroutines.
type Memory struct {
	cache *Cache
	set   func(limit int64) int64

	mu    sync.Mutex
	sizes map[any]image.Point
}

// NewMemory returns a Memory without documents. set is called with the limit in bytes; nil
// stands for runtime/debug.SetMemoryLimit.
func NewMemory(c *Cache, set func(limit int64) int64) *Memory {
	if set == nil {
		set = debug.SetMemoryLimit
	}
	return &Memory{cache: c, set: set, sizes: map[any]image.Point{}}
}

// Hold notes that an owner edits a canvas of a size instead of the one before. The zero size
// removes the owner.
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

// limit returns what all owners need together, in bytes.
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
