package settings_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
)

func TestPrice(t *testing.T) {
	whole := settings.Price{Picture: 20_000, Tokens: map[string]int64{settings.InputTokens: 5_000_000, settings.OutputTokens: 40_000_000}}
	apart := settings.Price{Tokens: map[string]int64{settings.TextTokens: 5_000_000, settings.ImageTokens: 8_000_000, settings.OutputTokens: 30_000_000}}
	both := settings.Price{Tokens: map[string]int64{settings.InputTokens: 99_000_000, settings.TextTokens: 5_000_000, settings.ImageTokens: 8_000_000}}
	total := map[string]int64{settings.InputTokens: 1000, settings.OutputTokens: 100, "total_tokens": 1100}
	detailed := map[string]int64{settings.InputTokens: 1000, settings.TextTokens: 100, settings.ImageTokens: 900, settings.OutputTokens: 100}
	for name, c := range map[string]struct {
		price settings.Price
		usage map[string]int64
		want  int64
	}{
		"by picture":                      {whole, nil, 60_000},
		"by tokens":                       {whole, total, 5_000 + 4_000},
		"by tokens that are told apart":   {whole, detailed, 5_000 + 4_000},
		"words and pictures":              {apart, detailed, 500 + 7_200 + 3_000},
		"words and pictures as one":       {apart, total, 8_000 + 3_000},
		"each token is charged once":      {both, detailed, 500 + 7_200},
		"tokens without an account of it": {apart, nil, 0},
	} {
		if got := c.price.Of(3, c.usage); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestKnownPriceFollowsTheModel changes model and address of a connection with
// and without a price of the user's own.
func TestKnownPriceFollowsTheModel(t *testing.T) {
	presets := settings.Presets()
	if presets[0].Price.Known() {
		t.Error("dddai.dev has a price that isn't published")
	}
	c := presets[1]
	if c.Price.Tokens[settings.OutputTokens] != 30_000_000 || c.Price.Currency != "USD" || c.Price.AsOf == "" {
		t.Fatalf("the preset's price is %+v", c.Price)
	}
	c.SetModel("gpt-image-1-mini")
	if c.Price.Tokens[settings.ImageTokens] != 2_500_000 {
		t.Errorf("another model's price is %+v", c.Price)
	}
	c.SetModel("gpt-image-of-tomorrow")
	if c.Price.Known() {
		t.Errorf("an unknown model costs %+v", c.Price)
	}
	c.SetModel("gpt-image-2")
	c.SetBaseURL("https://elsewhere.example/v1")
	if c.Price.Known() {
		t.Errorf("elsewhere it costs %+v", c.Price)
	}
	c.SetBaseURL("https://api.openai.com/v1/")
	c.Price.Tokens[settings.OutputTokens]++
	own := c.Price.Tokens[settings.OutputTokens]
	c.SetModel("gpt-image-1-mini")
	c.SetBaseURL("https://elsewhere.example/v1")
	if c.Price.Tokens[settings.OutputTokens] != own {
		t.Errorf("the person's own price became %+v", c.Price)
	}
}

// TestLeast compares with what OpenAI's calculator and table of tokens say.
func TestLeast(t *testing.T) {
	p := settings.Price{Tokens: map[string]int64{settings.OutputTokens: 1_000_000}} // a millionth each
	for _, c := range []struct {
		model, quality string
		w, h           int
		want           int64
	}{
		{"gpt-image-2", "high", 1024, 1024, 7024},
		{"gpt-image-2", "high", 1536, 1024, 5488},
		{"gpt-image-2", "high", 1024, 1536, 5488},
		{"gpt-image-2", "high", 1792, 1024, 5063},
		{"gpt-image-2", "high", 3584, 2048, 12329},
		{"gpt-image-1-mini", "low", 1024, 1024, 272},
		{"gpt-image-1-mini", "medium", 1024, 1536, 1584},
		{"gpt-image-1-mini", "high", 1536, 1024, 6208},
		{"gpt-image-1-mini", "high", 512, 512, 0},
		{"gpt-image-2", "high", 0, 0, 0},
		{"dall-e-2", "", 1024, 1024, 0},
	} {
		if got := p.Least(c.model, c.quality, image.Pt(c.w, c.h), 1); got != c.want {
			t.Errorf("%s %s %dx%d: %d tokens, want %d", c.model, c.quality, c.w, c.h, got, c.want)
		}
	}
	square := image.Pt(1024, 1024)
	if low := p.Least("gpt-image-2", "low", square, 1); low == 0 || low != p.Least("gpt-image-2", "auto", square, 1) || 3*low != p.Least("GPT-image-2", "", square, 3) {
		t.Errorf("a quality that is left to the service doesn't count as the cheapest, %d", low)
	}
	if got := (settings.Price{Picture: 5}).Least("gpt-image-2", "high", square, 1); got != 0 {
		t.Errorf("without a price for tokens: %d", got)
	}
}

// TestOldPriceIsSplit loads an old price, whose input tokens are not divided into text and
// images.
func TestOldPriceIsSplit(t *testing.T) {
	folder := t.TempDir()
	err := settings.Open(folder).Update(func(s *settings.Settings) {
		s.Connections[0].Price = settings.Price{Tokens: map[string]int64{settings.InputTokens: 7}}
	})
	if err != nil {
		t.Fatal(err)
	}
	s := settings.Open(folder).Current()
	if p := s.Connections[0].Price.Tokens; len(p) != 2 || p[settings.TextTokens] != 7 || p[settings.ImageTokens] != 7 {
		t.Errorf("%v", p)
	}
}

func TestForeseen(t *testing.T) {
	known, _ := settings.KnownPrice("https://api.openai.com/v1", "gpt-image-2")
	q := &api.Request{Model: "gpt-image-2", Options: map[string]string{"quality": "high"}, Image: image.NewNRGBA(image.Rect(0, 0, 1536, 1024))}
	if got := known.Foreseen(q, 2); got != 2*5488*30 {
		t.Errorf("the size that is sent: %d", got)
	}
	q.Size = image.Pt(1024, 1024)
	if got := known.Foreseen(q, 1); got != 7024*30 {
		t.Errorf("the size that is asked for: %d", got)
	}
	q.Model = "another"
	if got := (settings.Price{Picture: 20_000}).Foreseen(q, 3); got != 60_000 {
		t.Errorf("by picture: %d", got)
	}
}
