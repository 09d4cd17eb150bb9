package session

import (
	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// Sentence is something that a person reads, in whatever language is chosen
// when String is called. The zero Sentence is nothing.
type Sentence struct {
	Key  string
	Args []any // pairs of name and value; a value may be a Sentence or an Amount
	// Count decides between singular and plural where Counted is set.
	Count   int
	Counted bool
}

// Amount is a sum of money in millionths of a currency.
type Amount struct {
	Sum      int64
	Currency string
}

// String writes the sum as people write money.
func (a Amount) String() string { return settings.Money(a.Sum, a.Currency) }

// say is a sentence of the translations; args are pairs of name and value.
func say(key string, args ...any) Sentence { return Sentence{Key: key, Args: args} }

// sayCount is a sentence that depends on a count.
func sayCount(key string, n int, args ...any) Sentence {
	return Sentence{Key: key, Args: args, Count: n, Counted: true}
}

// told is a sentence of package api.
func told(s api.Sentence) Sentence { return Sentence{Key: s.Key, Args: s.Args} }

// IsZero reports that there is nothing to say.
func (s Sentence) IsZero() bool { return s.Key == "" }

// String returns the sentence in the language in use.
func (s Sentence) String() string {
	if s.IsZero() {
		return ""
	}
	args := make([]any, len(s.Args))
	for i, a := range s.Args {
		switch a := a.(type) {
		case Sentence:
			args[i] = a.String()
		case Amount:
			args[i] = a.String()
		default:
			args[i] = a
		}
	}
	if s.Counted {
		return text.N(s.Key, s.Count, args...)
	}
	return text.T(s.Key, args...)
}

// same reports that two sentences say the same.
func (s Sentence) same(o Sentence) bool { return s.Key == o.Key && s.String() == o.String() }
