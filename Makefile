# SPDX-License-Identifier: GPL-2.0-or-later
# Words for people; the module's own build rules are in Kbuild. "make help" lists the words.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
KERNEL ?= 6.12
CHECK_PARTS := rootfs guest 6.12 6.1 newest debug libvfio-user clang tools
DKMS_VERSION = $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
DKMS_TREE = /usr/src/gmx-$(DKMS_VERSION)

MAKEFLAGS += --no-print-directory
.PHONY: module help headers lab mmdebstrap check check-long check-system deb rpm bench bench-quick bench-emu demo shell install dkms-install tools install-tools clean distclean

module: headers
	@$(MAKE) -s -C "$(KDIR)" M="$(CURDIR)" modules
	@echo "gmx.ko for $$(modinfo -F vermagic gmx.ko | cut -d' ' -f1)"

headers:
	@test -e "$(KDIR)/Makefile" || { \
		echo "no kernel headers in $(KDIR): apt-get install linux-headers-$(KVER), or name a tree with KDIR="; exit 1; } >&2

help:
	@echo "make                 gmx.ko for the running kernel; KVER=version or KDIR=folder for another"
	@echo "make install         install that module (root); then: modprobe gmx"
	@echo "make dkms-install    have DKMS build it, now and for each new kernel (root)"
	@echo "make tools           libgmx, gmxctl and gmx-fwsign, in build/tools; make install-tools puts them into DESTDIR (root)"
	@echo "make deb             packages for Debian in build/deb: gmx-dkms, gmx-utils"
	@echo "make rpm             packages in build/rpm: kmod-gmx's source, gmx-utils"
	@echo "make demo            boot a VM, show the driver at work on an emulated G3; KEEP=1 leaves a shell in it"
	@echo "make shell           a shell in a VM with gmx loaded and an emulated G3; KERNEL=6.12"
	@echo "make check           all tests that fit in 40 minutes of two cores"
	@echo "make check-system    packages installed, booted from a Gigamax disk, upgraded, removed: 15 minutes"
	@echo "make check-long      what make check leaves out: every kernel whole, sanitizers, 240 power cuts, ten minutes a fuzzer"
	@echo "make bench           what an I/O costs, against the inbox nvme driver; BENCH='-p count -k 6.12' a part of it, BENCH=-h"
	@echo "make bench-quick     its three main figures; fails when one is above tests/bench/recorded"
	@echo "make bench-emu       throughput of gmx-emu against QEMU's own nvme; fails below 1.1 times of it (quiet machine)"
	@echo "make lab             the lab for these: rootfs, kernels, debug kernel, in the user's cache"
	@echo "make clean           remove what was built from this checkout"
	@echo "make distclean       that, and the lab"

tools:
	@$(MAKE) -s -C tools/libgmx
	@$(MAKE) -s -C tools/gmxctl

install-tools:
	@$(MAKE) -s -C tools/libgmx install
	@$(MAKE) -s -C tools/gmxctl install

# Root, or a sudo that asks nothing, may install the one tool that a host lacks.
mmdebstrap:
	@command -v mmdebstrap >/dev/null && { [ "$$(id -u)" = 0 ] || command -v newuidmap >/dev/null; } || scripts/lab.d/host-tools

deb rpm: mmdebstrap
	@scripts/packages $@

lab: mmdebstrap
	@scripts/lab $(CHECK_PARTS)

check check-long check-system: mmdebstrap
	@tests/run $@

bench: mmdebstrap
	@tests/bench/run $(BENCH)

bench-quick: mmdebstrap
	@tests/bench/run -q -k $(KERNEL) $(BENCH)

bench-emu: mmdebstrap
	@tests/bench/emu/run $(BENCH)

demo: mmdebstrap
	@KEEP=$(KEEP) scripts/demo

shell: mmdebstrap
	@scripts/lab module $(KERNEL) >/dev/null
	@scripts/vm -k $(KERNEL) -e "g3 -p rp0 --family g3" -i -t 1000000 -w -- /repo/scripts/guest/shell

install: headers
	@$(MAKE) -s -C "$(KDIR)" M="$(CURDIR)" modules
	@$(MAKE) -s -C "$(KDIR)" M="$(CURDIR)" modules_install
	@depmod "$$(modinfo -F vermagic gmx.ko | cut -d' ' -f1)"

dkms-install:
	@command -v dkms >/dev/null || { echo "dkms is missing: apt-get install dkms linux-headers-$(KVER)"; exit 1; } >&2
	@rm -rf "$(DKMS_TREE)" && mkdir -p "$(DKMS_TREE)"
	@cp -r Kbuild dkms.conf LICENSE drivers include "$(DKMS_TREE)"
	@dkms install --force gmx/$(DKMS_VERSION) -k "$(KVER)"

clean:
	@rm -f *.ko *.o *.mod *.mod.c .*.cmd Module.symvers modules.order .module-common.o
	@find drivers \( -name '*.o' -o -name '.*.cmd' -o -name '*.mod' -o -name '*.mod.c' \) -delete
	@scripts/lab clean
	@rm -rf build

distclean: clean
	@scripts/lab distclean
