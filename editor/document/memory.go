package document

// MemoryLimit returns how many bytes a program that edits s should let itself take, for
// runtime/debug.SetMemoryLimit: what the picture takes with its pyramid and what lies over it, the
// cache's budget, and room for masks, thumbnails and work. Pixels hold no pointers, so collecting more
// often costs little, while a heap that is let grow to twice what is in use does not.
func MemoryLimit(s *State, c *Cache) int64 {
	const work = 200 << 20
	c.mu.Lock()
	defer c.mu.Unlock()
	pixels := 4 * int64(s.Size.X) * int64(s.Size.Y)
	return pixels*5/2 + c.budget + work
}
