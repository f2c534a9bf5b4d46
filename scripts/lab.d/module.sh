# SPDX-License-Identifier: GPL-2.0-or-later
# Building gmx.ko for a kernel of the lab, in a copy of the sources.

# Checkouts share a lab, not their builds.
module_tree_id() {
	if [ -n "${GMX_INSIDE:-}" ]; then echo "$GMX_TREE"; else echo "$REPO" | sha256sum | cut -c1-8; fi
}

module_dir() { echo "/lab/build/$(module_tree_id)/$1"; }

module_build() {
	local kernel=${1:-} dir
	case $(part_field "$kernel" 2) in
	stock | debug) ;;
	*) die "module: no kernel named '$kernel'" ;;
	esac
	shift
	part_need rootfs "$kernel"
	dir=$(module_dir "$kernel")
	lab_enter bash /repo/scripts/lab.d/build-module "$(part_inside "$kernel")/build" "$dir" "$@" || return 1
	echo "$dir/gmx.ko"
}
