# Thin verbs: each is a line or two, and local/setup/with-tools brings the tools it needs. `make help` lists them.
WITH_TOOLS := local/setup/with-tools
WITH_TEST_TOOLS := local/setup/with-tools --for-tests
WASM := --target wasm32-unknown-unknown
.DEFAULT_GOAL := help
.PHONY: help run dev build worker console functions stack test fmt fmt-check lint check-dependencies check-templates \
  unit-tests console-tests stories bench deploy destroy clean

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 22

run: build ## run everything on this machine: console at http://localhost:8080 (CONSOLE_PORT, AWS_PORT, MQTT_PORT)
	@exec $(WITH_TOOLS) target/debug/local

dev: build ## the same, with the console rebuilt and reloaded at every change, at http://localhost:8081
	@exec $(WITH_TOOLS) local/dev

build: functions stack worker console ## build everything that runs

worker: ## build the Worker into edge/build
	@$(WITH_TOOLS) worker-build --release edge

console: ## build the console into frontend/dist
	@$(WITH_TOOLS) trunk --config frontend/Trunk.toml build --release

functions: ## build the functions' zips into target/lambdas
	@$(WITH_TOOLS) cargo run --locked --quiet -p deploy -- package

stack:
	@$(WITH_TOOLS) cargo build --locked --quiet -p local
