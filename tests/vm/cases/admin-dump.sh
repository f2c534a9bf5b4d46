# SPDX-License-Identifier: GPL-2.0-or-later
# the first reset that nobody asked for leaves a device core dump with all of its sections; requested ones leave none, later ones are counted
# driver: gmx
emu_plug adp rp0 g3
dumps() { ls -d /sys/class/devcoredump/devcd* 2> /dev/null | wc -l; }
taken() { echo 1 > "$(readlink -f /sys/bus/pci/devices/"$BDF"/devcoredump)/data"; }
# those of other cases
for old in /sys/class/devcoredump/devcd*; do [ ! -e "$old/data" ] || echo 1 > "$old/data"; done
wait_for 5 "no dump" eval '[ "$(dumps)" = 0 ]'
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
nvme reset "$CTRL"
expect_log "resetting the controller|time-out|abort|reset:|fatal|tag"
is "$(dumps) $(cat "$SYS/dump_count")" "0 0" "dumps of requested resets"

say "a fatal controller, with commands in flight"
"$TESTS/uabievents" follow "$CTRL" > /tmp/follow & # ends with the case
wait_for 10 "the follower" grep -q open /tmp/follow
write_pattern d 0 65536
emu_ctl adp fault-add kind=drop set=io opcode=read count=1
dd if="$DISK" of=/dev/null bs=4096 count=1 iflag=direct status=none &
reader=$!
wait_for 5 "the dropped read" eval 'emu ctl adp fault-list | tr -d " \n" | grep -q "\"fired\":1"'
emu_ctl adp fatal
wait_for 20 "the dump" eval '[ "$(dumps)" = 1 ]'
wait_for 20 live reads "$SYS/state" live
wait "$reader" || die "the read that was repeated failed"
wait_for 5 "its event" grep -q "kind=4 " /tmp/follow
data=$(readlink -f /sys/bus/pci/devices/"$BDF"/devcoredump)/data
[ "$(stat -c %a "$data")" = 600 ] || die "others may read it: $(stat -c %a "$data")"
cat "$data" > /tmp/dump
python3 - /tmp/dump "$(cat "$SYS/serial")" "$BDF" << 'END'
import struct, sys
d = open(sys.argv[1], "rb").read()
magic, version, header, total, t, b, reason, nr = struct.unpack_from("<8sIIQQQII", d)
text, driver, pci, serial = (s.split(b"\0")[0].decode() for s in struct.unpack_from("<32s16s16s24s", d, 48))
assert (magic, version, total) == (b"GMXDUMP\0", 1, len(d)), (magic, version, total, len(d))
assert (reason, text, serial, pci) == (4, "controller fatal status", sys.argv[2], sys.argv[3]), (reason, text, serial, pci)
sections = {}
for i in range(nr):
    kind, entry, offset, size = struct.unpack_from("<IIQQ", d, 48 + 32 + 16 + 16 + 24 + 48 + 16 + 56 + i * 24)
    assert kind and kind not in sections and offset >= header and offset + size <= len(d) and size % entry == 0, (kind, offset, size)
    sections[kind] = [d[offset + j:offset + j + entry] for j in range(0, size, entry)]
assert set(sections) == {1, 2, 3, 4, 5, 6}, sections.keys()
csts = struct.unpack("<I", sections[1][7])[0]
assert csts & 2, hex(csts)
assert sections[2][0] == b"\x4d\x47\x00\x03", sections[2][0]
queues = [struct.unpack("<12H", q) for q in sections[3]]
assert queues[0][0] == 0 and all(q[5] < q[4] and q[8] < q[7] for q in queues), queues
commands = sections[4]
assert len(commands) >= 8 * len(queues)
flight = [c for c in commands if c[4] == 2 and c[8] == 2 and c[:2] != b"\0\0"]
assert len(flight) == 1, "reads in flight: %d" % len(flight)
done = [c for c in commands if c[4] == 1 and c[8] == 1 and c[:2] != b"\0\0"]
assert done, "no write that is done"
for c in done:
    assert c[8 + 2:8 + 4] == c[72 + 12:72 + 14], "another command's completion"
assert any(e[24:26] == b"\3\0" for e in sections[5]), "the reset is not among the events"
telemetry = b"".join(sections[6])
assert telemetry[0] == 8 and telemetry[512:520] == b"GMXTELEM", telemetry[:8]
END
"$TESTS/gmxctl" telemetry decode /tmp/dump -o json > /tmp/decoded || die "gmxctl does not read the dump"
is "$(jq -r '.result | .serial, .reason' /tmp/decoded | xargs)" "$(cat "$SYS/serial") controller fatal status" "decoded dump"
is "$(jq '[.result.driver_commands[] | select(.state == "in-flight" and .queue > 0)] | length' /tmp/decoded)" 1 "I/O commands in flight, decoded"
[ "$(jq '[.result.events, .result.registers] | map(length) | min' /tmp/decoded)" -gt 0 ] || die "no events or registers: $(head -c 500 /tmp/decoded)"
is "$(cat "$SYS/dump_count") $(cat "$SYS/dump_not_kept_count")" "1 0" "counters"

say "a second one is only counted; after the first was taken there is room again"
emu_ctl adp fatal
wait_for 20 "the reset" reads "$SYS/dump_not_kept_count" 1
wait_for 20 live reads "$SYS/state" live
is "$(dumps)" 1 "dumps"
taken
wait_for 10 "the dump to go" eval '[ "$(dumps)" = 0 ]'
emu_ctl adp fatal
wait_for 20 "another dump" eval '[ "$(dumps)" = 1 ]'
wait_for 20 live reads "$SYS/state" live

say "it outlives the driver"
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
unload
cmp -n 8 /tmp/dump "$(readlink -f /sys/bus/pci/devices/"$BDF"/devcoredump)/data" || die "the dump is gone"
taken
wait_for 10 "the dump to go" eval '[ "$(dumps)" = 0 ]'
emu_unplug adp rp0
