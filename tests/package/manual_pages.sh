#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every manual page is clean for mandoc and groff, and says what it must. Usage: manual_pages.sh <folder of the pages>
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$1"
bad=0
complain() { echo "$*"; bad=1; }
for page in *.[157]; do
  # Lines may be as long as their text; Debian's mandoc knows no date of its own here.
  said=$(mandoc -Tlint -Wwarning "$page" 2>&1) || complain "$page: $said"
  said=$(groff -ww -man -Tutf8 -z "$page" 2>&1)
  [[ -z $said ]] || complain "$page: $said"
  man -l --warnings "$page" 2>"$1/../said" >/dev/null
  [[ ! -s $1/../said ]] || complain "$page: $(head -3 "$1/../said")"
done
for page in blongo.1 blongo-orders.1 blongo-shipments.1 blongo-completion.1 blongo.toml.5 blongo-json.7; do
  [[ -s $page ]] || complain "$page is missing"
done
plain() { man -l "$1" | col -b | tr -s ' \n' ' '; }
plain blongo-orders.1 | grep -q 'blongo orders hold N' || complain "blongo-orders.1 does not show hold"
plain blongo.toml.5 | grep -q 'requests_per_minute = 60' || complain "blongo.toml.5 lacks a default"
exit $bad
