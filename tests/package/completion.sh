#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Loads the completion script of each shell that is installed, and asks for completions as Tab does.
# Usage: completion.sh <blongo> <folder of the scripts>
set -euo pipefail
export LC_ALL=C.UTF-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
scripts=$2
mkdir "$folder/bin"
ln -s "$1" "$folder/bin/blongo"
export PATH=$folder/bin:$PATH HOME=$folder XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data BLONGO_CONFIG=$folder/blongo.toml
unset "${!BLONGO_@}"
export BLONGO_CONFIG=$folder/blongo.toml
umask 077
echo x >"$folder/secret"
cat >"$BLONGO_CONFIG" <<TOML
[state]
url = "sqlite://$folder/state.db"
[connections.acme]
[connections.acme.baselinker]
token_file = "$folder/secret"
inventory_id = 1
[connections.acme.ongoing]
url = "https://127.0.0.1:9/acme"
username = "WSI-ACME"
password_file = "$folder/secret"
goods_owner_id = 1
[connections.beta]
enabled = false
TOML
cd "$folder"
mkdir sub && touch sub/one.log

in_bash() { # in_bash <the line>: completions, a line each
  bash --norc -c '
    source "$1/completion.bash"
    line=$2
    read -ra COMP_WORDS <<<"${line//=/ = }"
    [[ $line != *" " ]] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
    compopt() { :; }
    _blongo blongo
    printf "%s\n" "${COMPREPLY[@]}"' - "$scripts" "$1"
}
# shellcheck disable=SC2016,SC2317 # fish expands; called by the shell's name
in_fish() {
  fish --no-config -c 'source $argv[1]/completion.fish; complete -C $argv[2]' "$scripts" "$1" | cut -f1 |
    if [[ $1 == *=* ]]; then sed 's/^[^=]*=//'; else cat; fi
}
# shellcheck disable=SC2317
in_zsh() { # the function with the matcher of compsys replaced, which needs a terminal
  zsh -f -c '
    compdef() { : }; compset() { : }; _files() { print :files }; _describe() { print -l -- ${described%%:*} }
    source $1/completion.zsh
    words=(${(z)2}); [[ $2 != *" " ]] || words+=("")
    CURRENT=$#words; _blongo' - "$scripts" "$1" |
    if [[ $1 == *=* ]]; then sed 's/^[^=]*=//'; else cat; fi
}

bad=0
expect() { # expect <line> <words that must be offered> [-- <words that must not>]
  local line=$1 shell word found wanted=yes
  shift
  for shell in bash fish zsh; do
    command -v "$shell" >/dev/null || continue
    found=$("in_$shell" "$line")
    wanted=yes
    for word; do
      if [[ $word == not ]]; then wanted=no; continue; fi
      if grep -qxF -- "$word" <<<"$found"; then seen=yes; else seen=no; fi
      [[ $seen == "$wanted" ]] || { echo "$shell: '$line': $word ($wanted wanted): ${found//$'\n'/ }"; bad=1; }
    done
  done
}
expect 'blongo ord' orders not articles
expect 'blongo orders ' sync hold why not push
expect 'blongo orders sync --dry' --dry-run
expect 'blongo orders sync -C ' acme beta
expect 'blongo orders sync --connection=a' acme not beta
expect 'blongo -C ac' acme not beta
expect 'blongo orders sync --format ' text json not csv
expect 'blongo orders list --format c' csv not json
expect 'blongo parked list --cause unknown_' unknown_sku
expect 'blongo check --only ord' orders
expect 'blongo completion ' bash zsh fish
[[ $(in_bash 'blongo status --log-file sub/') == sub/one.log ]] || { echo "bash completes no file names"; bad=1; }
[[ ! -e state.db ]] || { echo "asking for completions made a state"; bad=1; }
for shell in bash zsh fish; do
  "$1" completion $shell | cmp - "$scripts/completion.$shell" || bad=1
done
exit $bad
