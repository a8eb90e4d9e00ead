# What a developer does here. CONTRIBUTING.md says when.

build := swift build --configuration release
swift := Sources Plugins Tests Package.swift
data := data
listen := 127.0.0.1:8080
web := .build/web

.DEFAULT_GOAL := help
.PHONY: help run build web test check check-format check-imports check-messages check-links \
	format generate bench soak fuzz threads sbom clean packages test-packages bench-packages

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: build web  ## Serve the demo workspace; the first start makes it and prints the passwords
	.build/release/maitred serve --data $(data) --demo --listen $(listen) --web-static $(web)

build: packages  ## Build everything in release
	$(build)

web: packages  ## Make the copy of web-static that customers are served: small, within its budgets
	rm -rf $(web)
	scripts/bundle-web $(web)

test: test-packages  ## Build and run every test; SUITES="swift crash" for some
	scripts/run-tests $(SUITES)

check: check-format check-imports check-messages check-links  ## What needs no build

check-format:
	swift format lint --strict --parallel --recursive $(swift)

check-imports:
	scripts/check-imports

check-messages:
	tools/generate-messages.py --check

check-links:
	scripts/check-links

format:  ## Format the Swift sources
	swift format format --in-place --parallel --recursive $(swift)

generate:  ## Write what follows from the message definitions
	tools/generate-messages.py

bench: bench-packages build  ## Measure this build beside references and peers, every figure beside its goal
	.build/release/maitred-bench

soak: test-packages build  ## Kill the server 1,000 times and do every other fault to it 50 times: 40 minutes
	scripts/run-tests python-packages
	Tests/Crash/soak

fuzz: packages  ## Feed made-up bytes to what reads bytes from outside: 10 minutes, or SECONDS
	Tests/Fuzz/run $(SECONDS)

threads: packages  ## Run the tests of what has threads of its own under ThreadSanitizer: 12 minutes
	Tests/Threads/run

sbom: build  ## List what the server consists of, with versions and licences (CycloneDX)
	@scripts/sbom

clean:  ## Remove what was built, not the data
	rm -rf .build .venv screenshots

packages:
	scripts/install-packages

test-packages:
	scripts/install-packages --test

bench-packages:
	scripts/install-packages --bench
