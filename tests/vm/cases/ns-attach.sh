# SPDX-License-Identifier: GPL-2.0-or-later
# a namespace detached and attached by the controller vanishes and appears without being asked for
three_disks
cntlid=$(($(cat "$SYS/cntlid")))
nvme detach-ns "$CTRL" --namespace-id=2 --controllers=$cntlid
wait_for 10 "${NAME}n2 to vanish" not test -e "/dev/${NAME}n2"
[ -b "/dev/${NAME}n1" ] && [ -b "/dev/${NAME}n3" ] || die "the others went as well"
nvme attach-ns "$CTRL" --namespace-id=2 --controllers=$cntlid
wait_for 10 "${NAME}n2 to appear" test -b "/dev/${NAME}n2"
DISK=/dev/${NAME}n2
read_ok
