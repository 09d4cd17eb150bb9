package settings_test

import (
	"fmt"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		sum      int64
		currency string
		want     string
	}{
		{0, "USD", "$0.00"},
		{80_000, "usd", "$0.08"},
		{1_234_567, "EUR", "€1.23"},
		{12_500_000, "CHF", "12.50 CHF"},
		{4_200, "USD", "$0.0042"},
		{1, "CNY", "¥0.000001"},
		{-80_000, "GBP", "-£0.08"},
		{99_999_999, "", "100.00"},
		{15_000, "USD", "$0.015"},
	} {
		if got := settings.Money(c.sum, c.currency); got != c.want {
			t.Errorf("%d %s is written %q, want %q", c.sum, c.currency, got, c.want)
		}
	}
}

// TestANewAddressForgetsTheOldService checks SetBaseURL.
func TestANewAddressForgetsTheOldService(t *testing.T) {
	c := settings.Connection{BaseURL: "https://a.example/v1", Quirks: settings.Quirks{OneAtATime: true}}
	c.SetModels([]string{"m"})
	c.SetBaseURL("https://a.example/v1")
	if !c.Quirks.OneAtATime || len(c.Models) != 1 {
		t.Errorf("the same address forgot %+v", c)
	}
	c.SetBaseURL("https://b.example/v1")
	if c.Quirks != (settings.Quirks{}) || c.Models != nil || c.BaseURL != "https://b.example/v1" {
		t.Errorf("another address kept %+v", c)
	}
	many := make([]string, 2000)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	if c.SetModels(many); len(c.Models) != 500 {
		t.Errorf("%d models are kept", len(c.Models))
	}
	s := settings.Settings{Connections: []settings.Connection{c}}
	s.Clone().Connections[0].Models[0] = "changed"
	if c.Models[0] != "0" {
		t.Error("a clone shares the models")
	}
}

func TestExposed(t *testing.T) {
	for base, want := range map[string]bool{
		"https://a.example/v1": false, "http://a.example/v1": true, "HTTP://a.example": true, " http://a.example": true,
		"http://localhost:8080/v1": false, "http://LOCALHOST./v1": false, "http://me.localhost": false, "http://127.8.0.1": false,
		"http://[::1]:9/v1": false, "http://192.168.1.5:8080": true, "http://localhost.example": true, "": false, "://": false,
	} {
		c := settings.Connection{BaseURL: base}
		if got := c.Exposed(); got != want {
			t.Errorf("%q: exposed %v, want %v", base, got, want)
		}
		if c.Plain = true; c.Exposed() {
			t.Errorf("%q is exposed although that is allowed", base)
		}
	}
}

func TestTidyAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"https://https://a.example/v1": "https://a.example/v1", "https://http://127.0.0.1:80": "http://127.0.0.1:80",
		"a.example/v1https://": "https://a.example/v1", "http://a.examplehttps://": "http://a.example",
		"https://a.example/v1": "https://a.example/v1", "https://": "https://", "": "", " https://a ": "https://a",
	} {
		if got := settings.TidyAddress(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
}
