package cli

import (
	"context"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
)

// checkWhole checks that a picture can be edited without a mask where that is wanted.
func checkWhole(f *flags, s *service.Service, connection string, state *document.State) error {
	if !f.whole || f.either {
		return nil
	}
	for _, other := range []string{"mask", "extend"} {
		if f.given[other] {
			return api.InputError("cli.flags_both", "First", "-whole", "Second", "-"+other)
		}
	}
	if !s.Profile(connection).Whole {
		name := settings.Builtin
		if c, ok := s.Connection(connection); ok {
			name = c.Name
		}
		return api.InputError("input.whole_unsupported", "Name", name)
	}
	if m, _ := job.Mask(state); !m.Empty() {
		return api.InputError("input.whole_transparent")
	}
	return nil
}

// choices returns the choices of the flags, checked against what the connection accepts.
func choices(f *flags, s *service.Service, connection string) (c service.Choices, err error) {
	c.Connection = connection
	set, profile := s.Settings(), s.Profile(c.Connection)
	c.Options = job.DefaultOptions()
	c.Region, c.Blend, c.Spots = set.Window.Options(), set.Blend, job.Spots(f.spots)
	f.fill(&c.Options, profile)
	if f.given["align"] {
		c.Blend.Align = f.align
	}
	if f.given["sharpen"] {
		c.Blend.Sharpen = f.sharpen
	}
	if f.given["grain"] {
		c.Blend.Grain = f.grain
	}
	if f.given["keep-more"] {
		c.Blend.KeepMore = f.keepMore
	}
	if !c.Spots.Valid() || c.Spots == "" {
		return c, badValue("spots", f.spots)
	}
	if f.given["keep-more"] {
		c.All = !f.keepMore
	}
	c.Whole, c.Prompt, c.User, c.Extra = f.whole, f.prompt, f.user, f.fields(c.Extra)
	if c.N, err = f.count(c.N, profile.MaxN); err != nil {
		return c, err
	}
	if c.Size, err = f.wanted(c.Size); err != nil {
		return c, err
	}
	if c.ResponseFormat, err = f.responseFormat(); err != nil {
		return c, err
	}
	if c.Seed, err = f.seedValue(c.Seed, connection); err != nil {
		return c, err
	}
	if c.Partials, err = f.previews(profile.Partials); err != nil {
		return c, err
	}
	c.Stream = f.given["partial-images"]
	if err := f.known(profile); err != nil {
		return c, err
	}
	c.References, err = f.readReferences(f.references)
	return c, err
}

// needKey checks that the connection has a key, which sending requires.
func needKey(ctx context.Context, s *service.Service, connection string) error {
	c, ok := s.Connection(connection)
	if !ok {
		return nil
	}
	key, err := s.Key(ctx, c.ID)
	if err == nil && key.Missing() {
		return key.Fault(c.Name)
	}
	return err
}
