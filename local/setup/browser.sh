# A browser and its driver, for tests only. CHROME and CHROMEDRIVER name other ones. Sourced.
find_browser() {
  local name
  if [[ -z ${CHROME-} ]]; then
    for name in chromium chromium-browser google-chrome; do
      if has "$name"; then CHROME=$(command -v "$name"); break; fi
    done
  fi
  if [[ -z ${CHROMEDRIVER-} ]] && has chromedriver; then CHROMEDRIVER=$(command -v chromedriver); fi
  [[ -n ${CHROME-} && -n ${CHROMEDRIVER-} ]] || return 1
  [[ -x $CHROME ]] || fail "CHROME is set to $CHROME, which is not a program"
  [[ -x $CHROMEDRIVER ]] || fail "CHROMEDRIVER is set to $CHROMEDRIVER, which is not a program"
  export CHROME CHROMEDRIVER
}

install_browser() {
  find_browser && return
  say "Chromium and its driver, by apt (about 1 min)"
  apt_install chromium chromium-driver
  find_browser || fail "no Chromium was found after installing it: set CHROME and CHROMEDRIVER to the two programs"
}
