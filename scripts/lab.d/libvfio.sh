# SPDX-License-Identifier: GPL-2.0-or-later
# libvfio-user, which Debian has inside of QEMU's source package, and gmx-emu, which is built on it.

LIBVFIO_SOURCE="qemu/trixie"
# a guest with an IOMMU maps each page by itself, up to what the kernel lets one process map
LIBVFIO_REGIONS=32768
LIBVFIO_FILES="dma irq libvfio-user migration pci pci_caps tran tran_sock"

# Source lists of their own: nothing else of the lab wants their size.
make_libvfio() {
	local in
	in=/lab/parts/$(basename "$1")
	apt_update "$(part_dir rootfs)/root"
	lab_suites | sed -n 's/^deb \(.* trixie main\)$/deb-src \1/p' >"$LAB/apt/source.list"
	mkdir -p "$LAB/apt/lists-source/partial"
	enter_dir "$(part_dir rootfs)/root" env APT_CONFIG=/lab/apt/apt.conf FILES="$LIBVFIO_FILES" REGIONS=$LIBVFIO_REGIONS bash -eu -o pipefail -c '
		tmp=$1 package=$2
		apt=(apt-get -o Dir::Etc::SourceList=/lab/apt/source.list -o Dir::State::Lists=/lab/apt/lists-source
			-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
		"${apt[@]}" -o APT::Update::Error-Mode=any update
		# asked where none is: names of all, whatever an interrupted call has left
		cd "$tmp"
		files=$("${apt[@]}" source --print-uris "$package" | sed -n "s/^.[^ ]*. \([^ ]*\) .*/\1/p")
		dsc=$(grep "\.dsc$" <<<"$files")
		mkdir -p /lab/apt/archives/source.libvfio-user
		cd "$_"
		"${apt[@]}" source --download-only "$package"
		inside=subprojects/libvfio-user
		mkdir "$tmp/source"
		tar -C "$tmp/source" --strip-components=3 --wildcards -xf "$(grep "\.orig\.tar\.[^.]*$" <<<"$files")" \
			"*/$inside/lib" "*/$inside/include" "*/$inside/LICENSE"
		if tar -xOf "$(grep "\.debian\.tar\.[^.]*$" <<<"$files")" | grep -aq "^+++ [^/]*/$inside/"; then
			echo "$dsc: Debian has changes to $inside, which this recipe does not apply"
			exit 1
		fi
		rm -rf ./*
		sed -i "s/^#define MAX_DMA_REGIONS .*/#define MAX_DMA_REGIONS $REGIONS/" "$tmp/source/lib/private.h"
		grep -q "MAX_DMA_REGIONS $REGIONS" "$tmp/source/lib/private.h"
		mkdir "$tmp/obj"
		for f in $FILES; do
			gcc -std=gnu99 -O2 -g -D_GNU_SOURCE -I"$tmp/source/include" -I/usr/include/json-c -c -o "$tmp/obj/$f.o" "$tmp/source/lib/$f.c"
		done
		ar rcs "$tmp/libvfio-user.a" "$tmp"/obj/*.o
		mv "$tmp/source/include" "$tmp/source/LICENSE" "$tmp/"
		rm -rf "$tmp/source" "$tmp/obj"
		echo "libvfio-user of ${dsc%.dsc}" | tr _ " " >"$tmp/VERSION"
	' libvfio "$in" "$LIBVFIO_SOURCE"
}
key_libvfio() { echo "$LIBVFIO_SOURCE $LIBVFIO_FILES $LIBVFIO_REGIONS"; }

emu_dir() { module_dir gmx-emu; }

# The last line is the program's path inside; VARIABLES are make's.
emu_build() {
	part_need rootfs libvfio-user
	lab_enter sh -ec 'mkdir -p "$1"; exec 9>"$1/.lock"; flock 9; shift; exec nice make -s -C /repo/tools/gmx-emu "$@"' emu "$(emu_dir)" \
		-j"$(nproc)" O="$(emu_dir)" VFIO_USER="$(part_inside libvfio-user)" "$@" >&2 || return 1
	echo "$(emu_dir)/gmx-emu"
}
