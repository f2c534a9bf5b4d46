# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G3 is bound by its id, verifies what fio writes, answers nvme-cli and survives a reset and an unplug
# driver: gmx
# limit: 300
emu_family g3 0x0300
