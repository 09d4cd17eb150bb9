package apitest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Spellings returns ways in which a service may write a secret, by name.
func Spellings() map[string]func(string) string { return maps.Clone(spellings) }

var spellings = map[string]func(string) string{
	"plain": func(s string) string { return s },
	"upper": strings.ToUpper,
	"json": func(s string) string {
		return eachByte(s, func(c byte) string { return fmt.Sprintf(`\u%04x`, c) })
	},
	"JSON": func(s string) string {
		return eachByte(s, func(c byte) string { return fmt.Sprintf(`\u%04X`, c) })
	},
	"json in json": func(s string) string {
		return eachByte(s, func(c byte) string { return fmt.Sprintf(`\\u%04x`, c) })
	},
	"json slash": func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
	"source":     func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf(`\x%02x`, c) }) },
	"url":        url.QueryEscape,
	"url all":    func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("%%%02x", c) }) },
	"url twice":  func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("%%25%02X", c) }) },
	"url thrice": func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("%%2525%02X", c) }) },
	"url some": func(s string) string {
		return eachByte(s, func(c byte) string {
			if c%3 == 0 {
				return fmt.Sprintf("%%%02X", c)
			}
			return string(c)
		})
	},
	"html":        func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("&#%d;", c) }) },
	"html padded": func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("&#%05d;", c) }) },
	"html hex":    func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("&#X%x;", c) }) },
	"html names": func(s string) string {
		return strings.NewReplacer("/", "&sol;", "_", "&lowbar;", "+", "&plus;").Replace(s)
	},
	"utf-16": func(s string) string {
		return eachByte(s, func(c byte) string { return string([]byte{c, 0}) })[:2*len(s)-1]
	},
	"html in json": func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf(`\u0026#%d;`, c) }) },
	"html in url": func(s string) string {
		return url.QueryEscape(eachByte(s, func(c byte) string { return fmt.Sprintf("&#%d;", c) }))
	},
	"url in json":  func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf(`\u0025%02x`, c) }) },
	"html twice":   func(s string) string { return eachByte(s, func(c byte) string { return fmt.Sprintf("&amp;#%d;", c) }) },
	"hex":          func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEX":          func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"base64":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 url":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 + 1":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("?" + s + "?")) },
	"base64 + 2":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("??" + s + "??")) },
	"base64 basic": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s)) },
	"base64 lines": func(s string) string {
		return lined(base64.StdEncoding.EncodeToString([]byte("some words before it "+s+" and behind")), "\r\n")
	},
	"base64 json lines": func(s string) string {
		return lined(base64.StdEncoding.EncodeToString([]byte("some words before it "+s+" and behind")), `\n`)
	},
	"base64 json": func(s string) string {
		return strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte("\xff\xff"+s)), "/", `\/`)
	},
	"base64 in url": func(s string) string {
		return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("?" + s)))
	},
}

func eachByte(s string, f func(byte) string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteString(f(s[i]))
	}
	return b.String()
}

func lined(s, end string) string {
	var b strings.Builder
	for len(s) > 20 {
		b.WriteString(s[:20] + end)
		s = s[20:]
	}
	return b.String() + s
}

// readings are all texts that somebody could make of b: by undoing escapes, and
// then by decoding what looks like base64 or hexadecimal digits.
func readings(b string) (unescaped, decoded []string) {
	unescaped = []string{strings.ReplaceAll(b, "\x00", ""), b}
	for range 3 { // escaped up to three times
		next := html.UnescapeString(unescaped[len(unescaped)-1])
		var text string
		if json.Unmarshal([]byte(`"`+strings.NewReplacer(`"`, `\"`, "\n", `\n`, "\r", `\r`, `\x`, `\u00`).Replace(next)+`"`), &text) == nil {
			next = text
		}
		if text, err := url.PathUnescape(next); err == nil {
			next = text
		}
		unescaped = append(unescaped, next)
	}
	for _, text := range unescaped {
		flat := strings.NewReplacer("\r", "", "\n", "", "-", "+", "_", "/").Replace(text)
		for _, run := range strings.FieldsFunc(flat, func(r rune) bool {
			return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '+' || r == '/')
		}) {
			for skip := range min(4, len(run)) {
				rest := run[skip:]
				if len(rest)%4 == 1 {
					rest = rest[:len(rest)-1]
				}
				raw, _ := base64.RawStdEncoding.DecodeString(rest)
				decoded = append(decoded, string(raw), strings.ReplaceAll(string(raw), "\x00", ""))
			}
			if raw, err := hex.DecodeString(run[:len(run)/2*2]); err == nil {
				decoded = append(decoded, string(raw))
			}
		}
	}
	return unescaped, decoded
}

// Holds reports that a secret can be read in b, however it is written; within
// base64 just as it is. It asks decoders for that, and not what is under test.
func Holds(b, secret string) bool {
	unescaped, decoded := readings(b)
	for _, text := range unescaped {
		if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
			return true
		}
	}
	return slices.ContainsFunc(decoded, func(text string) bool { return strings.Contains(text, secret) })
}
