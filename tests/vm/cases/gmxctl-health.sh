# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl health, status and smart: each verdict with its exit code, the reason and what to do; metrics that a scraper takes
# limit: 600
# driver: gmx
. /repo/tests/vm/gmxctl.sh

# what the driver gives may be a second old
verdict() {
	local got=0
	ctl health > /dev/null 2>&1 || got=$?
	[ $got = "$1" ]
}

emu_plug ghealth rp0 g3
exits 0 health
is "$(got health)" good "health"
is "$(jq -r '.result[0].problems | length' "$STATE/json")" 0 "problems"
is "$(field 'messages[0].id' status)" GMX-1000 "message"
read_ok
is "$(field read_commands smart "$NAME")" "$(nvme smart-log "$CTRL" -o json | jq .host_read_commands)" "read commands, as nvme-cli has them"
is "$(field power_cycles smart)" "$(nvme smart-log "$CTRL" -o json | jq .power_cycles)" "power cycles"

expect_log "critical warning"
say "too hot"
emu_ctl ghealth temperature kelvin=400
wait_for 10 "health to be degraded" verdict 16
exits 16 health "$NAME"
is "$(jq -r '.result[0].problems[0]' "$STATE/json")" temperature "problem"
is "$(got temperature_celsius)" 127 "temperature"
is "$(field 'messages[0].id' status)" GMX-2002 "message"
ctl health -o prom > "$STATE/prom" || true
grep -q "^gmx_health_temperature_celsius{controller=\"$NAME\"} 127" "$STATE/prom" || die "metrics: $(cat "$STATE/prom")"
grep -Eq "^gmx_health_spare_ratio.* 1$" "$STATE/prom" || die "a ratio: $(cat "$STATE/prom")"
emu_ctl ghealth temperature kelvin=300
wait_for 10 "health to be good" verdict 0

say "worn out, then a failed drive"
emu_ctl ghealth spare percent=1
wait_for 10 "health to be critical" verdict 17
exits 17 health
is "$(got health)" failing "health"
emu_ctl ghealth spare percent=100
wait_for 10 "health to be good" verdict 0
emu_ctl ghealth drive-fail drive=0
wait_for 10 "health to be critical" verdict 17
exits 17 health
is "$(got health)" failed "health"
ctl status | grep -q "GMX-2005" || die "status: $(ctl status)"
emu_unplug ghealth rp0
exits 0 health
is "$(jq -c .result "$STATE/json")" "[]" "nobody is ill where nobody is"
