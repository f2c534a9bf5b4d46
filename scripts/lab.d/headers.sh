# SPDX-License-Identifier: GPL-2.0-or-later
# Headers only, for the mass build: no kernel here is ever booted.

make_headers() {
	local in
	in=/lab/parts/$(basename "$1")
	apt_update "$(part_dir rootfs)/root"
	enter_dir "$(part_dir rootfs)/root" env APT_CONFIG=/lab/apt/apt.conf MIRROR="$MIRROR" \
		bash /repo/scripts/lab.d/unpack-headers "$in" "/lab/parts/$(part_name "$2")"
}
key_headers() { cat "$LABD/unpack-headers"; }

# name, path of the tree, and the variables that make needs for it
headers_list() { cat "$(part_dir headers)/list"; }
