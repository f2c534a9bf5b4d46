# SPDX-License-Identifier: GPL-2.0-or-later
# the pages of docs/user are followed by the letter on a new controller: each of their commands does what the page says
# driver: gmx
# limit: 600
work=$STATE/manual
rm -rf "$work" && mkdir -p "$work" /etc/gmx/keys
"$TESTS/gmx-fwsign" key "$work/secret" /etc/gmx/keys/manual.pub
image() { # VERSION OPTIONS...
	"$TESTS/gmx-fwsign" image "$work/g3-$1.gmx" --revision "R$1" --version "$@"
	"$TESTS/gmx-fwsign" sign "$work/secret" "$work/g3-$1.gmx" "$1"
}
image 9.1.0
image 9.2.0 --manifest '{"activation":"controller"}'
trap 'rm -f /etc/gmx/keys/manual.pub; umount /srv/data 2> /dev/null || true' EXIT

echo '{"capacity": "512M", "namespaces": [{"size": "64M"}]}' > $VM/gmanual.json
emu_plug gmanual rp0 g3 --config gmanual.json
expect_log "resetting the controller"
# the pages say gmx0 and its disks
cd "$work"
for page in first-steps firmware monitoring troubleshooting; do
	# neither package nor module is installed here: tests/system has these commands
	grep '^    ' "/repo/docs/user/$page.md" | sed "s/^    //; s/\bgmx0/$NAME/g" | grep -vE '^(dkms|modinfo) ' > commands
	ge "$(wc -l < commands)" 6 "commands of docs/user/$page.md"
	while read -r command; do
		say "$page: $command"
		PATH=$TESTS:$PATH bash -c "$command" > out 2>&1 < /dev/null || die "docs/user/$page.md: '$command' ended with $?: $(tail -n 5 out)"
	done < commands
	case $page in
	firmware) is "$(cat "$SYS/firmware_rev")" R9.1.0 "revision after the rollback" ;;
	troubleshooting) grep -q '"sequence"' out || die "the last command of $page shows no event: $(head -c 300 out)" ;;
	esac
done
emu_unplug gmanual rp0
