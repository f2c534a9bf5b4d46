# SPDX-License-Identifier: GPL-2.0-or-later
# What the lab takes from its host: root or user namespaces, mirror lines, space.

# Prints "URI SUITE" for each package source of the host, deb822 and one-line forms alike.
host_sources() {
	local f
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$f" ] || continue
		sed -n 's/#.*//; s/^[[:space:]]*deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?//p' "$f" | awk 'NF > 1 { print $1, $2 }'
	done
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -r "$f" ] || continue
		awk '
			function flush(  u, s, i, j, nu, ns) {
				if (types ~ /(^| )deb( |$)/ && enabled !~ /^no/) {
					nu = split(uris, u, " "); ns = split(suites, s, " ")
					for (i = 1; i <= nu; i++) for (j = 1; j <= ns; j++) print u[i], s[j]
				}
				types = uris = suites = enabled = ""
			}
			/^#/ { next }
			/^[[:space:]]*$/ { flush(); next }
			/^[[:space:]]/ { if (field == "uris") uris = uris " " $0; if (field == "suites") suites = suites " " $0; next }
			{ field = tolower($0); sub(/:.*/, "", field); v = $0; sub(/^[^:]*:[[:space:]]*/, "", v)
			  if (field == "types") types = v; if (field == "uris") uris = v
			  if (field == "suites") suites = v; if (field == "enabled") enabled = tolower(v) }
			END { flush() }' "$f"
	done
}

# A "mirror+file:" line names a local list of mirrors; its first entry serves.
host_uri() {
	local u=$1
	case $u in
	mirror+file:*) u=$(sed -n 's/#.*//; s/[[:space:]].*//; /./{p;q}' "${u#mirror+file:}" 2>/dev/null) ;;
	esac
	case $u in http://* | https://*) echo "${u%/}" ;; esac
}

host_mirrors() {
	local uri suite
	MIRROR=${GMX_MIRROR:-} SECURITY=${GMX_SECURITY_MIRROR:-}
	while read -r uri suite; do
		uri=$(host_uri "$uri")
		[ -n "$uri" ] || continue
		case $suite in
		bookworm-security | trixie-security | stable-security | oldstable-security | forky-security)
			[ -n "$SECURITY" ] || SECURITY=$uri ;;
		bookworm | trixie | forky | sid | stable | oldstable | testing | unstable)
			[ -n "$MIRROR" ] || MIRROR=$uri ;;
		esac
	done < <(host_sources)
	[ -n "$MIRROR" ] || die "no line for a Debian mirror in /etc/apt: add one, or set GMX_MIRROR=http://HOST/debian"
	[ -n "$SECURITY" ] || die "no line for Debian's security archive in /etc/apt: add one, or set GMX_SECURITY_MIRROR=http://HOST/debian-security"
	[ -r $KEYRING ] || die "$KEYRING is missing: install debian-archive-keyring"
}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

host_apt_proxy() {
	command -v apt-config >/dev/null || return 0
	apt-config dump 2>/dev/null | grep -iE '^Acquire::https?::Proxy(::[^ ]*)? ' || true
}

# mebibytes free where the lab lies
host_free() { df -Pm "$LAB" | awk 'NR == 2 { print $4 }'; }

host_need_space() { # MiB WHAT
	local free
	free=$(host_free)
	[ "$free" -ge "$1" ] || die "$2 needs $1 MiB in $LAB, $free MiB are free: make room, or set GMX_LAB to a folder elsewhere"
}

host_check() {
	command -v mmdebstrap >/dev/null || die "mmdebstrap is missing: apt-get install mmdebstrap"
	[ "$(id -u)" = 0 ] && return
	unshare --help | grep -q map-auto || die "not root, and util-linux here is older than 2.38 (unshare --map-auto): run as root"
	command -v newuidmap >/dev/null || die "not root, and newuidmap is missing: apt-get install uidmap"
	grep -q "^$(id -un):" /etc/subuid && grep -q "^$(id -un):" /etc/subgid ||
		die "not root, and $(id -un) has no range in /etc/subuid and /etc/subgid: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
	unshare --user --map-root-user --map-auto --mount true 2>/dev/null ||
		die "not root, and user namespaces are off here: run as root, or have the administrator allow them (kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)"
}

# Runs a command as the lab's root: root itself, or root of a user namespace.
as_lab_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else unshare --user --map-root-user --map-auto --mount "$@"; fi
}

lab_start() {
	[ -n "${GMX_INSIDE:-}" ] && return
	host_check
	mkdir -p "$LAB"/{parts,locks,log,apt/archives/partial,apt/lists/partial,build,run,home,snap} || die "cannot make $LAB"
	{ : >"$LAB/.gigamax-lab"; } 2>/dev/null || die "$LAB is not ours to write: set GMX_LAB to a folder of this user"
}
