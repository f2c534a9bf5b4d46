# SPDX-License-Identifier: GPL-2.0-or-later
# libgmx's vendor ioctls, answered by the driver: what tests/unit/libgmx-driven.t replays is asked and answered so
# driver: gmx
echo '{"serial": "GMXDRIVEN", "seed": 1, "capacity": "512M", "namespaces": [{"size": "64M"}]}' > $VM/gdriven.json
emu_plug gdriven rp0 g3 --config gdriven.json
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
write_pattern g 0 $((1 << 20))
read_ok
counted() { [ "$(cat "$SYS/health/bytes_read")" -ge $((1 << 20)) ] && [ "$(cat "$SYS/health/bytes_written")" -ge $((1 << 20)) ]; }
wait_for 10 "the controller to have counted it" counted
# kept beside the logs of the boot
recording=$VM/driver.ioctl
echo "# SPDX-License-Identifier: GPL-2.0-or-later" > $recording
GMX_RECORD=$recording "$TESTS/driven" "$NAME" > /tmp/tap || die "$(grep -v '^ok' /tmp/tap)"
GMX_REPLAY=$recording "$TESTS/driven" "$NAME" > /tmp/again || die "replayed: $(grep -v '^ok' /tmp/again)"
diff /tmp/tap /tmp/again
# the same questions in the same order; identities that were given in answers are in some
questions() { grep '^vendor' "$1" | cut -d' ' -f2; }
diff <(questions /repo/tests/tools/recordings/driver.ioctl) <(questions $recording) || die "tests/tools/record driver has not been run"
emu_unplug gdriven rp0
