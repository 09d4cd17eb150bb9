package settings

import (
	"maps"
	"reflect"
	"slices"
)

// Merge returns now with the changes between before and after applied, a three-way merge:
// before is the settings as a dialog or another process loaded them, after as it changed
// them. What was learnt about a service meanwhile is kept, unless its address was changed.
// None of the three is changed, and the result shares no memory with them.
func Merge(before, after, now *Settings) *Settings {
	before, after, now = before.Clone(), after.Clone(), now.Clone()
	merged := *now
	mergeInto(reflect.ValueOf(&merged).Elem(), reflect.ValueOf(*before), reflect.ValueOf(*after))
	merged.Recent = mergeRecent(before.Recent, after.Recent, now.Recent, MaxRecent)
	merged.Prompts = mergeRecent(before.Prompts, after.Prompts, now.Prompts, MaxPrompts)
	merged.Connections = mergeConnections(before, after, now)
	if _, ok := merged.byID(merged.Connection); !ok { // it was removed on the other side
		merged.Connection = Builtin
	}
	return &merged
}

// mergeInto sets each field of now that differs between before and after to
// its value in after. Structs are merged field by field, but a price as a whole, since its
// number depends on its currency.
func mergeInto(now, before, after reflect.Value) {
	if now.Kind() == reflect.Struct && now.Type() != reflect.TypeFor[Price]() {
		for i := range now.NumField() {
			mergeInto(now.Field(i), before.Field(i), after.Field(i))
		}
		return
	}
	if !reflect.DeepEqual(before.Interface(), after.Interface()) {
		now.Set(after)
	}
}

// mergeConnections returns the connections of after that were changed there or still exist
// in now, and those that were added in now.
func mergeConnections(before, after, now *Settings) []Connection {
	merged := []Connection{}
	for _, c := range after.Connections {
		old, was := before.byID(c.ID)
		current, is := now.byID(c.ID)
		switch {
		case was && is:
			c = mergeConnection(*old, c, *current)
		case was && reflect.DeepEqual(*old, c):
			continue // it was removed in now
		}
		merged = append(merged, c)
	}
	for _, c := range now.Connections { // those that were added meanwhile
		_, was := before.byID(c.ID)
		_, there := after.byID(c.ID)
		if !was && !there {
			merged = append(merged, c)
		}
	}
	if slices.Equal(ids(before), ids(after)) {
		place := map[string]int{}
		for i, id := range ids(now) {
			place[id] = i - len(now.Connections)
		}
		slices.SortStableFunc(merged, func(a, b Connection) int { return place[a.ID] - place[b.ID] })
	}
	return merged
}

func mergeConnection(before, after, now Connection) Connection {
	merged := now
	mergeInto(reflect.ValueOf(&merged).Elem(), reflect.ValueOf(before), reflect.ValueOf(after))
	mergeLearnt(&merged, before, after, now)
	// What is known about a service belongs to its address.
	if after.BaseURL != before.BaseURL {
		merged.Quirks, merged.Others, merged.Models = after.Quirks, after.Others, after.Models
	} else if now.BaseURL != before.BaseURL {
		merged.Quirks, merged.Others, merged.Models = now.Quirks, now.Others, now.Models
	}
	return merged
}

// mergeLearnt merges the quirks of a service model by model, since the two sides may have
// chosen different models.
func mergeLearnt(merged *Connection, before, after, now Connection) {
	same := func(a, b Connection) bool {
		return a.Model == b.Model && a.Quirks == b.Quirks && maps.Equal(a.Others, b.Others)
	}
	switch {
	case same(before, after), same(after, now):
		merged.Quirks, merged.Others = now.Quirks, now.Others
		return
	case same(before, now):
		merged.Quirks, merged.Others = after.Quirks, after.Others
		return
	}
	was, changed, all := before.learnt(), after.learnt(), now.learnt()
	for model, q := range changed {
		current, ok := all[model]
		if !ok {
			current = was[model]
		}
		mergeInto(reflect.ValueOf(&current).Elem(), reflect.ValueOf(was[model]), reflect.ValueOf(q))
		all[model] = current
	}
	merged.Quirks = all[merged.Model]
	delete(all, merged.Model)
	maps.DeleteFunc(all, func(_ string, q Quirks) bool { return q == Quirks{Path: q.Path} })
	if merged.Others = all; len(all) == 0 {
		merged.Others = nil
	}
}

// mergeRecent merges lists of recently used entries, the newest first. after is before
// with entries added at the head, removed, or dropped at the end beyond the maximum most.
func mergeRecent(before, after, now []string, most int) []string {
	used := after[:usedSince(before, after)]
	removed := map[string]bool{}
	if len(after) < most { // else they may be those beyond most
		for _, s := range before {
			removed[s] = !slices.Contains(after, s)
		}
	}
	merged := slices.Clone(used)
	for _, s := range now {
		if len(merged) < most && !removed[s] && !slices.Contains(used, s) {
			merged = append(merged, s)
		}
	}
	if len(merged) == 0 {
		return nil
	}
	return merged
}

// usedSince returns how many entries at the head of after were put there since
// before: all but those at its end that are in before, in the same order.
func usedSince(before, after []string) int {
	n := len(after)
	for i := len(before) - 1; i >= 0 && n > 0; i-- {
		if before[i] == after[n-1] {
			n--
		}
	}
	return n
}

func ids(s *Settings) []string {
	all := make([]string, len(s.Connections))
	for i, c := range s.Connections {
		all[i] = c.ID
	}
	return all
}

func (s *Settings) byID(id string) (*Connection, bool) {
	for i := range s.Connections {
		if s.Connections[i].ID == id {
			return &s.Connections[i], true
		}
	}
	return nil, false
}
