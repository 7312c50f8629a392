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
  share/doc/blongo/examples/blongo.toml share/doc/blongo/examples/cron/blongo share/doc/blongo/examples/systemd/README.md \
  share/doc/blongo/examples/logrotate/blongo share/doc/blongo/examples/sudoers/blongo-packers; do
  grep -qx "./usr/$file" "$folder/list" || complain "the package lacks /usr/$file"
done
! grep -E '^\./(etc|var)' "$folder/list" || complain "the package owns files of the administrator"
depends=$(dpkg-deb -f "$package" Depends)
for library in libc6 libcurl4 libsoci-sqlite3 libpq5 libssl3 adduser tzdata; do
  [[ $depends == *"$library"* ]] || complain "it does not depend on $library: $depends"
done
maintainer=$(sed -n 's/^BLONGO_PACKAGE_MAINTAINER:STRING=//p' "$2/CMakeCache.txt")
[[ -n $maintainer && $(dpkg-deb -f "$package" Maintainer) == "$maintainer" ]] || complain "its maintainer is not $maintainer"
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
dpkg-deb -e "$package" "$folder/control"
for script in postinst prerm postrm; do
  sh -n "$folder/control/$script" || complain "$script is no script"
done
# What the scripts do to a machine's folders, in a root of its own: the programs that they call are noted, not run.
machine=$folder/machine
mkdir -p "$machine"/{etc/systemd/system/timers.target.wants,var/lib,run/systemd/system,bin}
ln -s /lib/systemd/system/blongo@.timer "$machine/etc/systemd/system/timers.target.wants/blongo@acme.timer"
for program in adduser deluser chown chgrp systemctl deb-systemd-invoke; do
  printf '#!/bin/sh\necho "%s $*" >>"%s/called"\n' "$program" "$machine" >"$machine/bin/$program"
done
echo 'case "$*" in *is-active*) exit 3 ;; esac' >>"$machine/bin/systemctl"
chmod +x "$machine"/bin/*
script() { # script <name> <arguments>: runs it in that root, prints what it says
  sed -E "s#/(etc|var/lib|run)/#$machine&#g" "$folder/control/$1" >"$folder/$1"
  PATH=$machine/bin:$PATH sh "$folder/$1" "${@:2}" 2>&1 || complain "$1 ${*:2} fails"
}
says() { # says <text>: the last script said it
  [[ $said == *"$1"* ]] || complain "a script does not say '$1': $said"
}
said=$(script postinst configure)
says "next, as root: blongo init"
says "blongo@acme.timer is enabled and does not run"
mode() { stat -c %a "$machine/$1"; }
[[ $(mode etc/blongo) == 750 && $(mode var/lib/blongo) == 700 ]] || complain "the folders are open"
grep -q '^chown blongo:blongo' "$machine/called" && grep -q '^chgrp blongo' "$machine/called" || complain "the folders are not the user's"
touch "$machine/etc/blongo/blongo.toml" "$machine/var/lib/blongo/state.db"
said=$(script postinst configure)
says "goes on with"
said=$(script prerm remove)
grep -q '^systemctl stop .*blongo@\*.timer.* blongo-watch.service' "$machine/called" || complain "removal does not stop the units"
said=$(script postrm remove)
[[ -e $machine/var/lib/blongo/state.db && -z $said ]] || complain "removal touches the state, or talks: $said"
said=$(script postrm purge)
[[ -e $machine/var/lib/blongo/state.db && -e $machine/etc/blongo/blongo.toml ]] || complain "purge deletes what was booked"
says "which shipments were booked"
[[ ! -L $machine/etc/systemd/system/timers.target.wants/blongo@acme.timer ]] || complain "purge leaves an enabled timer without a unit"
mkdir "$machine/etc/logrotate.d"
touch "$machine/etc/logrotate.d/blongo"
said=$(BLONGO_PURGE_STATE=yes script postrm purge)
says "/etc/logrotate.d/blongo is kept, and its user is gone"
[[ ! -e $machine/var/lib/blongo && ! -e $machine/etc/blongo ]] || complain "purge with BLONGO_PURGE_STATE=yes leaves data"
exit $bad
