#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Reads every #include line below lib/ and apps/ and compares it with the include rule; also the
# places of third-party libraries, license lines, and the visible top level.
# Usage: check.sh <project root>. Prints one line for each violation; exit 1 when there is one.
set -euo pipefail
export LC_ALL=C
cd "$1"

mapfile -d '' sources < <(find lib apps -type f \( -name '*.cpp' -o -name '*.hpp' \) -print0 | sort -z)
if ((${#sources[@]} == 0)); then
  echo "no sources below $1"
  exit 1
fi

includes() {
  awk '
    # folder: the folders that it may include beside itself. "wire" stands for the structs that
    # both services are described with, in */wire.hpp and */<topic>_wire.hpp.
    BEGIN {
      rule["lib/base"] = ""
      rule["lib/json"] = "base"
      rule["lib/http"] = "base json"
      rule["lib/baselinker"] = "base json http"
      rule["lib/ongoing"] = "base json http"
      rule["lib/config"] = "base"
      rule["lib/state"] = "base"
      rule["lib/map"] = "base json wire"
      rule["lib/plan"] = "base json map wire"
      rule["lib/report"] = "base json plan"
      rule["lib/sync"] = "base json http baselinker ongoing config state map plan report"
      rule["apps/blongo"] = "base json config state sync report"
      rule["apps/blongo-sandbox"] = "base json"
      rule["apps/blongo-docs"] = "base config report"

      # library: the only files that may include it. No header of ours shows one of these; what
      # several sources of lib/state share about SOCI stands in *_impl.hpp, for sources only.
      place["rapidjson"] = "^lib/json/[^/]*[.]cpp$"
      place["curl"] = "^lib/http/[^/]*[.]cpp$"
      place["soci"] = place["sqlite3.h"] = place["libpq-fe.h"] = "^lib/state/[^/]*([.]cpp|_impl[.]hpp)$"
      place["toml++"] = "^lib/config/[^/]*[.]cpp$"
      place["openssl"] = place["utf8proc.h"] = place["date"] = "^lib/base/[^/]*[.]cpp$"
      place["spdlog"] = "^lib/report/[^/]*[.]cpp$"
      place["CLI"] = "^apps/blongo/[^/]*[.]cpp$"
      place["httplib.h"] = "^apps/blongo-sandbox/[^/]*[.]cpp$"
      place["fmt"] = place["tl"] = place["sys"] = place["arpa"] = place["netinet"] = place["linux"] = "."
    }
    function complain(what) { print FILENAME ":" FNR ": " what }
    function has_word(words, word) { return index(" " words " ", " " word " ") > 0 }

    FNR == 1 {
      split(FILENAME, part, "/")
      folder = part[1] "/" part[2]
      if (!(folder in rule)) complain(folder " has no include rule")
    }
    /^[ \t]*#[ \t]*include/ {
      header = $0
      quoted = header ~ /include[ \t]*"/
      sub(/^[^<"]*[<"]/, "", header)
      sub(/[>"].*$/, "", header)
      if (header ~ /(^|\/)[.][.]?\//) { complain("\"" header "\" leaves its folder"); next }
      steps = split(header, step, "/")
      if (step[1] == "blongo") {
        to = step[2]
        own = folder == "lib/" to
        wire = (to == "baselinker" || to == "ongoing") && header ~ /\/([a-z]+_)?wire[.]hpp$/
        if (!own && !has_word(rule[folder], to) && !(wire && has_word(rule[folder], "wire")))
          complain(folder " must not include " header)
        if (FILENAME ~ /wire[.]hpp$/ && !wire && to != "base" && to != "json")
          complain("a wire header describes data only and must not include " header)
        if (header ~ /_impl[.]hpp$/ && (!own || FILENAME !~ /([.]cpp|_impl[.]hpp)$/))
          complain(header " is for the sources of its own folder")
      } else if (step[1] in place) {
        if (FILENAME !~ place[step[1]]) complain(step[1] " must not be included here")
      } else if (quoted && folder ~ /^lib\//) {
        complain("headers of the project are included by full path, <blongo/...>: " header)
      } else if (steps > 1 && !quoted) {
        complain("no rule says who may include " header)
      }
    }
    # map and plan are pure: they decide by what they are given.
    folder == "lib/map" || folder == "lib/plan" {
      code = $0
      sub(/\/\/.*/, "", code)
      if (match(code, /Transport|Clock|(system|steady)_clock|StopToken|state::|[Ss]qlite|[Pp]ostgres|getenv|[io]?fstream/))
        complain(folder " names no transport, database, clock or file: " substr(code, RSTART, RLENGTH))
    }
  ' "${sources[@]}"
}

licenses() {
  find CMakeLists.txt lib apps tests examples -path tests/data -prune -o -type f \
    \( -name '*.cpp' -o -name '*.hpp' -o -name '*.cmake' -o -name CMakeLists.txt -o -name '*.sh' -o -name '*.toml' \
    -o -perm /111 \) ! -name '*.json' ! -name '*.html' -size +0 -print0 | sort -z |
    xargs -0 awk '
      function judge() { if (file != "" && !licensed) print file ":1: no SPDX license line" }
      FNR == 1 { judge(); file = FILENAME; licensed = 0 }
      /SPDX-License-Identifier: Apache-2[.]0/ { licensed = 1 }
      FNR == 3 { nextfile }
      END { judge() }'
}

# Build trees (build*) are in .gitignore and belong to nobody.
top_level() {
  local expected="CMakeLists.txt LICENSE README.md apps examples lib tests" found
  found=$(find . -mindepth 1 -maxdepth 1 ! -name '.*' ! -name 'build*' -printf '%f\n' | sort | tr '\n' ' ')
  [[ "${found% }" == "$expected" ]] || echo ".: the visible top level is \"${found% }\", not \"$expected\""
}

violations=$(includes; licenses; top_level)
if [[ -n "$violations" ]]; then
  printf '%s\n' "$violations"
  exit 1
fi
echo "${#sources[@]} sources keep the include rule"
