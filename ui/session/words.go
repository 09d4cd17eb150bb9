package session

import (
	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// Sentence is text for the user, translated when String is called. The zero Sentence is
// empty.
type Sentence struct {
	Key  string
	Args []any // pairs of name and value; a value may be a Sentence or an Amount
	// Count chooses between singular and plural where Counted is set.
	Count   int
	Counted bool
}

// Amount is a sum of money in millionths of a currency.
type Amount struct {
	Sum      int64
	Currency string
}

// String returns the sum with its currency, as people write it.
func (a Amount) String() string { return settings.Money(a.Sum, a.Currency) }

// say returns a sentence of the translations; args are pairs of name and value.
func say(key string, args ...any) Sentence { return Sentence{Key: key, Args: args} }

// sayCount returns a sentence that depends on a count.
func sayCount(key string, n int, args ...any) Sentence {
	return Sentence{Key: key, Args: args, Count: n, Counted: true}
}

// told converts a sentence of package api.
func told(s api.Sentence) Sentence { return Sentence{Key: s.Key, Args: s.Args} }

// joined returns sentences one after the other, without the empty ones.
func joined(all ...Sentence) Sentence {
	var out Sentence
	for _, next := range all {
		switch {
		case next.IsZero():
		case out.IsZero():
			out = next
		default:
			out = say("notice.both", "First", out, "Second", next)
		}
	}
	return out
}

// IsZero reports whether the sentence is empty.
func (s Sentence) IsZero() bool { return s.Key == "" }

// String returns the sentence in the current language.
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

// same reports whether two sentences have the same text.
func (s Sentence) same(o Sentence) bool { return s.Key == o.Key && s.String() == o.String() }
