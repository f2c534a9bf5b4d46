# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl power, mi, log, drive, feature, selftest, queue and doctor say what nvme-cli, sysfs and the emulator say
# limit: 600
# driver: gmx
. /repo/tests/vm/gmxctl.sh

echo '{"time_warp": true}' > $VM/gdev.json
emu_plug gdev rp0 g3 --config gdev.json
say "power"
# it stays in the state that it is put in
echo 0 > "$SYS/power/pm_qos_latency_tolerance_us"
emu_ctl gdev power-readings power_mw=7654
# readings are a second old at most
sleep 1.1
exits 0 power show
is "$(got power_mw) $(got power_state)" "7654 0" "power"
is "$(jq '.result[0].states | length' "$STATE/json")" "$(($(nvme id-ctrl "$CTRL" -o json | jq .npss) + 1))" "power states"
[ "$(jq '.result[0].rails | length' "$STATE/json")" -gt 0 ] || die "no rails"
exits 0 power set --state 1
is "$(got power_state)" 1 "power state"
is "$(nvme get-feature "$CTRL" -f 2 | grep -o 'value:[0-9a-fx]*')" "value:0x00000001" "power state, as nvme-cli has it"
exits 0 power set --state 0
exits 6 power set --state 31
said "power show"

say "NVMe-MI"
exits 0 mi health
is "$(got functional) $(got reset_required)" "true false" "health"
exits 0 mi info
is "$(got type)" pcie "port"
exits 0 mi vpd
is "$(got size_bytes)" 256 "VPD"
exits 7 mi receive --opcode 0x7f
said "no such command"
exits 0 mi get
is "$(jq -c '[.result[] | [.type, .mtu, .frequency_khz]]' "$STATE/json")" '[["pcie",64,null],["smbus",64,100]]' "settings"
exits 8 mi set frequency 400
exits 0 mi set frequency 400 --yes
is "$(got from) $(got to)" "100 400" "frequency"
exits 0 mi set mtu 250 --port 0 --yes
exits 6 mi set mtu 251 --port 0 --yes
exits 0 mi get
is "$(jq -c '[.result[] | [.mtu, .frequency_khz]]' "$STATE/json")" '[[250,null],[64,400]]' "settings"
exits 0 mi clear all
exits 0 mi health
is "$(jq -c '.result[0].changes' "$STATE/json")" '[]' "changes"
emu_ctl gdev temperature kelvin=310
exits 0 mi health
is "$(jq -c '.result[0].changes' "$STATE/json")" '["temperature"]' "changes"
exits 0 mi clear temperature
printf spam > "$STATE/vpd"
exits 8 mi send --opcode 06h --dword0 252 --dword1 4 --data "$STATE/vpd"
exits 0 mi send --opcode 06h --dword0 252 --dword1 4 --data "$STATE/vpd" --yes
exits 0 mi vpd
is "$(got 'hex | .[504:]')" 7370616d "VPD"
exits 7 mi send --opcode 07h --yes

say "log pages"
exits 0 log get smart
nvme get-log "$CTRL" --log-id=2 --log-len=512 -b > "$STATE/smart"
exits 0 log get 02h --file "$STATE/page"
is "$(stat -c %s "$STATE/page")" 512 "page"
cmp -n 32 "$STATE/page" "$STATE/smart" || die "gmxctl and nvme-cli read two SMART logs"
exits 0 log get drives
[ "$(got size_bytes)" -ge $((32 + 256)) ] || die "drives: $(got size_bytes)"
exits 7 log get FEh
exits 2 log get rubbish
nvme admin-passthru "$CTRL" --opcode=0xc1 2> /dev/null && die "a command that should fail"
exits 0 log errors
is "$(got status)" 1 "status of the newest error"
exits 0 drive list
is "$(got state) $(got drive)" "online 0" "drive"

say "features"
is "$(field value feature get event-mask)" 255 "event mask"
exits 0 feature set C0h 0x0f
is "$(field value feature get 192)" 15 "event mask"
is "$(field value feature get event-mask --select default)" 255 "default"
exits 4 feature set 07h 1
exits 0 feature set event-mask 255
exits 2 feature get nothing

say "self-test"
exits 0 selftest start --wait
is "$(jq -c '.result[0].results[0] | [.test, .passed]' "$STATE/json")" '["short",true]' "result"
emu_ctl gdev fault-add kind=self-test segment=2
exits 1 selftest start --extended --wait
said "failed"
emu_ctl gdev fault-clear all=true
exits 0 selftest status
is "$(jq -c '.result[0].results[0] | [.test, .passed, .segment]' "$STATE/json")" '["extended",false,2]' "result"
exits 0 selftest abort

say "queues and the doctor"
exits 0 queue show
is "$(jq '.result | length' "$STATE/json")" "$(cat "$SYS/queue_count")" "queues"
grep -q "^ *$(jq '.result[1].irq' "$STATE/json"):.*${NAME}q1" /proc/interrupts || die "interrupt of queue 1: $(cat "$STATE/json")"
exits 0 doctor
is "$(jq -r '.result[] | select(.check == "binding") | .result' "$STATE/json")" ok "binding"
is "$(jq -r '.result[] | select(.check == "secure-boot") | .finding' "$STATE/json")" "the machine was not started by EFI: no Secure Boot" "Secure Boot"
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
exits 1 doctor
jq -r '.result[] | select(.check == "binding") | .finding' "$STATE/json" | grep -q "no driver" || die "doctor: $(cat "$STATE/json")"
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
attached rp0
emu_unplug gdev rp0
