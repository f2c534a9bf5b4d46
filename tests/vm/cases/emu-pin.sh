# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with nothing but its pin: verified I/O, a reset under load, an unplug
# driver: gmx
emu_interrupts pin g1
