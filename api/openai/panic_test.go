package openai_test

import (
	"errors"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
	cores "overpaint.dev/overpaint/editor/parallel"
)

// A panic in one of the requests that run side by side meets whoever called Edit,
// and so the recover of the worker.
func TestPanicsOfRequestsReachTheCaller(t *testing.T) {
	relay := apitest.New(t)
	e := openai.New(openai.Config{
		Connection: settings.Connection{ID: "test", BaseURL: relay.URL, Profile: "classic", Quirks: settings.Quirks{OneAtATime: true}},
		Key:        key(apitest.Key),
	})
	defer e.Close()
	req := request(256)
	req.N = 3
	broken := errors.New("broken")
	p := cores.Catch(func() {
		_, _ = e.Edit(t.Context(), req, apitest.Sink(func(event api.Event) {
			if _, ok := event.(api.Answer); ok {
				panic(broken)
			}
		}))
	})
	if p == nil || !errors.Is(p, broken) {
		t.Fatalf("what came is %v", p)
	}
}
