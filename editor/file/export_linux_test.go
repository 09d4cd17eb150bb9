package file

// UseNamedDrafts makes drafts have temporary names from now on, as on systems
// and file systems that have no files without a name.
func UseNamedDrafts() { unnamed = false }
