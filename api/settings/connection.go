package settings

import (
	"crypto/rand"
	"image"
	"maps"
	"net"
	"net/url"
	"strings"

	"overpaint/api"
)

// The identifiers of what is there from the start.
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
	// ID names the connection for ever; Name is what the person calls it.
	ID   string `json:"id"`
	Name string `json:"name"`
	// BaseURL is what /images/edits is put after, as the person typed it.
	BaseURL string `json:"base_url"`
	// Model is the model's name as the service knows it; "" leaves it out.
	Model string `json:"model,omitempty"`
	// Profile is the ID of what the model accepts: "classic" or "gpt-image".
	Profile string `json:"profile"`
	// User is the identifier of the end user that is sent, "" for none.
	User string `json:"user,omitempty"`
	// ResponseFormat is "url", "b64_json" or "" to leave it to the service.
	ResponseFormat string `json:"response_format,omitempty"`
	// Proxy is the address of a proxy; "" takes the environment's.
	Proxy string `json:"proxy,omitempty"`
	// Plain reports that the person allows http without encryption to a host
	// that is not this machine.
	Plain bool `json:"plain,omitempty"`
	// TimeoutSeconds bounds one job from its start; 0 means the default of 10 minutes.
	TimeoutSeconds int `json:"timeout_seconds,omitempty"`
	// Parallel is how many jobs may run at once; 0 means the default of 3.
	Parallel int `json:"parallel,omitempty"`
	// Limits are where the connection departs from its profile.
	Limits Overrides `json:"limits,omitzero"`
	// Quirks is what was learnt about the service.
	Quirks Quirks `json:"quirks,omitzero"`
	// Price is what a picture costs here.
	Price Price `json:"price,omitzero"`
	// Models are the names that the service offered when it was last asked.
	Models []string `json:"models,omitempty"`
}

// maxModels is how many names of models are kept.
const maxModels = 500

// SetModels remembers what models a service offers, as many as can be shown.
func (c *Connection) SetModels(names []string) {
	c.Models = append([]string(nil), names[:min(len(names), maxModels)]...)
}

// SetBaseURL changes the address. What was learnt about another service's
// behaviour, models and published price is forgotten.
func (c *Connection) SetBaseURL(base string) {
	if c.BaseURL != base {
		c.reprice(func() { c.BaseURL = base })
		c.Quirks, c.Models = Quirks{}, nil
	}
}

// TidyAddress returns an address that was typed or pasted before or behind the
// https:// that a field began with, without that being there twice.
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

// Exposed reports that the connection would show the key to whoever listens on
// the way, which the person has not allowed: an address without encryption that
// does not lead to this machine.
func (c *Connection) Exposed() bool {
	u, err := url.Parse(strings.TrimSpace(c.BaseURL))
	return err == nil && strings.EqualFold(u.Scheme, "http") && !c.Plain && !Loopback(u.Hostname())
}

// Loopback reports that a host's name or address means this machine.
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
}

// Quirks are a service's departures from the contract, learnt from its answers
// or from a probe. The zero value is a service about which nothing is known.
type Quirks struct {
	// Path is the path below BaseURL's origin that worked, or "".
	Path string `json:"path,omitempty"`
	// ImageField is the name that worked for pictures, "image" or "image[]", or "".
	ImageField string `json:"image_field,omitempty"`
	// OneAtATime reports that n is ignored: n requests of one are sent.
	OneAtATime bool `json:"one_at_a_time,omitempty"`
	// FormatIgnored reports that response_format has no effect.
	FormatIgnored bool `json:"format_ignored,omitempty"`
	// Mask is what the service does with the mask, or "" where nobody knows.
	Mask Polarity `json:"mask,omitempty"`
}

// Polarity is how a service reads a mask.
type Polarity string

// The ways in which services were found to read a mask.
const (
	MaskAlpha    Polarity = "alpha"    // transparent is edited, as specified
	MaskInverted Polarity = "inverted" // transparent is kept
	MaskIgnored  Polarity = "ignored"  // everything is edited
)

// Presets returns the connections that new settings start with, the default first.
func Presets() []Connection {
	openai := Connection{ID: OpenAI, Name: "OpenAI", BaseURL: "https://api.openai.com/v1", Profile: "gpt-image"}
	openai.SetModel("gpt-image-2")
	return []Connection{
		{ID: Dddai, Name: "dddai.dev", BaseURL: "https://dddai.dev/v1", Model: "dall-e-2", Profile: "classic"},
		openai,
	}
}

// Custom returns a connection to be filled in by the person, with an ID of its own.
func Custom(name, baseURL string) Connection {
	return Connection{ID: NewID(), Name: name, BaseURL: baseURL, Profile: "classic"}
}

// NewID returns an ID that no other connection has.
func NewID() string { return strings.ToLower(rand.Text()) }

// GuessProfile returns the ID of the profile that a model of this name most
// likely has.
func GuessProfile(model string) string {
	model = strings.ToLower(model)
	if i := strings.LastIndexByte(model, '/'); i >= 0 {
		model = model[i+1:] // routers put the maker's name before it
	}
	if strings.HasPrefix(model, "gpt-image") || strings.HasPrefix(model, "chatgpt-image") {
		return "gpt-image"
	}
	return "classic"
}

// Apply returns p with the overrides in place of what they replace.
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
	return p
}

func (c Connection) clone() Connection {
	c.Limits.Sizes = append([]image.Point(nil), c.Limits.Sizes...)
	c.Price.Tokens = maps.Clone(c.Price.Tokens)
	c.Models = append([]string(nil), c.Models...)
	return c
}

// Accepts returns what the connection's model accepts: its profile, narrowed to
// the model, with the connection's own limits. Classic stands for a profile
// that there isn't.
func (c Connection) Accepts() api.Profile {
	p, ok := api.ProfileByID(c.Profile)
	if !ok {
		p = api.Classic()
	}
	return c.Limits.Apply(p.For(c.Model))
}
