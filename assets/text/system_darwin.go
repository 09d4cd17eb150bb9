package text

import "github.com/jeandeaual/go-locale"

// systemLanguages returns the languages that the user has chosen in macOS's
// settings, as tags ("zh-Hans-CN"), the preferred one first.
func systemLanguages() []string {
	tags, err := locale.GetLocales()
	if err != nil {
		return nil
	}
	return tags
}
