# SPDX-License-Identifier: GPL-2.0-or-later
# after all the cases of this boot and the unload, kmemleak has nothing to report
for p in rp0 rp1 rp2 rp3; do unplug $p; done
unload
leaks=$(leaked)
[ ! "$leaks" ] || { echo "$leaks" | head -n 40; die "memory is leaked"; }
