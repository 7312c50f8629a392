#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Proves that failure_stories.sh fails: spoils a copy of the list or of a test, one way after the other.
# Usage: failure_stories_notices.sh <project root>
set -euo pipefail
root=$1
check=$root/tests/layering/failure_stories.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
failures=0
(cd "$root" && find tests \( -name '*.cpp' -o -name failure_stories.md \) -print0 | tar -cf - --null -T -) | tar -xf - -C "$copy"
"$check" "$copy" > /dev/null || { "$check" "$copy"; exit 1; }

# notice <file> <sed expression> <what the check must say>
notice() {
  local said
  cp "$copy/$1" "$copy/saved"
  sed -i -E "$2" "$copy/$1"
  if cmp -s "$copy/$1" "$copy/saved"; then
    echo "nothing to spoil: $2 in $1"
    failures=$((failures + 1))
  elif said=$("$check" "$copy") || [[ "$said" != *"$3"* ]]; then
    printf 'not noticed: %s in %s\n%s\n' "$2" "$1" "$said"
    failures=$((failures + 1))
  fi
  mv "$copy/saved" "$copy/$1"
}

list=tests/data/failure_stories.md
notice $list '/^\| F7 \|/d' 'F7 has 0 rows'
notice $list 's/^(\| F7 \|.*)/\1\n\1/' 'F7 has 2 rows'
notice $list 's/^\| F38 \|/| F39 |/' 'there is no story F39'
notice $list '/^\| F9 \|/s/order_life_cancelled/orders/' 'tests/e2e/orders.cpp: no test has the tag [F9]'
notice tests/e2e/orders.cpp 's/\[F8\]//' 'tests/e2e/orders.cpp: no test has the tag [F8]'
notice tests/e2e/orders.cpp 's/\[F8\]/[F40]/' 'F40 does not name tests/e2e/orders.cpp'
notice tests/e2e/orders.cpp 's/\[F8\]/[F8][F9]/' 'F9 does not name tests/e2e/orders.cpp'
notice tests/e2e/order_life_cancelled.cpp 's/, "\[F9\]"\) \{/) {/' 'no test has the tag [F9]'

((failures == 0)) || exit 1
echo "every difference was noticed"
