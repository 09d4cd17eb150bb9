// Package docs holds the pages for those who work on Overpaint, and the tests
// that keep them and the rules in them true.
package docs
