# The front door. Each target sets up what it needs and no more: `make demo` on a bare machine is
# enough. The work is in tools/ and CMakePresets.json; this file only says what follows what.
.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := bash

PORT ?= 8080
DATA ?=
TIME ?= 60

WASM := wasm wasm-simd wasm-relaxed
LARGE_WASM := wasm-large-simd wasm-large-relaxed
WEB := tools/node tools/assemble-web.mjs --plain build/wasm/vitrine.wasm \
       --simd128 build/wasm-simd/vitrine-simd.wasm \
       --relaxed build/wasm-relaxed/vitrine-relaxed.wasm --out build/web
LARGE := --large-simd128 build/wasm-large-simd/vitrine-large-simd.wasm \
         --large-relaxed build/wasm-large-relaxed/vitrine-large-relaxed.wasm
# The demo does without npm: it takes the package as published where npm's packages are there anyway.
MINIFY = $(if $(wildcard node_modules/.ready),--minify)

.PHONY: help
help: ## This list
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS=$$'\t' read -r name text; do \
	    printf '  %-11s %s\n' "$$name" "$$text"; done

.PHONY: demo
demo: demo-files ## The shop on this machine: PORT=8080, DATA=folder of a real log
	@tools/serve-demo.sh build/demo "$(PORT)"

.PHONY: demo-files
demo-files:
	@tools/setup.sh native web
	@tools/build.sh native:vitrine $(WASM)
	@$(WEB) $(MINIFY)
	@tools/node tools/demo.mjs --out build/demo $(if $(DATA),--data "$(DATA)")

.PHONY: test
test: ## Every test: C, command line, Node, browsers; prints the counts
	@tools/setup.sh native web npm test
	@tools/build.sh native asan $(WASM) $(LARGE_WASM)
	@$(WEB) $(LARGE) --minify
	@tools/node tools/demo.mjs --out build/demo
	@tools/node tests/run.mjs $(SUITES)

.PHONY: native
native: ## The command line tool: build/native/vitrine
	@tools/setup.sh native
	@tools/build.sh native:vitrine

.PHONY: web
web: ## The web package: build/web
	@tools/setup.sh web npm
	@tools/build.sh $(WASM) $(LARGE_WASM)
	@$(WEB) $(LARGE) --minify

.PHONY: fuzz
fuzz: ## Search for inputs that break the parsers: TIME=60 seconds for each
	@tools/setup.sh native fuzz
	@tools/build.sh fuzz
	@tools/fuzz.sh "$(TIME)"

.PHONY: lint
lint: ## clang-tidy and cppcheck over the core: some minutes
	@tools/setup.sh native lint
	@tools/build.sh native:vitrine
	@tools/lint.sh

.PHONY: bench
bench: native web ## Speed natively, in Node and Chromium, beside the machine's limit and recorded ratios
	@tools/setup.sh npm test
	@tools/node bench/run.mjs --check $(ARGS)

.PHONY: soak
soak: web ## A million events, 200 killed browsers, a million damaged imports, the page on a phone; an hour
	@tools/setup.sh test
	@tools/build.sh native:lists
	@tools/node --expose-gc tools/soak.mjs
	@tools/node tools/soak-browser.mjs
	@tools/build.sh native:vitrine
	@tools/node tools/soak-phone.mjs
	@VITRINE_IMPORTS=1000000 tools/node --test --test-name-pattern='damaged anywhere' tests/web/api.test.mjs
	@tools/build.sh native:test_rules
	@VITRINE_RULE_CASES=1000000 build/native/test_rules

.PHONY: integration
integration: web ## The package in fresh projects of every bundler, opened in Chromium: minutes, and the network
	@tools/setup.sh npm test
	@tools/build.sh native:lists
	@tools/node --test --test-concurrency=1 --test-reporter=spec tests/integration/matrix.test.mjs

.PHONY: leaktest
leaktest: ## Which requests a page makes once it has loaded: URL=http://...
	@[ -n "$(URL)" ] || { echo "error: make leaktest URL=http://127.0.0.1:8080/" >&2; exit 2; }
	@tools/setup.sh npm test
	@tools/node tools/leaktest.mjs "$(URL)"

.PHONY: size
size: web ## What a browser downloads, and whether it keeps within the bars
	@tools/node tools/size.mjs build/web

.PHONY: package
package: web ## The publishable package as a file: build/vitrine-VERSION.tgz
	@cd build && npm pack --silent ./web

.PHONY: docs
docs: ## The documentation as a site: build/docs
	@tools/setup.sh web npm
	@tools/node tools/docs-site/build.mjs --out build/docs

.PHONY: clean
clean: ## Remove all that was built; what was installed stays
	rm -rf build
