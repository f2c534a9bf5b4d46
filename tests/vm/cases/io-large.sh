# SPDX-License-Identifier: GPL-2.0-or-later
# reads of 2 MiB from huge pages are as few requests as the transfer limit allows; small buffered writes are merged
[ $DRIVER = nvme ] || MODULE_PARAMS="max_transfer_kb=2048"
one_disk
q=/sys/block/$BLK/queue
limit=$(cat $q/max_hw_sectors_kb)
# a G3 takes 512 KiB, a bounce buffer holds less
most=${ONE:+512}
if grep -q swiotlb=force /proc/cmdline; then ge 256 "$limit" "swiotlb"; else is "$limit" "${most:-2048}" "max_hw_sectors_kb"; fi
echo "$limit" > $q/max_sectors_kb
echo 8 > /proc/sys/vm/nr_hugepages
before=$(awk '{print $1}' "/sys/block/$BLK/stat")
fio --name=big --filename="$DISK" --direct=1 --rw=read --bs=2m --size=$((16 << 20)) --ioengine=io_uring \
	--mem=shmhuge --hugepage-size=2m --minimal > /dev/null
after=$(awk '{print $1}' "/sys/block/$BLK/stat")
[ $((after - before)) -le $((16384 / limit + 8)) ] || die "$((after - before)) requests for eight reads of 2 MiB"
echo 0 > /proc/sys/vm/nr_hugepages
verify --ioengine=io_uring --rw=write --bs=2m --iodepth=2
before=$(awk '{print $6}' "/sys/block/$BLK/stat")
dd if=/dev/zero of="$DISK" bs=4k count=512 conv=fsync status=none
after=$(awk '{print $6}' "/sys/block/$BLK/stat")
ge $((after - before)) 64 "merged writes"
