# SPDX-License-Identifier: GPL-2.0-or-later
# The rootfs, where all compiling and QEMU run, and the guests' disk made from it.

ROOTFS_PACKAGES="build-essential bc flex bison libelf-dev libssl-dev kmod cpio xz-utils lz4 zstd pahole python3 libpython3-dev rsync
sparse coccinelle dkms fio nvme-cli smartmontools util-linux e2fsprogs xfsprogs pciutils busybox-static libglib2.0-dev
libjson-c-dev trace-cmd kexec-tools iproute2 jq strace perl clang-format liburing-dev libaio-dev ca-certificates less
procps file git gawk psmisc
qemu-system-x86/trixie-backports qemu-system-common/trixie-backports qemu-system-data/trixie-backports seabios/trixie-backports"

lab_suites() {
	local kind
	for kind in "$MIRROR trixie" "$MIRROR trixie-backports" "$MIRROR bookworm" "$SECURITY bookworm-security"; do
		echo "deb [signed-by=$KEYRING] $kind main"
	done
}

# Prints apt's options for the lab's own lists and archive folder, so that the rootfs stays as it was made.
apt_options() {
	printf '%s\n' Dir::Etc::SourceList=/lab/apt/sources.list Dir::Etc::SourceParts=- Dir::State::Lists=/lab/apt/lists \
		Dir::Cache=/lab/apt Dir::Cache::Archives=/lab/apt/archives APT::Sandbox::User=root Acquire::Languages=none \
		Acquire::Retries=3 Acquire::http::Timeout=30 Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
		Debug::NoLocking=1 APT::Install-Recommends=false
}

# Parts may be made side by side; apt's lists are shared, so an update happens once in an hour and under a lock.
apt_update() { # ROOT
	local a
	lab_suites >"$LAB/apt/sources.list.new"
	{
		printf 'quiet "1";\n'
		apt_options | sed 's/^\([^=]*\)=\(.*\)$/\1 "\2";/'
		host_apt_proxy
	} >"$LAB/apt/apt.conf"
	if cmp -s "$LAB/apt/sources.list.new" "$LAB/apt/sources.list" && [ -n "$(find "$LAB/apt/updated" -mmin -60 2>/dev/null)" ]; then
		return 0
	fi
	mv "$LAB/apt/sources.list.new" "$LAB/apt/sources.list"
	GMX_ROOTFS_RW=1 enter_dir "$1" env APT_CONFIG=/lab/apt/apt.conf apt-get -o APT::Update::Error-Mode=any update
	: >"$LAB/apt/updated"
}

make_rootfs() {
	local tmp=$1 root=$1/root list
	list=$LAB/apt/bootstrap.list
	lab_suites | grep trixie >"$list"
	mkdir "$root"
	as_lab_root mmdebstrap --mode=root --variant=minbase --include=ca-certificates \
		--aptopt='Acquire::Retries "3"' --aptopt='Acquire::Languages "none"' trixie "$root" "$list"
	as_lab_root sh -ec 'cd "$1"; mkdir -p repo lab vm gmx; : >etc/resolv.conf; rm -f etc/apt/sources.list etc/apt/sources.list.d/*
		printf "#!/bin/sh\nexit 101\n" >usr/sbin/policy-rc.d; chmod 755 usr/sbin/policy-rc.d' sh "$root"
	apt_update "$root"
	# the download is a step of its own: an interruption keeps what has arrived
	enter_rw "$root" apt-get -y --download-only install $ROOTFS_PACKAGES
	enter_rw "$root" apt-get -y -o Dpkg::Options::=--force-unsafe-io install $ROOTFS_PACKAGES
	enter_rw "$root" sh -c 'rm -rf /usr/share/doc/* /usr/share/locale/* /var/cache/debconf/*-old; dpkg-query -W >/packages; apt-get clean'
	as_lab_root sh -c 'dpkg-query --admindir="$1/var/lib/dpkg" -W -f "\${Package} \${Version}\n" qemu-system-x86 gcc-14 fio nvme-cli sparse |
		awk "{ printf \"%s%s %s\", s, \$1, \$2; s = \", \" } END { print \"\" }"' sh "$root" >"$tmp/VERSION"
}
key_rootfs() { echo "$ROOTFS_PACKAGES"; }

enter_rw() { # ROOT CMD...
	local root=$1
	shift
	GMX_ROOTFS_RW=1 enter_dir "$root" env APT_CONFIG=/lab/apt/apt.conf "$@"
}

# The guests' root disk, and the static helpers that an initramfs carries.
make_guest() {
	local in
	in=/lab/parts/$(basename "$1")
	enter_dir "$(part_dir rootfs)/root" bash -ec '
		mkdir "$1/bin"
		for p in agent monitor; do
			gcc -std=gnu11 -O2 -Wall -Wextra -Werror -static -o "$1/bin/$p" "/repo/scripts/guest/$p.c"
		done
		cp /usr/bin/busybox "$1/bin/busybox"
		size=$(du -sm --exclude=/proc --exclude=/sys --exclude=/dev --exclude=/lab --exclude=/repo --exclude=/tmp -x / | cut -f1)
		mkdir /tmp/root.$$; trap "umount /tmp/root.$$; rmdir /tmp/root.$$" EXIT
		mount --bind / /tmp/root.$$
		truncate -s $((size * 5 / 4 + 64))M "$1/root.img"
		mke2fs -q -F -t ext4 -O ^has_journal,^metadata_csum -m 0 -E lazy_itable_init=0 -L gmxroot -d /tmp/root.$$ "$1/root.img"
	' guest "$in"
	echo "$(($(stat -c %s "$1/root.img") >> 20)) MiB disk" >"$1/VERSION"
}
key_guest() { part_key rootfs; cat "$REPO"/scripts/guest/*.c; }
