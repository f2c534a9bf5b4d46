# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with MSI alone: verified I/O, a reset under load, an unplug
# driver: gmx
emu_interrupts msi g2
