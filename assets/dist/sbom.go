package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// component is one module in CycloneDX, version 1.5.
type component struct {
	Type     string    `json:"type"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	PURL     string    `json:"purl,omitempty"`
	Licences []licence `json:"licenses,omitempty"`
}

type licence struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

type bill struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Timestamp string    `json:"timestamp"`
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

// sbom writes the bill of materials: the modules that Go noted in the program,
// with the licences that NOTICE names.
func (r *release) sbom(out string, _ files) error {
	licences, err := r.licences()
	if err != nil {
		return err
	}
	b := bill{Format: "CycloneDX", Spec: "1.5", Version: 1}
	b.Metadata.Timestamp = r.date.Format(time.RFC3339)
	b.Metadata.Component = component{Type: "application", Name: "overpaint", Version: r.version, Licences: licensed("MIT")}
	b.Components = append(b.Components, component{
		Type: "library", Name: "std", Version: strings.TrimPrefix(r.info.GoVersion, "go"),
		PURL: "pkg:golang/std@" + strings.TrimPrefix(r.info.GoVersion, "go"), Licences: licensed("BSD-3-Clause"),
	})
	for _, m := range r.info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		ids := licences[m.Path]
		if ids == nil {
			return fmt.Errorf("NOTICE doesn't name %s, which is in the program", m.Path)
		}
		b.Components = append(b.Components, component{
			Type: "library", Name: m.Path, Version: m.Version,
			PURL: "pkg:golang/" + m.Path + "@" + m.Version, Licences: licensed(ids...),
		})
	}
	// The network of editor/person, which is no module; NOTICE says more of it.
	b.Components = append(b.Components, component{
		Type: "machine-learning-model", Name: "@mediapipe/selfie_segmentation", Version: "0.1.1675465747",
		PURL: "pkg:npm/%40mediapipe/selfie_segmentation@0.1.1675465747", Licences: licensed("Apache-2.0"),
	})
	raw, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, r.name(".cdx.json")), append(raw, '\n'), 0o644)
}

func licensed(ids ...string) []licence {
	all := make([]licence, len(ids))
	for i, id := range ids {
		all[i].Licence.ID = id
	}
	return all
}

var (
	noticeLine = regexp.MustCompile(`(?m)^([a-z0-9.]+\.[a-z]+/\S+)[ \t]+([A-Za-z0-9.-]+)(?:; (.*))?$`)
	noticeID   = regexp.MustCompile(`\b(?:MIT|ISC|[A-Z][A-Za-z]*-[0-9][0-9.]*(?:-Clause)?)\b`)
)

// licences reads the modules' licences from NOTICE: a module's own, and behind a
// semicolon those of what it has in it.
func (r *release) licences() (map[string][]string, error) {
	raw, err := os.ReadFile(filepath.Join(r.root, "NOTICE"))
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, m := range noticeLine.FindAllStringSubmatch(string(raw), -1) {
		found[m[1]] = append([]string{m[2]}, noticeID.FindAllString(m[3], -1)...)
	}
	return found, nil
}
