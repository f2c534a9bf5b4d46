# SPDX-License-Identifier: GPL-2.0-or-later
# another namespace under the same id (its own NGUID and UUID) is never taken for the old one
expect_log
NO_DISK=1 plug c2 rp2 "mdts=7,subsys=s2"
ns_add c2 c2a "drive=d4,nsid=1,uuid=11111111-2222-3333-4444-555555555555"
wait_for 10 "${NAME}n1" test -b "/dev/${NAME}n1"
DISK=/dev/${NAME}n1
is "$(cat "/sys/block/${NAME}n1/uuid")" 11111111-2222-3333-4444-555555555555 "uuid"
exec 7< "$DISK"
ns_del c2 c2a
ns_add c2 c2b "drive=d5,nsid=1,uuid=99999999-2222-3333-4444-555555555555"
echo 1 > "$SYS/rescan_controller"
sleep 1
fails dd if=/dev/fd/7 of=/dev/null bs=4k count=1 iflag=direct status=none
exec 7<&-
echo 1 > "$SYS/rescan_controller"
wait_for 10 "the new namespace" sh -c "grep -q 99999999 /sys/block/${NAME}n*/uuid"
unplug rp2
