package dialect_test

import (
	"testing"

	"overpaint.dev/overpaint/api/dialect"
)

func TestFor(t *testing.T) {
	for _, c := range []struct{ chosen, host, want string }{
		{"", "", "openai"},
		{"", "api.openai.com", "openai"},
		{"", "api.x.ai", "xai"},
		{"", "eu.api.X.AI", "xai"},
		{"", "notapi.x.ai", "openai"},
		{"json", "api.x.ai", "json"},
		{"openai", "api.x.ai", "openai"},
		{"gone", "api.x.ai", "xai"},
	} {
		if got := dialect.For(c.chosen, c.host).ID; got != c.want {
			t.Errorf("%q at %s is %s, want %s", c.chosen, c.host, got, c.want)
		}
	}
}

func TestAll(t *testing.T) {
	list := dialect.All()
	if list[0].ID != dialect.OpenAI || len(list) < 4 {
		t.Fatalf("%+v", list)
	}
	seen := map[string]bool{}
	for _, d := range list {
		if seen[d.ID] || d.Source == "" || len(d.Date) != len("2026-10") {
			t.Errorf("%+v", d)
		}
		seen[d.ID] = true
		for _, field := range []string{"model", "prompt"} {
			if !d.Knows(field) {
				t.Errorf("%s has no %s", d.ID, field)
			}
		}
	}
	if dialect.For("xai", "").Knows("size") || !dialect.For("", "").Knows("quality") {
		t.Error("the fields that are sent are wrong")
	}
}
