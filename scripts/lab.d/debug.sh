# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel sources, and the kernels with sanitizers that are built from them.

source_package() {
	case $1 in
	source) echo "linux-source-6.12/trixie" ;;
	source-newest) echo "linux-source/trixie-backports" ;;
	esac
}

make_source() {
	local in
	in=/lab/parts/$(basename "$1")
	apt_update "$(part_dir rootfs)/root"
	enter_dir "$(part_dir rootfs)/root" env APT_CONFIG=/lab/apt/apt.conf bash -eu -o pipefail -c '
		tmp=$1 package=$2
		case $package in
		linux-source/*) package=$(apt-cache show "$package" | sed -n "s/^Depends: .*\(linux-source-[0-9.]*\).*/\1/p" | head -1)/${package#*/} ;;
		esac
		mkdir -p /lab/apt/archives/source.$2
		cd "$_"
		apt-get download "$package"
		dpkg -x *.deb "$tmp/deb"
		deb=$(ls *.deb)
		mkdir "$tmp/tree"
		tar -C "$tmp/tree" --strip-components=1 -xf "$tmp"/deb/usr/src/linux-source-*.tar.xz
		rm -rf "$tmp/deb" ./*.deb
		echo "${deb%_all.deb}" | tr _ " " >"$tmp/VERSION"
	' source "$in" "$(source_package "$2")"
}
key_source() { source_package "$1"; }

debug_source() { case $1 in debug) echo source ;; debug-newest) echo source-newest ;; esac; }
DEBUG_FRAGMENTS="base san-common kasan gcov"

# The objects are kept until the kernel is whole, so an interrupted build goes on.
make_debug() {
	local in
	in=/lab/parts/$(basename "$1")
	enter_dir "$(part_dir rootfs)/root" nice -n 15 bash /repo/scripts/lab.d/build-kernel "$in" "/lab/parts/$(part_name "$2")" \
		"$(part_inside "$(debug_source "$2")")/tree" "/lab/work/$(part_name "$2")" $DEBUG_FRAGMENTS
}
key_debug() {
	local f
	part_key "$(debug_source "$1")"
	for f in $DEBUG_FRAGMENTS; do grep -v '^# -' "$LABD/configs/$f.config"; done
	cat "$LABD/build-kernel" "$LABD/kernel-image" "$LABD/module-roots"
}

# The race detector, which no kernel has beside the address sanitizer.
KCSAN_FRAGMENTS="base san-common kcsan"
make_kcsan() {
	local in
	in=/lab/parts/$(basename "$1")
	enter_dir "$(part_dir rootfs)/root" nice -n 15 bash /repo/scripts/lab.d/build-kernel "$in" "/lab/parts/$(part_name "$2")" \
		"$(part_inside source)/tree" "/lab/work/$(part_name "$2")" $KCSAN_FRAGMENTS
	grep -q '^CONFIG_KCSAN=y' "$1/config" || die "the kernel was made without CONFIG_KCSAN"
}
key_kcsan() {
	local f
	part_key source
	for f in $KCSAN_FRAGMENTS; do cat "$LABD/configs/$f.config"; done
	cat "$LABD/build-kernel" "$LABD/kernel-image" "$LABD/module-roots"
}
