package dialogs

import (
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// priceFields hold what a connection costs.
type priceFields struct {
	picture, currency     *widgets.Field
	words, images, output *widgets.Field
	date                  *widgets.Label
}

// newPriceFields makes the fields; bound returns one that writes into the
// connection that is shown.
func newPriceFields(bound func(func(*settings.Connection, string)) *widgets.Field) (f priceFields) {
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
			f.showDate(c.Price)
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
	f = priceFields{
		picture:  dated(func(p *settings.Price, s string) { p.Picture = millionths(s) }),
		currency: dated(func(p *settings.Price, s string) { p.Currency = strings.ToUpper(s) }),
		words:    tokens(settings.TextTokens),
		images:   tokens(settings.ImageTokens),
		output:   tokens(settings.OutputTokens),
		date:     widgets.NewLabel("").Wrap(),
	}
	f.currency.PlaceHolder = "USD"
	return f
}

func (f priceFields) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		widgets.Halves(theme.Gap, labeled("price", f.picture), labeled("currency", f.currency)),
		widgets.Halves(theme.Gap, labeled("price.words", f.words), labeled("price.images", f.images)),
		widgets.Halves(theme.Gap, labeled("price.output", f.output), widgets.NewSurface("")),
		widgets.Column(4, f.date, label("prices.note").Wrap()),
	}
}

func (f priceFields) show(p settings.Price) {
	f.picture.SetText(number(float64(p.Picture) / 1e6))
	f.words.SetText(number(float64(p.Tokens[settings.TextTokens]) / 1e6))
	f.images.SetText(number(float64(p.Tokens[settings.ImageTokens]) / 1e6))
	f.output.SetText(number(float64(p.Tokens[settings.OutputTokens]) / 1e6))
	f.currency.SetText(p.Currency)
	f.showDate(p)
}

// showDate shows the date of the prices.
func (f priceFields) showDate(p settings.Price) {
	show(f.date, p.AsOf != "")
	f.date.SetText(text.T("dialog.prices.date", "Date", p.AsOf))
}

// showPrice puts a connection's price into the fields, without counting as a change by the
// person.
func (d *settingsSheet) showPrice(c settings.Connection) {
	id := d.id
	d.id = ""
	d.price.show(c.Price)
	d.id = id
	d.fit()
}

// most is the largest sum, and the largest number of megabytes or gigabytes.
const most = 1e6

// amount parses a sum as people write it; anything else is 0.
func amount(s string) float64 {
	v, ok := sum(s)
	if !ok || v < 0 || v > most {
		return 0
	}
	return v
}

// millionths parses a sum into millionths.
func millionths(s string) int64 { return int64(math.Round(amount(s) * 1e6)) }
