# SPDX-License-Identifier: GPL-2.0-or-later
# the kernel scans partitions, on request and when the controller comes
one_disk
# an MBR with two Linux partitions of 8192 sectors, at 2048 and at 10240
{
	head -c 446 /dev/zero
	printf '\0\0\0\0\x83\0\0\0\0\x08\0\0\0\x20\0\0'
	printf '\0\0\0\0\x83\0\0\0\0\x28\0\0\0\x20\0\0'
	head -c 32 /dev/zero
	printf '\x55\xaa'
} > /tmp/mbr
dd if=/tmp/mbr of="$DISK" bs=512 oflag=direct status=none
blockdev --rereadpt "$DISK"
wait_for 5 "the second partition" test -b "${DISK}p2"
echo 1 > "/sys/bus/pci/devices/$BDF/remove"
wait_for 10 "the disk to go" not test -e "$DISK"
echo 1 > /sys/bus/pci/rescan
attached rp0
wait_for 5 "the second partition" test -b "${DISK}p2"
is "$(cat "/sys/block/$BLK/${BLK}p2/size")" 8192 "sectors of the partition"
dd if=/dev/zero of="$DISK" bs=4k count=1 oflag=direct status=none
blockdev --rereadpt "$DISK"
