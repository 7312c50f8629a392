#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a build into a folder of its own, compares what is there, and runs it from there.
# Usage: check.sh <cmake> <build folder>
set -euo pipefail
export LC_ALL=C
cmake=$1 build=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/usr

"$cmake" --install "$build" --prefix "$prefix" >/dev/null

for file in bin/blongo bin/blongo-sandbox lib/systemd/system/blongo-watch.service lib/systemd/system/blongo@.service \
  lib/systemd/system/blongo@.timer share/bash-completion/completions/blongo share/doc/blongo/LICENSE \
  share/doc/blongo/README.md share/doc/blongo/examples/blongo.toml share/fish/vendor_completions.d/blongo.fish \
  share/man/man1/blongo.1 share/man/man1/blongo-orders.1 share/man/man5/blongo.toml.5 share/man/man7/blongo-json.7 \
  share/zsh/site-functions/_blongo; do
  [ -s "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
unexpected=$(cd "$prefix" && find . -type f -printf '%P\n' |
  grep -vE '^(bin/blongo(-sandbox)?|lib/systemd/system/blongo[@a-z.-]+|share/(man/man[157]/blongo[a-z.-]*[157]|(doc|bash-completion|fish|zsh)/.*))$' || true)
[ -z "$unexpected" ] || { echo "installed without being expected: $unexpected"; exit 1; }
# Every command of the parser has its page, and no page is of a command that does not exist.
commands=$("$prefix/bin/blongo" completion words -- "" | cut -f1 | sort)
pages=$(cd "$prefix/share/man/man1" && printf '%s\n' blongo-*.1 | sed -e 's/^blongo-//' -e 's/\.1$//' | sort)
[ "$commands" = "$pages" ] || { echo "commands and manual pages differ:"; diff <(echo "$commands") <(echo "$pages"); exit 1; }

[[ $("$prefix/bin/blongo" --version) =~ ^blongo\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "blongo --version fails"; exit 1; }
"$prefix/bin/blongo-sandbox" --help >/dev/null

# The sample names secrets below /etc/blongo; here they lie elsewhere.
umask 077
echo token >"$folder/acme.token"
echo password >"$folder/acme.password"
sed "s|/etc/blongo|$folder|" "$prefix/share/doc/blongo/examples/blongo.toml" >"$folder/blongo.toml"
"$prefix/bin/blongo" config check --config "$folder/blongo.toml"
