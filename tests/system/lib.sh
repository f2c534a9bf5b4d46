# SPDX-License-Identifier: GPL-2.0-or-later
# Stages of `make check-system`: a stage is a folder of $OUT/system with a changed root, and the boots that prove it.
# RELEASE is system or system-12.
set -u
. "$REPO_DIR/tests/static/tap.sh"
. "$REPO_DIR/scripts/lab" source-only
RELEASE=${RELEASE:-system}
BASE=$OUT/$RELEASE
STAGE=$(basename "$0" .t)
DIR=$BASE/$STAGE
ROOT_UUID=2f7c1d94-60e5-4f0a-9d52-47b3a1c0de01
ROOT_PARTUUID=8e0b5a52-7d0c-4f7f-9c7a-3c5e7f1a0b02

bail() { echo "Bail out! $*"; exit 1; }
t0=$SECONDS
# since the last call
lap() { echo "# $1: $((SECONDS - t0)) s"; t0=$SECONDS; }

fresh() {
	lab_start
	part_need rootfs guest "$RELEASE" || bail "no lab"
	as_lab_root rm -rf --one-file-system "$DIR"
	mkdir -p "$DIR"
}

# below STAGE...: the roots that this stage changes
below() {
	local s text=
	for s; do [ -e "$BASE/$s/done" ] || bail "the stage $s comes first, and has not passed"; done
	for s; do text+="$BASE/$s/up "; done
	BELOW=$text$(part_dir "$RELEASE")/root
}

# in_root CMD...: in the changed root; what it says is in $DIR/log
in_root() {
	GMX_BIND="$DIR:vm $BASE:gmx" system_run "$DIR" "$BELOW" env "APT_CONFIG=/dev/null" "$@" >"$DIR/log" 2>&1 </dev/null
}

# in_packaging CMD...: where packages are made; /vm is this stage's folder
in_packaging() {
	local part=packaging${RELEASE#system}
	part_need "$part" && GMX_BIND="$DIR:vm" enter_dir "$(part_dir "$part")/root" "$@" >"$DIR/log" 2>&1 </dev/null
}

# disk: a controller whose first disk holds the changed root, kernel and initrd of it beside
disk() { # KERNEL
	local emu
	emu=$(emu_build 2>"$DIR/log") || return 1
	echo '{"serial":"GMXROOT","namespaces":[{"size":"4G"}]}' >"$DIR/root.json"
	GMX_BIND="$DIR:vm" lab_enter timeout 60 bash -ec '
		"$1" --family g3 --state /vm/root.state --config /vm/root.json --control /vm/c --socket /vm/s 2>/vm/emu.log &
		until [ -S /vm/c ]; do sleep 0.05; kill -0 $!; done
		kill $!; wait $!; rm -f /vm/c /vm/s' disk "$emu" || return 1
	in_root env KERNEL="$1" UUID=$ROOT_UUID PARTUUID=$ROOT_PARTUUID bash /repo/tests/system/make-disk
}

# boot CASE...: TAP of the cases is ours
boot() {
	local line count=0 want=$# finished=
	while IFS= read -r line; do
		case $line in
		"ok "* | "not ok "*)
			count=$((count + 1)) TAP_COUNT=$((TAP_COUNT + 1))
			[ "${line#not }" = "$line" ] || TAP_BAD=1
			echo "${line%%ok *}ok $TAP_COUNT - ${line#* - }" ;;
		"# guest: all cases done") finished=1 ;;
		*) echo "$line" ;;
		esac
	done < <("$REPO/scripts/vm" -w -c 1 -m 1024 -t 900 -s "$DIR/boot" -o "$DIR" -a "root=UUID=$ROOT_UUID ro ${APPEND:-}" \
		-e 'root -p rp0 --config /vm/root.json' "${VM[@]}" -- env ROOT_UUID=$ROOT_UUID ROOT_PARTUUID=$ROOT_PARTUUID "${ENVIRONMENT[@]}" \
		bash /repo/tests/system/guest "$@" 2>"$DIR/vm.err" </dev/null || echo "# scripts/vm: exit status $?, $(tail -n 3 "$DIR/vm.err" | tr '\n' ' ')")
	[ "$finished" ] && [ $count = $want ]
	ok "the boot came to its end" "$DIR/vm.err"
	cat "$DIR/kmsg.log" >>"$DIR/kmsg.all"
}
VM=() ENVIRONMENT=()
