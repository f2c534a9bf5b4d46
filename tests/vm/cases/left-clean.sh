# SPDX-License-Identifier: GPL-2.0-or-later
# after all the cases of the boot: everything unplugged and unloaded without a word, nothing leaked
for p in rp0 rp1 rp2 rp3; do unplug $p; done
unload
[ ! -d /sys/class/$CLASS ] || [ "$DRIVER" = nvme ] || die "/sys/class/$CLASS outlives the module"
if [ -e /sys/kernel/debug/kmemleak ]; then
	leaks=$(leaked)
	[ ! "$leaks" ] || { echo "$leaks" | head -n 40; die "memory is leaked"; }
fi
