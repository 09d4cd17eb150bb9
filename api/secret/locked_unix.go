//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package secret

import ss "github.com/zalando/go-keyring/secret_service"

// locked reports that the Secret Service's collection, in which keys are kept, is there and
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
