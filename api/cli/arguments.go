package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"overpaint.dev/overpaint/api"
)

// option is a flag on a command line.
type option struct {
	// name is the flag's name without dashes, arg the whole argument.
	name, arg string
	inline    string
	isInline  bool
	rest      *[]string
}

// value returns the flag's value: the text after its "=", or else the next argument.
func (o *option) value() (string, error) {
	if o.isInline {
		return o.inline, nil
	}
	if len(*o.rest) == 0 {
		return "", api.InputError("cli.flag_value", "Flag", "-"+o.name)
	}
	value := (*o.rest)[0]
	*o.rest = (*o.rest)[1:]
	return value, nil
}

// unknown is the error for a flag that doesn't exist.
func (o *option) unknown() error { return api.InputError("cli.flag_unknown", "Flag", o.arg) }

// bad is the error for a value that the flag doesn't accept.
func (o *option) bad(value string) error { return badValue(o.name, value) }

// badValue is the error for a value that a flag doesn't accept.
func badValue(name, value string) error {
	return api.InputError("cli.flag_bad", "Flag", "-"+name, "Value", value)
}

// needed refuses flags that have no effect without another one; needs names that one by theirs.
func needed(given map[string]bool, needs map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		if given[name] && !given[needs[name]] {
			return api.InputError("cli.flag_needs", "Flag", "-"+name, "Other", "-"+needs[name])
		}
	}
	return nil
}

// on sets a flag that needs no value: to true, or to what stands after its "=".
func (o *option) on(to *bool) error {
	if *to = true; !o.isInline {
		return nil
	}
	var err error
	if *to, err = strconv.ParseBool(o.inline); err != nil {
		return o.bad(o.inline)
	}
	return nil
}

// errHelp is walk's error where an argument asks for help.
var errHelp = errors.New("cli: help was asked for")

// helped prints the help of a command where err is errHelp, and reports whether it is.
func helped(err error, command string, stdout io.Writer) bool {
	if !errors.Is(err, errHelp) {
		return false
	}
	fmt.Fprintln(stdout, usage(command))
	return true
}

// walk reads arguments: it calls set for each flag and returns the other arguments. Flags
// may come before and after the others, with one or two dashes, as "-name value" or
// "-name=value"; all arguments after "--" are no flags. At -h and -help it ends with errHelp.
func walk(args []string, set func(*option) error) (others []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return append(others, args...), nil
		}
		if len(arg) < 2 || arg[0] != '-' {
			others = append(others, arg)
			continue
		}
		o := &option{arg: arg, rest: &args}
		o.name, o.inline, o.isInline = strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
		if o.name == "h" || o.name == "help" {
			return others, errHelp
		}
		if err := set(o); err != nil {
			return others, err
		}
	}
	return others, nil
}
