package openai

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"

	"overpaint.dev/overpaint/api"
)

// modelsBytes caps a list of models.
const modelsBytes = 8 << 20

// Report is the outcome of Test or Probe.
type Report struct {
	// Models are the models that the service offers, nil where it has no list.
	Models []string
	// Lines say in words what was found.
	Lines []api.Sentence
	// Result is the result of a probe's edit.
	Result api.Result
}

func (r *Report) say(key string, args ...any) { r.Lines = append(r.Lines, sentence(key, args...)) }

// Models requests the names of the service's models, which is free of charge. A service
// without such a list returns an error of KindRejected with status 404.
func (e *Engine) Models(ctx context.Context) ([]string, error) {
	addresses, err := e.addresses(modelsPath)
	if err != nil {
		return nil, err
	}
	if err := checkProxy(e.config.Connection.Proxy); err != nil {
		return nil, err
	}
	d := &edit{engine: e, req: &api.Request{Model: e.config.Connection.Model}, sink: newSink(nil)}
	d.open(keys{})
	key, err := e.keys(ctx)
	if err != nil {
		return nil, d.scrub.fault(err)
	}
	d.open(key)
	var first *failure
	for _, u := range addresses {
		names, f := d.models(ctx, u)
		if f == nil {
			for i, name := range names {
				names[i] = d.scrub.text(name)
			}
			return names, nil
		}
		if !f.wrongPath {
			return nil, d.scrub.fault(f.Error)
		}
		if first == nil {
			first = f
		}
	}
	return nil, d.scrub.fault(first.Error)
}

// models asks one address.
func (d *edit) models(ctx context.Context, u *url.URL) ([]string, *failure) {
	call := d.engine.free(ctx)
	defer call.end()
	for range maxRedirects {
		req, err := http.NewRequestWithContext(call, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, &failure{Error: api.InputError("error.address_bad", "Address", shown(u))}
		}
		req.Header.Set("User-Agent", d.engine.config.UserAgent)
		req.Header.Set("Accept", "application/json")
		d.authorize(req.Header)
		resp, err := d.do(req)
		if call.silent() {
			return nil, &failure{Error: call.silence(u.Host)}
		}
		if err != nil {
			return nil, &failure{Error: networkError(ctx, err, u, false, false)}
		}
		// A GET loses nothing by any redirect within the origin.
		if to, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 && sameOrigin(u, to) {
			resp.Body.Close()
			u = to
			continue
		}
		if _, f := d.redirected(resp, u); f != nil {
			resp.Body.Close()
			return nil, f
		}
		call.heard()
		data, err := io.ReadAll(newMeter(call.reader(resp.Body), modelsBytes, d.engine.config))
		resp.Body.Close()
		from := source{url: u, status: resp.StatusCode, id: requestID(resp.Header)}
		switch {
		case call.silent():
			return nil, &failure{Error: call.silence(u.Host)}
		case err != nil:
			e := d.readError(ctx, err, from)
			if e.Kind == api.KindUnknown {
				e.Kind, e.Sentence = api.KindNetwork, sentence("error.network", "Address", u.Host)
			}
			return nil, &failure{Error: e}
		case resp.StatusCode != http.StatusOK:
			return nil, d.refused(resp, data, u)
		}
		if names, ok := readModels(data); ok {
			return names, nil
		}
		p := reading{page: looksHTML(data), complaint: readComplaint(data)}
		p.foreign = !p.page && p.complaint.empty()
		return nil, d.noPictureError(p, from)
	}
	return nil, &failure{Error: &api.Error{Kind: api.KindMoved, Sentence: sentence("error.moved_nowhere", "Address", shown(u)), Address: shown(u)}}
}

// readModels reads a list of models: {"data": [{"id": ""}]}, {"models":
// [{"name": ""}]}, or a list of texts in their place. The names are sorted.
func readModels(data []byte) ([]string, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		fields = map[string]json.RawMessage{"data": data}
	}
	for _, name := range []string{"data", "models"} {
		var list []json.RawMessage
		if json.Unmarshal(fields[name], &list) != nil || list == nil {
			continue
		}
		names := []string{}
		for _, raw := range list {
			name := scalar(raw)
			var model struct{ ID, Name, Model string }
			if name == "" && json.Unmarshal(raw, &model) == nil {
				name = model.ID
				if name == "" {
					name = model.Model
				}
				if name == "" {
					name = model.Name
				}
			}
			if name = trim(name, 200); name != "" {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return slices.Compact(names), true
	}
	return nil, false
}

// Test tests a connection free of charge: it requests the models and says in words what
// follows. An error says why nothing can be said.
func (e *Engine) Test(ctx context.Context) (Report, error) {
	var r Report
	models, err := e.Models(ctx)
	if err != nil {
		failed := api.AsError(err)
		if failed.Kind == api.KindRejected && (failed.Status == 404 || failed.Status == 405) {
			r.say("service.test_no_models")
			return r, nil
		}
		return r, failed
	}
	r.Models = models
	r.say("service.test_models", "Count", len(models))
	if model := e.config.Connection.Model; model != "" && len(models) > 0 {
		if slices.Contains(models, model) {
			r.say("service.test_model_there", "Model", model)
		} else {
			r.say("service.test_model_missing", "Model", model)
		}
	}
	return r, nil
}
