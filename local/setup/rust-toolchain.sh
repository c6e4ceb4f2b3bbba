# Which Rust: the one rust-toolchain.toml asks rustup for, or, where rustup cannot have it, one made from Debian's packages.
# Leaves RUSTUP_TOOLCHAIN alone in the first case and sets it in the second. Sourced.
channel=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' "$checkout/rust-toolchain.toml")
fallback=provisioning-${channel%.*}

# The toolchain is there with the standard library of wasm32: a look at the disk, since asking rustup takes longer.
knows_wasm() {
  compgen -G "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$1/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null
}

install_with_rustup() {
  [[ ${RUSTUP_AUTO_INSTALL-1} != 0 ]] || return 1
  say "Rust $channel with the wasm32 target, from rustup (about 1 min)"
  rustup toolchain install "$channel" --profile minimal --component clippy --component rustfmt \
    --target wasm32-unknown-unknown >&2
}

offered_by_debian() { apt-cache show --no-all-versions rustc-web 2>/dev/null | sed -n 's/^Version: //p'; }

build_from_debian() {
  local reason="rustup cannot provide Rust $channel with the wasm32 target here"
  [[ $(uname -sm) == "Linux x86_64" ]] && has apt-get ||
    fail "$reason, and the other way needs Debian on x86_64; install it with: rustup toolchain install $channel --target wasm32-unknown-unknown"
  if [[ -z $(offered_by_debian) ]]; then as_root apt-get update -qq; fi
  [[ $(offered_by_debian) == "$channel"* ]] ||
    fail "$reason, and this Debian does not offer rustc-web $channel"
  say "$reason: compiling the wasm32 standard library from Debian's packages (about 2 min, once)"
  "$setup/wasm-toolchain.sh" "$fallback" "$cache/rust" >&2
  # Objects made with another standard library would be linked otherwise.
  rm -rf "$checkout/target/wasm32-unknown-unknown"
}

choose_rust() {
  if [[ -n ${RUSTUP_TOOLCHAIN-} ]] && knows_wasm "$RUSTUP_TOOLCHAIN"; then return; fi
  unset RUSTUP_TOOLCHAIN
  if knows_wasm "$channel-*"; then return; fi
  if ! knows_wasm "$fallback"; then
    need rustup "install it from https://rustup.rs and try again"
    if install_with_rustup && knows_wasm "$channel-*"; then return; fi
    build_from_debian
  fi
  export RUSTUP_TOOLCHAIN=$fallback
}
