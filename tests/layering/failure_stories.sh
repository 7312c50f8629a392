#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Compares tests/data/failure_stories.md with the tags [F1] to [F38] of the test cases: every story is in the list once,
# every file that the list names has a test with its tag, every tag is that of a listed story and file.
# Usage: failure_stories.sh <project root>. Prints one line for each difference; exit 1 when there is one.
set -euo pipefail
export LC_ALL=C
cd "$1"
list=tests/data/failure_stories.md
stories=38
mapfile -d '' sources < <(find tests -type f -name '*.cpp' -print0 | sort -z)

# "F12 tests/e2e/orders.cpp" for each file of each row.
listed() {
  awk -F ' *[|] *' '$2 ~ /^F[0-9]+$/ { n = split($4, file, /, */); for (i = 1; i <= n; i++) print $2, file[i] }' "$list"
}

# The same for each tag behind the name of a test case; the tags may stand on the line below it.
tagged() {
  awk '
    FNR == 1 { near = 0 }
    /^(TEST_CASE|TEMPLATE_TEST_CASE)\(/ { near = 3 }
    near-- > 0 {
      rest = $0
      while (match(rest, /\[F[0-9]+\]/)) {
        print substr(rest, RSTART + 1, RLENGTH - 2), FILENAME
        rest = substr(rest, RSTART + RLENGTH)
      }
      if (/\{[ \t]*$/) near = 0
    }' "${sources[@]}" | sort -u
}

differences() {
  local story row
  for ((story = 1; story <= stories; story++)); do
    row=$(grep -c "^| F$story |" "$list" || true)
    [[ $row == 1 ]] || echo "$list: F$story has $row rows, not one"
  done
  comm -23 <(listed | sort -u) <(tagged) | while read -r story row; do echo "$row: no test has the tag [$story]"; done
  comm -13 <(listed | sort -u) <(tagged) | while read -r story row; do echo "$list: $story does not name $row, whose test has its tag"; done
  listed | awk -v most=$stories '{ number = substr($1, 2) + 0 } $1 != "F" number || number < 1 || number > most {
    print "'"$list"': there is no story " $1 }' | sort -u
}

found=$(differences)
if [[ -n "$found" ]]; then
  printf '%s\n' "$found"
  exit 1
fi
echo "$stories failure stories, $(tagged | wc -l) pairs of story and file"
