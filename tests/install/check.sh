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

expected='bin/blongo
bin/blongo-sandbox
share/doc/blongo/LICENSE
share/doc/blongo/README.md
share/doc/blongo/examples/blongo.toml'
found=$(cd "$prefix" && find . -type f -printf '%P\n' | sort)
if [ "$found" != "$expected" ]; then
  echo "other files than expected:"
  diff <(echo "$expected") <(echo "$found") || true
  exit 1
fi

[[ $("$prefix/bin/blongo" --version) =~ ^blongo\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "blongo --version fails"; exit 1; }
"$prefix/bin/blongo-sandbox" --help >/dev/null

# The sample names secrets below /etc/blongo; here they lie elsewhere.
umask 077
echo token >"$folder/acme.token"
echo password >"$folder/acme.password"
sed "s|/etc/blongo|$folder|" "$prefix/share/doc/blongo/examples/blongo.toml" >"$folder/blongo.toml"
"$prefix/bin/blongo" config check --config "$folder/blongo.toml"
