package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// Program returns what "overpaint version" prints: name, version, commit and date of
// the source as far as they are known, Go's version, and the system:
//
//	overpaint 0.2.0 (6c8ad7b, 2026-11-26) go1.26.8 linux/amd64
func Program() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		info = &debug.BuildInfo{}
	}
	commit, date := Commit, Date
	if commit == "" {
		commit, date = source(info.Settings)
	}
	version := Version
	if version == "" {
		version = "devel"
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
	}
	if commit != "" {
		version = fmt.Sprintf("%s (%s)", version, strings.Trim(commit+", "+date, ", "))
	}
	return fmt.Sprintf("overpaint %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// source returns the commit and its date from Go's build information, "" where they are
// missing.
func source(settings []debug.BuildSetting) (commit, date string) {
	changed := ""
	for _, s := range settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(7, len(s.Value))]
		case "vcs.time":
			date, _, _ = strings.Cut(s.Value, "T")
		case "vcs.modified":
			if s.Value == "true" {
				changed = "-dirty"
			}
		}
	}
	if commit == "" {
		return "", ""
	}
	return commit + changed, date
}

// UserAgent returns the User-Agent of requests to services: "overpaint/0.1.0", or
// "overpaint" where the version isn't known.
func UserAgent() string {
	if Version == "" {
		return "overpaint"
	}
	return "overpaint/" + Version
}
