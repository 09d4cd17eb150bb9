//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package secret

import ss "github.com/zalando/go-keyring/secret_service"

// locked reports whether the Secret Service's collection that holds the keys exists and is
// locked.
func locked() bool {
	service, err := ss.NewSecretService()
	if err != nil {
		return false
	}
	property, err := service.GetLoginCollection().GetProperty("org.freedesktop.Secret.Collection.Locked")
	if err != nil {
		return false
	}
	is, ok := property.Value().(bool)
	return ok && is
}
