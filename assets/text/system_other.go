//go:build !windows && !darwin

package text

// systemLanguages returns nothing: here the environment alone names languages.
func systemLanguages() []string { return nil }
