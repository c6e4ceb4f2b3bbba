# Words shared by the set-up scripts; sourced, never run.
setup=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$setup/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vehicle-provisioning

say() { printf '[set-up] %s\n' "$*" >&2; }

fail() { say "$*"; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

# digest [FILE...]: a short name for what the files, or the input, say
digest() { cat "$@" | { if has sha256sum; then sha256sum; else shasum -a 256; fi; } | cut -c1-12; }

# need COMMAND REASON: what is missing and what to do about it
need() { has "$1" || fail "$1 is missing: $2"; }

as_root() {
  if [[ $EUID == 0 ]]; then "$@"
  elif has sudo; then sudo "$@"
  else fail "this needs root and there is no sudo; run it yourself and then try again: $*"
  fi
}

# apt_install PACKAGE...: the package lists are fetched only when they do not know a package yet
apt_install() {
  local package
  has apt-get || fail "please install with your system's package manager and try again: $*"
  for package in "$@"; do
    if [[ -z $(apt-cache show --no-all-versions "$package" 2>/dev/null) ]]; then as_root apt-get update -qq; break; fi
  done
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}
