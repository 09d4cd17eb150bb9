package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"overpaint.dev/overpaint/assets/text"
)

const module = "overpaint.dev/overpaint/"

// source is one parsed Go file; path is relative to the top of the repo.
type source struct {
	path string
	file *ast.File
}

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "build" || nested == nil) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("..", path)
		all = append(all, source{filepath.ToSlash(rel), f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d Go files found: the walk went wrong", len(all))
	}
	return all
}

// rooms reads from architecture.md what each room must not import.
func rooms(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, row := range table(t, "room") {
		for _, name := range quoted(row[2]) {
			if !strings.ContainsAny(name, ".") && name != "net/http" {
				name = module + name
			}
			room := quoted(row[0])[0]
			found[room] = append(found[room], name)
		}
	}
	if len(found) < 5 {
		t.Fatalf("architecture.md names only %d rooms", len(found))
	}
	return found
}

// table returns the rows of architecture.md's table whose first column is called name.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	raw, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(raw), "\n| "+name+" |")
	if !ok {
		t.Fatalf("architecture.md has no table of each %s", name)
	}
	var rows [][]string
	for _, line := range strings.Split(rest, "\n")[2:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		rows = append(rows, cells)
	}
	return rows
}

// quoted returns what stands in backquotes.
func quoted(s string) []string {
	var found []string
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			found = append(found, part)
		}
	}
	return found
}

// TestPackages checks that architecture.md names each package, and no other.
func TestPackages(t *testing.T) {
	named := map[string]bool{}
	for _, row := range table(t, "package") {
		for _, name := range quoted(row[0]) {
			named[name] = true
		}
	}
	there := map[string]bool{}
	for _, s := range sources(t) {
		there[path.Dir(s.path)] = true
	}
	for name := range there {
		if name != "." && !named[name] {
			t.Errorf("architecture.md doesn't name %s", name)
		}
	}
	for name := range named {
		if !there[name] {
			t.Errorf("architecture.md names %s, which there isn't", name)
		}
	}
}

func TestImportsGoOneWay(t *testing.T) {
	rooms := rooms(t)
	for _, s := range sources(t) {
		if s.path != "main.go" && !strings.Contains(s.path, "/") {
			t.Errorf("%s: main.go is the only Go file at the top", s.path)
		}
		test := strings.HasSuffix(s.path, "_test.go")
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if path == "fyne.io/fyne/v2/app" && s.path != "main.go" {
				t.Errorf("%s imports %s: only main.go may", s.path, path)
			}
			for room, banned := range rooms {
				if !strings.HasPrefix(s.path, room) {
					continue
				}
				for _, b := range banned {
					// A test may speak HTTP to a server of its own and read the photos.
					if test && (b == "net/http" || path == module+"assets/photos") {
						continue
					}
					if strings.HasPrefix(path, b) {
						t.Errorf("%s imports %s: %s must not", s.path, path, room)
					}
				}
			}
		}
	}
}

// TestEverySentenceExists looks up each key that the code names in a literal.
func TestEverySentenceExists(t *testing.T) {
	text.Use("en")
	t.Cleanup(func() { text.Use("") })
	found := 0
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			key, ok := sentenceKey(n)
			if !ok {
				return true
			}
			found++
			if !text.Has(key) {
				t.Errorf("%s: there is no sentence %q", s.path, key)
			}
			return true
		})
	}
	if found == 0 {
		t.Fatal("no call with a key was found")
	}
}

// sentenceKey returns the key in calls like text.T("key", ...), text.N and
// api.InputError("key", ...).
func sentenceKey(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			name = x.Name + "." + f.Sel.Name
		}
	case *ast.Ident:
		name = f.Name
	}
	if !slices.Contains([]string{"text.T", "text.N", "api.InputError", "InputError"}, name) {
		return "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	key, err := strconv.Unquote(literal.Value)
	return key, err == nil
}

// function returns the name of a function that is no method.
func function(d ast.Decl) (string, bool) {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv != nil {
		return "", false
	}
	return f.Name.Name, true
}

// TestTopLevel checks that nothing lies at the top of the repo but what the
// customer fixed and what tools need.
func TestTopLevel(t *testing.T) {
	allowed := []string{
		"go.mod", "go.sum", "main.go", "ui", "editor", "api", "assets", "FyneApp.toml", "README.md",
		"Makefile", "LICENSE", "NOTICE", "build", ".ci", ".git", ".gitignore",
		"CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs", ".github", ".golangci.yml",
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top of the repo", e.Name())
		}
	}
	for _, name := range allowed[:9] {
		if _, err := os.Stat(filepath.Join("..", name)); err != nil {
			t.Error(err)
		}
	}
}
