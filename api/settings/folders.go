package settings

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"overpaint.dev/overpaint/editor/file"
)

// Name is the name of the application's folder inside each of the system's.
const Name = "overpaint"

// Folders are the application's three folders. They need not exist yet: code that writes
// into them creates them, with mode 0700.
type Folders struct {
	// Config holds the settings.
	Config string
	// Data holds data that must not be lost: the history, autosaved documents.
	Data string
	// Cache holds data that can be recreated: thumbnails.
	Cache string
}

// Crashes is where reports of crashes are kept.
func (f Folders) Crashes() string { return filepath.Join(f.Data, "crashes") }

// Dirs returns the application's folders. XDG_CONFIG_HOME, XDG_DATA_HOME and
// XDG_CACHE_HOME are obeyed on Linux and other Unixes; as the XDG Base
// Directory Specification asks, a value that is not an absolute path counts as
// not set. It fails where the system doesn't know the user's home folder.
func Dirs() (Folders, error) {
	config, err := os.UserConfigDir()
	if xdg() {
		config, err = base("XDG_CONFIG_HOME", ".config")
	}
	if err != nil {
		return Folders{}, err
	}
	data, err := dataDir()
	if err != nil {
		return Folders{}, err
	}
	cache, err := os.UserCacheDir()
	if xdg() {
		cache, err = base("XDG_CACHE_HOME", ".cache")
	}
	if err != nil {
		return Folders{}, err
	}
	return Folders{
		Config: filepath.Join(config, Name),
		Data:   filepath.Join(data, Name),
		Cache:  filepath.Join(cache, Name),
	}, nil
}

func xdg() bool { return runtime.GOOS != "darwin" && runtime.GOOS != "windows" }

func dataDir() (string, error) {
	switch runtime.GOOS {
	case "darwin":
		return os.UserConfigDir() // ~/Library/Application Support
	case "windows":
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return dir, nil
		}
		return "", errors.New("settings: %LocalAppData% is not set")
	}
	return base("XDG_DATA_HOME", filepath.Join(".local", "share"))
}

// base returns the folder that an XDG variable names, or its default below the home folder.
func base(variable, below string) (string, error) {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, below), nil
}

// Tidy makes the folders and their contents accessible to the user alone, as earlier
// versions did not, and removes partial files of killed processes (file.Tidy). It takes
// a while where there are many files.
func (f Folders) Tidy() {
	for _, folder := range []string{f.Config, f.Data, f.Cache} {
		file.Tidy(folder)
	}
}
