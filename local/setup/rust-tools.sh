# The build tools that are Rust programs. They are run here and never shipped, so they are compiled quickly rather than well.
# Sourced. Each lives in a folder named by what was asked for: another version of one leaves the others alone.

# tool_folder ARGUMENT...: where the tool that `cargo install ARGUMENT...` makes is kept
tool_folder() { printf '%s/rust-tools/%s' "$cache" "$(printf '%s\n' "$*" | digest)"; }

wasm_bindgen_version="wasm-bindgen $(digest "$setup"/wasm-bindgen/Cargo.* "$setup"/wasm-bindgen/src/bin/*.rs)"
wasm_bindgen=$(tool_folder "$wasm_bindgen_version")
worker_build_arguments=(worker-build --version 0.8.7)
worker_build=$(tool_folder "${worker_build_arguments[@]}")
trunk_arguments=(trunk --version 0.21.14 --no-default-features --features rustls)
trunk=$(tool_folder "${trunk_arguments[@]}")
cargo_deny_arguments=(cargo-deny --version 0.20.2 --no-default-features)
cargo_deny=$(tool_folder "${cargo_deny_arguments[@]}")

rust_tools_are_there() {
  [[ -x $wasm_bindgen/bin/wasm-bindgen && -x $worker_build/bin/worker-build && -x $trunk/bin/trunk ]]
}

rust_test_tools_are_there() { [[ -x $cargo_deny/bin/cargo-deny ]]; }

install_tool() { # install_tool FOLDER ABOUT OPTIMISATION ARGUMENT...
  local folder=$1 about=$2 optimisation=$3; shift 3
  say "compiling $about"
  # One target folder for all of them: they have many crates in common.
  CARGO_TARGET_DIR=$cache/rust-tools/target CARGO_PROFILE_RELEASE_OPT_LEVEL=$optimisation CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=debuginfo \
    cargo install --root "$folder" --locked --no-track --force "$@" >&2 ||
    fail "this did not compile, for the reason above: $about"
}

install_rust_tools() {
  rust_tools_are_there && return
  has cc || { say "a C compiler, by apt (about 30 s)"; apt_install gcc libc6-dev; }
  { has pkg-config && pkg-config --exists openssl; } || [[ $(uname -s) != Linux ]] ||
    { say "the headers of OpenSSL, by apt (about 10 s)"; apt_install pkg-config libssl-dev; }
  # It reads a large module at every build, and is slow enough without optimisation to be felt.
  [[ -x $wasm_bindgen/bin/wasm-bindgen ]] ||
    install_tool "$wasm_bindgen" "wasm-bindgen (about 2 min)" 1 --path "$setup/wasm-bindgen"
  [[ -x $worker_build/bin/worker-build ]] ||
    install_tool "$worker_build" "worker-build (about 1 min)" 0 "${worker_build_arguments[@]}"
  [[ -x $trunk/bin/trunk ]] || install_tool "$trunk" "trunk (about 4 min)" 0 "${trunk_arguments[@]}"
  rm -rf "$cache/rust-tools/target"
}

install_rust_test_tools() {
  rust_test_tools_are_there && return
  install_tool "$cargo_deny" "cargo-deny (about 1 min)" 0 "${cargo_deny_arguments[@]}"
  rm -rf "$cache/rust-tools/target"
}
