# SPDX-License-Identifier: GPL-2.0-or-later
# the module loads and unloads 20 times with a controller bound, and its disk reads each time
# limit: 400
one_disk
for i in $(seq 20); do
	unload
	not test -e "$CTRL" || die "$CTRL survives the unload"
	load
	attached rp0
	read_ok
done
