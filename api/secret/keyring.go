package secret

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/zalando/go-keyring"
)

// Service is the name under which the system's keyring keeps the keys.
const Service = "overpaint"

// Keyring stores keys outside the program by the connection's ID. Calls may block;
// a Store limits the wait. Get and Delete return ErrNotFound where there is no key.
type Keyring interface {
	Get(connection string) (string, error)
	Set(connection, key string) error
	Delete(connection string) error
}

// system is the keyring of the desktop: the Secret Service over D-Bus, the
// macOS keychain or the Windows credential store.
type system struct{}

func (system) Get(connection string) (string, error) {
	if !hasBus() {
		return "", ErrNoKeyring
	}
	key, err := keyring.Get(Service, connection)
	return key, translate(err)
}

func (system) Set(connection, key string) error {
	if !hasBus() {
		return ErrNoKeyring
	}
	return translate(keyring.Set(Service, connection, key))
}

func (system) Delete(connection string) error {
	if !hasBus() {
		return ErrNoKeyring
	}
	return translate(keyring.Delete(Service, connection))
}

func translate(err error) error {
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case err != nil && locked():
		return ErrSilent
	}
	return err
}

// hasBus reports whether there may be a session bus. Without this check the D-Bus
// library would start a bus of its own, without a keyring, and never stop it.
func hasBus() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat(filepath.Join("/run/user", fmt.Sprint(os.Getuid()), name)); err == nil {
			return true
		}
	}
	return false
}
