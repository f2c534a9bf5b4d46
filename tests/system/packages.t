#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages can be made of this checkout, and of a next version of it; lintian has no word against them.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
case $RELEASE in *-12) suite=bookworm ;; *) suite=trixie ;; esac
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$REPO_DIR/dkms.conf")
if [ $suite = trixie ]; then
	make -s -C "$REPO_DIR" deb >"$DIR/log" 2>&1
	ok "make deb" "$DIR/log"
	cp "$REPO_DIR"/build/deb/{gmx-dkms,gmx-utils,libgmx1,libgmx-dev}_"$version"_*.deb "$DIR/"
else
	"$REPO_DIR"/scripts/packages deb -s bookworm -o "$DIR" >"$DIR/log" 2>&1
	ok "packages for bookworm" "$DIR/log"
fi
lap "the packages"
"$REPO_DIR/scripts/packages" deb -s $suite -v "$version+next" -o "$DIR/next" >"$DIR/log" 2>&1
ok "the same of a next version" "$DIR/log"
lap "the next version"
for deb in {gmx-dkms,gmx-utils,libgmx1,libgmx-dev}_"$version" next/{gmx-dkms,gmx-utils,libgmx1,libgmx-dev}_"$version+next"; do
	[ "$(dpkg-deb -f "$DIR/$deb"_*.deb Version)" = "${deb#*_}" ] || echo "$deb: $(ls "$DIR/$deb"_* 2>&1)"
done >"$DIR/log" 2>&1
empty "$DIR/log"
ok "four packages each, of their versions" "$DIR/log"
# what DKMS is given is what this checkout builds from
dpkg-deb -x "$DIR/gmx-dkms_${version}_all.deb" "$DIR/x"
(cd "$REPO_DIR" && git -c safe.directory='*' ls-files Kbuild dkms.conf drivers include) | while read -r f; do cmp "$REPO_DIR/$f" "$DIR/x/usr/src/gmx-$version/$f"; done >"$DIR/log" 2>&1
empty "$DIR/log"
ok "all sources of the module are in it" "$DIR/log"

# not these: the firmware's question at the next start, and a machine of another distribution
grep '^    ' "$REPO_DIR/docs/user/install.md" | sed 's/^    //' | grep -vE '^(mokutil --import|rpmbuild --rebuild) ' | while read -r command; do
	case $command in
	make\ *) command="make -s -C \"\$REPO_DIR\" ${command#make }" ;;
	esac
	grep -rqF -- "$command" "$REPO_DIR/tests/system" || echo "$command"
done >"$DIR/log"
empty "$DIR/log"
ok "each command of docs/user/install.md is run by a stage" "$DIR/log"
finish
