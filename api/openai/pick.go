package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// errSyntax reports JSON that is none.
var errSyntax = errors.New("openai: not JSON")

const (
	// deepest is how many values may stand in each other around a picture.
	deepest = 4
	// nested bounds how deep any value goes.
	nestedLevels = 200
	// fieldBytes and fieldsBytes are how much is kept of one field of the
	// outermost object that is no picture, and of all of them.
	fieldBytes, fieldsBytes = 256 << 10, 1 << 20
)

// containers are the names under which pictures were found.
var containers = []string{"data", "images", "image", "output", "result", "results"}

// pictureFields are the names of the fields that are a picture, the best first.
var pictureFields = []struct {
	name string
	kind textKind
}{
	{"b64_json", fileText},
	{"b64", fileText},
	{"base64", fileText},
	{"image_base64", fileText},
	{"url", addressText},
	{"image_url", addressText},
}

// picker reads one JSON value as it arrives and hands out each picture in it as
// soon as it is whole. A picture is an object with one of pictureFields, or a text
// where one is expected: within one of the containers, the first of an object that
// has any. A picture of which the object is not complete counts once its own text
// is; it is handed out when the object ends or the value breaks off.
type picker struct {
	r    *bufio.Reader
	give func(item)
	// limit is how many pictures are wanted; more are counted and dropped.
	limit int

	given, over int
	// fields are those of the outermost object, as they came.
	fields map[string]json.RawMessage
	room   int
	level  int
}

func newPicker(r *bufio.Reader, limit int, give func(item)) *picker {
	return &picker{r: r, give: give, limit: limit, fields: map[string]json.RawMessage{}, room: fieldsBytes}
}

// run reads the value. An error is errSyntax or what the reader broke off with;
// io.EOF then means that the value isn't complete.
func (p *picker) run() error {
	_, err := p.collect(0)
	return err
}

// hand gives out a picture.
func (p *picker) hand(it item) {
	if p.given >= p.limit {
		p.over++
		return
	}
	p.given++
	p.give(it)
}

// token skips white space and returns the byte behind it, unread.
func (p *picker) token() (byte, error) {
	if err := skipSpace(p.r); err != nil {
		return 0, err
	}
	b, err := p.r.Peek(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

// expect reads one byte of several, behind white space.
func (p *picker) expect(allowed string) (byte, error) {
	c, err := p.token()
	if err != nil {
		return 0, err
	}
	if bytes.IndexByte([]byte(allowed), c) < 0 {
		return 0, errSyntax
	}
	_, err = p.r.Discard(1)
	return c, err
}

// collect finds the pictures in a value and returns how many there were.
func (p *picker) collect(depth int) (n int, err error) {
	c, err := p.token()
	if err != nil {
		return 0, err
	}
	if depth > deepest {
		return 0, p.skip(nil)
	}
	switch c {
	case '"':
		it, ok, err := p.picture(anyText)
		if ok && err == nil {
			p.hand(it)
			n = 1
		}
		return n, err
	case '[':
		err := p.list(func() error {
			k, err := p.collect(depth + 1)
			n += k
			return err
		})
		return n, err
	case '{':
		return p.object(depth)
	}
	return 0, p.skip(nil)
}

// list reads an array, each element by one call of element.
func (p *picker) list(element func() error) error {
	if p.level++; p.level > nestedLevels {
		return errSyntax
	}
	defer func() { p.level-- }()
	if _, err := p.expect("["); err != nil {
		return err
	}
	if c, err := p.token(); err != nil || c == ']' {
		return p.close(err)
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if c, err := p.expect(",]"); err != nil || c == ']' {
			return err
		}
	}
}

// close reads the byte that ends an empty list or object.
func (p *picker) close(err error) error {
	if err == nil {
		_, err = p.r.Discard(1)
	}
	return err
}

// members reads an object, each value by one call of member.
func (p *picker) members(member func(name string) error) error {
	if p.level++; p.level > nestedLevels {
		return errSyntax
	}
	defer func() { p.level-- }()
	if _, err := p.expect("{"); err != nil {
		return err
	}
	if c, err := p.token(); err != nil || c == '}' {
		return p.close(err)
	}
	for {
		if c, err := p.token(); err != nil || c != '"' {
			if err == nil {
				err = errSyntax
			}
			return err
		}
		name, err := p.short(256)
		if err != nil {
			return err
		}
		if _, err := p.expect(":"); err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
		if c, err := p.expect(",}"); err != nil || c == '}' {
			return err
		}
	}
}

// object reads an object that is a picture or contains some.
func (p *picker) object(depth int) (n int, err error) {
	var own item
	rank, revised := len(pictureFields), ""
	err = p.members(func(name string) error {
		if i := rankOf(name); i < len(pictureFields) {
			it, ok, err := p.field(pictureFields[i].kind)
			if ok && i < rank {
				own, rank = it, i
			}
			return err
		}
		switch {
		case name == "revised_prompt":
			c, err := p.token()
			if err != nil {
				return err
			}
			if c != '"' {
				return p.skip(nil)
			}
			said, err := p.short(64 << 10)
			if err == nil {
				revised = said
			}
			return err
		case n == 0 && slices.Contains(containers, name):
			k, err := p.collect(depth + 1)
			n += k
			return err
		case depth == 0:
			return p.keep(name)
		}
		return p.skip(nil)
	})
	if n == 0 && rank < len(pictureFields) {
		own.revised = revised
		p.hand(own)
		n = 1
	}
	return n, err
}

func rankOf(name string) int {
	for i, f := range pictureFields {
		if f.name == name {
			return i
		}
	}
	return len(pictureFields)
}

// field reads the value of a field that is a picture: a text, or an object with
// the address in it.
func (p *picker) field(kind textKind) (it item, ok bool, err error) {
	c, err := p.token()
	switch {
	case err != nil:
		return it, false, err
	case c == '"':
		return p.picture(kind)
	case c == '{' && kind == addressText:
		err = p.members(func(name string) error {
			c, err := p.token()
			if err != nil {
				return err
			}
			if name != "url" || c != '"' || ok {
				return p.skip(nil)
			}
			it, ok, err = p.picture(kind)
			return err
		})
		return it, ok, err
	}
	return it, false, p.skip(nil)
}

// picture reads a text that is a picture's file or address.
func (p *picker) picture(kind textKind) (item, bool, error) {
	t := &text{kind: kind}
	t.dec.drop = p.given >= p.limit && kind != anyText
	if err := p.str(t.write); err != nil {
		return item{}, false, err
	}
	it, ok := t.end()
	return it, ok, nil
}

// short reads a text of which at most so many bytes matter.
func (p *picker) short(most int) (string, error) {
	var b []byte
	err := p.str(func(piece []byte) {
		if len(b) <= most {
			b = append(b, piece[:min(len(piece), most+1-len(b))]...)
		}
	})
	return string(bytes.ToValidUTF8(b, []byte("\uFFFD"))), err
}

// str reads a text and hands out what it says in pieces.
func (p *picker) str(write func([]byte)) error {
	if _, err := p.r.Discard(1); err != nil {
		return err
	}
	for {
		if _, err := p.r.Peek(1); err != nil {
			return err
		}
		piece, _ := p.r.Peek(p.r.Buffered())
		if end := bytes.IndexByte(piece, '"'); end >= 0 {
			piece = piece[:end]
		}
		if end := bytes.IndexByte(piece, '\\'); end >= 0 {
			piece = piece[:end]
		}
		if len(piece) > 0 {
			write(piece)
			p.r.Discard(len(piece)) // it is there
			continue
		}
		if c, _ := p.r.ReadByte(); c == '"' {
			return nil
		}
		r, err := p.escape()
		if err != nil {
			return err
		}
		write(r)
	}
}

// escape reads an escape behind its backslash.
func (p *picker) escape() ([]byte, error) {
	c, err := p.r.ReadByte()
	if err != nil {
		return nil, err
	}
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), c); i >= 0 {
		return []byte{"\"\\/\b\f\n\r\t"[i]}, nil
	}
	if c != 'u' {
		return nil, errSyntax
	}
	r, err := p.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return utf8.AppendRune(nil, r), err
	}
	if next, err := p.r.Peek(2); err != nil || string(next) != `\u` {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return utf8.AppendRune(nil, utf8.RuneError), nil
	}
	p.r.Discard(2) // they are there
	low, err := p.hex()
	if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
		return utf8.AppendRune(nil, pair), err
	}
	both := utf8.AppendRune(nil, utf8.RuneError)
	if utf16.IsSurrogate(low) {
		low = utf8.RuneError
	}
	return utf8.AppendRune(both, low), err
}

// hex reads four digits.
func (p *picker) hex() (r rune, err error) {
	for range 4 {
		c, err := p.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, errSyntax
		}
		r = r<<4 | rune(c)
	}
	return r, nil
}

// keep reads a value and remembers it as a field of the outermost object, unless
// it is too long to be anything but a picture in an unknown place.
func (p *picker) keep(name string) error {
	var b bytes.Buffer
	err := p.skip(func(piece []byte) {
		if b.Len() <= fieldBytes {
			b.Write(piece)
		}
	})
	if _, known := p.fields[name]; err == nil && !known && b.Len() <= min(fieldBytes, p.room) && json.Valid(b.Bytes()) {
		p.room -= b.Len()
		p.fields[name] = b.Bytes()
	}
	return err
}

// skip reads a value of any kind and hands out its bytes, unless copy is nil.
func (p *picker) skip(copy func([]byte)) error {
	if copy == nil {
		copy = func([]byte) {}
	}
	c, err := p.token()
	if err != nil {
		return err
	}
	switch c {
	case '"':
		return p.skipText(copy)
	case '[':
		first := true
		copy([]byte("["))
		err := p.list(func() error {
			if !first {
				copy([]byte(","))
			}
			first = false
			return p.skip(copy)
		})
		copy([]byte("]"))
		return err
	case '{':
		first := true
		copy([]byte("{"))
		err := p.members(func(name string) error {
			if !first {
				copy([]byte(","))
			}
			first = false
			quoted, err := json.Marshal(name)
			if err != nil {
				return err
			}
			copy(quoted)
			copy([]byte(":"))
			return p.skip(copy)
		})
		copy([]byte("}"))
		return err
	}
	return p.literal(copy)
}

func (p *picker) skipText(copy func([]byte)) error {
	var b []byte
	long := false
	err := p.str(func(piece []byte) {
		if long = long || len(b)+len(piece) > fieldBytes; !long {
			b = append(b, piece...)
		}
	})
	if long { // it is not used; this is enough to detect that it was too long
		copy(make([]byte, fieldBytes+1))
		return err
	}
	quoted, wrong := json.Marshal(string(b))
	if err == nil {
		err = wrong
	}
	copy(quoted)
	return err
}

// literal reads a number, true, false or null. One at the very end of what came
// may go on.
func (p *picker) literal(copy func([]byte)) error {
	var b []byte
	for {
		next, err := p.r.Peek(1)
		if err != nil && (!errors.Is(err, io.EOF) || !json.Valid(b) || p.level > 0) {
			return err
		}
		if err != nil || bytes.IndexByte([]byte(" \t\r\n,]}:\"[{"), next[0]) >= 0 {
			break
		}
		if b = append(b, next[0]); len(b) > 1000 {
			return errSyntax
		}
		p.r.Discard(1) // it is there
	}
	if !json.Valid(b) {
		return errSyntax
	}
	copy(b)
	return nil
}
