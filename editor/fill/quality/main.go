// Command quality measures how well package fill fills holes whose truth is
// known, and what it makes of tasks that people have (tasks.txt), prints a table
// and writes contact sheets to look at: truth, hole, result, further variants, and
// what other programs make of it where they are installed (G'MIC, and OpenCV for
// Python, with its shift maps). With -blind the sheets name the results by letters, so
// that they can be scored without knowing what made them; key.txt beside them tells.
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"overpaint.dev/overpaint/editor/fill"
)

func main() {
	photos := flag.String("photos", "assets/photos", "folder of photos")
	fetched := flag.String("tasks", "", "folder of the photos that tasks.txt names, without which these tasks are left out")
	quick := flag.Bool("quick", false, "only the few tasks that are marked as quick")
	out := flag.String("out", "build/fill-quality", "folder for the contact sheets")
	only := flag.String("only", "", "only cases whose name begins with one of these, divided by commas")
	peers := flag.Bool("peers", true, "run other programs too")
	variants := flag.Int("variants", 3, "variants for each sheet")
	blind := flag.Bool("blind", false, "name the results on the sheets by letters, in an order that key.txt tells")
	flag.Parse()
	keep := func(name string) bool {
		return slices.ContainsFunc(strings.Split(*only, ","), func(s string) bool { return strings.HasPrefix(name, s) })
	}
	cases, err := allCases(*photos, *fetched, *quick, keep)
	if err == nil {
		err = run(cases, sheets{out: *out, peers: *peers, blind: *blind, variants: *variants})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

// sheets says what is on the contact sheets, and where they are written.
type sheets struct {
	out          string // folder
	peers, blind bool
	variants     int
}

func run(cases []func() (*testCase, error), s sheets) error {
	if err := os.MkdirAll(s.out, 0o755); err != nil {
		return err
	}
	var keys strings.Builder
	fmt.Printf("%-22s %9s %6s  %-20s %7s %7s %7s %7s %7s %8s\n", "case", "size", "hole", "method", "seconds", "energy", "step", "strange", "line px", "rmse")
	for _, load := range cases {
		c, err := load()
		if err != nil {
			return err
		}
		tiles, err := c.measure(s)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if s.blind {
			keys.WriteString(c.name + hide(c.name, tiles[given:]) + "\n")
		}
		if err := writeSheet(filepath.Join(s.out, c.name+".png"), tiles, c.hole); err != nil {
			return err
		}
	}
	if !s.blind {
		return nil
	}
	return os.WriteFile(filepath.Join(s.out, "key.txt"), []byte(keys.String()), 0o644)
}

// given is how many tiles of a sheet come before the results: the truth and the hole.
const given = 2

var kinds = map[fill.Kind]string{fill.Patches: "patches", fill.Pieces: "pieces"}

// measure runs one case, prints its rows and returns the tiles of its sheet.
func (c *testCase) measure(s sheets) ([]tile, error) {
	known := c.truth
	if c.given != nil {
		known = c.given
	}
	holed := punch(known, c.hole)
	tiles := []tile{{"truth", c.truth}, {"hole", holed}}
	var results []*image.NRGBA
	start := time.Now()
	plan, err := fill.Prepare(context.Background(), known, c.hole, nil, 0)
	if err != nil {
		return nil, err
	}
	for v := range s.variants {
		img, err := plan.Fill(context.Background(), fill.Options{Seed: 1, Variant: v})
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("variant %d, %s", v, kinds[plan.Kind(v)])
		c.row(name, time.Since(start), img)
		start = time.Now()
		tiles = append(tiles, tile{name, img})
		results = append(results, img)
	}
	if len(results) > 1 {
		least := 1e9
		for i := range results {
			for j := range i {
				least = min(least, rmse(results[i], results[j], c.hole))
			}
		}
		fmt.Printf("%-22s %16s  least difference of variants %36.1f\n", "", "", least)
	}
	if s.peers {
		for _, p := range runPeers(holed, c.hole) {
			c.row(p.name, p.took, p.img)
			tiles = append(tiles, tile{p.name, p.img})
		}
	}
	return tiles, nil
}

func (c *testCase) row(method string, took time.Duration, img *image.NRGBA) {
	line := "-"
	if c.lines != nil {
		line = fmt.Sprintf("%.2f", lineError(img, c.hole, c.lines))
	}
	want, off := energy(c.truth, c.hole), fmt.Sprintf("%.1f", rmse(img, c.truth, c.hole))
	if c.open {
		want, off = energyAround(c.truth, c.hole), "-"
	}
	fmt.Printf("%-22s %4dx%-4d %5.1f%%  %-20s %7.2f %7.2f %7.2f %7.2f %7s %8s\n", c.name, c.truth.Rect.Dx(), c.truth.Rect.Dy(),
		100*coverage(c.hole), method, took.Seconds(), energy(img, c.hole)/max(0.05, want), seamStep(img, c.hole), strangeness(img, c.hole), line, off)
}
