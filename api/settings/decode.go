package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// version is the file's "version". It grows when the meaning of a field changes, not when
// a field is added.
const version = 1

// understood is a settings file as far as it could be decoded.
type understood struct {
	settings *Settings
	// raw is the file's top level, with fields that this version doesn't know.
	raw map[string]json.RawMessage
	// version is the file's version, 0 where it has none.
	version int
	// lost are the fields whose defaults are used because their values could not
	// be decoded.
	lost []string
}

// understand decodes a settings file field by field, so that a value of a wrong type or
// out of range affects no other field. It fails where the file is no JSON object.
func understand(file []byte) (*understood, error) {
	u := &understood{settings: Default()}
	// Some editors put a byte order mark before the text.
	if err := json.Unmarshal(bytes.TrimPrefix(file, []byte("\ufeff")), &u.raw); err != nil {
		return nil, err
	}
	if u.raw == nil {
		return nil, errors.New("settings: null instead of settings")
	}
	if raw, ok := lookUp(u.raw, "version"); ok && json.Unmarshal(raw, &u.version) != nil {
		u.lost = append(u.lost, "version")
	}
	u.structure("", u.raw, reflect.ValueOf(u.settings).Elem())
	u.settings.repair()
	return u, nil
}

// value decodes raw into v, which stays as it was where that fails, and reports whether
// it succeeded. path is the field's name, for lost.
func (u *understood) value(path string, raw json.RawMessage, v reflect.Value) bool {
	if string(raw) == "null" {
		switch v.Kind() {
		case reflect.Slice, reflect.Map:
			v.SetZero() // empty lists are written as null
		}
		return true
	}
	switch v.Kind() {
	case reflect.Struct:
		var fields map[string]json.RawMessage
		if json.Unmarshal(raw, &fields) == nil {
			u.structure(path, fields, v)
			return true
		}
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) == nil {
			v.Set(u.list(path, items, v.Type()))
			return true
		}
	case reflect.Map:
		var items map[string]json.RawMessage
		if json.Unmarshal(raw, &items) == nil {
			v.Set(u.table(path, items, v.Type()))
			return true
		}
	default:
		fresh := reflect.New(v.Type())
		if json.Unmarshal(raw, fresh.Interface()) == nil {
			v.Set(fresh.Elem())
			return true
		}
	}
	u.lost = append(u.lost, path)
	return false
}

func (u *understood) structure(path string, fields map[string]json.RawMessage, v reflect.Value) {
	for i := range v.NumField() {
		name := fieldName(v.Type().Field(i))
		if raw, ok := lookUp(fields, name); ok {
			u.value(strings.TrimPrefix(path+"."+name, "."), raw, v.Field(i))
		}
	}
}

func (u *understood) list(path string, items []json.RawMessage, t reflect.Type) reflect.Value {
	list := reflect.MakeSlice(t, 0, len(items))
	for i, raw := range items {
		item := reflect.New(t.Elem()).Elem()
		if u.value(fmt.Sprintf("%s[%d]", path, i), raw, item) {
			list = reflect.Append(list, item)
		}
	}
	return list
}

func (u *understood) table(path string, items map[string]json.RawMessage, t reflect.Type) reflect.Value {
	table := reflect.MakeMap(t)
	for name, raw := range items {
		item := reflect.New(t.Elem()).Elem()
		if u.value(path+"."+name, raw, item) {
			table.SetMapIndex(reflect.ValueOf(name), item)
		}
	}
	return table
}

// fieldName is a field's name in JSON.
func fieldName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return f.Name
}

// lookUp finds a field in an object by its exact name or, failing that, in any case, as
// encoding/json does.
func lookUp(fields map[string]json.RawMessage, name string) (json.RawMessage, bool) {
	if raw, ok := fields[name]; ok {
		return raw, true
	}
	for other, raw := range fields {
		if strings.EqualFold(other, name) {
			return raw, true
		}
	}
	return nil, false
}
