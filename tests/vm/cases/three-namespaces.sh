# SPDX-License-Identifier: GPL-2.0-or-later
# three namespaces of 512, 4096 and 512 bytes a block keep their data apart
three_disks
for n in 1 2 3; do
	is "$(cat "/sys/block/${NAME}n$n/queue/logical_block_size")" $((n == 2 ? 4096 : 512)) "block size of $n"
	is "$(cat "/sys/block/${NAME}n$n/nsid")" "$n" "nsid"
	is "$(cat "/sys/block/${NAME}n$n/size")" 524288 "sectors of $n"
	DISK=/dev/${NAME}n$n
	write_pattern "$n" 0 $((1 << 20))
done
for n in 1 2 3; do
	DISK=/dev/${NAME}n$n
	holds "$n" 0 $((1 << 20)) || die "namespace $n holds another's data"
done
DISK=/dev/${NAME}n2
verify --ioengine=io_uring --rw=randwrite --bsrange=4k-1m --bs_unaligned=0 --iodepth=8 --size=$((SIZE / 4))
fails dd if="$DISK" of=/dev/null bs=512 count=1 iflag=direct status=none
