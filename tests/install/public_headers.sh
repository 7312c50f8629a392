#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each header that is installed includes what it uses, and nothing else.
# Usage: public_headers.sh <source folder>
set -euo pipefail
export LC_ALL=C
cd "$1"
mapping=$PWD/tests/install/public_headers.imp
complaints() {
  include-what-you-use -x c++ -std=c++20 -DFMT_SHARED -I.include -Wno-pragma-once-outside-header -Xiwyu --no_fwd_decls \
    -Xiwyu --no_comments -Xiwyu --mapping_file="$mapping" "$1" 2>&1 |
    awk -v file="$1" '/error:/ { print; bad = 1 }
      / should add these lines:/ { kind = "should include" } / should remove these lines:/ { kind = "need not include" }
      /The full include-list/ { kind = ""; judged = 1 } / has correct #includes/ { judged = 1 }
      kind != "" && /#include/ { sub(/^- /, ""); print file ": " kind " " $2 }
      END { if (!judged && !bad) print file ": include-what-you-use said nothing" }'
}
export -f complaints
export mapping
mapfile -t headers < <(ls lib/{base,json,http,baselinker,ongoing,map,plan}/*.hpp)
[ "${#headers[@]}" -gt 50 ] || { echo "too few headers: ${#headers[@]}"; exit 1; }
found=$(printf '%s\n' "${headers[@]}" | xargs -P2 -I{} bash -c 'complaints {}')
[ -z "$found" ] || { echo "$found"; exit 1; }
echo "${#headers[@]} headers include what they use"
