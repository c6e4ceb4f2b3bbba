# The build tools that are Rust programs. They are run here and never shipped, so they are compiled quickly rather than well.
# Sourced; `tools` is where they end up, a folder named by what this file and the lock file say.
tools=$cache/tools-$(digest "$setup/rust-tools.sh" "$setup/wasm-bindgen/Cargo.toml" "$setup/wasm-bindgen/Cargo.lock")

install_tool() { # install_tool COMMAND ABOUT OPTIMISATION ARGUMENT...: does nothing when it is there
  local command=$1 about=$2 optimisation=$3; shift 3
  [[ -x $tools/bin/$command ]] && return
  say "compiling $command ($about)"
  # One target folder for all of them: they have many crates in common.
  CARGO_TARGET_DIR=$tools/target CARGO_PROFILE_RELEASE_OPT_LEVEL=$optimisation CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=debuginfo \
    cargo install --root "$tools" --locked --no-track --force "$@" >&2 ||
    fail "$command did not compile; the reason is above"
}

install_rust_tools() {
  has cc || { say "a C compiler, by apt (about 30 s)"; apt_install gcc libc6-dev; }
  { has pkg-config && pkg-config --exists openssl; } || [[ $(uname -s) != Linux ]] ||
    { say "the headers of OpenSSL, by apt (about 10 s)"; apt_install pkg-config libssl-dev; }
  # It reads a large module at every build, and is slow enough without optimisation to be felt.
  install_tool wasm-bindgen "about 2 min" 1 --path "$setup/wasm-bindgen"
  install_tool worker-build "about 1 min" 0 worker-build --version 0.8.7
  install_tool trunk "about 4 min" 0 trunk --version 0.21.14 --no-default-features --features rustls
  rm -rf "$tools/target"
}

install_rust_test_tools() {
  install_tool cargo-deny "about 2 min" 0 cargo-deny --version 0.20.2 --no-default-features
  rm -rf "$tools/target"
}
