package settings

import (
	"crypto/rand"
	"image"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/profile"
)

// IDs of connections that new settings hold.
const (
	// Builtin stands for the built-in engine where a connection's ID is expected.
	Builtin = "builtin"
	// Dddai and OpenAI are the connections that new settings hold.
	Dddai  = "dddai"
	OpenAI = "openai"
)

// Connection is how one service is reached. It never holds a key: that is kept
// by package secret under the connection's ID.
type Connection struct {
	// ID never changes; Name is the one shown to the user.
	ID   string `json:"id"`
	Name string `json:"name"`
	// BaseURL is the address to which /images/edits is appended, as the user typed it.
	BaseURL string `json:"base_url"`
	// Model is the model's name as the service knows it; "" leaves it out.
	Model string `json:"model,omitempty"`
	// Profile is the ID of the profile that the user chose for the model; "" chooses
	// it by the model's name.
	Profile string `json:"profile,omitempty"`
	// Dialect is the ID of the form of requests (package dialect); "" chooses it by
	// the address.
	Dialect string `json:"dialect,omitempty"`
	// Headers are sent with each request; secret.KeyWord in a value stands for the key
	// and secret.SecretWord for the secret that package secret keeps for this header.
	Headers map[string]string `json:"headers,omitempty"`
	// User is the identifier of the end user that is sent, "" for none.
	User string `json:"user,omitempty"`
	// ResponseFormat is "url", "b64_json" or "" to leave it to the service.
	ResponseFormat string `json:"response_format,omitempty"`
	// Proxy is the address of a proxy; "" uses the environment's.
	Proxy string `json:"proxy,omitempty"`
	// Plain reports that the user allows http without encryption to a host
	// that is not this machine.
	Plain bool `json:"plain,omitempty"`
	// TimeoutSeconds bounds one job from its start; 0 means the default of 10 minutes.
	TimeoutSeconds int `json:"timeout_seconds,omitempty"`
	// Parallel is how many jobs may run at once; 0 means the default of 3.
	Parallel int `json:"parallel,omitempty"`
	// Limits are where the connection departs from its profile.
	Limits Overrides `json:"limits,omitzero"`
	// Quirks is what was learnt about the service with this model; Others the same for
	// other models, by name.
	Quirks Quirks            `json:"quirks,omitzero"`
	Others map[string]Quirks `json:"quirks_of_models,omitempty"`
	// Price is the service's price of a picture.
	Price Price `json:"price,omitzero"`
	// Models are the names of the models that the service listed last.
	Models []string `json:"models,omitempty"`
}

// maxModels is how many names of models are kept.
const maxModels = 500

// SetModels sets Models, up to maxModels of them.
func (c *Connection) SetModels(names []string) {
	c.Models = append([]string(nil), names[:min(len(names), maxModels)]...)
}

// SetBaseURL changes the address. What was learnt about another service's
// behaviour, models and published price is forgotten.
func (c *Connection) SetBaseURL(base string) {
	if c.BaseURL != base {
		c.reprice(func() { c.BaseURL = base })
		c.Quirks, c.Others, c.Models = Quirks{}, nil, nil
	}
}

// TidyAddress returns a typed address without a second https://, as it results from
// pasting an address into a field that begins with one.
func TidyAddress(typed string) string {
	s := strings.TrimSpace(typed)
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(s, "https://"+scheme); ok {
			return scheme + rest
		}
	}
	if rest, ok := strings.CutSuffix(s, "https://"); ok && rest != "" {
		if strings.Contains(rest, "://") {
			return rest
		}
		return "https://" + rest
	}
	return s
}

// Exposed reports whether the key would be sent without encryption to another machine,
// which the user has not allowed.
func (c *Connection) Exposed() bool {
	u, err := url.Parse(strings.TrimSpace(c.BaseURL))
	return err == nil && strings.EqualFold(u.Scheme, "http") && !c.Plain && !Loopback(u.Hostname())
}

// OnLoopback reports whether the service runs on this machine, where it needs no key.
func (c *Connection) OnLoopback() bool {
	u, err := url.Parse(strings.TrimSpace(c.BaseURL))
	return err == nil && Loopback(u.Hostname())
}

// Loopback reports whether a host's name or address means this machine.
func Loopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Overrides replace parts of a profile; zero values leave it as it is.
type Overrides struct {
	ImageBytes  int64         `json:"image_bytes,omitempty"`
	Images      int           `json:"images,omitempty"`
	PromptChars int           `json:"prompt_chars,omitempty"`
	MaxN        int           `json:"max_n,omitempty"`
	Sizes       []image.Point `json:"sizes,omitempty"`
	// AnyShape allows windows that are not square.
	AnyShape bool `json:"any_shape,omitempty"`
	// NoMask sends no mask, for models that edit by the prompt alone.
	NoMask bool `json:"no_mask,omitempty"`
}

// Quirks are the ways in which a service with one model differs from the API's contract,
// learnt from its answers or from a probe. The zero value means that nothing is known.
type Quirks struct {
	// Path is the path on BaseURL's host that worked, or "".
	Path string `json:"path,omitempty"`
	// ImageField is the name that worked for pictures, "image" or "image[]", or "".
	ImageField string `json:"image_field,omitempty"`
	// OneAtATime reports that the service ignores n: n requests for one picture are sent.
	OneAtATime bool `json:"one_at_a_time,omitempty"`
	// FormatIgnored reports that response_format has no effect.
	FormatIgnored bool `json:"format_ignored,omitempty"`
	// Mask is how the service reads the mask, or "" where that isn't known.
	Mask Polarity `json:"mask,omitempty"`
	// NoStream reports that the service made a picture but failed to stream it.
	NoStream bool `json:"no_stream,omitempty"`
	// Dropped are further fields that the service doesn't accept, in alphabetical order,
	// separated by commas.
	Dropped string `json:"dropped,omitempty"`
	// Since is the day on which a missing feature was last found, as 2006-01-02.
	Since string `json:"since,omitempty"`
}

// retryAfter is the number of days after which a missing feature is tried again.
const retryAfter = 7

// Missing reports whether a feature is missing that is tried again later.
func (q Quirks) Missing() bool {
	return q.OneAtATime || q.FormatIgnored || q.NoStream || q.Dropped != "" || q.Mask == MaskRefused
}

// At returns the quirks that apply at a time: features that have been missing for
// retryAfter days, or since an unknown day, count as present again.
func (q Quirks) At(now time.Time) Quirks {
	since, err := time.Parse(time.DateOnly, q.Since)
	if !q.Missing() || err == nil && !since.After(now) && now.Sub(since) < retryAfter*24*time.Hour {
		return q
	}
	q.OneAtATime, q.FormatIgnored, q.NoStream, q.Dropped, q.Since = false, false, false, "", ""
	if q.Mask == MaskRefused {
		q.Mask = ""
	}
	return q
}

// Drops reports whether a field is left out of requests.
func (q Quirks) Drops(field string) bool {
	return field != "" && slices.Contains(strings.Split(q.Dropped, ","), field)
}

// Drop leaves a field out of requests from now on.
func (q *Quirks) Drop(field string) {
	if q.Drops(field) {
		return
	}
	list := append(strings.FieldsFunc(q.Dropped, func(r rune) bool { return r == ',' }), field)
	slices.Sort(list)
	q.Dropped = strings.Join(list, ",")
}

// Learn keeps what was learnt about the service with a model.
func (c *Connection) Learn(model string, q Quirks) {
	if model == c.Model {
		c.Quirks = q
		return
	}
	if c.Others = maps.Clone(c.Others); c.Others == nil {
		c.Others = map[string]Quirks{}
	}
	if _, known := c.Others[model]; known || len(c.Others) < maxModels {
		c.Others[model] = q
	}
}

// Forget drops all that was learnt about the service.
func (c *Connection) Forget() { c.Quirks, c.Others = Quirks{}, nil }

// learnt returns what was learnt about the service with each model.
func (c Connection) learnt() map[string]Quirks {
	all := maps.Clone(c.Others)
	if all == nil {
		all = map[string]Quirks{}
	}
	all[c.Model] = c.Quirks
	return all
}

// known returns what was learnt about the service with a model. Its Path is the same for
// all models.
func (c *Connection) known(model string) Quirks {
	if q, ok := c.Others[model]; ok {
		return q
	}
	return Quirks{Path: c.Quirks.Path}
}

// Polarity is how a service reads a mask.
type Polarity string

// The known polarities of masks.
const (
	MaskAlpha    Polarity = "alpha"    // transparent is edited, as specified
	MaskInverted Polarity = "inverted" // transparent is kept
	MaskIgnored  Polarity = "ignored"  // everything is edited
	MaskRefused  Polarity = "refused"  // the service doesn't take one
)

// Presets returns the connections that new settings start with, the default first.
func Presets() []Connection {
	openai := Connection{ID: OpenAI, Name: "OpenAI", BaseURL: "https://api.openai.com/v1"}
	openai.SetModel("gpt-image-2")
	return []Connection{
		{ID: Dddai, Name: "dddai.dev", BaseURL: "https://dddai.dev/v1", Model: "dall-e-2"},
		openai,
	}
}

// Custom returns a connection with a new ID for the user to fill in.
func Custom(name, baseURL string) Connection {
	return Connection{ID: NewID(), Name: name, BaseURL: baseURL}
}

// NewID returns a random ID.
func NewID() string { return strings.ToLower(rand.Text()) }

// Apply returns p with the overrides applied.
func (o Overrides) Apply(p api.Profile) api.Profile {
	if o.ImageBytes > 0 {
		p.ImageBytes = o.ImageBytes
	}
	if o.Images > 0 {
		p.Images = o.Images
	}
	if o.PromptChars > 0 {
		p.PromptChars = o.PromptChars
	}
	if o.MaxN > 0 {
		p.MaxN = o.MaxN
	}
	if len(o.Sizes) > 0 {
		p.Sizes = append([]image.Point(nil), o.Sizes...)
	}
	if o.AnyShape {
		p.Square = false
	}
	if o.NoMask {
		p.NoMask, p.Whole = true, !p.Square
	}
	return p
}

func (c Connection) clone() Connection {
	c.Limits.Sizes = append([]image.Point(nil), c.Limits.Sizes...)
	c.Price.Tokens = maps.Clone(c.Price.Tokens)
	c.Models = append([]string(nil), c.Models...)
	c.Others = maps.Clone(c.Others)
	c.Headers = maps.Clone(c.Headers)
	return c
}

// Speaks returns the dialect in which requests to the service are written.
func (c Connection) Speaks() dialect.Dialect {
	host := ""
	if u, err := url.Parse(strings.TrimSpace(c.BaseURL)); err == nil {
		host = u.Hostname()
	}
	return dialect.For(c.Dialect, host)
}

// Accepts returns the profile of the connection's model with the connection's own limits.
func (c Connection) Accepts(profiles *profile.Set) api.Profile {
	p := c.Limits.Apply(profiles.For(c.Model, c.Profile))
	if c.Quirks.Mask == MaskRefused {
		p.NoMask, p.Whole = true, p.Whole || !p.Square
	}
	return p
}
