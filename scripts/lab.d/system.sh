# SPDX-License-Identifier: GPL-2.0-or-later
# What packages are made in, and the systemd guests that they are installed on: roots of their own, a release each.

PACKAGING_PACKAGES="build-essential debhelper dh-dkms fakeroot lintian rpm rpmlint cpio kmod pahole bzip2 xz-utils
pkgconf libnvme-dev libjson-c-dev libsmartcols-dev libssl-dev"
SYSTEM_PACKAGES="systemd systemd-sysv udev kmod initramfs-tools zstd dkms openssl linux-image-amd64 linux-headers-amd64
lvm2 mdadm smartmontools nvme-cli fio e2fsprogs fdisk procps pciutils iproute2"

system_suite() { case $1 in *-12) echo bookworm ;; *) echo trixie ;; esac; }

# Kernels and initramfs makers that a test installs later, without a network: folder of the pool, package...
system_pool() {
	case $1 in
	system) echo "kernel linux-image-amd64/trixie-backports linux-headers-amd64/trixie-backports
dracut dracut dracut-core" ;;
	esac
}

suite_sources() { # SUITE
	case $1 in
	bookworm) lab_suites | grep ' bookworm' ;;
	*) lab_suites | grep " $1 " ;;
	esac
}

# suite_root DIR SUITE PACKAGE...
suite_root() {
	local root=$1 suite=$2 list proxy option
	local -a options=()
	shift 2
	list=$root.list
	suite_sources "$suite" >"$list"
	while read -r option; do options+=(--aptopt="$option"); done < <(host_apt_proxy)
	mkdir "$root"
	as_lab_root mmdebstrap --mode=root --variant=minbase --include="$(echo "$@" | tr -s ' \n' ,)" "${options[@]}" \
		--aptopt='Acquire::Retries "3"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$root" "$list"
	rm "$list"
	as_lab_root sh -ec 'cd "$1"; mkdir -p repo lab vm gmx; : >etc/resolv.conf; rm -rf etc/apt/sources.list etc/apt/sources.list.d/* var/lib/apt/lists/*
		rm -f etc/apt/apt.conf.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/99mmdebstrap' sh "$root"
}

make_packaging() {
	local suite
	suite=$(system_suite "$2")
	apt_update "$(part_dir rootfs)/root"
	suite_root "$1/root" "$suite" $PACKAGING_PACKAGES
	echo "$suite, debhelper $(root_version "$1/root" debhelper), rpm $(root_version "$1/root" rpm)" >"$1/VERSION"
}
key_packaging() { echo "$PACKAGING_PACKAGES"; system_suite "$1"; declare -f suite_root suite_sources; }

make_system() {
	local suite what packages
	suite=$(system_suite "$2")
	apt_update "$(part_dir rootfs)/root"
	suite_root "$1/root" "$suite" $SYSTEM_PACKAGES
	while read -r what packages; do
		[ -n "$what" ] || continue
		as_lab_root mkdir -p "$1/pool/$what/partial"
		enter_rw "$1/root" apt-get -y --download-only -o Dir::Cache::Archives="/lab/parts/$(basename "$1")/pool/$what" \
			-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= install $packages
		as_lab_root rm -rf "$1/pool/$what/partial" "$1/pool/$what/lock"
	done < <(system_pool "$2")
	echo "$suite, systemd $(root_version "$1/root" systemd), dkms $(root_version "$1/root" dkms)," \
		"kernel $(root_version "$1/root" linux-image-amd64)" >"$1/VERSION"
}
key_system() { echo "$SYSTEM_PACKAGES"; system_pool "$1"; system_suite "$1"; declare -f suite_root suite_sources; }

root_version() { as_lab_root dpkg-query --admindir="$1/var/lib/dpkg" -W -f '${Version}' "$2"; }

# A root that may be changed over one that may not: $1 folder (root is where it appears, up has the changes), $2 the roots
# below, then what enter_dir is given.
SYSTEM_BODY='
set -e
dir=$1 below=$2; shift 2
mount --make-rprivate /
mkdir -p "$dir/up" "$dir/work" "$dir/root"
options=lowerdir=$below,upperdir=$dir/up,workdir=$dir/work
[ "$(readlink /proc/self/ns/user)" = "$INITIAL_USER_NS" ] || options+=,userxattr
mount -t overlay -o "$options" overlay "$dir/root"
set -- "$dir/root" "$@"
'"$ENTER_BODY"

# system_run DIR "BELOW..." CMD...: the uppermost of BELOW first
system_run() {
	local dir=$1 below=$2 as=()
	shift 2
	mkdir -p "$dir"
	[ "$(id -u)" = 0 ] || as=(--user --map-root-user --map-auto)
	INITIAL_USER_NS=$([ "$(id -u)" != 0 ] || readlink /proc/self/ns/user) GMX_ROOTFS_RW=1 unshare "${as[@]}" --mount --propagation private \
		bash -c "$SYSTEM_BODY" system "$dir" "$(tr -s ' ' : <<<"$below")" "$REPO" "$LAB" "$@"
}
