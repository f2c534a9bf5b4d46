# SPDX-License-Identifier: GPL-2.0-or-later
# health for everybody in sysfs and hwmon: temperatures with limits and alarms, power; never older than the controller makes it; all documented
# driver: gmx
emu_plug ahl rp0 g3
docs=/repo/docs/abi
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$@"; }
shown() { as_user cat "$SYS/health/$1"; }
is "$(ls "$SYS/health" | tr '\n' ' ')" "$(sed -n 's|^What:.*/gmx<N>/health/||p' $docs/sysfs-class-gmx | sort | tr '\n' ' ')" "attributes, and those documented"
for f in "$SYS"/health/*; do
	as_user cat "$f" > /dev/null 2> /tmp/err || grep -q "No data" /tmp/err || die "$f: $(cat /tmp/err)"
done
is "$(shown state) $(shown spare_percent) $(shown critical_warning)" "good 100 0" "health"
before=$(shown bytes_written)
write_pattern h 0 $((1 << 20))
sleep 1.1
ge "$(shown bytes_written)" $((before + (1 << 20))) "bytes written"

say "hwmon"
hwmon=$(echo "$SYS"/hwmon[0-9]*)
is "$(cat "$hwmon/name")" gmx "name"
ge "$(cat "$hwmon/temp1_crit")" "$(cat "$hwmon/temp1_max")" "limits"
max=$(cat "$hwmon/temp1_max")
is "$(cat "$hwmon/temp1_label") $(cat "$hwmon/temp1_max_alarm") $(cat "$hwmon/temp1_alarm")" "Composite 0 0" "temperature"
expect_log "critical warning"
emu_ctl ahl temperature kelvin=$((max / 1000 + 273 + 2))
hot() { reads "$hwmon/temp1_input" $((max + 2000)); }
wait_for 10 "the heat" hot
is "$(cat "$hwmon/temp1_max_alarm")" 1 "alarm"
wait_for 10 "SMART's own alarm" reads "$hwmon/temp1_alarm" 1
is "$(shown state)" degraded "state"
is "$(cat "$hwmon/temp1_crit_alarm")" $((max + 2000 >= $(cat "$hwmon/temp1_crit"))) "the critical limit's alarm"
emu_ctl ahl temperature kelvin=300
wait_for 10 "the cold" reads "$hwmon/temp1_input" 27000
is "$(($(cat "$hwmon/temp1_highest") >= max + 2000)) $(($(cat "$hwmon/temp1_lowest") <= 27000))" "1 1" "the extremes"
emu_ctl ahl power-readings power_mw=6543 rail=0 vout_mv=11950 iout_ma=321
wait_for 10 "power" reads "$hwmon/power1_input" 6543000
is "$(cat "$hwmon/in0_input") $(cat "$hwmon/curr1_input") $(cat "$hwmon/power1_label")" "11950 321 Product" "rail"
"$TESTS/uabi" get "$CTRL" power > /tmp/uabi
is "$(cat "$hwmon/in0_label")" "$(sed -n 's/^rail.0..name //p' /tmp/uabi)" "name of the rail"
# the mean of 10 s is another one with each sample
agree() {
	"$TESTS/uabi" get "$CTRL" power > /tmp/uabi
	for pair in max:limit_mw average:power_average_mw input_highest:power_peak_mw; do
		reads "$hwmon/power1_${pair%:*}" "$(sed -n "s/^${pair#*:} //p" /tmp/uabi)000" || return 1
	done
}
wait_for 20 "hwmon and ioctl to agree: limit, mean and peak of the power" agree
ge "$(cat "$hwmon/power1_input_highest")" 6543000 "the peak"
emu_ctl ahl power-readings power_mw=6543 rail=0 vin_mv=12100 status_word=$((0x8004))
wait_for 10 "an input voltage" reads "$hwmon/in7_input" 12100
is "$(cat "$hwmon/in7_label")" "$(cat "$hwmon/in0_label") input" "name of the input"
is "$(cat "$hwmon/in0_alarm") $(cat "$hwmon/in7_alarm") $(cat "$hwmon/curr1_alarm") $(cat "$hwmon/temp10_alarm") $(cat "$hwmon/in1_alarm")" "1 0 0 1 0" "alarms"
"$TESTS/uabi" get "$CTRL" power > /tmp/uabi
is "$(cat "$hwmon/temp10_input") $(cat "$hwmon/temp10_label")" "$(sed -n 's/^rail.0..temperature //p' /tmp/uabi)000 $(cat "$hwmon/in0_label")" "the rail's temperature"
is "$(cat "$hwmon/curr8_input") $(cat "$hwmon/power9_input")" "$(sed -n 's/^rail.0..iin_ma //p' /tmp/uabi) $(sed -n 's/^rail.0..pin_mw //p' /tmp/uabi)000" "current and power of the input"
emu_ctl ahl power-readings power_mw=6543 rail=0 vin_mv=12100 status_word=$((0x2010))
wait_for 10 "an alarm of the input" reads "$hwmon/in7_alarm" 1
is "$(cat "$hwmon/in0_alarm") $(cat "$hwmon/curr1_alarm") $(cat "$hwmon/temp10_alarm")" "0 1 0" "alarms"

# each value against what nvme-cli reads: identify, SMART, log page C9h; the mean of 10 s is another one soon
there() { cd "$hwmon" && grep -H '' {temp,in,curr,power}*_* | tr : ' ' | grep -vE '_(label|average|lowest) |alarm |temp1_highest ' | sort > /tmp/there; }
controllers() {
	{
		nvme id-ctrl "$CTRL" -b
		nvme get-log "$CTRL" --log-id=2 --log-len=512 -b
		nvme get-log "$CTRL" --log-id=0xc9 --log-len=512 -b
	} | od -An -v -tu1 -w1 | awk '
		function u2(at) { return b[at] + 256 * b[at + 1] }
		function u4(at) { return u2(at) + 65536 * u2(at + 2) }
		function celsius(name, kelvin) { if (kelvin) print name, 1000 * (kelvin - 273) }
		function linear11(v, m, e) { m = v % 2048; e = int(v / 2048); return (m > 1023 ? m - 2048 : m) * 2 ^ (e > 15 ? e - 32 : e) }
		{ b[NR - 1] = $1 }
		END {
			celsius("temp1_max", u2(266)); celsius("temp1_crit", u2(268))
			s = 4096; celsius("temp1_input", u2(s + 1))
			for (i = 0; i < 8; i++) celsius("temp" i + 2 "_input", u2(s + 200 + 2 * i))
			p = s + 512
			print "power1_input", 1000 * u4(p + 12); print "power1_input_highest", 1000 * u4(p + 20); print "power1_max", 1000 * u4(p + 24)
			for (i = 0; i < b[p + 4]; i++) {
				r = p + 64 + i * b[p + 5]
				print "temp" i + 10 "_input", 1000 * int(linear11(u2(r + 28)))
				print "in" i + 7 "_input", u4(r + 36); print "curr" i + 8 "_input", u4(r + 40)
				print "in" i "_input", u4(r + 44); print "curr" i + 1 "_input", u4(r + 48)
				print "power" i + 9 "_input", 1000 * u4(r + 52); print "power" i + 2 "_input", 1000 * u4(r + 56)
			}
		}' | sort > /tmp/controllers
}
same() { (there) && controllers && cmp -s /tmp/there /tmp/controllers; }
emu_ctl ahl power-readings power_mw=7123 rail=1 vin_mv=11987 vout_mv=3317 iout_ma=1234
(wait_for 20 "the controller's own values" same) || die "hwmon, controller: $(diff /tmp/there /tmp/controllers)"
ge "$(wc -l < /tmp/there)" 20 "values of hwmon"
grep -qx "in8_input 11987" /tmp/there && grep -qx "in1_input 3317" /tmp/there && grep -qx "curr2_input 1234" /tmp/there || die "the second rail: $(xargs < /tmp/there)"

# nothing is to be set, each name is documented, and there
is "$(find "$hwmon/" -maxdepth 1 -name '*_*' -perm /222)" "" "what can be written"
fails sh -c "echo 60000 > $hwmon/temp1_max" 2> /dev/null
for f in "$hwmon"/{temp,in,curr,power}*_*; do
	name=${f##*/} kind=${name#*_}
	[[ $(cat "$f") =~ ^-?[0-9]+$ || $kind = label ]] || die "$name reads $(cat "$f")"
	echo "$name" | sed 's/[0-9]*_/_/'
done | sort -u > /tmp/there
sed -n 's/^What:.*hwmon<M>\///p' $docs/sysfs-hwmon-gmx | sed 's/<K>//; s/[0-9]*_/_/; s/[{}]//g; s/,/ /g' |
	while read -r first more; do
		echo "$first"
		for kind in $more; do echo "${first%%_*}_$kind"; done
	done | sort -u > /tmp/described
ge "$(wc -l < /tmp/described)" 12 "kinds of attributes"
diff /tmp/described /tmp/there || die "docs/abi and hwmon differ"

say "a look every second, however many read"
for i in 1 2 3 4 5 6 7 8; do shown temperature > /dev/null; done
[ "$(shown age_ms)" -le 1500 ] || die "old: $(shown age_ms) ms"

say "a controller that hangs makes nobody wait"
echo 60000 > "$SYS/admin_timeout_ms"
emu_ctl ahl fault-add kind=drop set=admin opcode=get-log-page count=1
sleep 1.1
from=${EPOCHREALTIME/./}
for f in "$SYS"/health/*; do cat "$f" > /dev/null 2>&1 || true; done
# less than the one time-out; each cat takes its time too
ge $((${SLOW:-1} > 1 ? 45000000 : 15000000)) $((${EPOCHREALTIME/./} - from)) "us for all of the folder"
ge "$(shown age_ms)" 1000 "age"
emu_ctl ahl fault-clear all=true
expect_log "time-out|reset"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
echo 1000 > "$SYS/admin_timeout_ms"

say "debugfs"
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
debug=/sys/kernel/debug/gmx/$NAME
[ $(($(sed -n 's/^csts //p' "$debug/registers") & 3)) = 1 ] || die "csts: $(xargs < "$debug/registers")"
is "$(($(grep -c enabled "$debug/queues")))" "$(cat "$SYS/queue_count")" "queues"
# with shadow doorbells a ring is longer than what it holds at once
is "$(awk '$1 == 1 { print $4 }' "$debug/queues") $(cat "$SYS/sqsize")" "1024 1023" "entries of a ring and commands"
grep -q "temperature" "$debug/events" || die "events: $(tail -n 1 "$debug/events")"
diff <(sed -n 's/^| `\([a-z_]*\)` |.*/\1/p' $docs/debugfs-gmx.md | sort) <(find "$debug" -mindepth 1 -printf '%f\n' | sort) ||
	die "docs/abi and debugfs differ"
fails as_user cat "$debug/registers" 2> /dev/null

say "interrupt moderation by name"
is "$(cat "$SYS/interrupt_profile")" latency "profile"
echo throughput > "$SYS/interrupt_profile"
"$TESTS/uabi" get "$CTRL" irq > /tmp/uabi
is "$(sed -n 's/^threshold //p' /tmp/uabi)" 32 "threshold"
fails sh -c "echo fast > $SYS/interrupt_profile" 2> /dev/null
grep -qx "request 1" "$SYS/reset_reasons" || die "reasons: $(xargs < "$SYS/reset_reasons")"
emu_unplug ahl rp0
