package settings

import (
	"image"
	"maps"
	"net/url"
	"strings"

	"overpaint.dev/overpaint/api"
)

// knownAsOf is the month in which the prices below were published.
const knownAsOf = "2026-10"

// known are OpenAI's prices for its own models, in dollars for a million tokens. The
// first two are from the models' pages (gpt-image-1-mini and gpt-image-2.6-sunburst under
// developers.openai.com/api/docs/models); that of gpt-image-2 is OpenAI's list price as
// gateways quote it (vercel.com/ai-gateway/models/gpt-image-2,
// xairouter.com/en/models/gpt-image-2). Models without such a source are left out.
var known = map[string]struct{ text, image, output float64 }{
	"gpt-image-1-mini":       {2, 2.5, 8},
	"gpt-image-2.6-sunburst": {5, 8, 30},
	"gpt-image-2":            {5, 8, 30},
}

// KnownPrice returns the published price of a model at an address, and whether
// one is known. Only OpenAI's own address has any: others set their own.
func KnownPrice(baseURL, model string) (Price, bool) {
	u, err := url.Parse(strings.TrimSpace(baseURL))
	if err != nil || !strings.EqualFold(u.Hostname(), "api.openai.com") {
		return Price{}, false
	}
	p, ok := known[strings.ToLower(model)]
	if !ok {
		return Price{}, false
	}
	return Price{
		Tokens: map[string]int64{
			TextTokens: int64(p.text * 1e6), ImageTokens: int64(p.image * 1e6), OutputTokens: int64(p.output * 1e6),
		},
		Currency: "USD", AsOf: knownAsOf,
	}, true
}

// SetModel changes the model, and the price with it unless the user entered one.
func (c *Connection) SetModel(model string) {
	if c.Model == model {
		return
	}
	old, was, next := c.Model, c.Quirks, c.known(model)
	c.reprice(func() { c.Model = model })
	if was != (Quirks{Path: was.Path}) {
		c.Learn(old, was)
	}
	c.Quirks, c.Profile = next, ""
}

// reprice carries out a change of the model or the address, and replaces the price by the
// published one, if any, unless the user entered one.
func (c *Connection) reprice(change func()) {
	before, was := KnownPrice(c.BaseURL, c.Model)
	change()
	now, is := KnownPrice(c.BaseURL, c.Model)
	if was && c.Price.equal(before) || is && !c.Price.Known() {
		c.Price = now
	}
}

func (p Price) equal(q Price) bool {
	return p.Picture == q.Picture && p.Currency == q.Currency && p.AsOf == q.AsOf && maps.Equal(p.Tokens, q.Tokens)
}

// Least returns the least that so many pictures of a size cost by their output tokens, in
// millionths of the currency, or 0 where that isn't known in advance. Input tokens are not
// counted. quality is the request's value; where the service chooses it the cheapest counts.
func (p Price) Least(model, quality string, size image.Point, pictures int) int64 {
	return int64(pictures) * tokensOf(strings.ToLower(model), quality, size) * p.Tokens[OutputTokens] / 1_000_000
}

// Foreseen returns the known cost, in advance, of so many pictures of a request, in
// millionths of the currency: their price, else the least that their tokens cost, else 0.
func (p Price) Foreseen(r *api.Request, pictures int) int64 {
	size := r.Size
	if size == (image.Point{}) && r.Image != nil {
		size = r.Image.Rect.Size()
	}
	return max(p.Of(pictures, nil), p.Least(r.Model, r.Options["quality"], size, pictures))
}

// tokensOf returns the output tokens of one picture that a model makes, or 0 where they
// aren't known. Those of gpt-image-1-mini are from OpenAI's table for the gpt-image-1
// family; those of gpt-image-2 follow the calculator in OpenAI's guide to image generation,
// whose formula is from OpenAI's developer community (thread 1382699) and agrees with
// figures read off the calculator (thread 1379464).
func tokensOf(model, quality string, size image.Point) int64 {
	switch model {
	case "gpt-image-1-mini":
		table := map[image.Point][3]int64{
			{X: 1024, Y: 1024}: {272, 1056, 4160}, {X: 1024, Y: 1536}: {408, 1584, 6240}, {X: 1536, Y: 1024}: {400, 1568, 6208},
		}
		return table[size][map[string]int{"medium": 1, "high": 2}[quality]]
	case "gpt-image-2":
		long, short := int64(max(size.X, size.Y)), int64(min(size.X, size.Y))
		if short <= 0 {
			return 0
		}
		steps := int64(16) // along the longer side
		switch quality {
		case "medium":
			steps = 48
		case "high":
			steps = 96
		}
		across := (2*steps*short + long) / (2 * long) // rounded
		return (steps*across*(2_000_000+long*short) + 3_999_999) / 4_000_000
	}
	return 0
}
