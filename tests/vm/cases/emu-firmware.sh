# SPDX-License-Identifier: GPL-2.0-or-later
# firmware that does more: committed and running, its telemetry has a section of namespaces, which goes with it
# driver: gmx
echo '{"namespaces": [{"size": "64M"}, {"size": "16M"}]}' > $VM/firmware.json
emu_plug fw rp0 g2 --config firmware.json
revision() { nvme id-ctrl "$CTRL" | sed -n 's/^fr *: *//p'; }
# the section of namespaces in telemetry that is made now
spaces() {
	nvme telemetry-log "$CTRL" -O "$STATE/telemetry" -g 1 -d 3 > "$STATE/out" 2>&1 || die "telemetry-log: $(cat "$STATE/out")"
	"$TESTS_DIR/telemetry" "$STATE/telemetry" | sed -n 's/^section: 10, //p'
}
first=$(revision)
is "$(spaces)" "" "the section of namespaces of $first"
/repo/tools/gmx-emu/mkfw --family g2 --version 9.1.0 --feature telemetry-namespaces "$STATE/deep"
nvme fw-download "$CTRL" -f "$STATE/deep" > "$STATE/out" || die "fw-download: $(cat "$STATE/out")"
nvme fw-commit "$CTRL" -s 2 -a 3 > "$STATE/out" || die "fw-commit: $(cat "$STATE/out")"
is "$(revision)" "G2-9.1.0" "the firmware that runs"
is "$(spaces)" "2 entries" "the section of namespaces of G2-9.1.0"

say "it stays through a reset"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
is "$(revision)" "G2-9.1.0" "the firmware that runs after a reset"
is "$(spaces)" "2 entries" "the section after a reset"

say "and goes with the one before"
nvme fw-commit "$CTRL" -s 1 -a 3 > "$STATE/out" || die "fw-commit: $(cat "$STATE/out")"
is "$(revision)" "$first" "the firmware that runs again"
is "$(spaces)" "" "the section of namespaces of $first again"
read_ok
emu_unplug fw rp0
