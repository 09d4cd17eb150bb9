// Package local looks for services on this machine that edit pictures. It looks only
// when it is asked to, only at the ports that such programs are known to take and only
// on the loopback interface, sends no key, and follows no redirection. What answers is
// recognised by its answer, not by its port.
package local

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/settings"
)

// Found is a service that answered.
type Found struct {
	// Program is the name of what answered, such as "LocalAI".
	Program string
	// Connection is ready to be saved: name, address, dialect, model and models. It has
	// an ID of its own.
	Connection settings.Connection
	// Unfit reports that the program runs and can't edit pictures as it was started:
	// it has no model for pictures, or no images/edits.
	Unfit bool
}

// The bounds of a search.
const (
	// DefaultTimeout bounds each question: what runs here answers at once.
	DefaultTimeout = time.Second
	maxAnswer      = 1 << 20
	maxModels      = 100
)

// Options change a search; the zero value is the usual one.
type Options struct {
	// Ports are looked at instead of the known ones.
	Ports []int
	// Timeout bounds each question; 0 means DefaultTimeout.
	Timeout time.Duration
}

// program is one that is known.
type program struct {
	name  string
	ports []int
	// ask is what is asked for, below the port's root.
	ask string
	// know looks at the answer.
	know func(answer) (fit, known bool)
	// base is put after the root for the connection, models is where the models are
	// listed, "" for nowhere.
	base, models string
	dialect      string
}

// The programs, those first whose answer can be no other's. Pages: see
// docs/local-services.md.
var programs = []program{
	{"KoboldCpp", []int{5001}, "/api/extra/version", knowKobold, "/v1", "/v1/models", dialect.OpenAI},
	{"Lemonade", []int{13305, 8000}, "/api/v1/health", knowLemonade, "/api/v1", "/api/v1/models", dialect.OpenAI},
	{"LocalAI", []int{8080}, "/system", knowLocalAI, "/v1", "/v1/models", "inpainting"},
	{"SGLang", []int{30000, 30010}, "/models", knowSGLang, "/v1", "/v1/models", dialect.OpenAI},
	{"ComfyUI", []int{8188, 8000}, "/system_stats", knowComfy, "/v1", "", dialect.OpenAI},
	{"stable-diffusion.cpp", []int{1234, 8080}, "/v1/models", knowModels("sd-cpp"), "/v1", "/v1/models", dialect.OpenAI},
	{"vLLM-Omni", []int{8091, 8000}, "/v1/models", knowModels("vllm"), "/v1", "/v1/models", dialect.OpenAI},
	{"ComfyUI", []int{8189, 8188}, "/v1/models", knowModels("comfy"), "/v1", "/v1/models", dialect.OpenAI},
}

// Ports returns the ports that are looked at, in order.
func Ports() []int {
	var all []int
	for _, p := range programs {
		all = append(all, p.ports...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Find looks for services, all ports at once, and returns what answered by the number
// of its port. The error is ctx's.
func Find(ctx context.Context, o Options) ([]Found, error) {
	ports := o.Ports
	if ports == nil {
		ports = Ports()
	}
	s := &search{timeout: cmp.Or(o.Timeout, DefaultTimeout), client: &http.Client{
		Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true, MaxResponseHeaderBytes: 1 << 16},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // redirects are not followed
		},
	}}
	defer s.client.CloseIdleConnections()
	found := make([]*Found, len(ports))
	var looking sync.WaitGroup
	for i, port := range ports {
		looking.Go(func() { found[i] = s.look(ctx, port) })
	}
	looking.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var all []Found
	for _, f := range found {
		if f != nil {
			all = append(all, *f)
		}
	}
	return all, nil
}

// search is one search under way.
type search struct {
	client  *http.Client
	timeout time.Duration
}

// answer is what a program said, as the JSON that it is, or nil.
type answer map[string]any

// look finds out what answers at a port, nil for nothing that is known.
func (s *search) look(ctx context.Context, port int) *Found {
	root := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	said := map[string]answer{} // what was asked already
	for _, p := range programs {
		a, asked := said[p.ask]
		if !asked {
			var there bool
			if a, there = s.get(ctx, root+p.ask); !there {
				return nil // no service, or none that answers in time
			}
			said[p.ask] = a
		}
		fit, known := p.know(a)
		if !known {
			continue
		}
		c := settings.Custom(p.name, root+p.base)
		if p.dialect != dialect.OpenAI {
			c.Dialect = p.dialect
		}
		if models := s.listed(ctx, root, p, said); len(models) > 0 {
			c.SetModels(models)
			c.SetModel(models[0])
		}
		return &Found{Program: p.name, Connection: c, Unfit: !fit}
	}
	return nil
}

// get asks for a page. there is false where no service answers.
func (s *search) get(ctx context.Context, url string) (a answer, there bool) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, false
	}
	res, err := s.client.Do(r)
	if err != nil {
		return nil, false
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, false
	}
	if res.StatusCode != http.StatusOK || json.Unmarshal(body, &a) != nil {
		return nil, true
	}
	return a, true
}

// listed returns the names of a program's models, those that tell of pictures first.
func (s *search) listed(ctx context.Context, root string, p program, said map[string]answer) []string {
	if p.models == "" {
		return nil
	}
	a, asked := said[p.models]
	if !asked {
		a, _ = s.get(ctx, root+p.models)
	}
	var names, others []string
	for _, m := range a.models() {
		name := m.text("id")
		switch {
		case name == "" || len(names)+len(others) >= maxModels:
		case m.forPictures():
			names = append(names, name)
		default:
			others = append(others, name)
		}
	}
	return append(names, others...)
}

// models are the entries of a list of models.
func (a answer) models() (list []answer) {
	data, _ := a["data"].([]any)
	for _, d := range data {
		if m, ok := d.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

func (a answer) text(name string) string {
	s, _ := a[name].(string)
	return s
}

func (a answer) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := a[name]; return !ok })
}

// forPictures reports that a model's entry says that it makes or edits pictures, by its
// labels or its name.
func (a answer) forPictures() bool {
	labels, _ := a["labels"].([]any)
	for _, l := range labels {
		if s, _ := l.(string); s == "image" || s == "edit" {
			return true
		}
	}
	name := strings.ToLower(a.text("id"))
	return slices.ContainsFunc([]string{"image", "flux", "sd-", "sd_", "stable", "diffusion", "kontext", "inpaint"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}

func knowKobold(a answer) (fit, known bool) {
	pictures, _ := a["txt2img"].(bool)
	return pictures, a.text("result") == "KoboldCpp"
}

func knowLemonade(a answer) (fit, known bool) {
	return true, a.text("status") == "ok" && (a.has("all_models_loaded") || a.has("model_loaded"))
}

func knowLocalAI(a answer) (fit, known bool) { return true, a.has("backends", "loaded_models") }

// knowSGLang knows a server of a diffusion model; those for videos make no pictures.
func knowSGLang(a answer) (fit, known bool) {
	return strings.HasSuffix(a.text("task_type"), "I"), a.has("model_path", "task_type", "pipeline_class")
}

// knowComfy knows ComfyUI itself, which has no images/edits.
func knowComfy(a answer) (fit, known bool) {
	system, _ := a["system"].(map[string]any)
	return false, answer(system).has("comfyui_version")
}

// knowModels knows a server by what its list of models says of their owner or name.
func knowModels(word string) func(answer) (fit, known bool) {
	return func(a answer) (fit, known bool) {
		known = slices.ContainsFunc(a.models(), func(m answer) bool {
			return strings.HasPrefix(strings.ToLower(m.text("owned_by")), word) || strings.HasPrefix(strings.ToLower(m.text("id")), word)
		})
		return known, known
	}
}
