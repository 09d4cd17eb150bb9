package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"overpaint.dev/overpaint/assets/text"
)

// pages returns the documents at the top of the repo and in docs, by name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"../*.md", "*.md", "../.github/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found[name] = string(raw)
		}
	}
	if len(found) < 6 {
		t.Fatalf("only %d pages found", len(found))
	}
	return found
}

// commands returns a page's code: blocks and what stands in backquotes.
func commands(page string) []string {
	var found []string
	for i, part := range strings.Split(page, "```") {
		if i%2 == 1 {
			found = append(found, strings.Split(part, "\n")...)
			continue
		}
		// A quotation may go over the end of a line.
		found = append(found, quoted(strings.ReplaceAll(part, "\n", " "))...)
	}
	return found
}

// TestCommands checks that each make target, package, script, command and flag
// that a page names exists.
func TestCommands(t *testing.T) {
	text.Use("en")
	t.Cleanup(func() { text.Use("") })
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	target := func(name string) bool {
		return regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `:`).Match(makefile)
	}
	usage := text.T("cli.usage")
	checked := 0
	for page, content := range pages(t) {
		for _, command := range commands(content) {
			words := strings.Fields(command)
			for i, word := range words {
				switch {
				case strings.HasPrefix(word, "#"):
				case word == "make" && i == 0 && len(words) > 1:
					checked++
					if !target(words[1]) {
						t.Errorf("%s: make has no target %s", page, words[1])
					}
				case strings.HasPrefix(word, "./") && words[0] == "go", strings.HasPrefix(word, ".ci/"):
					checked++
					if _, err := os.Stat(filepath.Join("..", strings.TrimSuffix(word, "/..."))); err != nil {
						t.Errorf("%s: %v", page, err)
					}
				case words[0] == "overpaint" && i > 0 && strings.HasPrefix(word, "-"), i == 0 && len(words) == 1 && word != "-dirty" && regexp.MustCompile(`^-[a-z][a-z-]+$`).MatchString(word):
					checked++
					if !regexp.MustCompile(`(^|[\s\[])` + regexp.QuoteMeta(word) + `[\s=\]]`).MatchString(usage) {
						t.Errorf("%s: overpaint has no flag %s", page, word)
					}
				case words[0] == "overpaint" && i == 1 && word != "help" && regexp.MustCompile(`^[a-z]+$`).MatchString(word):
					checked++
					if !strings.Contains(usage, "overpaint "+word) {
						t.Errorf("%s: there is no overpaint %s", page, word)
					}
				}
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d commands found", checked)
	}
}

// TestNamesOfTests checks that each test and benchmark that a page names exists.
func TestNamesOfTests(t *testing.T) {
	var all strings.Builder
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := function(d); ok {
				all.WriteString(f + "\n")
			}
		}
	}
	for page, content := range pages(t) {
		for _, name := range regexp.MustCompile(`\b(Test|Benchmark|Fuzz)[A-Z]\w+`).FindAllString(content, -1) {
			if !strings.Contains(all.String(), name+"\n") {
				t.Errorf("%s names %s, which there isn't", page, name)
			}
		}
	}
}

// TestNothingIsLeftOfMerges looks for the lines that an unresolved merge leaves.
func TestNothingIsLeftOfMerges(t *testing.T) {
	left := regexp.MustCompile(`(?m)^(<{7}|>{7}|\|{7})( |$)`)
	for name, page := range pages(t) {
		if line := left.FindString(page); line != "" {
			t.Errorf("%s has a line that begins with %q", name, line)
		}
	}
}

// TestLinks checks that each file that a page links to exists.
func TestLinks(t *testing.T) {
	for page, content := range pages(t) {
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(content, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
