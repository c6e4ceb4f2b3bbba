# Thin verbs: each is a line or two, and local/setup/with-tools brings the tools it needs. `make help` lists them.
WITH_TOOLS := local/setup/with-tools
WITH_TEST_TOOLS := local/setup/with-tools --for-tests
WASM := --target wasm32-unknown-unknown
.DEFAULT_GOAL := help
.PHONY: help run dev build worker console functions template programs test format-check lint dependency-check template-check \
  unit-tests console-tests stories load fmt upload deploy destroy clean

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 22

run: build ## run everything here: console at http://localhost:8080 (CONSOLE_PORT, AWS_PORT, MQTT_PORT)
	@exec $(WITH_TOOLS) target/debug/local

dev: functions worker ## the same, and the console at http://localhost:8081 rebuilt and reloaded at every change
	@mkdir -p frontend/dist
	@exec $(WITH_TOOLS) local/dev

build: functions template worker console ## build everything that runs, and the CloudFormation template (target/template.yaml)

# The programs that build and run the rest are not shipped: an unoptimised build is ready soonest.
programs:
	@$(WITH_TOOLS) cargo build --locked --quiet -p deploy -p local -p vehicle

# What was built stays until something that goes into it changes.
COMMON := Makefile Cargo.lock Cargo.toml rust-toolchain.toml .cargo/config.toml $(shell find shared -type f)
BACKEND := $(COMMON) $(shell find aws/src aws/Cargo.toml provisioning/rules/src provisioning/rules/Cargo.toml provisioning/template/src provisioning/template/Cargo.toml provisioning/pki/src provisioning/pki/Cargo.toml -type f)
FUNCTIONS := target/lambdas/pre-provisioning-hook.zip
TEMPLATE := target/template.yaml
WORKER := edge/build/index.js
CONSOLE := frontend/dist/index.html

functions: programs $(FUNCTIONS) ## build the functions' zips into target/lambdas
template: $(TEMPLATE) ## write the CloudFormation template as it is deployed into target/template.yaml
worker: $(WORKER) ## build the Worker into edge/build
console: $(CONSOLE) ## build the console into frontend/dist

$(FUNCTIONS): $(BACKEND) $(shell find provisioning/lambdas provisioning/deploy -type f) | programs
	@$(WITH_TOOLS) target/debug/deploy package >/dev/null
	@touch $@

$(TEMPLATE): $(shell find provisioning/deploy -type f) | programs
	@$(WITH_TOOLS) target/debug/deploy render > $@.new && mv $@.new $@

$(WORKER): $(BACKEND) edge/Cargo.toml $(shell find edge/src -type f)
	@$(WITH_TOOLS) worker-build --release edge -- --locked
	@touch $@

# Trunk makes the page and one whole module; what is served are the parts that console-build makes of it.
$(CONSOLE): $(COMMON) $(shell find frontend public -type f -not -path '*/dist/*' -not -name Trunk.dev.toml)
	@$(WITH_TOOLS) trunk --config frontend/Trunk.toml build --release --locked --features split --dist $(CURDIR)/target/console
	@$(WITH_TOOLS) cargo run --locked --quiet -p console-build -- \
	  target/wasm32-unknown-unknown/release/console.wasm target/console frontend/dist
	@touch $@

test: format-check lint dependency-check template-check unit-tests console-tests stories ## check everything

format-check:
	@$(WITH_TOOLS) cargo fmt --all --check

lint: ## clippy, for the host and for wasm
	@$(WITH_TOOLS) cargo clippy --locked --workspace --exclude frontend --all-targets -- -D warnings
	@$(WITH_TOOLS) cargo clippy --locked -p edge -p frontend $(WASM) --all-targets -- -D warnings

dependency-check: ## duplicates, licences and sources of every dependency; advisories where their database can be had
	@$(WITH_TOOLS) cargo fetch --locked --quiet
	@$(WITH_TEST_TOOLS) cargo deny --offline --locked check bans licenses sources

template-check: $(TEMPLATE) ## the CloudFormation template, by cfn-lint
	@$(WITH_TOOLS) cfn-lint $<

unit-tests: ## everything that needs no browser and no stack; the proofs against botocore's bytes and models
	@$(WITH_TOOLS) cargo test --locked --workspace --exclude frontend --exclude stories -- --include-ignored
	@$(WITH_TOOLS) python3 aws/tests/botocore/check_shapes.py

console-tests: ## the console's components, in a headless browser
	@CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	  $(WITH_TEST_TOOLS) cargo test --locked -p frontend $(WASM)

bench: build ## what has a budget, measured and printed beside it
	@$(WITH_TEST_TOOLS) cargo bench --locked --profile dev -p stories

stories: build ## the whole stack, with real devices and a real browser; logs and screenshots in target/stories
	@$(WITH_TEST_TOOLS) cargo test --locked -p stories

# N, VIN (same or many), CONCURRENCY, RATE; LOAD_ARGUMENTS for the rest, such as --clean or --stack FILE.
load: ## provision N vehicles (100) with VIN=same or VIN=many on the running stack; two ACTIVE of one VIN must be 0
	@$(WITH_TOOLS) cargo build --locked --quiet -p load
	@exec $(WITH_TOOLS) target/debug/load --vehicles $(or $(N),100) --vin $(or $(VIN),many) \
	  --concurrency $(or $(CONCURRENCY),10) --rate $(or $(RATE),10) $(LOAD_ARGUMENTS)

fmt: ## format the source
	@$(WITH_TOOLS) cargo fmt --all

upload: functions ## upload functions and template to the account's code bucket, to be deployed by other means
	@$(WITH_TOOLS) target/debug/deploy upload

deploy: functions ## deploy to the AWS account of the environment's credentials, in AWS_REGION
	@$(WITH_TOOLS) target/debug/deploy up

destroy: programs ## delete that deployment; its tables remain
	@$(WITH_TOOLS) target/debug/deploy down

clean: ## delete what was built, and the local stack's state with it
	rm -rf target frontend/dist edge/build edge/.wrangler .local
