#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Packs a build and looks at the package as Debian's tools do. Usage: debian_package.sh <project root> <build folder>
set -euo pipefail
export LC_ALL=C.UTF-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
bad=0
complain() { echo "$*"; bad=1; }

(cd "$2" && cpack -G DEB -B "$folder" --config CPackConfig.cmake >"$folder/said" 2>&1) || { cat "$folder/said"; exit 1; }
package=$(ls "$folder"/blongo_*.deb)
dpkg-deb --fsys-tarfile "$package" | tar -tf - >"$folder/list"
for file in bin/blongo bin/blongo-sandbox lib/systemd/system/blongo@.service lib/systemd/system/blongo@.timer \
  lib/systemd/system/blongo-watch.service share/man/man1/blongo.1.gz share/man/man1/blongo-orders.1.gz \
  share/man/man5/blongo.toml.5.gz share/man/man7/blongo-json.7.gz share/bash-completion/completions/blongo \
  share/zsh/vendor-completions/_blongo share/fish/vendor_completions.d/blongo.fish share/doc/blongo/copyright \
  share/doc/blongo/examples/blongo.toml; do
  grep -qx "./usr/$file" "$folder/list" || complain "the package lacks /usr/$file"
done
! grep -E '^\./(etc|var)' "$folder/list" || complain "the package owns files of the administrator"
depends=$(dpkg-deb -f "$package" Depends)
for library in libc6 libcurl4 libsoci-sqlite3 libpq5 libssl3 adduser tzdata; do
  [[ $depends == *"$library"* ]] || complain "it does not depend on $library: $depends"
done
lintian --fail-on error "$package" >"$folder/said" 2>&1 || complain "lintian: $(grep '^E' "$folder/said")"

# systemd reads the units as they were installed, and finds them well confined.
dpkg-deb -x "$package" "$folder/root"
mkdir "$folder/units"
cp "$folder"/root/usr/lib/systemd/system/* "$folder/units"
cd "$folder/units"
cp blongo@.service blongo@acme.service
cp blongo@.timer blongo@acme.timer
# The programs lie in another root here.
sed -i -e "s#^ExecStart=blongo #ExecStart=$folder/root/usr/bin/blongo #" -e 's#^ExecStart=/usr/bin/webhook#ExecStart=/bin/true#' -- *.service
said=$(systemd-analyze verify blongo@acme.service blongo@acme.timer blongo-watch.service blongo-webhook.service 2>&1) || true
[[ -z $said ]] || complain "systemd: $said"
grep -q '^KillMode=mixed$' blongo@acme.service && grep -q '^TimeoutStopSec=180$' blongo@acme.service || complain "blongo@.service stops too hard"

if command -v visudo >/dev/null; then
  visudo -q -c -f "$1/examples/sudoers/blongo-packers" || complain "sudoers is wrong"
fi
# The scripts do nothing to what people own unless asked.
dpkg-deb -e "$package" "$folder/control"
for script in postinst prerm postrm; do
  sh -n "$folder/control/$script" || complain "$script is no script"
done
exit $bad
