# SPDX-License-Identifier: GPL-2.0-or-later
# both were assembled and mounted at the start, with all their disks and what was written
ctrl=$(ctrl_of GMXDATA)
systemctl is-active srv-mirror.mount srv-striped.mount
# its name depends on who assembled it: the initramfs knows no host's name
mirror=/sys/block/$(basename "$(findmnt -no SOURCE /srv/mirror)")
[ "$(cat "$mirror/md/level") $(cat "$mirror/md/degraded")" = "raid1 0" ]
for n in 1 2; do [ -e "$mirror/slaves/${ctrl}n$n" ]; done
[ "$(pvs --noheadings -o pv_name -S vg_name=gmxvg | xargs -n1 readlink -f | sort | tr '\n' ' ')" = "/dev/${ctrl}n3 /dev/${ctrl}n4 " ]
[ "$(lvs --noheadings -o lv_active,lv_health_status gmxvg/striped | tr -d ' ')" = active ]
[ "$(wc -l </root/sums)" = 2 ]
sha256sum -c /root/sums
