# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl as it is installed: it names both controllers, says how they are, and has its manual and completions
ctrl=$(ctrl_of GMXROOT)
gmxctl controller list >/run/list
for serial in GMXROOT GMXDATA; do grep -q "$serial" /run/list || { cat /run/list; die "no $serial"; }; done
gmxctl health "$ctrl" || die "health: $?"
gmxctl ns list "$ctrl" -o json >/run/ns.json
grep -q '"nsid"' /run/ns.json
gmxctl health "/dev/$ctrl" -o prom >/run/prom
grep -q '^gmx_' /run/prom || { cat /run/prom; die "no metric"; }
for file in man/man8/gmxctl.8 man/man1/gmx-fwsign.1; do ls /usr/share/$file*; done
for file in bash-completion/completions/gmxctl zsh/vendor-completions/_gmxctl fish/vendor_completions.d/gmxctl.fish; do test -s "/usr/share/$file"; done
