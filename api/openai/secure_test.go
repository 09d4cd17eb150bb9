package openai_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	mathbig "math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
)

// certificate makes a certificate of its own.
func certificate(t *testing.T, until time.Time, ip net.IP) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: mathbig.NewInt(1), NotBefore: until.Add(-time.Hour), NotAfter: until, IPAddresses: []net.IP{ip}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestCertificates says what is wrong with a certificate.
func TestCertificates(t *testing.T) {
	now := time.Now()
	for key, c := range map[string]tls.Certificate{
		"error.tls_expired":   certificate(t, now.Add(-time.Hour), net.IPv4(127, 0, 0, 1)),
		"error.tls_name":      certificate(t, now.Add(time.Hour), net.IPv4(127, 0, 0, 2)),
		"error.tls_authority": certificate(t, now.Add(time.Hour), net.IPv4(127, 0, 0, 1)),
	} {
		s := httptest.NewUnstartedServer(nil)
		s.Config.ErrorLog = quiet
		s.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
		s.StartTLS()
		r := edit(t, t.Context(), s.URL)
		if runtime.GOOS == "windows" {
			key = "error.tls_authority" // which its verifier says first: nobody there knows these
		}
		if r.err == nil || r.err.Kind != api.KindNetwork || r.err.Text().Key != key || r.err.Retryable {
			t.Errorf("%s: %+v", key, r.err)
		}
		s.Close()
	}
}

// TestProxy goes through the proxy of the connection.
func TestProxy(t *testing.T) {
	relay := apitest.New(t)
	var passed atomic.Int32
	forward := &http.Transport{}
	defer forward.CloseIdleConnections()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		passed.Add(1)
		q.RequestURI = ""
		resp, err := forward.RoundTrip(q)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
		io.Copy(w, resp.Body)
	}))
	defer proxy.Close()
	r := edit(t, t.Context(), relay.URL, func(c *openai.Config, _ *api.Request) { c.Connection.Proxy = proxy.URL })
	if r.err != nil || r.result.Got != 1 || passed.Load() != 1 {
		t.Fatalf("%v, %d requests went through the proxy", r.err, passed.Load())
	}
}

// TestPlain allows http to another machine only where the user does.
func TestPlain(t *testing.T) {
	relay := apitest.New(t)
	proxied := func(plain bool) run {
		return edit(t, t.Context(), "http://192.0.2.1/v1", func(c *openai.Config, _ *api.Request) {
			// Nothing is really sent to that address: the proxy refuses.
			c.Connection.Plain, c.Connection.Proxy = plain, relay.Root
		})
	}
	if r := proxied(false); r.err.Text().Key != "error.address_plain" || len(relay.Requests()) != 0 {
		t.Errorf("%v", r.err)
	}
	if r := proxied(true); r.err != nil || relay.Posts() != 1 {
		t.Errorf("%v, %d POSTs", r.err, relay.Posts())
	}
}
