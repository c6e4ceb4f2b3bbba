# The stand-in for AWS and the AWS clients that the tests use, as requirements.txt says. Sourced; `python_tools` is their venv.
python_tools=$cache/python-$(digest "$setup/requirements.txt")

install_python_tools() {
  [[ -e $python_tools/.complete ]] && return
  need python3 "install Python 3.10 or newer and try again"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "$(python3 --version) is too old: install Python 3.10 or newer and try again"
  python3 -c 'import ensurepip, venv' 2>/dev/null || { say "Python's venv, by apt (about 10 s)"; apt_install python3-venv; }
  say "the stand-in for AWS and the AWS clients, from PyPI (about 30 s)"
  rm -rf "$python_tools"
  python3 -m venv "$python_tools"
  "$python_tools/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
    -r "$setup/requirements.txt" >&2 || fail "pip could not install the Python packages; the reason is above"
  touch "$python_tools/.complete"
}
