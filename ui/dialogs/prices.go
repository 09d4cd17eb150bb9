package dialogs

import (
	"math"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api/settings"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// The names that services' accounts of tokens have.
const (
	inputTokens  = "input_tokens"
	outputTokens = "output_tokens"
)

// priceFields hold what a connection costs.
type priceFields struct {
	picture, input, output, currency *widgets.Field
}

// newPriceFields makes the fields; bound returns one that writes into the
// connection that is shown.
func newPriceFields(bound func(func(*settings.Connection, string)) *widgets.Field) priceFields {
	dated := func(set func(*settings.Price, string)) *widgets.Field {
		return bound(func(c *settings.Connection, s string) {
			set(&c.Price, s)
			c.Price.AsOf = ""
			if c.Price.Known() {
				c.Price.AsOf = time.Now().Format("2006-01-02")
				if c.Price.Currency == "" {
					c.Price.Currency = "USD" // as the empty field shows
				}
			}
		})
	}
	tokens := func(name string) *widgets.Field {
		return dated(func(p *settings.Price, s string) {
			if p.Tokens == nil {
				p.Tokens = map[string]int64{}
			}
			if p.Tokens[name] = millionths(s); p.Tokens[name] == 0 {
				delete(p.Tokens, name)
			}
		})
	}
	f := priceFields{
		picture:  dated(func(p *settings.Price, s string) { p.Picture = millionths(s) }),
		currency: dated(func(p *settings.Price, s string) { p.Currency = strings.ToUpper(s) }),
		input:    tokens(inputTokens),
		output:   tokens(outputTokens),
	}
	f.currency.PlaceHolder = "USD"
	return f
}

func (f priceFields) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		widgets.Halves(theme.Gap, labeled("price", f.picture), labeled("currency", f.currency)),
		widgets.Halves(theme.Gap, labeled("price.input", f.input), labeled("price.output", f.output)),
		label("prices.note").Wrap(),
	}
}

func (f priceFields) show(p settings.Price) {
	f.picture.SetText(number(float64(p.Picture) / 1e6))
	f.input.SetText(number(float64(p.Tokens[inputTokens]) / 1e6))
	f.output.SetText(number(float64(p.Tokens[outputTokens]) / 1e6))
	f.currency.SetText(p.Currency)
}

// amount reads a sum as people write it; what is none is 0.
func amount(s string) float64 {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > 1e6 {
		return 0
	}
	return v
}

// millionths reads a sum in millionths.
func millionths(s string) int64 { return int64(math.Round(amount(s) * 1e6)) }
