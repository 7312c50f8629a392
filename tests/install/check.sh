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
  grep -vE '^(bin/blongo(-sandbox)?|include/blongo/[a-z]+/[a-z_]+\.hpp|lib(/[a-z0-9_]+-linux-gnu)?/(libblongo_[a-z]+\.a|cmake/blongo/[A-Za-z0-9-]+\.cmake)|lib/systemd/system/blongo[@a-z.-]+|share/(man/man[157]/blongo[a-z.-]*[157]|(doc|bash-completion|fish|zsh)/.*))$' || true)
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

# Another program finds the library, compiles against its headers alone, and reads orders from the sandbox.
library=$prefix/share/doc/blongo/examples/library
"$cmake" -S "$library" -B "$folder/library" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wconversion -Werror" >/dev/null
"$cmake" --build "$folder/library" >/dev/null
"$prefix/bin/blongo-sandbox" --port 0 --demo >"$folder/sandbox.log" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  url=$(sed -n 's/.*listening on //p' "$folder/sandbox.log")
  [ -n "$url" ] && break
  sleep 0.1
done
order='{"order_id":777001,"order_status_id":8069,"confirmed":true,"date_confirmed":'$(($(date +%s) + 60))',
  "delivery_method":"Courier of today","products":[{"order_product_id":1,"sku":"SKU-OF-TODAY","name":"Mug","quantity":3}]}'
"$prefix/bin/blongo-sandbox" --admin "$url" POST /_admin/baselinker/orders "$order" >/dev/null
echo sandbox-token >"$folder/sandbox.token"
listed=$("$folder/library/orders_of_today" "$url/connector.php" "$folder/sandbox.token")
[[ $listed == *$'777001  status 8069  Courier of today\n    3 x SKU-OF-TODAY  Mug'* ]] || { echo "the library's example lists: $listed"; exit 1; }
echo wrong-token >"$folder/sandbox.token"
! "$folder/library/orders_of_today" "$url/connector.php" "$folder/sandbox.token" 2>"$folder/refused" || { echo "a wrong token lists orders"; exit 1; }
grep -q ERROR_BAD_TOKEN "$folder/refused" || { echo "a wrong token is told as: $(cat "$folder/refused")"; exit 1; }
