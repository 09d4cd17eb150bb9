// Package update asks whether there is a newer release of the program. It asks
// one address, which whoever publishes the program has set when it was built, and
// sends nothing but the program's name and version as User-Agent.
package update

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Address is the page of the releases, as GitHub, GitLab and Gitea have it
// ("https://HOST/OWNER/overpaint/releases"); its Atom feed has the same address with
// ".atom" behind it. It is set by the linker (RELEASES in the Makefile). Where it is
// empty nothing is ever asked.
var Address string

const (
	// patience is how long an answer may take.
	patience = 15 * time.Second
	// most is how long a feed may be, in bytes.
	most = 1 << 20
)

// ErrInsecure is returned for an address that is neither https nor this computer's.
var ErrInsecure = errors.New("update: the address of the releases is not secure")

// Newer asks the feed of a page of releases for the newest release and returns its
// version ("0.3.0"), or "" where current is that one or newer. Releases with a
// suffix ("1.0.0-rc1") don't count. agent is the User-Agent.
func Newer(ctx context.Context, page, current, agent string) (string, error) {
	raw, err := fetch(ctx, strings.TrimSuffix(page, "/")+".atom", agent)
	if err != nil {
		return "", err
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Entries []struct {
			Links []struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(raw, &feed); err != nil {
		return "", fmt.Errorf("update: the feed of the releases: %w", err)
	}
	newest, found := parse(current), ""
	for _, e := range feed.Entries {
		for _, l := range e.Links {
			if v := parse(path.Base(l.Href)); v.above(newest) {
				newest, found = v, v.String()
			}
		}
	}
	return found, nil
}

// fetch gets a feed.
func fetch(ctx context.Context, address, agent string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if !secure(req.URL) {
		return nil, ErrInsecure
	}
	req.Header.Set("User-Agent", agent)
	client := &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		if !secure(req.URL) {
			return ErrInsecure
		}
		if len(via) >= 5 {
			return http.ErrUseLastResponse
		}
		req.Header.Del("Referer")
		return nil
	}}
	defer client.CloseIdleConnections()
	answer, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("update: the feed of the releases: %s", answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, most))
}

// secure reports whether an address is protected against changes on the way.
func secure(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// version is a release's, or all zero for none.
type version [3]int

var versionName = regexp.MustCompile(`^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$`)

// parse reads "v0.2.0" or "0.2.0".
func parse(s string) version {
	var v version
	if m := versionName.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
		for i := range v {
			v[i], _ = strconv.Atoi(m[i+1]) // six digits are a number
		}
	}
	return v
}

// above reports whether v is the newer one.
func (v version) above(other version) bool {
	for i := range v {
		if v[i] != other[i] {
			return v[i] > other[i]
		}
	}
	return false
}

// String writes "0.2.0".
func (v version) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }
