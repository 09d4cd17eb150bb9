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
CLI        := overpaint.dev/overpaint/api/cli
COMMIT     := $(shell git describe --always --dirty --exclude '*' 2>/dev/null)
DATE       := $(shell git log -1 --format=%cs 2>/dev/null)
# The version is FyneApp.toml's; a package that was not made from a tag says so.
NAMED      := $(shell sed -n 's/^ *Version *= *"\(.*\)"/\1/p' FyneApp.toml)
TAG        := $(shell git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null)
VERSION    := $(NAMED)$(if $(TAG),,~git$(subst -,,$(DATE))$(if $(COMMIT),.$(subst -,.,$(COMMIT))))
# The page of the releases, which the check for updates asks; none until whoever
# publishes the program names theirs (docs/releases.md).
RELEASES   ?=
LDFLAGS    := -X $(CLI).Commit=$(COMMIT) -X $(CLI).Date=$(DATE) -X overpaint.dev/overpaint/api/update.Address=$(RELEASES)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
PREFIX     ?= /usr/local
# Desktops keep indexes of what is installed; whichever are there are refreshed.
REFRESH := { update-desktop-database -q $(PREFIX)/share/applications; update-mime-database $(PREFIX)/share/mime; gtk-update-icon-cache -qf $(PREFIX)/share/icons/hicolor; } 2>/dev/null || true

# What needs no window toolkit is quick to build and to test.
HEADLESS := ./editor/... ./api/... ./assets/... ./ui/session
FUZZTIME ?= 20s

.PHONY: run build test unit e2e faults faults-sample soak lint bench fuzz fill-quality align-quality select-quality pictures screenshot film stage install uninstall dist dist-check test-deb test-windows test-windows-quick clean packages test-packages

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

# Thousands of edits at a service that charges and fails at random: its account and
# the history's say the same
soak:
	OVERPAINT_SOAK=5000 $(GO) test -count=1 -v -timeout 60m -run TestWhatWasChargedIsWhatTheLedgerSays ./api/service

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

# Quality table and contact sheets of the built-in engine, in build/fill-quality, also on
# photos from Debian's packages, which are kept in the folder for caches. For a quick look:
# make fill-quality FILL_QUALITY='-quick -peers=false'
FILL_PHOTOS = $${XDG_CACHE_HOME:-$$HOME/.cache}/overpaint-fill-quality
fill-quality:
	editor/fill/quality/photos.sh "$(FILL_PHOTOS)"
	$(GO) run ./editor/fill/quality -tasks "$(FILL_PHOTOS)" -out build/fill-quality $(FILL_QUALITY)

# Table and contact sheets of how well answers that moved are put back, what
# changed is found and enlarged ones get their detail back, in build/align-quality.
align-quality:
	$(GO) run ./editor/align/quality -out build/align-quality

# Table and contact sheets of how well things are found from few clicks, beside OpenCV's
# grabCut where OpenCV for Python is installed, in build/select-quality; photos come from
# Debian's packages and are kept in the folder for caches. For strokes instead of clicks:
# make select-quality SELECT_QUALITY='-strokes -peer=false'
SELECT_PHOTOS = $${XDG_CACHE_HOME:-$$HOME/.cache}/overpaint-select-quality
select-quality:
	editor/selection/quality/photos.sh "$(SELECT_PHOTOS)"
	$(GO) run ./editor/selection/quality -photos "assets/photos,$(SELECT_PHOTOS)" -out build/select-quality $(SELECT_QUALITY)

# A table of how the pictures of corpora are opened, which are folders in this one,
# compared with libvips and ImageMagick where they are installed
OVERPAINT_CORPORA ?= build/corpora
pictures:
	$(GO) run -tags nodynamic ./editor/picture/corpus -in "$(OVERPAINT_CORPORA)"

# The pictures of the README, taken from the real program.
screenshot: test-packages build
	OVERPAINT_BINARY=$(CURDIR)/build/overpaint OVERPAINT_SCREENSHOTS=$(CURDIR)/assets/screenshots $(GO) test $(BUILDFLAGS) -count=1 -run TestScreenshots ./ui/e2e

# A walk through the loop of the work, a picture of each step, in both languages,
# dark and light, at four sizes, in build/film; half an hour on two cores.
film: test-packages build
	OVERPAINT_BINARY=$(CURDIR)/build/overpaint OVERPAINT_FILM=$(CURDIR)/build/film $(GO) test $(BUILDFLAGS) -count=1 -timeout 3h -v -run TestFilm ./ui/e2e

# What is installed, laid out as below a prefix.
stage: build
	$(GO) run ./assets/dist -stage build/stage -binary build/overpaint -version "$(VERSION)" -date "$(DATE)"

# Copies what was staged. As root nothing is built: first type "make stage" as
# yourself, then "sudo make install".
install: $(if $(filter-out 0,$(shell id -u)),stage)
	@test -d build/stage || { echo 'Nothing is built as root. First type "make stage" as yourself.' >&2; exit 1; }
	cd build/stage && find . -type f | sort | while read -r f; do \
		mode=644; test -x "$$f" && mode=755; \
		install -D -m $$mode "$$f" "$(DESTDIR)$(PREFIX)/$$f" || exit 1; done
	cd build/stage && find . -type f | sort > "$(DESTDIR)$(PREFIX)/share/doc/overpaint/installed-files"
	@test -n "$(DESTDIR)" || $(REFRESH)

# Removes what "make install" has written down that it installed.
uninstall:
	@test -f "$(DESTDIR)$(PREFIX)/share/doc/overpaint/installed-files" || { echo 'Nothing is installed in $(DESTDIR)$(PREFIX).' >&2; exit 1; }
	cd "$(DESTDIR)$(PREFIX)" && while read -r f; do rm -f "$$f"; done < share/doc/overpaint/installed-files
	rm -rf "$(DESTDIR)$(PREFIX)/share/doc/overpaint"
	@test -n "$(DESTDIR)" || $(REFRESH)

# What a release consists of, in build/dist: on Linux .deb, AppImage, tarball and
# Flatpak manifest, and where mingw-w64 is the installer and zip for Windows; on
# macOS the application; checksums and bills of materials. Stripped; what is shown
# of a crash stays whole.
dist: packages
	@test -z "$(TAG)" || test "$(TAG)" = "v$(NAMED)" || { echo "The tag $(TAG) and FyneApp.toml's version $(NAMED) differ." >&2; exit 1; }
	$(GO) build $(BUILDFLAGS) -trimpath -buildvcs=false -ldflags "-s -w $(LDFLAGS)" -o build/dist-program .
	rm -f build/windows/overpaint.exe
	@test "$(shell uname -s)" != Linux || VERSION="$(VERSION)" DATE="$(DATE)" LDFLAGS="$(LDFLAGS)" .ci/build-windows build/windows/overpaint.exe || test $$? = 3
	$(GO) run ./assets/dist -out build/dist -version "$(VERSION)" -date "$(DATE)" -binary build/dist-program \
		$$(ls build/windows/overpaint.exe 2>/dev/null | sed 's/^/-binary /')
	@ls -l build/dist

# The headless tests, built for Windows and run under Wine, and the first use of what
# "make dist" made: installed, on the command line and in its window.
test-windows: dist
	.ci/test-windows

# The part of it that every change runs: two minutes once it is built. Skipped, with a
# loud line, where Wine can't be had.
test-windows-quick:
	-.ci/packages windows
	.ci/test-windows -quick

# Makes everything of "make dist" once more, from a clone in another folder, and
# compares. FRESH=1 has Go compile everything once more, too.
dist-check: dist
	.ci/dist-check

# Installs the .deb in a fresh Debian 12, starts it and the AppImage, removes it (needs
# root and debootstrap).
test-deb: dist
	.ci/test-deb

packages:
	.ci/packages build

test-packages:
	.ci/packages build test

clean:
	rm -rf build
