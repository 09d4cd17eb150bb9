package text

import "golang.org/x/sys/windows"

// systemLanguages returns the languages that the user has chosen in Windows'
// settings, as tags ("zh-Hans-CN"), the preferred one first.
func systemLanguages() []string {
	tags, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return tags
}
