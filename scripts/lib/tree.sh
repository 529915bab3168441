#!/usr/bin/env bash
# What must never be in the tree: paths of one machine, package hosts, secrets, broken shell.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Brackets keep a pattern from matching its own line.
forbidden=(
  "/(ro[o]t|ho[m]e|wo[r]k|Us[e]rs)/[a-z]"
  "(py[p]i|python[h]osted|deb\.deb[i]an|rubyg[e]ms)\.org|(artif[a]ctory|nex[u]s)\."
  "(index[-_]u[r]l|find[-_]l[i]nks|trusted[-_]h[o]st) *="
  "BEGIN [A-Z ]*PRIV[A]TE KEY"
  "vk1\.[a]\.[A-Za-z0-9_-]{20}"
)

status=0
for pattern in "${forbidden[@]}"; do
  if git grep --untracked --line-number --extended-regexp -I -e "$pattern"; then
    echo "^ must not be in the tree: $pattern" >&2
    status=1
  fi
done
while read -r script; do
  bash -n "$script" || status=1
done < <(git grep --untracked --files-with-matches -E '^#!.*\bbash$|^# shellcheck shell=bash')
exit $status
