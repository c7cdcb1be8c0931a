# The verbs of the house. Each is one line; what is longer is a script in scripts/.

# One configuration serves tests and servers: docs/decisions/0003-one-build-configuration.md.
export CONFIGURATION ?= debug

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build demo check test crash simulate bench format clean

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

deps: ## install the missing packages that building, checking and testing need
	@scripts/install-packages.sh build check test
	@scripts/python-packages.sh >/dev/null

build: ## build the executable, the libraries and the tests
	@scripts/install-packages.sh build
	@scripts/build.sh

demo: build ## run a gateway with a merchant and a payment in it; AUTO=1 also pays it
	.build/$(CONFIGURATION)/kaunter demo --data kaunter-demo $(if $(filter 1,$(AUTO)),--auto)

check: build ## format, warnings, imports, tidiness, links of the documents, scripts
	@scripts/install-packages.sh check
	@scripts/check.sh

test: deps check ## all of check, and every test, on SQLite and on PostgreSQL
	@scripts/test.sh

crash: build ## kill a loaded gateway CYCLES times on each database, and account for every answer
	@scripts/install-packages.sh test
	scripts/postgresql.sh scripts/with-python.sh Tests/Crash/run.py --kaunter .build/$(CONFIGURATION)/kaunter --cycles $(or $(CYCLES),20) $(if $(SEED),--seed $(SEED))

simulate: build ## live SEEDS simulated lives of the engine, or the one of SEED again
	KAUNTER_SIMULATION_SEEDS=$(or $(SEEDS),1000) $(if $(SEED),KAUNTER_SIMULATION_SEED=$(SEED)) scripts/swift-test.sh --filter '^SimulationTests\.SeedTests'

bench: ## measure a release build on this machine, and write docs/benchmarks.md
	@scripts/install-packages.sh build bench
	@CONFIGURATION=release scripts/build.sh
	scripts/with-python.sh Benchmarks/run.py --kaunter .build/release/kaunter $(BENCH)

format: ## put the sources into the house's format
	swift format format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

clean: ## remove what the build and the demo made
	rm -rf .build kaunter-demo
