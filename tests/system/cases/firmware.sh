# SPDX-License-Identifier: GPL-2.0-or-later
# firmware while fio verifies, with and without a reset; a truncated, unsigned, foreign or older image is refused with stage and way out
ctrl=$(ctrl_of GMXADMIN)
sys=/sys/class/gmx/$ctrl
fw=/run/fw
rm -rf $fw && mkdir -p $fw
image() { # NAME OPTIONS...
	gmx-fwsign image "$fw/$1" "${@:2}"
	gmx-fwsign sign $fw/secret "$fw/$1" "$1"
}
# as docs/user/firmware.md says, into the folder of the package's
gmx-fwsign key $fw/secret /etc/gmx/keys/test.pub
image now --revision NOW1 --version 9.1.0
image reset --revision RST1 --version 9.2.0 --manifest '{"activation":"controller"}'
image last --revision LAST1 --version 10.0.0 --manifest '{"no-downgrade":true}'
image g2 --revision G2 --family 2
gmx-fwsign image $fw/unsigned --revision UNS1
head -c 8192 $fw/now >$fw/cut
cp $fw/now.minisig $fw/cut.minisig

fio --name=load --allow_file_create=0 --filename="/dev/${ctrl}n1" --direct=1 --rw=randwrite --bs=4k --ioengine=io_uring --iodepth=8 --size=48M \
	--verify=crc32c --verify_backlog=64 --verify_fatal=1 --time_based --runtime=200 --output=/run/fio.out 2>/run/fio.err &
fio=$!
written() { awk '{ print $5 }' "/sys/block/${ctrl}n1/stat"; }
# it did something since, and got no error
goes_on() {
	local from
	from=$(written)
	more() { [ "$(written)" -gt $((from + 20)) ] || not kill -0 $fio; }
	wait_for 30 more
	kill -0 $fio || { cat /run/fio.out; die "fio has ended"; }
}
goes_on
resets=$(cat "$sys/reset_count")
exits 0 gmxctl fw update $fw/now "$ctrl" --yes
[ "$(cat "$sys/firmware_rev") $(cat "$sys/reset_count")" = "NOW1 $resets" ]
goes_on
echo 'gmx.*resetting the controller' >>/run/expected
exits 0 gmxctl fw update $fw/reset "$ctrl" --yes
[ "$(cat "$sys/firmware_rev")" = RST1 ]
[ "$(cat "$sys/reset_count")" -gt "$resets" ]
goes_on
exits 0 gmxctl fw update $fw/last "$ctrl" --yes

refused() { # CODE STAGE WAY-OUT IMAGE
	exits "$1" gmxctl fw update "$fw/$4" "$ctrl" --yes
	said "stage $2"
	said "$3"
	[ "$(cat "$sys/firmware_rev")" = LAST1 ]
	goes_on
}
refused 1 check "get it again from the vendor" cut
refused 1 signature "not signed" unsigned
refused 6 fit "family" g2
refused 6 commit "does not allow this one: look at its release notes" now
kill -INT $fio
wait $fio || true
grep -q 'err= 0' /run/fio.out && not grep -E 'verify:|io_u error' /run/fio.err || { cat /run/fio.out /run/fio.err; die "errors or wrong data reached fio"; }
