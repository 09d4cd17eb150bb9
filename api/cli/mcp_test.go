package cli_test

import (
	"bytes"
	"encoding/json"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
)

// client is a client of `overpaint mcp`, which runs as a separate process behind pipes.
type client struct {
	t *testing.T
	*mcp.ClientSession
}

// connectMCP starts the server with the bench's folder "in" to read and "out" to write.
func (b *bench) connectMCP(args ...string) client {
	b.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(b.out, 0o755); err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.Command(exe, append([]string{"mcp", "-read", b.path("in"), "-write", b.out}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stderr = os.Stderr
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := c.Connect(b.t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { session.Close() })
	return client{b.t, session}
}

// made is the answer of the tools for edits.
type made struct {
	Paths []string
	Entry string
	Cost  string
}

// call calls a tool; said is the text of its answer, and failed reports whether it is an
// error.
func (c client) call(tool string, args map[string]any, out any) (said string, failed bool) {
	c.t.Helper()
	r, err := c.CallTool(c.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		c.t.Fatalf("%s %v: %v", tool, args, err)
	}
	for _, part := range r.Content {
		if words, ok := part.(*mcp.TextContent); ok {
			said += words.Text
		}
	}
	if out != nil && !r.IsError {
		raw, err := json.Marshal(r.StructuredContent)
		if err == nil {
			err = json.Unmarshal(raw, out)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	return said, r.IsError
}

// inside puts the bench's picture and mask into the folder that may be read.
func (b *bench) inside() (picture string) {
	b.t.Helper()
	for _, name := range []string{"beach.png", "mask.png"} {
		data, err := os.ReadFile(b.path(name))
		if err != nil {
			b.t.Fatal(err)
		}
		write(b.t, b.path("in/"+name), data)
	}
	return b.path("in/beach.png")
}

// TestMCPEdits edits by each way of giving the area, and compares the pixels outside it.
func TestMCPEdits(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	picture := b.inside()
	b.connect("Relay", r, "")
	c := b.connectMCP("-engine", "Relay")
	tools, err := c.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	if slices.Sort(names); strings.Join(names, " ") != "edit extend fill history" {
		t.Errorf("tools %v", names)
	}
	for _, way := range []map[string]any{
		{"box": []int{45, 30, 24, 18}},
		{"mask": b.path("in/mask.png")},
		{"points": []map[string]any{{"x": 57, "y": 39, "radius": 8}}},
	} {
		way["image"], way["prompt"], way["size"] = picture, "a hat", "256x256"
		var out made
		if said, failed := c.call("edit", way, &out); failed || len(out.Paths) != 1 || out.Entry == "" || out.Cost != "$0.02" {
			t.Fatalf("%v: %s, %+v", way, said, out)
		}
		if filepath.Dir(out.Paths[0]) != b.out {
			t.Errorf("saved as %s", out.Paths[0])
		}
		if compare(t, b.opened(out.Paths[0]).Pix, b.pixels, hole.Inset(-12)) == 0 {
			t.Errorf("%v: nothing has changed", way)
		}
	}
	var background made
	if said, failed := c.call("edit", map[string]any{"image": picture, "select": "-sky", "prompt": "a hat"}, &background); !failed || !strings.Contains(said, "Nothing of that kind was found") {
		t.Errorf("a sky that isn't there: %s, %+v", said, background)
	}
	if said, failed := c.call("fill", map[string]any{"image": picture, "select": "background"}, &background); failed || len(background.Paths) != 1 {
		t.Errorf("the background: %s, %+v", said, background)
	}
	posts := r.Posts()
	var filled, extended made
	if said, failed := c.call("fill", map[string]any{"image": picture, "box": []int{10, 10, 9, 9}}, &filled); failed || filled.Entry != "" || r.Posts() != posts {
		t.Errorf("filled: %s, %+v, %d requests more", said, filled, r.Posts()-posts)
	}
	said, failed := c.call("extend", map[string]any{"image": picture, "left": 40, "prompt": "more sand", "n": 2}, &extended)
	if failed || len(extended.Paths) != 2 || b.opened(extended.Paths[0]).Size() != image.Pt(160, 90) {
		t.Errorf("extended: %s, %+v", said, extended)
	}
	var kept struct {
		Edits []struct{ Image, Outcome, Cost, Service string }
	}
	if _, failed := c.call("history", map[string]any{"search": "hat"}, &kept); failed || len(kept.Edits) != 3 ||
		kept.Edits[0].Image != picture || kept.Edits[0].Outcome != "done" || kept.Edits[0].Cost != "$0.02" || kept.Edits[0].Service != "Relay" {
		t.Errorf("history: %+v", kept)
	}
}

// TestMCPFollowsGuideLines compares what lines make with what the command line makes of the same ones.
func TestMCPFollowsGuideLines(t *testing.T) {
	b := newBench(t)
	picture := b.inside()
	c := b.connectMCP()
	one := func(paths []string) *image.NRGBA {
		t.Helper()
		if len(paths) != 1 {
			t.Fatalf("%d results", len(paths))
		}
		return b.opened(paths[0]).Pix
	}
	for tool, rest := range map[string]struct {
		args map[string]any
		same []string // on the command line
	}{
		"fill":   {map[string]any{"mask": b.path("in/mask.png")}, []string{"-mask", b.path("mask.png")}},
		"edit":   {map[string]any{"mask": b.path("in/mask.png"), "prompt": "a hat"}, []string{"-mask", b.path("mask.png")}},
		"extend": {map[string]any{"right": 40}, []string{"-extend", "0,0,40,0"}},
	} {
		rest.args["image"] = picture
		var plain, lined made
		if said, failed := c.call(tool, rest.args, &plain); failed {
			t.Fatalf("%s: %s", tool, said)
		}
		rest.args["lines"] = [][][]int{{{2, 20}, {60, 40}, {150, 60}}}
		if said, failed := c.call(tool, rest.args, &lined); failed {
			t.Fatalf("%s along a line: %s", tool, said)
		}
		out := b.path("by-flags-" + tool)
		if o := run(t.Context(), append([]string{"edit", "-out", out, "-n", "1", "-line", "2,20 60,40 150,60"}, append(rest.same, picture)...)...); o.status != 0 {
			t.Fatalf("status %d: %s", o.status, o.stderr)
		}
		files, err := filepath.Glob(filepath.Join(out, "*.png"))
		if err != nil {
			t.Fatal(err)
		}
		got := one(lined.Paths)
		if bytes.Equal(got.Pix, one(plain.Paths).Pix) {
			t.Errorf("%s: the line changes nothing", tool)
		}
		if !bytes.Equal(got.Pix, one(files).Pix) {
			t.Errorf("%s: the result is another one than the command line's", tool)
		}
	}
}

// TestMCPRefusesGuideLines gives lines that no edit can have, and some to a service.
func TestMCPRefusesGuideLines(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	picture := b.inside()
	b.connect("Relay", r, "")
	c := b.connectMCP("-engine", "Relay")
	args := map[string]map[string]any{
		"fill":   {"image": picture, "box": []int{10, 10, 9, 9}},
		"edit":   {"image": picture, "box": []int{10, 10, 9, 9}, "prompt": "a hat", "size": "256x256"},
		"extend": {"image": picture, "left": 40, "prompt": "more sand"},
	}
	line := [][]int{{2, 12}, {40, 16}}
	for tool, args := range args {
		for what, bad := range map[string][][][]int{
			"a single point":    {{{2, 12}}},
			"a number too few":  {{{2, 12}, {40}}},
			"a number too many": {{{2, 12}, {40, 16, 1}}},
			"no numbers":        {{{}, {}}},
			"no points":         {line, {}},
			"far away":          {{{2, 12}, {1 << 40, 16}}},
			"too many lines":    slices.Repeat([][][]int{line}, document.MaxLines+1),
			"too many points":   {slices.Repeat(line, document.MaxLinePoints)},
		} {
			args["lines"] = bad
			if said, failed := c.call(tool, args, nil); !failed || !strings.Contains(said, "at least two points") {
				t.Errorf("%s along %s: %s", tool, what, said)
			}
		}
		args["lines"] = [][][]int{line}
		if said, failed := c.call(tool, args, nil); failed != (tool != "fill") || failed && !strings.Contains(said, "built-in engine alone") {
			t.Errorf("%s by a service along a line: %s", tool, said)
		}
	}
	if r.Posts() != 0 {
		t.Errorf("the service was asked %d times", r.Posts())
	}
}

// TestMCPStaysInItsFolders asks for files outside of them by various paths.
func TestMCPStaysInItsFolders(t *testing.T) {
	b := newBench(t)
	picture := b.inside()
	links := map[string]string{"link.png": b.image, "away": b.dir, "near.png": picture}
	for name, to := range links {
		if err := os.Symlink(to, b.path("in/"+name)); err != nil {
			t.Skip(err)
		}
	}
	c := b.connectMCP()
	box := []int{45, 30, 24, 18}
	for _, path := range []string{
		b.image, b.path("in/../beach.png"), b.path("in/link.png"), b.path("in/near.png"), b.path("in/away/beach.png"), b.path("in"),
		b.path("in/none.png"), b.path("none.png"), "beach.png", "-", "", "/dev/zero",
	} {
		if said, failed := c.call("fill", map[string]any{"image": path, "box": box}, nil); !failed || !strings.Contains(said, "no file in the folders") {
			t.Errorf("%q was read: %s", path, said)
		}
	}
	if said, failed := c.call("fill", map[string]any{"image": picture, "mask": b.path("mask.png")}, nil); !failed || !strings.Contains(said, "no file in the folders") {
		t.Errorf("the mask was read: %s", said)
	}
	for _, bad := range []map[string]any{
		{"box": []int{1, 2, 3}},
		{"box": []int{100, 80, 40, 40}},
		{"box": box, "mask": b.path("in/mask.png")},
		{"points": []map[string]any{{"x": -1, "y": 2}}},
		{"select": "cat"},
		{"select": "sky", "box": box},
	} {
		bad["image"] = picture
		if said, failed := c.call("fill", bad, nil); !failed || !strings.Contains(said, "x, y, width and height") {
			t.Errorf("%v: %s", bad, said)
		}
	}
	if b.files() != "" {
		t.Errorf("written: %s", b.files())
	}
	if said, failed := c.call("fill", map[string]any{"image": picture, "box": box}, nil); failed || b.files() != "beach-1.png" {
		t.Errorf("what may be read: %s, files %s", said, b.files())
	}
}

// TestMCPKeepsCaps checks the user's caps and the server's budget.
func TestMCPKeepsCaps(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	picture := b.inside()
	b.connect("Relay", r, "")
	ask := map[string]any{"image": picture, "box": []int{45, 30, 24, 18}, "prompt": "a hat", "size": "256x256", "n": 2}
	c := b.connectMCP("-engine", "Relay", "-max-cost", "0.05")
	if said, failed := c.call("edit", ask, nil); failed {
		t.Fatal(said)
	}
	if said, failed := c.call("edit", ask, nil); !failed || !strings.Contains(said, "budget is $0.05") || r.Posts() != 1 {
		t.Errorf("over the budget: %s, %d requests", said, r.Posts())
	}
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { s.DailyCap = 70_000 }); err != nil {
		t.Fatal(err)
	}
	if said, failed := b.connectMCP("-engine", "Relay").call("edit", ask, nil); !failed || !strings.Contains(said, "cap for the day") || r.Posts() != 1 {
		t.Errorf("over the cap: %s, %d requests", said, r.Posts())
	}
}

func TestMCPNeedsFolders(t *testing.T) {
	b := newBench(t)
	for _, args := range [][]string{{"mcp"}, {"mcp", "-read", b.dir}, {"mcp", "-write", b.dir}, {"mcp", "-read", b.path("none"), "-write", b.dir}, {"mcp", "-all"}} {
		if o := run(t.Context(), args...); o.status != 2 || o.stderr == "" {
			t.Errorf("%v: status %d: %s", args, o.status, o.stderr)
		}
	}
}
