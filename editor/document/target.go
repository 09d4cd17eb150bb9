package document

import "overpaint.dev/overpaint/editor/mask"

// Kind is the kind of a Target.
type Kind uint8

// The kinds of targets.
const (
	// DocumentMask is the mask of the next edit.
	DocumentMask Kind = iota
	// ResultMask is where a result shows.
	ResultMask
	// ResultMix is where a variant of a result shows instead of the others.
	ResultMix
)

// Target is the mask that is painted on: gestures of package tool begin over its coverage
// (State.Coverage), are previewed by State.Painting, and become a step by Document.Paint. To
// cancel, drop what State.Painting returned. The zero Target is the document's mask.
type Target struct {
	Kind Kind
	// Result is the result whose mask or mix is meant.
	Result ID
	// Variant is the index of the variant for ResultMix.
	Variant int
}

// Coverage returns the target's mask; ok is false where it no longer exists.
func (s *State) Coverage(t Target) (m *mask.Mask, ok bool) {
	if t.Kind == DocumentMask {
		return s.Mask, true
	}
	r := s.Result(t.Result)
	switch {
	case r == nil:
	case t.Kind == ResultMask:
		return r.weight, true
	case t.Kind == ResultMix && t.Variant >= 0 && t.Variant < len(r.Variants):
		return r.wins(t.Variant), true
	}
	return nil, false
}

// Painting returns s with m as the coverage of the target while it is being painted; see Preview.
func (s *State) Painting(t Target, m *mask.Mask) *State {
	if t.Kind == DocumentMask {
		if m == s.Mask || m.Size() != s.Size {
			return s
		}
		return s.WithMask(m)
	}
	return s.Preview(t.Result, t.painted(m))
}

// painted returns how a result changes as m becomes the coverage of the target.
func (t Target) painted(m *mask.Mask) func(*Result) *Result {
	return func(r *Result) *Result {
		switch t.Kind {
		case ResultMask:
			return r.Painted(m)
		case ResultMix:
			return r.Mixed(t.Variant, m)
		}
		return r
	}
}
