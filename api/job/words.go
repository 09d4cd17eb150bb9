package job

import (
	"encoding/json"
	"image"
	"strings"

	"overpaint.dev/overpaint/api"
)

// Words returns the text chunks for a PNG of the variant with that index: how it was made, and
// nothing about the user, the connection or the key. engine is the ID of the engine's
// profile.
func (j *Job) Words(engine string, index int) map[string]string {
	r := j.request
	settings := map[string]any{"engine": engine, "variant": index + 1}
	if r.N > 0 {
		settings["n"] = r.N
	}
	if r.Size != (image.Point{}) {
		settings["size"] = api.SizeName(r.Size)
	}
	if engine == api.Builtin().ID {
		settings["seed"] = r.Seed
	}
	for name, value := range r.Options {
		settings[name] = value
	}
	raw, err := json.Marshal(settings)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	t := map[string]string{"Software": "Overpaint", "Settings": string(raw)}
	if r.Prompt != "" {
		t["Prompt"] = strings.ReplaceAll(r.Prompt, "\x00", "")
	}
	if r.Model != "" {
		t["Model"] = strings.ReplaceAll(r.Model, "\x00", "")
	}
	return t
}
