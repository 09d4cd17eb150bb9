package service_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
)

// A secret that a hand wrote into a connection's headers is taken into the keyring
// when the connection is used, is sent from there, and is deleted with the key.
func TestHeadersSecretsMoveIntoTheKeyring(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) {
		c.Headers = map[string]string{"authorization": "Bearer " + apitest.Key, "x-provider": "somebody"}
	})
	b.keys[relay] = "another-key-than-the-headers"
	account := secret.HeaderAccount(relay, "authorization")
	for range 2 { // from the file, then from the keyring
		if _, err := b.Models(t.Context(), relay); err != nil {
			t.Fatal(err)
		}
		if got := b.keys[account]; got != apitest.Key {
			t.Fatalf("the keyring holds %q", got)
		}
		want := map[string]string{"authorization": "Bearer {secret}", "x-provider": "somebody"}
		if c, _ := b.Connection(relay); !maps.Equal(c.Headers, want) {
			t.Fatal("settings hold", c.Headers)
		}
	}
	if file, err := os.ReadFile(filepath.Join(b.config, settings.FileName)); err != nil || strings.Contains(string(file), apitest.Key) {
		t.Error("the secret is still in the file", err)
	}
	if err := b.ForgetKey(t.Context(), relay); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.keys[account]; ok {
		t.Error("the secret is still in the keyring")
	}
}
