# SPDX-License-Identifier: GPL-2.0-or-later
# CPU 1 off and on ten times under fio on an emulated G2: no error, no wrong data
# driver: gmx
one_disk() { emu_plug g2 rp1 g2; }
. "$TESTS_DIR/cases/cpu-hotplug.sh"
emu_unplug g2 rp1
