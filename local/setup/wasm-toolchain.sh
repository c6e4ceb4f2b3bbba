#!/usr/bin/env bash
# Where rustup cannot reach its server, there is no prebuilt standard library for wasm32-unknown-unknown.
# Debian ships the compiler with the library's source (the *-web packages): unpack them without installing them,
# compile the library for wasm32 once, and link the result as a rustup toolchain named $1, kept in $2.
# A second run finds the stamp and leaves at once.
set -euo pipefail
name=$1 home=$2
host=x86_64-unknown-linux-gnu target=wasm32-unknown-unknown multiarch=x86_64-linux-gnu
root=$home/usr stamp=$home/.complete
compiler=(rustc-web libstd-rust-web-1.96 libstd-rust-web-dev cargo-web rust-web-src rust-web-clippy rustfmt-web libllvm22 lld-22)
libraries=(libcurl4 libgit2-1.5 libssh2-1 libsqlite3-0 libssl3 libedit2 libffi8 libxml2 libz3-4
  libhttp-parser2.9 libmbedcrypto7 libmbedtls14 libmbedx509-1)

unpack() { # the library source is all that is wanted of the source package
  case $1 in
    rust-web-src_*) dpkg-deb --fsys-tarfile "$1" | tar -x -C "$home" --wildcards \
      './usr/src/rustc-*/library/*' './usr/lib/rustlib/src/*' './usr/src/rustc-*/src/version' ;;
    *) dpkg-deb -x "$1" "$home" ;;
  esac
}

fetch() (
  mkdir -p "$home/packages" && cd "$home/packages"
  apt-get download -qq "$@"
  for package in "$@"; do unpack "$package"_*.deb; done
)

flatten_libraries() { # rustup puts lib/ on the loader's path, Debian keeps the libraries one level down
  for library in "$root/lib/$multiarch"/*.so*; do ln -sfn "$multiarch/${library##*/}" "$root/lib/${library##*/}"; done
}

compile_standard_library() (
  work=$home/standard-library source=$(cd "$root/lib/rustlib/src/rust" && pwd -P)
  export LD_LIBRARY_PATH=$root/lib RUSTC=$root/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$work/target
  unset RUSTUP_TOOLCHAIN CARGO_ENCODED_RUSTFLAGS
  commit=$("$RUSTC" -vV | sed -n 's/^commit-hash: //p')
  # Bitcode is what lets link-time optimisation reach into the standard library.
  export RUSTFLAGS="-Cembed-bitcode=yes --remap-path-prefix=$source=/rustc/$commit"
  mkdir -p "$work/src" && cd "$work" && : > src/lib.rs
  printf '[package]\nname = "standard-library"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[profile.release]\ncodegen-units = 1\n' > Cargo.toml
  "$root/bin/cargo" build --release --target "$target" -Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test
  installed=$root/lib/rustlib/$target/lib
  rm -rf "$installed" && mkdir -p "$installed"
  find "target/$target/release/deps" -name 'lib*.rlib' ! -name 'libstandard_library*' -exec cp {} "$installed/" \;
)

if [[ ! -e $stamp ]]; then
  rm -rf "$home" && mkdir -p "$root"
  fetch "${compiler[@]}"
  missing=$(LD_LIBRARY_PATH=$root/lib/$multiarch ldd "$root/bin/cargo" "$root/bin/rustc" | grep 'not found' || true)
  [[ -z $missing ]] || fetch "${libraries[@]}"
  flatten_libraries
  install -D "$root/lib/llvm-22/bin/lld" "$root/lib/rustlib/$host/bin/rust-lld"
  compile_standard_library
  rm -rf "$home/standard-library" "$home/packages"
  touch "$stamp"
fi
rustup toolchain link "$name" "$root"
