# SPDX-License-Identifier: GPL-2.0-or-later
# Stock kernels, unpacked from the registry's packages and made usable where they lie.

stock_meta() { # NAME -> metapackage/suite
	case $1 in
	6.1) echo linux-image-amd64/bookworm-security ;;
	6.12) echo linux-image-amd64/trixie ;;
	newest) echo linux-image-amd64/trixie-backports ;;
	rt) echo linux-image-rt-amd64/trixie ;;
	esac
}

make_stock() {
	local in
	in=/lab/parts/$(basename "$1")
	apt_update "$(part_dir rootfs)/root"
	enter_dir "$(part_dir rootfs)/root" env APT_CONFIG=/lab/apt/apt.conf \
		bash /repo/scripts/lab.d/unpack-kernel "$in" "/lab/parts/$(part_name "$2")" "$(stock_meta "$2")"
}
key_stock() { stock_meta "$1"; cat "$LABD/unpack-kernel" "$LABD/kernel-image" "$LABD/module-roots"; }
