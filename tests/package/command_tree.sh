#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The commands of the contract (tests/data/commands.txt) are those that the parser knows, and each has its help, its
# place in a manual page and its completion. Usage: command_tree.sh <blongo> <list of commands> <folder of the pages>
set -euo pipefail
export LC_ALL=C
blongo=$1 pages=$3
bad=0
complain() { echo "$*"; bad=1; }

leaves() { # leaves <words of a group>: every command below it
  local word words found
  words=$("$blongo" completion words -- "$@" '' | cut -f1 | grep -v '^-' || true)
  for word in $words; do
    if found=$("$blongo" "$@" "$word" --help) && grep -q '^Commands:' <<<"$found"; then
      leaves "$@" "$word"
    else
      echo "$* $word"
    fi
  done
}
found=$(leaves | sed 's/^ //' | sort)
expected=$(grep -vE '^(#|later )' "$2" | sort)
[[ $found == "$expected" ]] || { diff <(echo "$expected") <(echo "$found") || true; complain "the commands are not those of $2"; }
while read -r command; do
  read -ra words <<<"$command"
  grep -q "^Usage: blongo $command" <("$blongo" "${words[@]}" --help) || complain "no help: $command"
  page=$pages/blongo-${words[0]}.1
  [[ -s $page ]] || { complain "no page: $command"; continue; }
  # A command's words stand in the page with all options that its help names.
  text=$(sed 's/\\-/-/g' "$page")
  grep -qE "^(\.SS )?blongo $command" <<<"$text" || complain "not in its page: $command"
  for option in $("$blongo" "${words[@]}" --help | sed '/^Common options:/,$d' | grep -oE '^ +(-[a-zA-Z], )? *--[a-z-]+' | grep -oE '\-\-[a-z-]+'); do
    grep -qF -- "$option" <<<"$text" || complain "$command $option is not in its page"
    "$blongo" completion words -- "${words[@]}" "$option" | cut -f1 | grep -qxF -- "$option" || complain "no completion: $command $option"
  done
done <<<"$expected"
while read -r command; do
  read -ra words <<<"$command"
  if "$blongo" "${words[@]}" --help 2>/dev/null | grep -q "^Usage: blongo $command"; then
    complain "$command exists: take \"later\" away in $2"
  fi
done < <(sed -n 's/^later //p' "$2")
exit $bad
