#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# systemd reads the units of examples/systemd without a complaint and finds them well confined.
# Usage: units.sh <project root>
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for unit in "$1"/examples/systemd/*.service; do
  copy=$folder/$(basename "$unit")
  # blongo is not installed where the tests run.
  sed 's#^ExecStart=blongo#ExecStart=/bin/true#' "$unit" >"$copy"
  said=$(systemd-analyze verify "$copy" 2>&1) || { printf '%s\n' "$said"; exit 1; }
  [[ -z $said ]] || { printf '%s\n' "$said"; exit 1; }
  systemd-analyze security --offline=true --no-pager --threshold=20 "$copy" >"$folder/said" ||
    { cat "$folder/said"; exit 1; }
done
grep -q '^ExecStart=blongo shipments watch --every 5s$' "$1/examples/systemd/blongo-watch.service"
