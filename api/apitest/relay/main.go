// Command relay runs package apitest's relay as a process of its own, for programs
// that are tested from outside:
//
//	go run ./api/apitest/relay -addr 127.0.0.1:0 -scenario stall-90 -ledger requests.jsonl
//
// It prints its base URL and the key that it wants, each on a line of its own, and
// runs until it is interrupted. With -list it prints the scenarios and ends.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"overpaint.dev/overpaint/api/apitest"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen at; port 0 takes a free one")
	scenario := flag.String("scenario", "", "what the relay does; -list tells what there is")
	ledger := flag.String("ledger", "", "file to which a line of JSON is added for each request")
	list := flag.Bool("list", false, "print the scenarios and end")
	flag.Parse()
	if *list {
		for _, s := range apitest.Scenarios() {
			fmt.Printf("%-20s %s\n", s.Name, s.About)
		}
		return
	}
	if err := run(*addr, *scenario, *ledger); err != nil {
		fmt.Fprintln(os.Stderr, "relay:", err)
		os.Exit(1)
	}
}

func run(addr, scenario, ledger string) error {
	if !apitest.Known(scenario) {
		return fmt.Errorf("there is no scenario %q", scenario)
	}
	relay, err := apitest.Start(addr)
	if err != nil {
		return err
	}
	defer relay.Close()
	relay.Use(scenario)
	if ledger != "" {
		// Lines are whole also when the relay is killed: each is one write.
		f, err := os.OpenFile(ledger, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		relay.Ledger(f)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Println(relay.URL)
	fmt.Println(relay.Key)
	<-ctx.Done()
	return nil
}
