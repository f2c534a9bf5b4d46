# SPDX-License-Identifier: GPL-2.0-or-later
# what a file system frees at several places goes in one command, and nothing else is deallocated
one_disk
mkdir -p /mnt/t
mkfs.xfs --unsupported -qf -i nrext64=0 "$DISK"
mount -o discard "$DISK" /mnt/t
for i in $(seq 12); do
	[ $((i % 2)) = 1 ] && byte=K || byte=D
	head -c 65536 /dev/zero | tr '\0' $byte > /mnt/t/$byte$i
done
sync -f /mnt/t
# places BYTE: "OFFSET LENGTH" of the extents of its files, in bytes
places() { xfs_bmap /mnt/t/"$1"* | sed -En 's/.*: ([0-9]+)\.\.([0-9]+)$/\1 \2/p' | while read -r a b; do echo $((a << 9)) $(((b - a + 1) << 9)); done; }
places K > "$STATE/kept"
places D > "$STATE/freed"
ge "$(wc -l < "$STATE/freed")" 6 "places to be freed"
discarded() { local s; read -ra s < "/sys/block/$BLK/stat"; echo "${s[13]}"; }
# xfs frees what was removed in the background, and discards it when its log is written next
discarded_least() { sync -f /mnt/t; [ "$(discarded)" -ge "$1" ]; }
before=$(discarded)
if [ "${ONE:-}" ]; then ftrace_start gmx/gmx_setup_cmd; else trace_start pci_nvme_dsm pci_nvme_dsm_deallocate; fi
rm /mnt/t/D*
sync -f /mnt/t
wait_for 20 "all to be discarded" discarded_least $((before + (6 << 7)))
if [ "${ONE:-}" ]; then
	ftrace_stop
	ftrace_seen 'opcode=0x9 .*cdw10=0x([2-9a-f]|[1-9a-f][0-9a-f]) cdw11=0x4 ' || die "no command of several ranges"
else
	trace_stop
	trace_seen 'pci_nvme_dsm .*nr ([3-9]|[1-9][0-9])' || die "no command of several ranges: $(head -n 5 "$TRACE")"
	is "$(sed -n 's/.*pci_nvme_dsm .*nr \([0-9]*\) .*/\1/p' "$TRACE" | paste -sd+ | bc)" "$(trace_count pci_nvme_dsm_deallocate)" "ranges"
fi
while read -r at length; do holds '\0' "$at" "$length" || die "$length bytes at $at were not discarded"; done < "$STATE/freed"
while read -r at length; do holds K "$at" "$length" || die "$length bytes at $at are not what they were"; done < "$STATE/kept"
umount /mnt/t
