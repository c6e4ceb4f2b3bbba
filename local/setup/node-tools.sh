# wrangler with the workerd it pins, wasm-opt and esbuild, as package-lock.json says. Sourced; `node_tools` is where they are.
node_tools=$cache/node-$(digest "$setup/package.json" "$setup/package-lock.json")

install_node_tools() {
  [[ -e $node_tools/.complete ]] && return
  need node "install Node.js 20 or newer and try again"
  need npm "install npm (it comes with Node.js) and try again"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 20)) || fail "Node.js $(node --version) is too old: install 20 or newer and try again"
  say "wrangler, workerd, wasm-opt and esbuild, from npm (about 20 s)"
  rm -rf "$node_tools" && mkdir -p "$node_tools"
  cp "$setup/package.json" "$setup/package-lock.json" "$node_tools/"
  # Their install scripts only look for what the lock file already brings, so none needs to run.
  (cd "$node_tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 ||
    fail "npm could not install the tools; the reason is above"
  touch "$node_tools/.complete"
}
