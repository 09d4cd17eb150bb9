# Everything that is done with Overpaint. `make run` and `make test` are the
# two that a newcomer needs: both install what they need first.

# GLFW's Wayland backend has no input methods, so Linux builds speak X11 (through
# XWayland where need be). migrated_fynedo: all our UI calls go through fyne.Do.
# nodynamic: decoders of pictures are those in the program, never the system's.
TAGS := nodynamic,migrated_fynedo
ifeq ($(shell uname -s),Linux)
TAGS := nodynamic,x11,migrated_fynedo
endif

GO         ?= go
BUILDFLAGS := -tags $(TAGS)
# What "overpaint version" tells of the source; nothing where there is no git.
CLI        := overpaint/api/cli
COMMIT     := $(shell git describe --always --dirty --exclude '*' 2>/dev/null)
DATE       := $(shell git log -1 --format=%cs 2>/dev/null)
LDFLAGS    := -X $(CLI).Commit=$(COMMIT) -X $(CLI).Date=$(DATE)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
PREFIX     ?= /usr/local

# What needs no window toolkit is quick to build and to test.
HEADLESS := ./editor/... ./api/... ./assets/... ./ui/session
FUZZTIME ?= 20s

.PHONY: run build test unit e2e faults faults-sample lint bench fuzz fill-quality align-quality pictures screenshot film install clean packages test-packages

run: packages build
	./build/overpaint

build:
	$(GO) build $(BUILDFLAGS) -trimpath -ldflags "$(LDFLAGS)" -o build/overpaint .

test: test-packages build
	.ci/test

# The quick half of the tests: no window, no display.
unit:
	$(GO) test -tags nodynamic $(HEADLESS)

e2e: test-packages build
	OVERPAINT_BINARY=$(CURDIR)/build/overpaint $(GO) test $(BUILDFLAGS) -count=1 -v ./ui/e2e

# Thousands of faults in the program's way, and a table of the promises that broke
# (README, What is promised): half an hour on two cores. The sample is what
# .ci/test makes of it.
faults: test-packages build
	$(GO) run ./api/apitest/faults -binary build/overpaint

faults-sample: test-packages build
	$(GO) run ./api/apitest/faults -binary build/overpaint -tries 150

lint: packages
	test -z "$$(gofmt -l . | tee /dev/stderr)"
	$(GO) vet $(BUILDFLAGS) ./...
	$(GO) run $(STATICCHECK) $(BUILDFLAGS) ./...

# One table of all benchmarks, each with its ratio measured in the same run. The
# fill's take seconds each, so once is enough.
bench:
	{ $(GO) test -tags nodynamic -run '^$$' -bench . $$($(GO) list $(HEADLESS) | grep -v /fill); \
		$(GO) test -run '^$$' -bench . -benchtime 1x ./editor/fill; } | .ci/bench-table

fuzz:
	.ci/fuzz $(FUZZTIME)

# Quality table and contact sheets of the built-in engine, in build/fill-quality.
fill-quality:
	$(GO) run ./editor/fill/quality -out build/fill-quality

# Table and contact sheets of how well answers that moved are put back and what
# changed is found, in build/align-quality.
align-quality:
	$(GO) run ./editor/align/quality -out build/align-quality

# A table of how the files of a folder are opened, compared with libvips and
# ImageMagick where they are installed: make pictures IN=FOLDER
pictures:
	$(GO) run -tags nodynamic ./editor/picture/corpus -in "$(IN)"

# The pictures of the README, taken from the real program.
screenshot: test-packages build
	OVERPAINT_BINARY=$(CURDIR)/build/overpaint OVERPAINT_SCREENSHOTS=$(CURDIR)/assets/screenshots $(GO) test $(BUILDFLAGS) -count=1 -run TestScreenshots ./ui/e2e

# A walk through the loop of the work, a picture of each step, in both languages,
# dark and light, at four sizes, in build/film; half an hour on two cores.
film: test-packages build
	OVERPAINT_BINARY=$(CURDIR)/build/overpaint OVERPAINT_FILM=$(CURDIR)/build/film $(GO) test $(BUILDFLAGS) -count=1 -timeout 3h -v -run TestFilm ./ui/e2e

install: build
	install -D -m 755 build/overpaint $(DESTDIR)$(PREFIX)/bin/overpaint
	install -D -m 644 assets/icons/overpaint.svg $(DESTDIR)$(PREFIX)/share/icons/hicolor/scalable/apps/dev.overpaint.Overpaint.svg
	install -D -m 644 assets/overpaint.desktop $(DESTDIR)$(PREFIX)/share/applications/dev.overpaint.Overpaint.desktop

packages:
	.ci/packages build

test-packages:
	.ci/packages build test

clean:
	rm -rf build
