package settings

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// encode returns the settings file for s. Fields of the previous file that this version
// doesn't know are kept, and so are fields of a newer version's file that could not be
// decoded, unless s changes them.
func encode(s *Settings, before *understood) ([]byte, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	number := version
	if before != nil {
		number = max(number, before.version)
		old, err := json.Marshal(before.raw)
		if err != nil {
			return nil, err
		}
		if before.version > version && len(before.lost) > 0 {
			if raw, err = restoreLost(raw, old, before); err != nil {
				return nil, err
			}
		}
		raw = keepUnknown(raw, old, reflect.TypeFor[Settings]())
	}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	if fields["version"], err = json.Marshal(number); err != nil {
		return nil, err
	}
	out, err := json.MarshalIndent(fields, "", "  ")
	return append(out, '\n'), err
}

// keepUnknown returns fresh, the JSON of a value of type t, with the fields of old
// that t doesn't know.
func keepUnknown(fresh, old json.RawMessage, t reflect.Type) json.RawMessage {
	switch t.Kind() {
	case reflect.Struct:
		return keepFields(fresh, old, t)
	case reflect.Slice:
		return keepItems(fresh, old, t.Elem())
	}
	return fresh
}

// knows reports whether a struct has a field for a name in JSON, in any case.
func knows(t reflect.Type, name string) bool {
	for i := range t.NumField() {
		if strings.EqualFold(fieldName(t.Field(i)), name) {
			return true
		}
	}
	return false
}

// keepFields is keepUnknown for a struct.
func keepFields(fresh, old json.RawMessage, t reflect.Type) json.RawMessage {
	var now, before map[string]json.RawMessage
	if json.Unmarshal(fresh, &now) != nil || json.Unmarshal(old, &before) != nil || now == nil || len(before) == 0 {
		return fresh
	}
	for name, raw := range before {
		if !knows(t, name) {
			now[name] = raw
		}
	}
	for i := range t.NumField() {
		name := fieldName(t.Field(i))
		raw, ok := lookUp(before, name)
		if !ok {
			continue
		}
		mine, ok := now[name]
		if !ok && t.Field(i).Type.Kind() == reflect.Struct {
			mine = json.RawMessage("{}") // omitted since its known fields are zero
		} else if !ok {
			continue
		}
		if kept := keepUnknown(mine, raw, t.Field(i).Type); ok || string(kept) != "{}" {
			now[name] = kept
		}
	}
	merged, err := json.Marshal(now)
	if err != nil {
		return fresh
	}
	return merged
}

// keepItems is keepUnknown for a list of objects with IDs.
func keepItems(fresh, old json.RawMessage, t reflect.Type) json.RawMessage {
	var now, before []json.RawMessage
	if t != reflect.TypeFor[Connection]() || json.Unmarshal(fresh, &now) != nil || json.Unmarshal(old, &before) != nil {
		return fresh
	}
	byID := map[string]json.RawMessage{}
	for _, raw := range before {
		if id := idOf(raw); id != "" && byID[id] == nil {
			byID[id] = raw
		}
	}
	for i, raw := range now {
		if b, ok := byID[idOf(raw)]; ok {
			now[i] = keepUnknown(raw, b, t)
		}
	}
	merged, err := json.Marshal(now)
	if err != nil || now == nil {
		return fresh
	}
	return merged
}

func idOf(raw json.RawMessage) string {
	var c struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &c) // the ID is read even where other fields are invalid
	return c.ID
}

// restoreLost puts back top-level fields of a newer version's file that this version can't
// decode, where raw hasn't changed them.
func restoreLost(raw, old json.RawMessage, before *understood) (json.RawMessage, error) {
	was, err := json.Marshal(before.settings)
	if err != nil {
		return nil, err
	}
	var now, then, file map[string]json.RawMessage
	for _, one := range []struct {
		raw json.RawMessage
		to  *map[string]json.RawMessage
	}{{raw, &now}, {was, &then}, {old, &file}} {
		if err := json.Unmarshal(one.raw, one.to); err != nil {
			return nil, err
		}
	}
	for _, path := range before.lost {
		name := path[:strings.IndexAny(path+".", ".[")]
		if theirs, ok := lookUp(file, name); ok && bytes.Equal(now[name], then[name]) {
			now[name] = theirs
		}
	}
	return json.Marshal(now)
}
