# SPDX-License-Identifier: GPL-2.0-or-later
# What libgmx and gmxctl are built with and the rootfs has not: headers. Unpacked beside the rootfs, whose libraries they mean.

TOOLS_PACKAGES="libnvme-dev libsmartcols-dev"

make_tools() {
	local in
	in=/lab/parts/$(basename "$1")
	apt_update "$(part_dir rootfs)/root"
	enter_dir "$(part_dir rootfs)/root" env APT_CONFIG=/lab/apt/apt.conf PACKAGES="$TOOLS_PACKAGES" bash -eu -o pipefail -c '
		tmp=$1 final=$2 archives=/lab/apt/archives/tools lib=usr/lib/x86_64-linux-gnu
		mkdir -p $archives/partial
		apt-get -y --download-only -o Dir::Cache::Archives=$archives install $(printf "%s/trixie " $PACKAGES)
		for d in $archives/*.deb; do dpkg -x "$d" "$tmp/root"; done
		rm -rf "$tmp"/root/usr/share $archives
		sed -i "s,=/usr,=$final/root/usr," "$tmp/root/$lib"/pkgconfig/*.pc
		# the libraries themselves are in the rootfs
		for l in "$tmp/root/$lib"/*.so; do
			[ -e "$l" ] || ln -sf "/$lib/$(readlink "$l" | sed "s,.*/,,")" "$l"
			[ -e "$l" ]
		done
		mkdir "$tmp/bin"
		# the rootfs has pkg-config itself, by way of glib
		printf "#!/bin/sh\nPKG_CONFIG_PATH=%s exec /usr/bin/pkg-config \"\$@\"\n" "$final/root/$lib/pkgconfig" >"$tmp/bin/pkg-config"
		chmod 755 "$tmp/bin/pkg-config"
		"$tmp/bin/pkg-config" --version >/dev/null
		echo "libnvme $(apt-cache show libnvme-dev/trixie | sed -n "s/^Version: //p" | head -1)" >"$tmp/VERSION"
	' tools "$in" "/lab/parts/$(part_name "$2")"
}
key_tools() { echo "$TOOLS_PACKAGES"; }

tools_dir() { module_dir tools; }

# libgmx, gmxctl and gmx-fwsign; the last line is the folder inside that has them. VARIABLES are make's.
tools_build() {
	part_need rootfs tools
	lab_enter sh -ec 'mkdir -p "$1"; exec 9>"$1/.lock"; flock 9; PATH=$2:$PATH; shift 2
		for t in libgmx gmxctl; do nice make -s -C /repo/tools/$t "$@"; done' tools "$(tools_dir)" "$(part_inside tools)/bin" \
		-j"$(nproc)" O="$(tools_dir)" "$@" >&2 || return 1
	tools_dir
}
