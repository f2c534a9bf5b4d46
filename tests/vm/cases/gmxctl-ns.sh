# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl ns: a namespace is created, used, resized, formatted, detached, attached and deleted; what is in use is not destroyed unasked
# limit: 600
# driver: gmx
. /repo/tests/vm/gmxctl.sh

echo '{"capacity": "256M", "namespaces": [{"size": "64M"}]}' > $VM/gns.json
emu_plug gns rp0 g3 --config gns.json
exits 0 ns list
is "$(jq -c '[.result[] | [.nsid, .disk, .size_bytes, .attached]]' "$STATE/json")" "[[1,\"$BLK\",67108864,true]]" "namespaces"

say "what root has without the privilege: the same list"
jq -c .result "$STATE/json" > "$STATE/list"
chmod 644 "$CTRL"
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$TESTS/gmxctl" "$@"; }
as_user ns list -o json | jq -c .result | cmp - "$STATE/list" || die "another list: $(as_user ns list -o json)"
as_user ns show "$BLK" -o json | jq -c .result | cmp - "$STATE/list" || die "another namespace: $(as_user ns show "$BLK" -o json)"
status=0
as_user ns list --all 2> "$STATE/err" || status=$?
is "$status" 4 "exit code of ns list --all"
said "without --all"
as_user log get smart 2> "$STATE/err" && die "a log page for everybody"
said "CAP_SYS_ADMIN"
as_user operation list > /dev/null || die "operations are for everybody who can open the node"
chmod 600 "$CTRL"
as_user ns list 2> "$STATE/err" && die "a node that can't be opened"
said "group disk"

say "create: the disk is there when the command returns"
exits 0 ns create "$NAME" --size 32M --block 4096
second=$(got disk)
is "$(got nsid) $(got size_bytes) $(got block_bytes)" "2 33554432 4096" "new namespace"
[ -b "/dev/$second" ] || die "no /dev/$second"
is "$(cat "/sys/block/$second/queue/logical_block_size")" 4096 "block of the disk"
exits 6 ns create "$NAME" --size 1T
said free
exits 2 ns create "$NAME" --size 32M --block 1234
said 4096
exits 2 ns create "$NAME" --size 12345

say "in use: a plan that says so, and nothing destroyed"
mke2fs -q "/dev/$second"
mkdir -p /run/second
mount "/dev/$second" /run/second
echo precious > /run/second/file
for verb in delete format detach; do
	exits 5 ns $verb "$second" --yes
	said "mounted on /run/second"
	exits 0 ns $verb "$second" --dry-run
done
exits 5 ns sanitize "$NAME" --yes
is "$(cat /run/second/file)" precious "file"
umount /run/second
exits 8 ns delete "$second"
said "dry-run"

say "resize: what the controller has changed is taken over, while the disk is open"
exec 7< "/dev/$second"
emu_ctl gns ns-resize nsid=2 bytes=$((48 << 20))
exits 0 ns resize "$second" --size 48M
is "$(blockdev --getsize64 "/dev/$second")" $((48 << 20)) "size"
exits 7 ns resize "$second" --size 64M
said "NVMe has no command"
exec 7<&-

say "format to another block"
exits 0 ns format "$second" --block 512 --yes
is "$(cat "/sys/block/$second/queue/logical_block_size")" 512 "block of the disk"
is "$(got block_bytes)" 512 "block in the result"

say "a format is left, and goes on"
emu_ctl gns fault-add kind=delay us=9000000 set=admin opcode=0x80 count=1
"$TESTS/gmxctl" ns format "$second" --block 4096 --yes > /dev/null 2> "$STATE/err" &
pid=$!
begun() { [ "$(ctl event list "$NAME" -o json | jq -r '[.result[] | select(.text == "format begun")] | length')" = 2 ]; }
wait_for 30 "the format begins" begun
kill -INT $pid
status=0
wait $pid || status=$?
is "$status" 5 "exit code of a format that is left"
said "goes on"
ps -C gmxctl > /dev/null || die "nobody waits for the command's end"
is "$(cat "/sys/block/$second/queue/logical_block_size")" 512 "block before its end"
exits 0 ns format "$second" --status --wait
is "$(got format_percent) $(cat "/sys/block/$second/queue/logical_block_size")" "null 4096" "progress, and block afterwards"
exits 0 ns format "$second" --block 512 --yes --no-wait
exits 0 ns format "$second" --status --wait
is "$(got block_bytes) $(cat "/sys/block/$second/queue/logical_block_size")" "512 512" "block after a format that was not waited for"

say "detach and attach"
exits 0 ns detach "$second" --yes
[ ! -e "/dev/$second" ] || die "/dev/$second is still there"
is "$(ctl ns list --no-headings | wc -l) $(ctl ns list --all --no-headings | wc -l)" "1 2" "namespaces attached, and all"
exits 0 ns attach "$NAME" --nsid 2
is "$(got disk)" "$second" "disk"
[ -b "/dev/$second" ] || die "no /dev/$second"
exits 6 ns attach "$NAME" --nsid 2
exits 3 ns show "$NAME" --nsid 9

say "delete"
exits 0 ns delete "$second" --yes
[ ! -e "/dev/$second" ] || die "/dev/$second is still there"
is "$(ctl ns list --all --no-headings | wc -l)" 1 "namespaces"

say "sanitize"
exits 0 ns sanitize "$NAME" --action block --yes --wait --progress json
is "$(got state)" done "state"
grep -q '"stage":"sanitize"' "$STATE/err" || die "no progress: $(cat "$STATE/err")"
exits 0 ns sanitize "$NAME" --status
emu_unplug gns rp0
