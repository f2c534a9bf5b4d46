# SPDX-License-Identifier: GPL-2.0-or-later
# events are followed live while faults are injected, and the log has them afterwards
ctrl=$(ctrl_of GMXADMIN)
gmxctl event follow "$ctrl" --timeout 120 -o json >/run/follow 2>/run/follow.err &
pid=$!
following() { ls -l /proc/$pid/fd 2>/dev/null | grep -q "/dev/$ctrl"; }
wait_for 20 following
# what happens between the opening and the first look is shown too, but in the log's order
sleep 1
echo 'gmx.*critical warning' >>/run/expected
emu ctl admin drive-fail drive=0
wait_for 30 grep -q '"drive-failed"' /run/follow
emu ctl admin temperature kelvin=355
wait_for 30 grep -q '"temperature' /run/follow
kill $pid
wait $pid || true
exits 0 gmxctl event list "$ctrl" --class drive
grep -q drive-failed /run/said || { cat /run/said; die "not in the log"; }
# what is said may be a second old
failing() { local got=0; gmxctl health "$ctrl" >/run/said 2>&1 || got=$?; [ $got = 17 ]; }
wait_for 10 failing
emu ctl admin temperature kelvin=0
