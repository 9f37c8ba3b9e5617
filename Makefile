# SPDX-License-Identifier: Apache-2.0
# make demo     install what is missing, build, recover files from a shipped image of a real file system
# make test     install what is missing, build, run all tests
# make install  the command, its man page and completions, under PREFIX; it needs no Swift to run

PREFIX ?= /usr/local
SWIFT_FLAGS = --explicit-target-dependency-import-check error
# fuzz: seconds for each family of formats, and which (all)
SECONDS ?= 300
FAMILY ?=
RELEASE = .build/release/renflou
UNPACKED = .build/demo/ext4.img

.PHONY: all demo test release libraries install uninstall format lint fuzz benchmark clean

all: release

libraries:
	@scripts/install-libraries

release: libraries
	swift build -c release --product renflou --static-swift-stdlib $(SWIFT_FLAGS)

demo: release
	@scripts/demo $(RELEASE) TestImages/ext4/image.gz $(UNPACKED) demo

test: release
	RENFLOU=$(CURDIR)/$(RELEASE) swift test $(SWIFT_FLAGS)

install: release
	scripts/install $(RELEASE) "$(DESTDIR)$(PREFIX)"

uninstall:
	scripts/install --remove "$(DESTDIR)$(PREFIX)"

format:
	swift format -i -r Sources Tests Benchmarks Package.swift

lint:
	swift format lint --strict -r Sources Tests Benchmarks Package.swift

fuzz: libraries
	scripts/fuzz $(SECONDS) $(FAMILY)

benchmark: release
	swift run -c release --package-path Benchmarks scan $(CURDIR)/$(RELEASE) $(BENCHMARK)

clean:
	rm -rf .build demo Benchmarks/.build Benchmarks/.build-fuzz
