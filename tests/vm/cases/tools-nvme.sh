# SPDX-License-Identifier: GPL-2.0-or-later
# nvme-cli gives the same output on the controller's nodes as with the inbox driver
# driver: gmx
# limit: 400
one_disk
expect_log
commands() {
	local c=$CTRL d=$DISK g=$GEN
	run() {
		{
			echo "== $*"
			"$@" 2>&1 || echo "status $?"
		} | sed "s/\b$NAME/NODE/g; s/\b$GENERIC$NUM/GENERIC/g"
	}
	run nvme id-ctrl "$c"
	run nvme id-ctrl -o json "$c"
	run nvme smart-log "$c" | sed "/data.units\|host.*commands\|power.on/Id"
	run nvme error-log "$c"
	run nvme list-ns "$c"
	run nvme list-ns -a "$c"
	run nvme list-ctrl "$c"
	run nvme id-ns "$c" -n 1
	run nvme id-ns "$d"
	run nvme id-ns "$g"
	run nvme id-ns "$c" -n 77
	run nvme ns-descs "$c" -n 1
	run nvme fw-log "$c"
	run nvme effects-log -c 0 "$c"
	run nvme changed-ns-list-log "$c"
	run nvme get-feature "$c" -f 7
	run nvme get-feature "$c" -f 6
	run nvme device-self-test "$c" -s 1
	run nvme telemetry-log "$c" -O /tmp/telemetry -g 1
	run nvme fw-download "$c" -f /etc/hostname
	run nvme fw-commit "$c" -s 1 -a 1
	run nvme create-ns "$c" -s 1000 -c 1000 -f 0
	run nvme delete-ns "$c" -n 5
	run nvme attach-ns "$c" -n 1 -c 0
	run nvme get-ns-id "$d"
	run nvme get-ns-id "$g"
	run nvme read "$d" -s 0 -c 0 -z 512
	run nvme write-zeroes "$d" -s 8 -c 7
	run nvme flush "$d" -n 1
	run nvme dsm "$d" -n 1 -s 8 -b 8 -d
	run nvme compare "$d" -s 0 -c 0 -z 512 -d /tmp/zero
	run nvme verify "$d" -s 0 -c 7
	run nvme reset "$c"
	wait_for 10 live reads "$SYS/state" live
	run nvme ns-rescan "$c"
	run nvme format "$d" -n 1 -l 0 --force
}
head -c 512 /dev/zero > /tmp/zero
write_pattern '\0' 0 65536
commands > /tmp/tools.gmx
as_driver nvme rp0
commands > /tmp/tools.nvme
as_driver gmx rp0
inbox_gone
# only the nodes' names are made alike, and the counters left out that the runs themselves move;
# feature 0x0b is each driver's own choice of events
ge "$(wc -l < /tmp/tools.gmx)" 150 "lines of output"
ge "$(grep -c '^==' /tmp/tools.gmx)" 35 "commands"
cp /tmp/tools.gmx /tmp/tools.nvme $VM/
diff -u /tmp/tools.nvme /tmp/tools.gmx
