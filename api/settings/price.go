package settings

import (
	"fmt"
	"strconv"
	"strings"
)

// The names of token counts in a service's usage.
const (
	InputTokens  = "input_tokens" // TextTokens and ImageTokens together
	TextTokens   = "input_tokens_details.text_tokens"
	ImageTokens  = "input_tokens_details.image_tokens"
	OutputTokens = "output_tokens"
)

// Price is a service's price, in millionths of Currency.
type Price struct {
	// Picture is the price of one picture; Tokens are prices of one million
	// tokens by the names that the service's usage has.
	Picture int64            `json:"picture,omitempty"`
	Tokens  map[string]int64 `json:"tokens,omitempty"`
	// Currency is an ISO 4217 code, such as "USD".
	Currency string `json:"currency,omitempty"`
	// AsOf is the day on which the price was looked up or the month in which
	// it was published, as 2006-01-02 or 2006-01.
	AsOf string `json:"as_of,omitempty"`
}

// Known reports whether anything can be computed from the price.
func (p Price) Known() bool { return p.Picture != 0 || len(p.Tokens) > 0 }

// Of returns the cost of an edit, in millionths of the currency: by tokens where both the
// price and the usage have them, else by picture. Input tokens that the usage doesn't
// divide into text and images count at the higher price of the two.
func (p Price) Of(pictures int, usage map[string]int64) int64 {
	var sum int64
	counted := false
	charge := func(name string, price int64) {
		if n, ok := usage[name]; ok && price > 0 {
			sum += n * price / 1_000_000
			counted = true
		}
	}
	_, apart := usage[ImageTokens]
	dearer := max(p.Tokens[TextTokens], p.Tokens[ImageTokens])
	for name, price := range p.Tokens {
		if name != InputTokens || !apart || dearer == 0 {
			charge(name, price)
		}
	}
	if !apart && p.Tokens[InputTokens] == 0 {
		charge(InputTokens, dearer)
	}
	if counted {
		return sum
	}
	return int64(pictures) * p.Picture
}

// signs are the common symbols of currencies.
var signs = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$", "KRW": "₩", "INR": "₹"}

// Money formats a sum in millionths of a currency: "$0.08", "12.50 CHF". Sums that two
// decimals would round too much have more.
func Money(millionths int64, currency string) string {
	sign := ""
	if millionths < 0 {
		sign, millionths = "-", -millionths
	}
	cents := (millionths + 5_000) / 10_000
	amount := fmt.Sprintf("%d.%02d", cents/100, cents%100)
	if millionths < 100_000 && millionths%10_000 != 0 {
		amount = strings.TrimRight(strconv.FormatFloat(float64(millionths)/1e6, 'f', 6, 64), "0")
	}
	currency = strings.ToUpper(strings.TrimSpace(currency))
	if s, ok := signs[currency]; ok {
		return sign + s + amount
	}
	return strings.TrimSpace(sign + amount + " " + currency)
}
