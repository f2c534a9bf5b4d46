# SPDX-License-Identifier: GPL-2.0-or-later
# Running a command inside the rootfs, in a mount namespace of its own.

# The body runs as root of a new mount namespace: $1 rootfs, $2 checkout, $3 lab, then the command.
# GMX_BIND: more binds, "SOURCE:TARGET" each. The rootfs is keyed, so nobody may write to it.
ENTER_BODY='
set -e
R=$1 REPO=$2 LAB=$3; shift 3
mount --make-rprivate /
mount --bind "$R" "$R"
mount --rbind /proc "$R/proc"
mount --rbind /sys "$R/sys"
mount --rbind /dev "$R/dev"
# a user namespace may not uncover what is mounted below, so all binds take it along
mount --rbind /tmp "$R/tmp"
mount --rbind "$LAB" "$R/lab"
mount --rbind "$REPO" "$R/repo"
[ ! -e /etc/resolv.conf ] || mount --bind "$(readlink -f /etc/resolv.conf)" "$R/etc/resolv.conf"
for b in ${GMX_BIND:-}; do mount --rbind "${b%%:*}" "$R/${b#*:}"; done
if [ -z "${GMX_ROOTFS_RW:-}" ]; then mount -o remount,bind,ro "$R"; fi
exec chroot "$R" /usr/bin/env -i \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	HOME=/lab/home LANG=C.UTF-8 TERM="${TERM:-dumb}" TMPDIR=/tmp GMX_INSIDE=1 GMX_TREE="$(echo "$REPO" | sha256sum | cut -c1-8)" DEBIAN_FRONTEND=noninteractive \
	${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
	"$@"
'

# enter_dir ROOTFS CMD...
enter_dir() {
	local root=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		unshare --mount --propagation private bash -c "$ENTER_BODY" enter "$root" "$REPO" "$LAB" "$@"
	else
		unshare --user --map-root-user --map-auto --mount --propagation private \
			bash -c "$ENTER_BODY" enter "$root" "$REPO" "$LAB" "$@"
	fi
}

# What the caller sets for its tests travels with it.
enter_environment() {
	env -0 | while IFS= read -r -d '' v; do
		case $v in
		GMX_LAB=* | GMX_BIND=* | GMX_ROOTFS_RW=* | GMX_INSIDE=* | GMX_TREE=* | GMX_MIRROR=* | GMX_SECURITY_MIRROR=*) ;;
		GMX_*=* | KEEP=* | NO_COLOR=* | COLUMNS=* | LINES=*) printf '%s\0' "$v" ;;
		esac
	done
}

lab_enter() {
	local -a pass
	if [ -n "${GMX_INSIDE:-}" ]; then
		"$@"
		return
	fi
	mapfile -d '' pass < <(enter_environment)
	enter_dir "$(part_dir rootfs)/root" env -C /repo "${pass[@]}" "$@"
}
