package openai

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
)

// messageRunes is how much of a service's message is kept.
const messageRunes = 500

// complaint is what a service says went wrong, whatever its shape.
type complaint struct {
	message, code, sort, param string
}

func (c complaint) empty() bool { return c.message == "" && c.code == "" }

// readComplaint finds the complaint in an answer of JSON. Known shapes:
//
//	{"error": {"message": "", "type": "", "param": "", "code": "" or 0}}
//	{"error": "text"}, {"detail": "text"}, {"detail": [{"loc": ["body", "image"], "msg": ""}]}
//	{"message"|"msg"|"err"|"error_msg": "text", "code": "" or 0}
func readComplaint(data []byte) complaint {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return complaint{}
	}
	return complaintOf(fields)
}

// complaintOf finds the complaint in the fields of an answer's outermost object.
func complaintOf(fields map[string]json.RawMessage) complaint {
	for _, name := range []string{"error", "errors", "detail"} {
		if c := nested(fields[name]); !c.empty() {
			if c.code == "" {
				c.code = scalar(fields["code"])
			}
			return c
		}
	}
	return flat(fields)
}

// nested reads the value of "error" or "detail": a text, an object, or a list of them.
func nested(raw json.RawMessage) complaint {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return complaint{}
	}
	switch raw[0] {
	case '"':
		return complaint{message: scalar(raw)}
	case '{':
		var fields map[string]json.RawMessage
		if json.Unmarshal(raw, &fields) == nil {
			return flat(fields)
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil && len(list) > 0 && (len(list[0]) == 0 || list[0][0] != '[') {
			return nested(list[0])
		}
	}
	return complaint{}
}

func flat(fields map[string]json.RawMessage) complaint {
	c := complaint{code: scalar(fields["code"]), sort: scalar(fields["type"]), param: scalar(fields["param"])}
	for _, name := range []string{"message", "msg", "err", "error_msg", "error", "detail"} {
		if c.message = scalar(fields[name]); c.message != "" {
			break
		}
	}
	if c.message == "" {
		// {"error": {"error": {...}}} and the like, one level deep.
		if inner := fields["error"]; len(inner) > 0 && inner[0] == '{' {
			var deeper map[string]json.RawMessage
			if json.Unmarshal(inner, &deeper) == nil && len(deeper["error"]) == 0 {
				return flat(deeper)
			}
		}
	}
	var place []json.RawMessage
	if json.Unmarshal(fields["loc"], &place) == nil && len(place) > 0 {
		last := scalar(place[len(place)-1])
		c.message = strings.TrimPrefix(last+": "+c.message, ": ")
		// Only a field of the request itself is one that it can be written without.
		if len(place) == 2 && scalar(place[0]) == "body" {
			c.param = last
		}
	}
	return c
}

// scalar returns a text or number as text, and "" for anything else.
func scalar(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return ""
	}
	if raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
		return ""
	}
	if raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' {
		return string(raw)
	}
	return ""
}

// refused makes the error for an answer that is no success.
func (d *edit) refused(resp *http.Response, data []byte, u *url.URL) *failure {
	c := readComplaint(data)
	if c.empty() && !looksHTML(data) && resp.StatusCode >= 400 {
		c.message = string(data)
	}
	e := &api.Error{
		Status: resp.StatusCode, Code: d.tidy(c.code, 100), Message: d.tidy(c.message, messageRunes),
		RequestID: requestID(resp.Header), Address: shown(u), RetryAfter: retryAfter(resp.Header, time.Now()),
	}
	defer func() {
		if e.Text().Key == "error.auth" && d.key.none() {
			e.Sentence = sentence("error.auth_none")
		}
	}()
	f := &failure{Error: e, param: c.param, sort: c.sort, asksToWait: resp.Header.Get("Retry-After") != "" || resp.Header.Get("Retry-After-Ms") != ""}
	if kind, key, ok := known(c); ok {
		e.Kind, e.Sentence = kind, sentence(key)
		e.Retryable = kind == api.KindRate && (resp.StatusCode == 429 || resp.StatusCode == 503 && f.asksToWait)
		if kind == api.KindRate {
			e.Sentence = rateSentence(e.RetryAfter)
		}
		switch key {
		case "error.rejected_model", "error.rejected_unpriced":
			e.Sentence = sentence(key, "Model", d.req.Model)
		case "error.unknown_passed_on":
			d.blameStream(e)
		case "error.rejected_no_editing":
			e.Sentence = sentence(key, "Address", u.Host)
		}
		return f
	}
	byStatus(f, c, u)
	return f
}

// blameStream gives up streaming where a relay made the picture and failed while passing it
// on, since some relays can do so only without a stream.
func (d *edit) blameStream(e *api.Error) {
	if d.streams() {
		e.Sentence = sentence("error.unknown_stream")
		d.engine.learn(func(q *settings.Quirks) { q.NoStream = true })
	}
}

// reason is one way in which services say why they refuse.
type reason struct {
	// codes are parts of the service's code or of its kind of error, texts parts of its
	// message: one of them is enough. They are in lower case.
	codes, texts []string
	// about, unless empty, must be part of the message as well for texts to count.
	about string

	kind api.Kind
	key  string // of the sentence; empty: the usual one of the kind
}

// reasons are those known, the one that goes first where several fit.
var reasons = []reason{
	{
		codes: []string{"moderation_blocked", "content_policy", "content_filter", "moderation", "sensitive_words", "safety_violation"},
		texts: []string{"safety system", "content policy", "content_policy_violation", "moderation_blocked"},
		kind:  api.KindModeration,
	},
	{codes: []string{"billing_hard_limit", "spend_limit_exceeded", "billing_limit"}, kind: api.KindQuota, key: "error.quota_limit"},
	{
		codes: []string{"insufficient_quota", "insufficient_user_quota", "insufficient_balance", "insufficient_credit", "quota_exceeded", "quota_not_enough", "pre_consume_token_quota"},
		texts: []string{"insufficient quota", "insufficient_quota", "insufficient balance", "exceeded your current quota", "余额不足", "额度不足"},
		kind:  api.KindQuota,
	},
	{codes: []string{"rate_limit", "slow_down", "too_many_requests"}, kind: api.KindRate},
	{codes: []string{"unsupported_country"}, kind: api.KindAuth, key: "error.auth_country"},
	{codes: []string{"invalid_api_key", "invalid_token", "authentication_error"}, kind: api.KindAuth},
	{codes: []string{"api_not_implemented", "not_implemented"}, kind: api.KindRejected, key: "error.rejected_no_editing"},
	{codes: []string{"convert_request_failed"}, kind: api.KindRejected, key: "error.rejected_uncharged"},
	{codes: []string{"model_price_error"}, kind: api.KindRejected, key: "error.rejected_unpriced"},
	{texts: []string{"organization must be verified"}, kind: api.KindAuth, key: "error.auth_verify"},
	{codes: []string{"decode_response_failed", "bad_response_body"}, kind: api.KindUnknown, key: "error.unknown_passed_on"},
	{
		texts: []string{"no available channel", "no channel", "无可用渠道", "没有可用的渠道", "无可用的渠道", "無可用渠道", "sin canal disponible", "aucun canal", "利用可能なチャネル", "нет доступных каналов"},
		kind:  api.KindRejected, key: "error.rejected_model",
	},
	{
		codes: []string{"model_not_found"},
		texts: []string{"not found", "does not exist", "not exist", "unknown model", "invalid model"}, about: "model",
		kind: api.KindRejected, key: "error.rejected_model",
	},
}

// fits reports whether a complaint, in lower case, gives this reason.
func (r reason) fits(c complaint) bool {
	in := func(text string) func(string) bool {
		return func(part string) bool { return strings.Contains(text, part) }
	}
	return slices.ContainsFunc(r.codes, in(c.code)) || slices.ContainsFunc(r.codes, in(c.sort)) ||
		strings.Contains(c.message, r.about) && slices.ContainsFunc(r.texts, in(c.message))
}

// known classifies by the service's own words, which say more than the status.
func known(c complaint) (kind api.Kind, key string, ok bool) {
	c = complaint{code: strings.ToLower(c.code), sort: strings.ToLower(c.sort), message: strings.ToLower(c.message)}
	i := slices.IndexFunc(reasons, func(r reason) bool { return r.fits(c) })
	if i < 0 {
		return "", "", false
	}
	return reasons[i].kind, reasons[i].key, true
}

// statuses are the kind of error and the sentence (empty: the usual one of the kind)
// of the statuses that say something by themselves.
var statuses = map[int]struct {
	kind api.Kind
	key  string
}{
	http.StatusUnauthorized:          {api.KindAuth, ""},
	http.StatusPaymentRequired:       {api.KindQuota, ""},
	http.StatusForbidden:             {api.KindAuth, "error.auth_forbidden"},
	http.StatusNotFound:              {api.KindRejected, "error.rejected_path"},
	http.StatusMethodNotAllowed:      {api.KindRejected, "error.rejected_path"},
	http.StatusProxyAuthRequired:     {api.KindNetwork, "error.network_proxy"},
	http.StatusRequestTimeout:        {api.KindUnknown, "error.unknown_timeout"},
	http.StatusRequestEntityTooLarge: {api.KindRejected, "error.rejected_large"},
	http.StatusTooManyRequests:       {api.KindRate, "error.rate"},
	http.StatusNotImplemented:        {api.KindRejected, "error.rejected_no_editing"},
	http.StatusServiceUnavailable:    {api.KindRate, "error.busy"},
}

// byStatus classifies by the status where the service's words say nothing.
func byStatus(f *failure, c complaint, u *url.URL) {
	e := f.Error
	s, ok := statuses[e.Status]
	switch {
	case !ok && e.Status >= 500:
		e.Kind, e.Sentence = api.KindUnknown, sentence("error.unknown_status", "Status", e.Status)
		return
	case !ok:
		e.Kind = api.KindRejected
		return
	}
	if e.Kind = s.kind; s.key != "" {
		e.Sentence = sentence(s.key)
	}
	switch e.Status {
	case http.StatusForbidden:
		if text := strings.ToLower(c.message); strings.Contains(text, "country") || strings.Contains(text, "region") {
			e.Sentence = sentence("error.auth_country")
		}
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		e.Sentence = sentence(s.key, "Address", shown(u))
		// A 404 with a code or a field is about what was asked for, not where.
		f.wrongPath = e.Status == http.StatusMethodNotAllowed || c.code == "" && c.param == "" || c.code == "404"
	case http.StatusProxyAuthRequired, http.StatusNotImplemented:
		e.Sentence = sentence(s.key, "Address", u.Host)
	case http.StatusTooManyRequests:
		e.Retryable, e.Sentence = true, rateSentence(e.RetryAfter)
	case http.StatusServiceUnavailable:
		e.Retryable = f.asksToWait
	}
}

func rateSentence(wait time.Duration) api.Sentence {
	if wait <= 0 {
		return sentence("error.rate")
	}
	return sentence("error.rate_wait", "Seconds", int(math.Ceil(wait.Seconds())))
}

// retryAfter reads how long a service asks to wait: retry-after-ms, or
// Retry-After as seconds or as a date. 0 where it says nothing that makes sense.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Retry-After-Ms")), 64); err == nil {
		return duration(ms, time.Millisecond)
	}
	value := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(value, 64); err == nil {
		return duration(s, time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// duration limits nonsense (negative, not a number, centuries) to between 0 and a day.
func duration(n float64, unit time.Duration) time.Duration {
	if !(n > 0) {
		return 0
	}
	return time.Duration(min(n*float64(unit), float64(24*time.Hour)))
}

// requestID returns the ID that the service gave to the request, which its support asks for.
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Oneapi-Request-Id", "Request-Id", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return trim(id, 100)
		}
	}
	return ""
}

// tidy makes a service's text fit to be shown: without the key, in one line, shortened to so
// many characters.
func (d *edit) tidy(s string, runes int) string { return trim(d.scrub.text(s), runes) }

func trim(s string, runes int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if r := []rune(s); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return s
}

func looksHTML(data []byte) bool {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	return len(data) > 0 && data[0] == '<'
}
