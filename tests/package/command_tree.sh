#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The commands of the contract (tests/data/commands.txt) are those that the parser knows, and each has its help, its
# place in a manual page and its completion. Usage: command_tree.sh <blongo> <list of commands> <folder of the pages>
set -euo pipefail
export LC_ALL=C
blongo=$1 pages=$3
bad=0
complain() { echo "$*"; bad=1; }

# Each help is asked for once: the process is what takes the time.
declare -A helps
leaves=()
collect() { # collect <words of a group>: the help of every command below it, and the commands
  local word words text command
  words=$("$blongo" completion words -- "$@" '')
  while IFS=$'\t' read -r word _; do
    [[ -n $word && $word != -* ]] || continue
    text=$("$blongo" "$@" "$word" --help) || text=
    command="${*:+$* }$word"
    helps[$command]=$text
    if [[ $text == *$'\nCommands:'* ]]; then collect "$@" "$word"; else leaves+=("$command"); fi
  done <<<"$words"
}
collect
found=$(printf '%s\n' "${leaves[@]}" | sort)
expected=$(grep -vE '^(#|later )' "$2" | sort)
[[ $found == "$expected" ]] || { diff <(echo "$expected") <(echo "$found") || true; complain "the commands are not those of $2"; }
declare -A texts
while read -r command; do
  read -ra words <<<"$command"
  help=${helps[$command]:-}
  [[ $'\n'$help == *$'\nUsage: blongo '"$command"* ]] || complain "no help: $command"
  page=$pages/blongo-${words[0]}.1
  [[ -s $page ]] || { complain "no page: $command"; continue; }
  # A command's words stand in the page with all options that its help names.
  [[ -n ${texts[$page]:-} ]] || texts[$page]=$(sed 's/\\-/-/g' "$page")
  text=$'\n'${texts[$page]}
  [[ $text == *$'\nblongo '"$command"* || $text == *$'\n.SS blongo '"$command"* ]] || complain "not in its page: $command"
  offered=$'\n'$("$blongo" completion words -- "${words[@]}" --)$'\n'
  while IFS= read -r line; do # options are indented; the text above them is not
    [[ $line =~ ^\ +(-[a-zA-Z],\ )?(--[a-z-]+) ]] || continue
    option=${BASH_REMATCH[2]}
    [[ $text == *"$option"* ]] || complain "$command $option is not in its page"
    [[ $offered == *$'\n'"$option"[$'\t\n']* ]] || complain "no completion: $command $option"
  done <<<"${help%%$'\nCommon options:'*}"
done <<<"$expected"
while read -r command; do
  read -ra words <<<"$command"
  if "$blongo" "${words[@]}" --help 2>/dev/null | grep -q "^Usage: blongo $command"; then
    complain "$command exists: take \"later\" away in $2"
  fi
done < <(sed -n 's/^later //p' "$2")
exit $bad
