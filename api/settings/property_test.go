package settings_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/settings"
)

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 3)) }

// timePasses lets more time pass than Soon waits (under synctest).
func timePasses() { time.Sleep(time.Second) }

// mutate changes some fields of v, except lists of connections, to other valid values.
func mutate(r *rand.Rand, v reflect.Value, name string) {
	if v.Kind() != reflect.Struct && r.IntN(3) > 0 {
		return
	}
	switch name {
	case "Connections", "Connection", "Recent", "Prompts", "ID", "Snippets", "WindowPlace", "Exports":
		return
	case "Language":
		v.SetString([]string{"", "en", "zh"}[r.IntN(3)])
		return
	case "Theme":
		v.SetString([]string{"", "dark", "light"}[r.IntN(3)])
		return
	case "Mode":
		v.SetString([]string{"tint", "black", "white", "outline"}[r.IntN(4)])
		return
	case "Format":
		v.SetString([]string{"png", "jpeg", "tiff", "bmp"}[r.IntN(4)])
		return
	case "Profile":
		v.SetString([]string{"flux-2", "gpt-image-2"}[r.IntN(2)])
		return
	case "ResponseFormat":
		v.SetString([]string{"", "url", "b64_json"}[r.IntN(3)])
		return
	case "Hardness", "Strength", "Opacity":
		v.SetFloat(float64(r.IntN(5)) / 4)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			mutate(r, v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+r.IntN(2), 2))
		for i := range v.Len() {
			mutate(r, v.Index(i), "")
		}
	case reflect.Map:
		item := reflect.New(v.Type().Elem()).Elem()
		mutate(r, item, "")
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("output"), item)
	case reflect.String:
		v.SetString(fmt.Sprint("s", r.IntN(4)))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(1 + r.IntN(4)))
	default:
		v.SetInt(int64(1 + r.IntN(5)))
	}
}

// changed returns s with random changes such as users and services make.
func changed(r *rand.Rand, s *settings.Settings) *settings.Settings {
	s = s.Clone()
	mutate(r, reflect.ValueOf(s).Elem(), "")
	for i := range s.Connections {
		if r.IntN(2) == 0 {
			mutate(r, reflect.ValueOf(&s.Connections[i]).Elem(), "")
		}
	}
	for range r.IntN(3) {
		switch r.IntN(6) {
		case 0:
			s.Put(settings.Custom("new", fmt.Sprint("http://localhost/", r.IntN(9))))
		case 1:
			if len(s.Connections) > 0 {
				s.Remove(s.Connections[r.IntN(len(s.Connections))].ID)
			}
		case 2:
			if len(s.Connections) > 0 {
				s.Connection = s.Connections[r.IntN(len(s.Connections))].ID
			}
		case 3:
			s.Recent = nil
		default:
			for range 1 + r.IntN(5) {
				s.Remember(fmt.Sprint("/", r.IntN(30)))
				s.RememberPrompt(fmt.Sprint("p", r.IntN(200)))
			}
		}
	}
	return s
}

// TestMergeProperties checks Merge on random settings: with changes on one side only the
// result is that side, with equal changes on both sides it is either side, and each value
// is that of the side that changed it.
func TestMergeProperties(t *testing.T) {
	for seed := range uint64(3000) {
		r := newRandom(seed)
		base := changed(r, changed(r, settings.Default()))
		mine, theirs := changed(r, base), changed(r, base)
		check := func(what string, got, want *settings.Settings) {
			t.Helper()
			if !reflect.DeepEqual(got.Clone(), want.Clone()) {
				t.Fatalf("seed %d, %s:\n%+v, want\n%+v", seed, what, got, want)
			}
		}
		kept := []*settings.Settings{base.Clone(), mine.Clone(), theirs.Clone()}
		merged := settings.Merge(base, mine, theirs)
		for i, s := range []*settings.Settings{base, mine, theirs} {
			check("an argument was changed", s, kept[i])
		}
		check("nothing is mine", settings.Merge(base, base, theirs), theirs)
		check("nothing is theirs", settings.Merge(base, mine, base), mine)
		check("both the same", settings.Merge(base, mine, mine), mine)
		check("merged again", settings.Merge(base, merged, merged), merged)
		compare(t, seed, "", reflect.ValueOf(*merged), reflect.ValueOf(*base), reflect.ValueOf(*mine), reflect.ValueOf(*theirs))
		compareConnections(t, seed, merged, base, mine, theirs)
	}
}

// compare checks each value by the rule: mine where I changed it, else theirs.
func compare(t *testing.T, seed uint64, name string, merged, base, mine, theirs reflect.Value) {
	t.Helper()
	switch name {
	case "Connections", "Connection", "Recent", "Prompts", "Quirks", "Models", "Others":
		return // compared by compareConnections and TestMergeProperties
	}
	if merged.Kind() == reflect.Struct && name != "Price" {
		for i := range merged.NumField() {
			compare(t, seed, merged.Type().Field(i).Name, merged.Field(i), base.Field(i), mine.Field(i), theirs.Field(i))
		}
		return
	}
	want := theirs
	if !reflect.DeepEqual(mine.Interface(), base.Interface()) {
		want = mine
	}
	if !reflect.DeepEqual(merged.Interface(), want.Interface()) {
		t.Fatalf("seed %d: %s = %v, want %v (base %v, mine %v, theirs %v)", seed, name, merged, want, base, mine, theirs)
	}
}

func compareConnections(t *testing.T, seed uint64, merged, base, mine, theirs *settings.Settings) {
	t.Helper()
	find := func(s *settings.Settings, id string) (settings.Connection, bool) {
		c, ok := s.Find(id)
		if !ok || c.ID != id {
			return settings.Connection{}, false
		}
		return *c, true
	}
	for _, s := range []*settings.Settings{base, mine, theirs} {
		for _, c := range s.Connections {
			b, inBase := find(base, c.ID)
			m, inMine := find(mine, c.ID)
			o, inTheirs := find(theirs, c.ID)
			got, ok := find(merged, c.ID)
			edited := inMine && !reflect.DeepEqual(m, b)
			want := inMine && (inTheirs || edited) || !inBase && (inMine || inTheirs)
			if ok != want {
				t.Fatalf("seed %d: connection %s: base %v, mine %v (edited %v), theirs %v, merged %v", seed, c.ID, inBase, inMine, edited, inTheirs, ok)
			}
			if ok && inBase && inMine && inTheirs {
				compare(t, seed, "", reflect.ValueOf(got), reflect.ValueOf(b), reflect.ValueOf(m), reflect.ValueOf(o))
			}
		}
	}
	if _, ok := find(merged, merged.Connection); !ok && merged.Connection != settings.Builtin {
		t.Fatalf("seed %d: a connection is selected that isn't there", seed)
	}
	for _, list := range [][]string{merged.Recent, merged.Prompts} {
		seen := map[string]bool{}
		for _, s := range list {
			if seen[s] {
				t.Fatalf("seed %d: %q twice in %q", seed, s, list)
			}
			seen[s] = true
		}
	}
	if len(merged.Recent) > settings.MaxRecent || len(merged.Prompts) > settings.MaxPrompts {
		t.Fatalf("seed %d: lists of %d and %d", seed, len(merged.Recent), len(merged.Prompts))
	}
}
