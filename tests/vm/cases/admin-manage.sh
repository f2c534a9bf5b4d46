# SPDX-License-Identifier: GPL-2.0-or-later
# namespaces, power state and readings, interrupt moderation and NVMe-MI by the vendor ioctls, over resets too
# driver: gmx
echo '{"capacity": "512M", "namespaces": [{"size": "64M"}]}' > $VM/manage.json
emu_plug amg rp0 g3 --config manage.json
field() { sed -n "s/^$1 //p" /tmp/uabi; }
get() { "$TESTS/uabi" get "$CTRL" "$@" > /tmp/uabi; }
refused() { # ERROR CALL FIELD=VALUE...
	local want=$1
	shift
	! get "$@" || die "not refused: $*"
	is "$(head -n 1 /tmp/uabi)" "$want" "$*"
}

say "a namespace from its making to its end"
get info
free=$(field unallocated_bytes)
get ns_create blocks=131072 format=0
nsid=$(field nsid)
is "$nsid" 2 "nsid"
get info
[ "$(field unallocated_bytes)" -lt "$free" ] || die "nothing was allocated"
[ ! -e "/sys/block/${NAME}n2" ] || die "attached by itself"
get ns_attach nsid=2 cntlid=0xffff
[ -b "/dev/${NAME}n2" ] || die "no disk when the call returns"
is "$(cat "/sys/block/${NAME}n2/size")" 131072 "sectors"
mkfs.ext4 -q -F "/dev/${NAME}n2"
refused EREMOTEIO ns_attach nsid=2 cntlid=0xffff
is "$(($(field nvme_status) & 0x7ff))" $((0x118)) "status of a second attachment"
get ns_detach nsid=2 cntlid=0xffff
[ ! -e "/sys/block/${NAME}n2" ] || die "the disk is there when the call returns"
get ns_delete nsid=2
get info
is "$(field unallocated_bytes)" "$free" "bytes to make namespaces of"
is "$("$TESTS/uabi" readonly "$CTRL")" EFAULT "one whose number could not be told"
get info
is "$(field unallocated_bytes)" "$free" "bytes after it"
refused EREMOTEIO ns_delete nsid=7
refused EREMOTEIO ns_create blocks=99999999999
is "$(($(field nvme_status) & 0x7ff))" $((0x115)) "status of one that is too large"
refused EINVAL ns_create
refused EINVAL ns_delete
refused EINVAL ns_create blocks=8 capacity_blocks=9
read_ok

say "power"
# it stays in the state that it is put in
echo 0 > "$SYS/power/pm_qos_latency_tolerance_us"
get power
is "$(field power_state) $(field nr_power_states)" "0 $(nvme id-ctrl "$CTRL" | grep -c '^ps ')" "states"
ge "$(field nr_rails)" 1 "rails"
emu_ctl amg power-readings power_mw=7777 rail=0 vin_mv=12100
sleep 1.5
get power
is "$(field power_mw) $(field 'rail\[0\].vin_mv')" "7777 12100" "readings"
get power set=1 power_state=1
is "$(field power_state)" 1 "state as set"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
get power
is "$(field power_state)" 1 "state after a reset"
refused EINVAL power set=1 power_state=31
refused EINVAL power set=2
get power set=1 power_state=0

say "interrupt moderation"
get irq
is "$(field profile) $(field time_us)" "0 0" "profile"
get irq set=1 profile=2
is "$(field profile) $(field threshold) $(field time_us)" "2 32 500" "throughput"
is "$(nvme get-feature "$CTRL" -f 8 | grep -o '0x[0-9a-f]*$\|Current value:.*' | grep -o '[0-9a-fx]*$')" 0x0000051f "feature 08h"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
get irq
is "$(field profile) $(field threshold) $(field time_us)" "2 32 500" "after a reset"
get irq set=2 threshold=4 time_us=200
is "$(field profile) $(field threshold) $(field time_us)" "4 4 200" "values"
refused EINVAL irq set=2 threshold=0
refused EINVAL irq set=2 threshold=4 time_us=150
refused EINVAL irq set=3
refused EINVAL irq set=1 profile=4
get irq set=1 profile=3
is "$(field profile) $(field time_us)" "3 0" "adaptive, with nothing to gather"
get irq set=1 profile=0
read_ok

say "NVMe-MI"
get mi opcode=1 data_bytes=8 data=buffer
is "$(($(field response) & 255))" 0 "subsystem health"
[ "$(sed -n 's/^buffer //p' /tmp/uabi)" ] || die "no health data"
get mi opcode=0x77
is "$(($(field response) & 255))" 3 "an unknown command: its own status"
refused EINVAL mi opcode=1 data_bytes=3 data=buffer
refused EINVAL mi opcode=256
refused EFAULT mi opcode=1 data_bytes=8 data=16
# vital product data: its last bytes, which mean nothing; flags=1 sends
vpd() { # OFFSET BYTES: as this call, and as gmxctl by NVMe-MI Receive, reads them
	get mi opcode=5 dword0="$1" dword1="$2" data_bytes="$2" data=buffer
	is "$(($(field response) & 255))" 0 "reading $2 bytes at $1"
	field buffer
}
send() { get mi flags=1 opcode=6 dword0="$1" dword1="$2" data_bytes="$2" data="buffer:$3"; }
send 240 16 000102030405060708090a0b0c0d0eff
is "$(($(field response) & 255)) $(field nvme_status)" "0 0" "sending"
is "$(vpd 240 16)" 000102030405060708090a0b0c0d0eff "what was sent"
is "$("$TESTS/gmxctl" mi vpd -o json | jq -r ".result[0].hex" | tail -c 33)" 000102030405060708090a0b0c0d0eff "as gmxctl has it"
send 244 4 a5a5a5a5
is "$(vpd 240 16)" 00010203a5a5a5a508090a0b0c0d0eff "a part of it, sent anew"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
is "$(vpd 240 16)" 00010203a5a5a5a508090a0b0c0d0eff "after a reset"
# port 1, its SMBus: of 100 kHz, then of 400
get mi opcode=4 dword0=$((1 << 24 | 1))
is "$(($(field response) & 255)) $(($(field response) >> 8 & 255))" "0 1" "its frequency"
get mi flags=1 opcode=3 dword0=$((1 << 24 | 2 << 8 | 1))
get mi opcode=4 dword0=$((1 << 24 | 1))
is "$(($(field response) >> 8 & 255))" 2 "its frequency as set"
# what cannot be: nothing of it is sent
refused EINVAL mi flags=1 opcode=6 dword0=240 dword1=16 data_bytes=4100 data=buffer:77
refused EINVAL mi flags=1 opcode=6 dword0=240 dword1=6 data_bytes=6 data=buffer:77
refused EINVAL mi flags=2 opcode=6 dword0=240 dword1=16 data_bytes=16 data=buffer:77
refused EFAULT mi flags=1 opcode=6 dword0=240 dword1=16 data_bytes=16 data=16
chmod 644 "$CTRL"
! setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$TESTS/uabi" get "$CTRL" mi flags=1 opcode=6 dword0=240 dword1=16 \
	data_bytes=16 data=buffer:77 > /tmp/uabi
is "$(head -n 1 /tmp/uabi)" EPERM "sending, of a user"
chmod 600 "$CTRL"
send 252 16 77777777777777777777777777777777
is "$(($(field response) & 255))" 4 "behind the end: its own status"
is "$(vpd 240 16)" 00010203a5a5a5a508090a0b0c0d0eff "after what was refused"
# all that a call takes: the controller takes what it was told to
get mi flags=1 opcode=6 dword0=240 dword1=4 data_bytes=4096 data=buffer:11223344
is "$(vpd 240 16)" 11223344a5a5a5a508090a0b0c0d0eff "four of 4096 bytes"
emu_unplug amg rp0
