# shellcheck shell=bash
# Makes the Python environment in .venv, for scripts/demo and scripts/test. Sourced by both.
#
#   ensure_environment runtime   what the bridge, the sandbox and the demo need
#   ensure_environment dev       that, and what the checks and tests need
#
# Packages are those of requirements/*.lock, by hash; downloads are kept in .cache/pip. Once all is
# there, it costs milliseconds; a run that was killed is made good by the next one.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
venv=$project/.venv
export PIP_CACHE_DIR=$project/.cache/pip PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

refuse() {
  say "$1"
  say "What to do: $2"
  exit 3
}

# --- what must be there ---------------------------------------------------------------------

require_linux() {
  [[ $(uname -s) == Linux ]] || refuse \
    "this needs Linux; here is $(uname -s)." \
    "run it on Debian 12 (a container debian:12 will do)"
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_venvs() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

recent_pythons() {
  local name
  for name in python3 python3.11 python3.12 python3.13 /usr/bin/python3; do
    command -v "$name" >/dev/null && is_recent "$name" && echo "$name"
  done
  return 0
}

# Debian keeps the part of Python that makes environments in a package of its own.
install_venv() {
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || refuse \
    "Python has no venv module here, and only root can install it." \
    "run 'sudo apt-get install python3-venv', then this again"
  say "installing python3-venv"
  install_packages python3-venv
}

install_packages() {
  local log=$project/.cache/apt.log
  mkdir -p "$project/.cache"
  apt_install "$@" >"$log" 2>&1 && return
  say "that failed; reading fresh package lists, once more"
  { apt-get -qq update && apt_install "$@"; } >>"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  refuse "'apt-get install $*' failed, see above (whole log: $log)." "mend it and run this again"
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
    install --yes --no-install-recommends "$@"
}

find_python() {
  local python pythons
  mapfile -t pythons < <(recent_pythons)
  ((${#pythons[@]})) || refuse \
    "this needs Python 3.11 or later; here is $(python3 --version 2>&1 || true)." \
    "install it (on Debian 12: apt-get install python3 python3-venv), then run this again"
  for python in "${pythons[@]}"; do
    makes_venvs "$python" && echo "$python" && return
  done
  install_venv
  echo /usr/bin/python3
}

# --- the environment ------------------------------------------------------------------------

# Whether the environment is whole and was made in this very folder: one cannot be moved or copied.
is_usable() {
  is_recent "$venv/bin/python" && [[ -x $venv/bin/pip ]] &&
    [[ $(cat "$venv/.made-in" 2>/dev/null || echo "$venv") == "$venv" ]]
}

make_venv() {
  local python
  python=$(find_python)
  say "making .venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
  echo "$venv" >"$venv/.made-in"
}

stamp_of() {
  {
    cat "$project/requirements/$1.lock" "$project/pyproject.toml"
    "$venv/bin/python" --version
  } | sha256sum
}

is_installed() { [[ $(cat "$venv/.installed-$1" 2>/dev/null) == "$(stamp_of "$1")" ]]; }

pip_install() {
  "$venv/bin/python" -m pip install --quiet --progress-bar off "$@" || refuse \
    "pip could not install what requirements/ lists, see above." \
    "see that this machine reaches its package index, then run this again"
}

install_lock() {
  local count
  count=$(grep -c '^[a-z]' "$project/requirements/$1.lock")
  say "installing $count packages of requirements/$1.lock (about a minute the first time)"
  pip_install --require-hashes -r "$project/requirements/$1.lock"
  # The build backend is in the lock: nothing is fetched that has no hash.
  pip_install --no-deps --no-build-isolation --no-index -e "$project"
  stamp_of "$1" >"$venv/.installed-$1"
}

ensure_environment() {
  require_linux
  mkdir -p "$project/.cache"
  exec 8>"$project/.cache/environment.lock"
  flock -n 8 || { say "waiting for another preparation of .venv" && flock 8; }
  is_usable || make_venv
  # Everything of the runtime lock is in the dev lock, in the same versions.
  is_installed "$1" || is_installed dev || install_lock "$1"
  exec 8>&-
}
