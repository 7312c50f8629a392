#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Proves that check.sh fails: plants one violation after the other into a copy of the tree.
# Usage: notices_violations.sh <project root>
set -euo pipefail
root=$1
check=$root/tests/layering/check.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
failures=0

# The visible files that belong to the project; data and build trees are not needed.
(cd "$root" && tar -cf - --exclude=tests/data --exclude=apps/blongo-sandbox/data \
  CMakeLists.txt LICENSE README.md apps examples lib tests) | tar -xf - -C "$copy"

# plant <file> <line> <what the check must say>
plant() {
  local file=$copy/$1 saved=$copy/.saved said
  local existed=1
  cp -p "$file" "$saved" 2>/dev/null || existed=0
  mkdir -p "$(dirname "$file")"
  if [[ $existed == 0 ]]; then echo '// SPDX-License-Identifier: Apache-2.0' > "$file"; fi
  printf '%s\n' "$2" >> "$file"
  if said=$("$check" "$copy"); then
    echo "not noticed: $2 in $1"
    failures=$((failures + 1))
  elif [[ "$said" != "$1:"*"$3"* || $(wc -l <<< "$said") != 1 ]]; then
    printf 'said something else of "%s" in %s:\n%s\n' "$2" "$1" "$said"
    failures=$((failures + 1))
  fi
  if [[ $existed == 1 ]]; then mv "$saved" "$file"; else rm "$file"; fi
}

if ! "$check" "$copy"; then
  echo "the copy without a planted violation must pass"
  exit 1
fi

plant lib/base/planted.cpp '#include <blongo/json/value.hpp>' 'lib/base must not include blongo/json/value.hpp'
plant lib/json/planted.hpp '#include <blongo/http/transport.hpp>' 'must not include'
plant lib/baselinker/planted.cpp '#include <blongo/ongoing/wire.hpp>' 'must not include'
plant lib/ongoing/planted.cpp '  #  include  <blongo/baselinker/client.hpp>' 'must not include'
plant lib/map/planted.cpp '#include <blongo/baselinker/client.hpp>' 'must not include'
plant lib/map/planted.cpp '#include <blongo/state/store.hpp>' 'must not include'
plant lib/plan/planted.cpp '#include <blongo/report/reporter.hpp>' 'must not include'
plant lib/report/planted.cpp '#include <blongo/sync/flow.hpp>' 'must not include'
plant lib/config/planted.cpp '#include "blongo/state/store.hpp"' 'must not include'
plant apps/blongo/planted.cpp '#include <blongo/http/transport.hpp>' 'must not include'
plant apps/blongo-sandbox/planted.cpp '#include <blongo/ongoing/client.hpp>' 'must not include'
plant lib/ongoing/planted_wire.hpp '#include <blongo/http/transport.hpp>' 'a wire header'
plant lib/state/planted.hpp '#include <blongo/state/session_impl.hpp>' 'for the sources'
plant lib/base/planted.cpp '#include "text.hpp"' 'by full path'
plant apps/blongo/planted.cpp '#include "../../lib/http/transport.hpp"' 'leaves its folder'
plant lib/planted/planted.cpp '#include <vector>' 'has no include rule'
plant lib/http/planted.cpp '#include <rapidjson/document.h>' 'rapidjson'
plant lib/json/planted.hpp '#include <rapidjson/document.h>' 'rapidjson'
plant lib/http/planted.hpp '#include <curl/curl.h>' 'curl'
plant lib/sync/planted.cpp '#include <soci/soci.h>' 'soci'
plant lib/state/planted.hpp '#include <soci/soci.h>' 'soci'
plant lib/sync/planted.cpp '#include <toml++/toml.h>' 'toml++'
plant lib/base/planted.cpp '#include <boost/any.hpp>' 'no rule says'
plant lib/map/planted.cpp 'void f(http::Transport&);' 'Transport'
plant lib/plan/planted.cpp 'auto now(const Clock& clock);' 'Clock'
plant lib/plan/planted.cpp 'using state::Store;' 'state::'

# A source without its license line, and a stranger at the top.
notice() {
  local said
  said=$("$check" "$copy") || true
  [[ "$said" == "$1"* ]] && return
  printf 'not noticed: %s\n%s\n' "$1" "$said"
  failures=$((failures + 1))
}
echo 'int planted;' > "$copy/lib/base/planted.cpp"
notice 'lib/base/planted.cpp:1: no SPDX license line'
rm "$copy/lib/base/planted.cpp"
touch "$copy/stranger"
notice '.: the visible top level is '
rm "$copy/stranger"

((failures == 0)) || exit 1
"$check" "$copy" > /dev/null
echo "every planted violation was noticed"
