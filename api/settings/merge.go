package settings

import "reflect"

// Merge returns now with the changes that were made from before to after, such
// as by a person in a dialog that was opened at before: what was not changed
// there is as it is now. What was learnt about a service meanwhile is kept,
// unless its address was changed. None of the three is changed, and the result
// shares nothing with them.
func Merge(before, after, now *Settings) *Settings {
	before, after, now = before.Clone(), after.Clone(), now.Clone()
	merged := merge(*before, *after, *now)
	merged.Connections = nil
	for _, c := range after.Connections {
		old, was := before.byID(c.ID)
		current, is := now.byID(c.ID)
		if was && is {
			one := merge(*old, c, *current)
			one.Quirks = merge(old.Quirks, c.Quirks, current.Quirks)
			if c.BaseURL != old.BaseURL { // what is known now is of another service
				one.Quirks, one.Models = c.Quirks, c.Models
			}
			c = one
		}
		merged.Connections = append(merged.Connections, c)
	}
	for _, c := range now.Connections { // those that came meanwhile
		if _, was := before.byID(c.ID); !was {
			merged.Put(c)
		}
	}
	return &merged
}

// merge takes each field of a struct from after where that differs from before,
// else from now.
func merge[T any](before, after, now T) T {
	b, a, n := reflect.ValueOf(before), reflect.ValueOf(after), reflect.ValueOf(&now).Elem()
	for i := range n.NumField() {
		if !reflect.DeepEqual(b.Field(i).Interface(), a.Field(i).Interface()) {
			n.Field(i).Set(a.Field(i))
		}
	}
	return now
}

func (s *Settings) byID(id string) (*Connection, bool) {
	for i := range s.Connections {
		if s.Connections[i].ID == id {
			return &s.Connections[i], true
		}
	}
	return nil, false
}
