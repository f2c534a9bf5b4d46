# SPDX-License-Identifier: GPL-2.0-or-later
# clang with libFuzzer, sanitizers and coverage tools, unpacked beside the rootfs, whose libraries and headers it uses.

CLANG_TOOLS="clang llvm-cov llvm-profdata llvm-symbolizer"

make_clang() {
	local in
	in=/lab/parts/$(basename "$1")
	apt_update "$(part_dir rootfs)/root"
	enter_dir "$(part_dir rootfs)/root" env APT_CONFIG=/lab/apt/apt.conf TOOLS="$CLANG_TOOLS" bash -eu -o pipefail -c '
		tmp=$1 final=$2 archives=/lab/apt/archives/clang
		version=$(apt-cache show clang/trixie | sed -n "s/^Depends: .*\bclang-\([0-9]\+\)\b.*/\1/p" | head -1)
		mkdir -p $archives/partial
		# what the rootfs has is not asked for again
		apt-get -y --download-only -o Dir::Cache::Archives=$archives install clang-$version/trixie llvm-$version/trixie libclang-rt-$version-dev/trixie
		for d in $archives/*.deb; do dpkg -x "$d" "$tmp/root"; done
		rm -rf "$tmp"/root/usr/share $archives
		mkdir "$tmp/bin"
		for t in $TOOLS; do
			[ -x "$tmp/root/usr/lib/llvm-$version/bin/$t" ]
			printf "#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s \"\$@\"\n" "$final/root/usr/lib/x86_64-linux-gnu:$final/root/usr/lib/llvm-$version/lib" \
				"$final/root/usr/lib/llvm-$version/bin/$t" >"$tmp/bin/$t"
			chmod 755 "$tmp/bin/$t"
		done
		echo "clang $(apt-cache show clang-$version/trixie | sed -n "s/^Version: //p" | head -1)" >"$tmp/VERSION"
	' clang "$in" "/lab/parts/$(part_name "$2")"
}
key_clang() { echo "$CLANG_TOOLS"; }
