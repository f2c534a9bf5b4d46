#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dkms.conf: which kernels it takes, and the commands that DKMS makes of it.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh

# conf KERNEL WORD: dkms.conf as DKMS reads it (sourced, with these variables set), and then WORD
conf() {
	bash -euc 'kernelver=$1 kernel_source_dir=/k/$1 dkms_tree=/var/lib/dkms; . ./dkms.conf; eval "$2"' - "$@"
}
verdict() { conf "$1" 'if [[ $kernelver =~ $BUILD_EXCLUSIVE_KERNEL ]]; then echo taken; else echo refused; fi'; }
read_conf() { conf "$1" "echo \"$2\""; }

for kernel in 6.1.0-56-amd64 6.1.176 6.1 6.2.16 6.5.0-1025-azure 6.8.0-31-generic 6.11.0-1-generic 6.12.107+deb13-amd64 \
	6.12.107+deb13-rt-amd64 6.12.0-124.8.1.el10_1.x86_64 6.17.8-200.fc42.x86_64 6.19.6 6.20.0 6.99.1 7.0.0-rc1 7.2.1-1-default \
	7.3.4+deb13-arm64 7.10.2 8.0.0 10.1.2; do
	[ "$(verdict "$kernel")" = taken ]
	ok "takes $kernel"
done
for kernel in 5.10.0-30-amd64 5.15.0 5.19.17 6.0.12 6.9.0 6.9.12-amd64 6.10.11+deb13-amd64 6.10 4.18.0-553.el8.x86_64 \
	2.6.32 3.10.0 1.6.12 6 '' v6.12 x6.12.1; do
	[ "$(verdict "$kernel")" = refused ]
	ok "refuses '$kernel'"
done

version=$(read_conf 6.12.1 '$PACKAGE_VERSION')
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; ok "has a version"
build=/var/lib/dkms/gmx/$version/build
[ "$(read_conf 6.12.1-x '${MAKE[0]}')" = "make -C /k/6.12.1-x M=$build modules" ]
ok "builds in DKMS's copy, against the kernel that DKMS names"
[ "$(read_conf 6.12.1-x '$CLEAN')" = "make -C /k/6.12.1-x M=$build clean" ]; ok "cleans the same"
[ "$(read_conf 6.12.1 '${BUILT_MODULE_NAME[0]} ${#BUILT_MODULE_NAME[@]}')" = "gmx 1" ]; ok "makes one module, gmx"
case $(read_conf 6.12.1 '${DEST_MODULE_LOCATION[0]}') in /updates | /updates/*) ;; *) false ;; esac
ok "installs where modprobe looks first"
[ "$(read_conf 6.12.1 '$AUTOINSTALL')" = yes ]; ok "follows new kernels"
finish
