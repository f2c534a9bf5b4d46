# SPDX-License-Identifier: GPL-2.0-or-later
# Building gmx.ko for a kernel of the lab, in a copy of the sources.

# Checkouts share a lab, not their builds.
module_tree_id() {
	if [ -n "${GMX_INSIDE:-}" ]; then echo "$GMX_TREE"; else echo "$REPO" | sha256sum | cut -c1-8; fi
}

module_dir() { echo "/lab/build/$(module_tree_id)/$1"; }

module_build() {
	local kernel=${1:-} dir kdir cross=
	case $(part_field "$kernel" 2) in
	stock | debug | kcsan)
		part_need rootfs "$kernel"
		kdir=$(part_inside "$kernel")/build ;;
	*)	part_made headers || die "module: no kernel named '$kernel' (names of the part headers count once it is made)"
		kdir=$(headers_list | awk -v n="$kernel" '$1 == n { print $2 }')
		[ -n "$kdir" ] || die "module: no kernel named '$kernel'"
		cross=$(part_inside headers)/cross/bin ;;
	esac
	shift
	dir=$(module_dir "$kernel")
	lab_enter env ${cross:+PATH="$cross:/usr/sbin:/usr/bin:/sbin:/bin"} bash /repo/scripts/lab.d/build-module "$kdir" "$dir" "$@" || return 1
	echo "$dir/gmx.ko"
}
