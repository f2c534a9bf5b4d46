# SPDX-License-Identifier: GPL-2.0-or-later
# the module loads and unloads 20 times with a controller bound, and its disk reads each time
# limit: 400
one_disk
# lockdep and KASAN learn nothing new after a few
rounds=20
[ -z "${DEBUG:-}" ] || rounds=5
for i in $(seq $rounds); do
	unload
	not test -e "$CTRL" || die "$CTRL survives the unload"
	load
	attached rp0
	read_ok
done
