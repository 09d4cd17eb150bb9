package keys

import (
	"maps"
	"runtime"
	"slices"
	"strings"
)

// Map says which keys every command has. It is immutable.
type Map struct {
	changed map[string][]string
	of      map[string][]Chord
}

// New returns the keys of all commands: those that the user has chosen, by
// command, and the first ones of all others. What is no chord, and what is no
// command or can't be changed, is left out.
func New(changed map[string][]string) *Map {
	m := &Map{changed: map[string][]string{}, of: map[string][]Chord{}}
	for _, c := range commands {
		list := c.Keys
		if own, ok := changed[c.ID]; ok && !c.Fixed {
			list = own
			m.changed[c.ID] = slices.Clone(own)
		}
		for _, s := range list {
			if chord, ok := Parse(s); ok && !slices.Contains(m.of[c.ID], chord) {
				m.of[c.ID] = append(m.of[c.ID], chord)
			}
		}
	}
	return m
}

// Of returns the keys of a command, the one that menus show first.
func (m *Map) Of(id string) []Chord { return slices.Clone(m.of[id]) }

// Label is the first key of a command as it is read, or "".
func (m *Map) Label(id string) string {
	if list := m.of[id]; len(list) > 0 {
		return list[0].Label(runtime.GOOS)
	}
	return ""
}

// Find returns the command that a chord means, or "". Of several it is the first
// of the table.
func (m *Map) Find(c Chord) string {
	if users := m.Users(c); len(users) > 0 {
		return users[0]
	}
	return ""
}

// Users returns all commands that have a chord: more than one is a conflict.
func (m *Map) Users(c Chord) []string {
	var list []string
	for _, cmd := range commands {
		if slices.Contains(m.of[cmd.ID], c) || cmd.ID == "show" && isPlace(c) || cmd.ID == "menus" && isMnemonic(c) {
			list = append(list, cmd.ID)
		}
	}
	return list
}

// isPlace reports that a chord is one of the keys of the cards' places.
func isPlace(c Chord) bool {
	return c == Chord{Key: c.Key} && len(c.Key) == 1 && c.Key[0] >= '1' && c.Key[0] <= '9'
}

// isMnemonic reports that a chord opens a menu: those of File, Edit, Mask, View
// and Help, in all languages.
func isMnemonic(c Chord) bool {
	return c == Chord{Alt: true, Key: c.Key} && len(c.Key) == 1 && strings.Contains("FEMVH", c.Key)
}

// Changed reports that a command has other keys than at first.
func (m *Map) Changed(id string) bool { _, ok := m.changed[id]; return ok }

// Custom returns what differs from the first keys, as New takes it.
func (m *Map) Custom() map[string][]string { return maps.Clone(m.changed) }

// With returns a map in which a command has these keys and no other command has
// any of them. Commands whose keys are fixed keep theirs: with one of them nothing is changed.
func (m *Map) With(id string, keys ...Chord) *Map {
	cmd, ok := find(id)
	if !ok || cmd.Fixed {
		return m
	}
	changed := m.Custom()
	for _, k := range keys {
		for _, user := range m.Users(k) {
			if user == id {
				continue
			}
			if other, _ := find(user); other.Fixed {
				return m
			}
			set(changed, user, slices.DeleteFunc(slices.Clone(m.of[user]), func(c Chord) bool { return slices.Contains(keys, c) }))
		}
	}
	set(changed, id, keys)
	return New(changed)
}

// Without returns a map in which a command has its first keys again, as far as
// no other command has them now.
func (m *Map) Without(id string) *Map {
	cmd, ok := find(id)
	if !ok || !m.Changed(id) {
		return m
	}
	var free []Chord
	for _, s := range cmd.Keys {
		c, _ := Parse(s)
		if !slices.ContainsFunc(m.Users(c), func(user string) bool { return user != id }) {
			free = append(free, c)
		}
	}
	changed := m.Custom()
	set(changed, id, free)
	return New(changed)
}

// set notes the keys of a command, unless they are its first ones.
func set(changed map[string][]string, id string, keys []Chord) {
	list := []string{}
	for _, k := range keys {
		if s := k.String(); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	changed[id] = list
	if cmd, _ := find(id); slices.Equal(list, cmd.Keys) {
		delete(changed, id)
	}
}

// Taken returns the command that keeps a chord from being given to another one
// because its own keys are fixed, or "".
func (m *Map) Taken(c Chord) string {
	for _, id := range m.Users(c) {
		if cmd, _ := find(id); cmd.Fixed {
			return id
		}
	}
	return ""
}
