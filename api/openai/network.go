package openai

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"overpaint.dev/overpaint/api"
)

// newTransport returns a transport with time-outs for connecting alone: how
// long an edit may take is the caller's affair. A request that carries a POST
// is never repeated by it once a byte was written.
func newTransport(proxy string, connect time.Duration) *http.Transport {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: connect, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   connect,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   parallel,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
	if u, err := parseProxy(proxy); err == nil && u != nil {
		t.Proxy = http.ProxyURL(u)
	}
	return t
}

// parseProxy reads a proxy's address; nil stands for the environment's.
func parseProxy(proxy string) (*url.URL, error) {
	if proxy = strings.TrimSpace(proxy); proxy == "" {
		return nil, nil
	}
	if !strings.Contains(proxy, "://") {
		proxy = "http://" + proxy
	}
	u, err := url.Parse(proxy)
	if err != nil {
		return nil, err
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		if u.Host != "" {
			return u, nil
		}
	}
	return nil, errors.New("no address of a proxy")
}

func checkProxy(proxy string) error {
	if _, err := parseProxy(proxy); err != nil {
		if _, rest, ok := strings.Cut(proxy, "@"); ok {
			proxy = rest // the text before it is a password
		}
		return api.InputError("error.proxy_bad", "Address", proxy)
	}
	return nil
}

// cancelled is the error for a context that has ended. sent tells that the
// service may have the request.
func cancelled(ctx context.Context, sent bool) *api.Error {
	cause := ctx.Err()
	if c := context.Cause(ctx); c != nil && !errors.Is(c, cause) {
		cause = fmt.Errorf("%w: %w", cause, c)
	}
	e := &api.Error{Kind: api.KindCancelled, Cause: cause}
	switch timeout := errors.Is(ctx.Err(), context.DeadlineExceeded); {
	case timeout && sent:
		e.Kind, e.Sentence = api.KindUnknown, sentence("error.unknown_timeout")
	case timeout:
		e.Kind, e.Sentence = api.KindNetwork, sentence("error.network_timeout")
	case sent:
		e.Sentence = sentence(api.CancelledSent)
	}
	return e
}

// networkError classifies what kept a request from being answered. begun and
// whole tell how much of the body was handed to the network.
func networkError(ctx context.Context, err error, u *url.URL, begun, whole bool) *api.Error {
	if ctx.Err() != nil {
		return cancelled(ctx, whole)
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the error already contains the address
	}
	e := &api.Error{Kind: api.KindNetwork, Address: shown(u), Cause: err}
	switch {
	case whole:
		e.Kind, e.Sentence = api.KindUnknown, sentence("error.unknown_cut")
	case begun:
		e.Sentence = sentence("error.network_upload", "Address", u.Host)
	default:
		key := ""
		key, e.Retryable = unreachable(err)
		e.Sentence = sentence(key, "Address", u.Host)
	}
	return e
}

// unreachable names what kept a connection from being made, and whether trying
// again by oneself is right.
func unreachable(err error) (key string, retryable bool) {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		handshake *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		dns       *net.DNSError
		op        *net.OpError
		timeout   net.Error
	)
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "error.network_proxy", errors.Is(err, connectionRefused)
	case errors.As(err, &authority):
		return "error.tls_authority", false
	case errors.As(err, &name):
		return "error.tls_name", false
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "error.tls_expired", false
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return "error.tls_plain", false
	case errors.As(err, &handshake), errors.As(err, &invalid), errors.As(err, &alert), strings.Contains(err.Error(), "tls:"):
		return "error.tls", false
	case errors.As(err, &dns):
		return "error.network_name", true
	case errors.Is(err, connectionRefused):
		return "error.network_refused", true
	case errors.As(err, &timeout) && timeout.Timeout():
		return "error.network_timeout", false
	}
	return "error.network", false
}
