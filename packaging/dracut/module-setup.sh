#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gmx, bound before nvme, and the names of its disks.

check() {
	return 0
}

depends() {
	echo udev-rules
}

installkernel() {
	hostonly='' instmods gmx
}

install() {
	inst_rules 40-gmx-bind.rules 61-gmx-persistent-storage.rules
	inst_multiple -o /usr/lib/modprobe.d/gmx.conf /etc/modprobe.d/gmx.conf
}
