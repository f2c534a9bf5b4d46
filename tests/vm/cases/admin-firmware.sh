# SPDX-License-Identifier: GPL-2.0-or-later
# firmware by ioctl and by the kernel's class: at once and with each kind of reset, rolled back, refused, cancelled, under I/O
# driver: gmx
# limit: 600
emu_plug afw rp0 g3
field() { sed -n "s/^$1 //p" /tmp/uabi; }
get() { "$TESTS/uabi" get "$CTRL" "$@" > /tmp/uabi; }
image() { # NAME VERSION [OPTION...]
	local name=$1 version=$2
	shift 2
	python3 /repo/tools/gmx-emu/mkfw --family g3 --version "$version" --revision "$name" "$@" "/tmp/$name.fw"
}
update() { "$TESTS/uabifw" update "$CTRL" "$@" > /tmp/uabi; }
runs() { is "$(cat "$SYS/firmware_rev")" "$1" "running revision"; }
result() { echo "$(($(field result) >> 8 & 255)) $(($(field result) >> 16 & 1))"; }
image NOW 2.0.0 --size 300000 --activation-ms 500
image CTRL 2.1.0 --activation controller
image CONV 2.2.0 --activation conventional
image SUBS 2.3.0 --activation subsystem
image LAST 2.4.0
image BAD 2.5.0 --fails-activation
head -c 8192 /tmp/NOW.fw > /tmp/short.fw

say "slots"
get fw_info
first=$(field running_slot)
old=$(cat "$SYS/firmware_rev")
is "$(field running_revision) $(field nvme_status)" "$old 0" "revision"
is "$(field running_slot)" "$(nvme fw-log "$CTRL" -o json | tr -d ' \n' | sed 's/.*"Active.*Slot(afi)":\([0-9]*\).*/\1/; s/.*"afi":\([0-9]*\).*/\1/')" "running slot"

say "at once, while fio verifies: I/O waits, nothing is reset"
load_start
resets=$(stat_of reset_count)
update /tmp/NOW.fw 0 3 0 || die "$(xargs < /tmp/uabi)"
is "$(field state) $(field percent) $(field error) $(field nvme_status) $(result)" "2 100 0 0 0 1" "operation"
runs NOW
wait_for 5 "the announcement" log_has "firmware activation has begun"
get fw_info
second=$(field running_slot)
is "$(field running_revision) $(field previous_slot)" "NOW $first" "slots"
is "$(stat_of reset_count) $(stat_of timeout_count)" "$resets 0" "resets and time-outs"

say "back to the earlier slot"
"$TESTS/uabifw" commit "$CTRL" "$first" 3 0 > /tmp/uabi || die "$(xargs < /tmp/uabi)"
runs "$old"
load_stop

say "with a reset of the controller: the driver makes it when asked, and says so when not"
update /tmp/CTRL.fw 0 3 0 8192 || die "$(xargs < /tmp/uabi)"
is "$(field nvme_status) $(result)" "$((0x111)) 1 0" "stored, and waits"
runs "$old"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
runs CTRL
resets=$(stat_of reset_count)
"$TESTS/uabifw" commit "$CTRL" "$second" 2 1 > /tmp/uabi || die "$(xargs < /tmp/uabi)"
is "$(result) $(stat_of reset_count) $(cat "$SYS/last_reset_reason")" "0 1 $((resets + 1)) firmware activation" "operation"
runs NOW

say "with the others"
update /tmp/CONV.fw 0 3 1 || die "$(xargs < /tmp/uabi)"
is "$(result)" "0 1" "conventional"
runs CONV
expect_log "subsystem reset"
update /tmp/SUBS.fw 0 1 1 || die "$(xargs < /tmp/uabi)"
is "$(result)" "0 1" "subsystem"
runs SUBS
read_ok

say "refused: the controller runs on"
fails update /tmp/short.fw 0 3 0
is "$(field state) $(field error) $(field nvme_status) $(field stage)" "3 -121 $((0x4107)) 2" "a truncated image"
fails update /tmp/BAD.fw 0 3 0
is "$(field state) $(field error)" "3 -121" "an image that does not start"
runs SUBS
fails "$TESTS/uabifw" commit "$CTRL" 0 0 0 > /tmp/uabi
is "$(cat /tmp/uabi)" "commit ENODATA" "nothing was downloaded"
fails "$TESTS/uabifw" commit "$CTRL" 8 2 0 > /tmp/uabi
is "$(cat /tmp/uabi)" "commit EINVAL" "slot 8"
read_ok

say "one download at a time; it ends with its file"
rm -f /tmp/hold
mkfifo /tmp/hold
"$TESTS/uabifw" hold "$CTRL" /tmp/LAST.fw < /tmp/hold > /tmp/held &
held=$!
exec 8> /tmp/hold
wait_for 10 "the other's download" grep -q held /tmp/held
fails update /tmp/LAST.fw 0 3 0
is "$(cat /tmp/uabi)" "download EBUSY status 0 at 0" "while another downloads"
fails "$TESTS/uabifw" commit "$CTRL" "$first" 3 0 > /tmp/uabi
is "$(cat /tmp/uabi)" "commit EBUSY" "while another downloads"
exec 8>&-
wait "$held"
# the controller has the other's part still, and refuses another in its place: it is reset
resets=$(stat_of reset_count)
update /tmp/LAST.fw 0 3 0 || die "after a download that was given up: $(xargs < /tmp/uabi)"
runs LAST
given_up() { is "$(stat_of reset_count) $(cat "$SYS/last_reset_reason")" "$((resets + $1)) download given up" "resets"; }
given_up 1
hold() {
	"$TESTS/uabifw" hold "$CTRL" "$1" < /dev/null > /tmp/held
	grep -q held /tmp/held || die "hold: $(cat /tmp/held)"
}
get fw_info
last=$(field running_slot)
other=$(field previous_slot)
hold /tmp/NOW.fw
"$TESTS/uabifw" commit "$CTRL" "$last" 3 0 > /tmp/uabi || die "$(xargs < /tmp/uabi)"
given_up 2
runs LAST
# refused for its slot alone, which leaves the whole image there
fails update /tmp/NOW.fw 1 0 0
is "$(field error) $(field nvme_status)" "-121 $((0x4106))" "the read-only slot"
"$TESTS/uabifw" commit "$CTRL" "$last" 3 0 > /tmp/uabi || die "$(xargs < /tmp/uabi)"
given_up 3
runs LAST
# not where the reset would do more than that
update /tmp/CTRL.fw 0 1 0 || die "$(xargs < /tmp/uabi)"
hold /tmp/NOW.fw
fails update /tmp/NOW.fw 0 3 0
is "$(cat /tmp/uabi)" "download EBUSY status 0 at 0" "while an activation waits for a reset"
fails "$TESTS/uabifw" commit "$CTRL" "$last" 3 0 > /tmp/uabi
is "$(field error)" -16 "while an activation waits for a reset"
runs LAST
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
runs CTRL

say "a reset during a download"
rm -f /tmp/hold
mkfifo /tmp/hold
"$TESTS/uabifw" two "$CTRL" /tmp/NOW.fw < /tmp/hold > /tmp/held &
held=$!
exec 8> /tmp/hold
wait_for 10 "the first part" grep -q held /tmp/held
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
exec 8>&-
wait "$held" || true
is "$(xargs < /tmp/held)" "held commit ENODATA download EINVAL status 0 at 4096" "a second part after a reset"
runs CTRL
update /tmp/LAST.fw 0 3 0 || die "$(xargs < /tmp/uabi)"
runs LAST
fails get fw_download bytes=4096 offset=8192 data=65536
fails get fw_download bytes=100 data=65536
is "$(cat /tmp/uabi)" EINVAL "an odd length"

say "the kernel's firmware class"
class=/sys/class/firmware/$NAME
if grep -q "CONFIG_FW_UPLOAD=y" /boot/config-"$(uname -r)" 2> /dev/null || [ -d "$class" ]; then
	upload() {
		echo 1 > "$class/loading"
		cat "$1" > "$class/data"
		echo 0 > "$class/loading"
	}
	upload /tmp/NOW.fw
	wait_for 30 "the upload" reads "$class/status" idle
	is "$(cat "$class/error")" "" "error"
	runs NOW
	get op
	is "$(field kind) $(field state) $(field bytes_done)" "2 2 $(stat -c %s /tmp/NOW.fw)" "its operation"
	# more than MTFA without a reset: with the next one then
	image SLOW 2.6.0 --activation-ms 60000
	upload /tmp/SLOW.fw
	wait_for 30 "the upload" reads "$class/status" idle
	is "$(cat "$class/error")" "" "error of an image that takes long"
	get op
	is "$(field state) $(field error) $(result)" "2 0 1 0" "its operation"
	runs NOW
	echo 1 > "$SYS/reset_controller"
	wait_for 20 live reads "$SYS/state" live
	runs SLOW
	upload /tmp/NOW.fw
	wait_for 30 "the upload" reads "$class/status" idle
	runs NOW
	upload /tmp/short.fw
	wait_for 30 "the upload" reads "$class/status" idle
	grep -Eq "programming:(firmware-invalid|hw-error)" "$class/error" || die "error: $(cat "$class/error")"
	runs NOW
	emu_ctl afw fault-add kind=delay us=$((2000000 * ${SLOW:-1})) set=admin opcode=0x11
	upload /tmp/NOW.fw
	wait_for 10 "the transfer" reads "$class/status" transferring
	echo 1 > "$class/cancel"
	wait_for 30 "its end" reads "$class/status" idle
	is "$(cat "$class/error")" "transferring:user-abort" "error"
	upload /tmp/NOW.fw
	wait_for 10 "the transfer" reads "$class/status" transferring
	get op_cancel
	wait_for 30 "its end" reads "$class/status" idle
	get op
	is "$(field state) $(field error)" "4 -125" "the operation"
	emu_ctl afw fault-clear all=true
	# the controller would get the rest of it without its beginning
	emu_ctl afw fault-add kind=delay us=$((1000000 * ${SLOW:-1})) set=admin opcode=0x11 count=2
	upload /tmp/NOW.fw
	wait_for 10 "the transfer" reads "$class/status" transferring
	sleep 0.5
	echo 1 > "$SYS/reset_controller"
	wait_for 30 "its end" reads "$class/status" idle
	is "$(cat "$class/error")" "transferring:read-write-error" "error after a reset"
	get op
	is "$(field state) $(field error)" "3 -4" "the operation"
	wait_for 20 live reads "$SYS/state" live
	upload /tmp/NOW.fw
	wait_for 30 "the upload" reads "$class/status" idle
	is "$(cat "$class/error")" "" "error of another after it"
	emu_ctl afw fault-clear all=true
	# taken out while it runs
	emu_ctl afw fault-add kind=delay us=500000 set=admin opcode=0x11
	upload /tmp/NOW.fw
fi
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
[ ! -d "$class" ] || die "the class has it still"
emu_unplug afw rp0
