# SPDX-License-Identifier: GPL-2.0-or-later
# what Identify says of boundaries, atomic writes and good sizes is what the disk's limits say, on kernels that know of it
# driver: gmx
echo '{"namespaces": [{"size": "64M"}]}' > $VM/limits.json
emu_plug limits rp0 g3 --config limits.json
queue=/sys/block/$BLK/queue
kernel=$(uname -r)
[[ $kernel != 6.1.* ]] || [ ! -e $queue/atomic_write_max_bytes ] || die "$kernel knows atomic writes: the rows below are not looked at"

# limits: in the order of the table; what a kernel does not have is left out
limits() {
	local f value
	for f in chunk_sectors physical_block_size minimum_io_size optimal_io_size discard_granularity $atomic_limits; do
		read -r value < $queue/$f
		echo -n "$value "
	done
}
atomic_limits="atomic_write_max_bytes atomic_write_unit_min_bytes atomic_write_unit_max_bytes atomic_write_boundary_bytes"
[[ $kernel != 6.1.* ]] || atomic_limits=
# the last rule for a place wins
declare -A has
corrupt() {
	[ "${has[$1]:-}" != "$3" ] || return 0
	emu_ctl limits fault-add kind=corrupt what=identify:00 offset="$1" bytes="$2" value="$3"
	has[$1]=$3
}
# Blocks have 512 bytes; sizes are zeroes based but NOIOB. nsfeat 02h: NAWUPF counts, 10h: NPWG and the like count.
# fields | chunk_sectors, physical, minimum, optimal, discard granularity | atomic: most, least, largest unit, boundary
while IFS='|' read -r fields want atomic; do
	nsfeat=0x12 nawupf=7 nabo=0 nabspf=0 noiob=0 npwg=0 npdg=0 npda=0 nows=0
	for field in $fields; do declare "$field"; done
	corrupt 24 1 $nsfeat
	corrupt 36 8 "$(printf '0x%04x%04x%04x%04x' $nabo 0 0 $nawupf)"
	corrupt 44 4 "$(printf '0x%04x%04x' $noiob $nabspf)"
	corrupt 64 8 "$(printf '0x%04x%04x%04x%04x' $npda $npdg 0 $npwg)"
	corrupt 72 2 $nows
	[[ $kernel = 6.1.* ]] || want+=" $atomic"
	want=$(echo $want)
	echo 1 > "$SYS/rescan_controller"
	ours() { [ "$(echo $(limits))" = "$want" ]; }
	wait_for 5 "'$fields' to make '$want', which are '$(limits)'" ours
	say "$fields: $want"
	read_ok
done << 'END'
            | 0 512 512 0 512          | 4096 512 4096 0
npwg=7      | 0 4096 4096 0 4096       | 4096 512 4096 0
npwg=15 nows=255 npdg=7 | 0 4096 8192 131072 4096 | 4096 512 4096 0
npwg=15 npda=31 npdg=7 nsfeat=2 nows=255 | 0 512 512 0 512 | 4096 512 4096 0
noiob=256   | 256 512 512 0 512        | 4096 512 4096 0
noiob=4 npwg=7 | 4 2048 4096 0 2048    | 2048 512 2048 0
noiob=100   | 0 512 512 0 512          | 4096 512 4096 0
nawupf=31 nabspf=63 npwg=63 | 0 16384 32768 0 16384 | 16384 512 16384 32768
nawupf=31 nabspf=15 | 0 512 512 0 512  | 8192 512 8192 8192
nawupf=23 npwg=63   | 0 8192 32768 0 8192 | 12288 512 8192 0
nawupf=31 nabspf=99 npwg=7 | 0 512 4096 0 512 | 0 0 0 0
nawupf=31 nabspf=63 noiob=32 | 32 512 512 0 512 | 0 0 0 0
nawupf=31 nabo=8 npwg=7 | 0 512 4096 0 512 | 0 0 0 0
nawupf=31 npwg=7 nsfeat=0x10 | 0 2048 4096 0 2048 | 2048 512 2048 0
END

# a write that crosses the boundaries comes in pieces that do not
emu_ctl limits fault-clear all=true
corrupt 46 2 8
echo 1 > "$SYS/rescan_controller"
wait_for 5 "4 KiB chunks" reads $queue/chunk_sectors 8
ftrace_start gmx/gmx_setup_cmd
dd if=/dev/zero of="$DISK" bs=10240 seek=2048 count=1 oflag=direct,seek_bytes status=none
ftrace_stop
is "$(grep -o 'opcode=0x1 .*' $TRACEFS/trace | sed -E 's/.* cdw10=(0x[0-9a-f]+) .* cdw12=(0x[0-9a-f]+).*/\1+\2/' | sort | tr '\n' ' ')" \
	"0x10+0x7 0x4+0x3 0x8+0x7 " "pieces of a write of 20 blocks from block 4 on"
emu_unplug limits rp0
