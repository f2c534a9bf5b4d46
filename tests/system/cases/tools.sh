# SPDX-License-Identifier: GPL-2.0-or-later
# nvme-cli, smartctl, a program that uses libnvme work with the node as Debian has them, and one that uses libgmx as packaged
ctrl=$(ctrl_of GMXROOT)
nvme id-ctrl "/dev/$ctrl" -o json >/run/id.json
grep -q '"sn" *: *"GMXROOT' /run/id.json
says() { # TEXT CMD...
	local text=$1
	shift
	"$@" >/run/said
	grep -q -- "$text" /run/said || { cat /run/said; die "$* does not say $text"; }
}
says '^temperature' nvme smart-log "/dev/$ctrl"
nvme error-log "/dev/$ctrl" -e 4 >/dev/null
says frs1 nvme fw-log "/dev/$ctrl"
says 0x1 nvme list-ns "/dev/$ctrl"
says '^nsze' nvme id-ns "/dev/${ctrl}n1"
nvme get-feature "/dev/$ctrl" -f 4 >/dev/null
smartctl -d nvme -a "/dev/$ctrl" >/run/smart || die "smartctl's status is $?: $(cat /run/smart)"
grep -q 'Serial Number: *GMXROOT' /run/smart
grep -q 'test result: PASSED' /run/smart
/vm/nvme-client "/dev/$ctrl" "/dev/${ctrl}n1" GMXROOT
says "^$ctrl GMXROOT ${ctrl}n1 1$" /vm/gmx-client GMXROOT
data=$(ctrl_of GMXDATA)
dd if=/dev/urandom of="/dev/${data}n5" bs=64k count=4 oflag=direct status=none
/vm/nvme-client "/dev/$data" "/dev/${data}n1" GMXDATA "/dev/${data}n5"
cmp -n 262144 "/dev/${data}n5" /dev/zero
