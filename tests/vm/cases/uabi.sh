# SPDX-License-Identifier: GPL-2.0-or-later
# the vendor ioctls: short and long structures, callers of 32 bits, several at once, without privileges, and when the device goes
# driver: gmx
emu_plug ua rp0 g3
field() { sed -n "s/^$1 //p" /tmp/uabi; }
get() { "$TESTS/uabi" get "$CTRL" "$@" > /tmp/uabi; }
refused() { # ERROR CALL FIELD=VALUE...
	local want=$1
	shift
	! get "$@" || die "not refused: $*"
	is "$(head -n 1 /tmp/uabi)" "$want" "$*"
}
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$TESTS/uabi" "$@"; }

say "sizes"
"$TESTS/uabi" sizes "$CTRL" || die "see above"

say "what it says"
get info
is "$(field size) $(field state) $(field pci_address)" "544 1 $BDF" "size, state, address"
is "$(field serial)|$(field model)|$(field firmware)" "$(cat "$SYS/serial")|$(cat "$SYS/model")|$(cat "$SYS/firmware_rev")" "names"
is "$(field family) $(field dma_bits) $(field ghi_version) $(field nr_namespaces)" "3 64 256 1" "vendor page"
is "default $(field queues_default) read $(field queues_read) poll $(field queues_poll)" "$(cat "$SYS/queue_map")" "queues"
is "$(field max_transfer)" "$(cat "$SYS/max_transfer_bytes")" "transfer"
is "$(field driver_version)" "$(cat /sys/module/gmx/version)" "driver's version"
ge "$(field capacity_bytes)" 1 "capacity"
get recovery
is "$(field io_timeout_ms) $(field admin_timeout_ms) $(field budget_ms)" \
	"$(cat "$SYS/io_timeout_ms" "$SYS/admin_timeout_ms" "$SYS/recovery_budget_ms" | xargs)" "policy"
get recovery set=5 io_timeout_ms=3000 budget_ms=20000
is "$(cat "$SYS/io_timeout_ms") $(cat "$SYS/recovery_budget_ms")" "3000 20000" "policy as set"
refused EINVAL recovery set=3 io_timeout_ms=4000 admin_timeout_ms=99
refused EINVAL recovery set=4 budget_ms=600001
refused EINVAL recovery set=8
is "$(cat "$SYS/io_timeout_ms")" 3000 "nothing is set when one value is refused"

say "health: a second old at most, also of a controller that does not answer"
emu_ctl ua temperature kelvin=330
sleep 1.1
get health
is "$(field temperature) $(field valid) $(field state)" "57 1 0" "health"
is "$(field spare_percent)" "$(nvme smart-log "$CTRL" | sed -n 's/^available_spare[[:space:]]*: *\([0-9]*\)%/\1/p')" "spare"
emu_ctl ua temperature kelvin=340
get health
[ "$(field temperature)" = 67 ] || [ "$(field age_ms)" -le 1100 ] || die "temperature $(field temperature) of $(field age_ms) ms ago"
echo 60000 > "$SYS/admin_timeout_ms"
emu_ctl ua fault-add kind=drop set=admin opcode=get-log-page count=1
sleep 1.1
from=${EPOCHREALTIME/./}
for i in 1 2 3 4; do get health; done
took=$((${EPOCHREALTIME/./} - from))
# a look that waited for the command would take the 60 s of its time-out
ge 15000000 $((took / ${SLOW:-1})) "us for four looks at what hangs"
ge "$(field age_ms)" 1000 "age"
emu_ctl ua fault-clear all=true
expect_log "time-out|reset: admin time-out"
echo 1000 > "$SYS/admin_timeout_ms"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
young() { get health && [ "$(field temperature)" = 67 ]; }
wait_for 20 "a fresh look" young
echo 60000 > "$SYS/admin_timeout_ms"

say "counters and reasons"
get stats
before=$(field resets_by_reason)
echo 1 > "$SYS/reset_controller"
expect_log "resetting the controller"
nvme reset "$CTRL"
get stats
is "$(field last_reset_reason)" ioctl "reason"
ge "$(field last_reset_us)" 1 "us of the last reset"
set -- $before
requested=$2
set -- $(field resets_by_reason)
is $(($2 - requested)) 2 "requested resets"
is "$(field resets)" "$(stat_of reset_count)" "resets"

say "without privileges"
chmod 600 "$CTRL"
fails as_user calls "$CTRL" > /dev/null
chmod 644 "$CTRL"
as_user calls "$CTRL" > /tmp/user
is "$(grep -E '^(info|health|stats|recovery) ' /tmp/user | cut -d' ' -f2 | xargs)" "0 0 0 0" "what only reads"
for call in "recovery set=1 io_timeout_ms=5000" "recovery set=256"; do
	as_user get "$CTRL" $call > /tmp/uabi || true
	is "$(head -n 1 /tmp/uabi)" EPERM "$call"
done
is "$(cat "$SYS/io_timeout_ms")" 3000 "nothing was set"
changing="op_cancel fw_download fw_commit telemetry telemetry_read mi ns_create ns_delete ns_attach ns_detach"
for call in $changing; do grep -qx "$call EPERM" /tmp/user || die "a user's $call: $(grep "^$call " /tmp/user)"; done
for call in "power set=1" "irq set=1" "event_mask set=1"; do
	as_user get "$CTRL" $call > /tmp/uabi || true
	is "$(head -n 1 /tmp/uabi)" EPERM "$call"
done

say "32 bits"
get telemetry source=0 area=1
"$TESTS/uabi32" "$CTRL" > /tmp/32
"$TESTS/uabi64" "$CTRL" > /tmp/64
diff -u /tmp/64 /tmp/32
# none of the calls fails; one reads what the one before has sent
is "$(wc -l < /tmp/32) $(cut -c3-4 /tmp/32 | sort -u)" "12 00" "calls and their errors"
is "$(sed -n '7s/.*\(........\)$/\1/p' /tmp/32)" a0a1a2a3 "product data that a 32-bit program has written"
grep -q '^4c00.*474d5854454c454d' /tmp/32 || die "a 32-bit program's telemetry: $(tail -n 1 /tmp/32 | head -c 300)"

say "several at once, while it is reset"
for i in 1 2 3; do "$TESTS/uabi" loop "$CTRL" 40 > /tmp/loop.$i 2>&1 & done
for i in 1 2 3; do
	echo 1 > "$SYS/reset_controller"
	wait_for 20 live reads "$SYS/state" live
done
for i in 1 2 3; do wait -n || die "uabi loop: $(cat /tmp/loop.*)"; done
is "$(cat /tmp/loop.* | grep -vc answers)" 0 "errors: $(cat /tmp/loop.*)"

say "the device goes while a file is open"
rm -f /tmp/ask
mkfifo /tmp/ask
"$TESTS/uabi" held "$CTRL" < /tmp/ask >> /tmp/held &
held=$!
exec 8> /tmp/ask
wait_for 10 "the file" grep -q open /tmp/held
expect_log "the device is gone|reset failed"
emu_ctl ua gone
wait_for 20 "dead" reads "$SYS/state" dead
# permission comes before the device
chmod 644 "$CTRL"
for call in "power set=1" "irq set=1" "event_mask set=1"; do
	as_user get "$CTRL" $call > /tmp/uabi || true
	is "$(head -n 1 /tmp/uabi)" EPERM "$call of a gone device"
done
echo >&8
wait_for 10 "answers of a gone device" grep -q ^recovery /tmp/held
is "$(grep -E '^(info|stats|recovery) ' /tmp/held | cut -d' ' -f2 | xargs)" "0 0 0" "what needs no device"
emu_ctl ua back
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
: > /tmp/held
echo >&8
exec 8>&-
wait "$held"
# the events can still be read
is "$(grep -v '^events ' /tmp/held | cut -d' ' -f2 | sort -u)" ENODEV "answers of a driver that let go: $(xargs < /tmp/held)"
emu_unplug ua rp0
