# SPDX-License-Identifier: GPL-2.0-or-later
# the event ring: what the controller reports and the driver does, by number, by poll() and as uevents; masks, storms, the end
# driver: gmx
emu_plug aev rp0 g3
field() { sed -n "s/^$1 //p" /tmp/uabi; }
get() { "$TESTS/uabi" get "$CTRL" "$@" > /tmp/uabi; }
newest() { get events && field newest; }
: > /tmp/uevents
$TESTS/uevents /tmp/uevents & # ends with the case
wait_for 10 "the listener" grep -q listening /tmp/uevents
"$TESTS/uabievents" follow "$CTRL" > /tmp/follow &
follower=$!
wait_for 10 "the follower" grep -q open /tmp/follow

say "an entry of the controller's log"
emu_ctl aev event code=0x7ff object=5 value=77 text=hello
wait_for 10 "the event" grep -q "kind=1 .*class=7 code=0x7ff object=5 value=77 .*text=hello$" /tmp/follow
wait_for 10 "its uevent" grep -Eq "change@.*/$NAME .*GMX_EVENT=log .*GMX_CLASS=controller .*GMX_CODE=0x07ff GMX_NAME=test GMX_OBJECT=5 .*GMX_VALUE=77" /tmp/uevents
grep -q "GMX_TEXT=hello" /tmp/uevents || die "no text"
wait_for 5 "the notice itself" grep -q "kind=0 .*async=7/196/0xc4" /tmp/follow

say "pages are read, so that the next of a kind is reported: twice too hot"
expect_log "critical warning"
for kelvin in 363 300 364; do
	seen=$(grep -c "class=5 code=0x50" /tmp/follow || true)
	emu_ctl aev temperature kelvin=$kelvin
	more() { [ "$(grep -c "class=5 code=0x50" /tmp/follow)" -gt "$seen" ]; }
	wait_for 10 "a thermal event at $kelvin K" more
done
is "$(grep -c "kind=0 severity=1 .*async=1/1/0x2 " /tmp/follow)" 2 "temperature warnings"
emu_ctl aev temperature kelvin=300

say "readers do not take from each other; entries are cut and padded"
"$TESTS/uabievents" read "$CTRL" 0 > /tmp/first
"$TESTS/uabievents" read "$CTRL" 1 > /tmp/second
diff /tmp/first /tmp/second
is "$(tail -n 1 /tmp/first)" "next $(($(newest) + 1)) lost 0" "place"
"$TESTS/uabievents" read "$CTRL" 1 1024 > /tmp/second
diff /tmp/first /tmp/second
"$TESTS/uabievents" read "$CTRL" 1 64 > /tmp/second
is "$(grep -c "^[0-9]* kind=" /tmp/second)" "$(newest)" "short entries"
for bytes in 56 1032 68; do is "$("$TESTS/uabievents" read "$CTRL" 1 $bytes || true)" EINVAL "entries of $bytes bytes"; done
is "$("$TESTS/uabievents" read "$CTRL" 99999 | xargs)" "next $(($(newest) + 1)) lost 0" "a number of the future"

say "poll"
rm -f /tmp/ask
mkfifo /tmp/ask
"$TESTS/uabievents" ready "$CTRL" < /tmp/ask > /tmp/ready &
ready=$!
exec 8> /tmp/ask
wait_for 10 "a fresh file is idle" grep -qx idle /tmp/ready
emu_ctl aev event code=0x7ff text=again
wait_for 10 "the event" grep -q "text=again$" /tmp/follow
echo x >&8
wait_for 10 "ready" eval '[ "$(tail -n 1 /tmp/ready)" = ready ]'
echo r >&8
wait_for 10 "idle once more" eval '[ "$(tail -n 1 /tmp/ready)" = idle ]'

say "masks: a class, and what NVMe has; they outlive a reset"
get event_mask
is "$(field classes) $(field classes_offered)" "255 255" "classes"
async=$(field async)
[ $((async & 0x300)) = 768 ] || die "notices are off: $async"
get event_mask set=2 classes=127
get event_mask set=1 async=1
is "$(field async) $(field classes)" "$((async & 0x301)) 127" "masks; what the driver needs stays"
fails get event_mask set=2 classes=256
fails get event_mask set=1 async=0x80000000
# refused by the controller: not set by the next reset either
emu_ctl aev fault-add kind=status status=0x4002 set=admin opcode=9 count=1
fails get event_mask set=1 async=3
is "$(head -n 1 /tmp/uabi)" EREMOTEIO "a mask that the controller refuses"
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
get event_mask
is "$(field async) $(field classes)" "$((async & 0x301)) 127" "masks after a reset"
emu_ctl aev event code=0x7ff text=unwanted
emu_ctl aev event code=0x501 object=9 text=wanted
wait_for 10 "the event that is wanted" grep -q "object=9 .*text=wanted$" /tmp/follow
not grep -q unwanted /tmp/follow || die "a masked class was told"
get event_mask set=2 classes=255
nvme set-feature "$CTRL" -f 0xc0 --value=127 > /dev/null
emu_ctl aev event code=0x7ff text=elsewhere
emu_ctl aev event code=0x501 object=10 text=wanted
wait_for 10 "the event that is wanted" grep -q "object=10 .*text=wanted$" /tmp/follow
not grep -q elsewhere /tmp/follow || die "a class that was masked by a command was told"
nvme set-feature "$CTRL" -f 0xc0 --value=255 > /dev/null
emu_ctl aev event code=0x7ff text=back
wait_for 10 "the class that is told again" grep -q "text=back$" /tmp/follow
get event_mask set=3 classes=255 async="$async"

say "what the driver does: states and a reset with its reason"
wait_for 5 "the reset" grep -q "kind=3 severity=1 .*code=0x1 .*text=sysfs$" /tmp/follow
grep -q "kind=2 .*code=0x2 .*value=1 .*text=resetting$" /tmp/follow || die "no state event"
wait_for 5 "its uevent" grep -q "GMX_EVENT=reset .*GMX_TEXT=sysfs" /tmp/uevents

say "a storm: none is out of order, what is lost is counted, listeners are spared"
get stats
before=$(newest) dropped=$(field uevents_dropped)
# no faster than a slow kernel reads: what it has to leave out would be no entries
emu_ctl aev storm events=400 ms=$((${SLOW:-1} > 1 ? 20 : 1)) type=vendor
much() { ge_quiet "$(newest)" $((before + 400)); }
ge_quiet() { [ "$1" -ge "$2" ]; }
(wait_for 60 "the storm" much) || die "the newest event is $(newest), of a storm that began after $before"
"$TESTS/uabievents" read "$CTRL" 1 > /tmp/first
is "$(grep -c " kind=" /tmp/first)" 256 "entries of the ring"
awk '/ kind=/ { if (last && $1 != last + 1) exit 1; last = $1 }' /tmp/first || die "numbers have gaps"
now=$(newest)
ge "$(tail -n 1 /tmp/first | sed 's/.*lost //')" $((before + 400 - 256)) "lost"
get stats
ge "$(field events_lost)" $((now - 256)) "lost entries"
# at the slow storm's pace each may be told
[ "${SLOW:-1}" -gt 1 ] || ge "$(field uevents_dropped)" $((dropped + 1)) "dropped uevents"

say "many that wait in the log are all told"
emu_ctl aev event code=0x7ff text=calm
wait_for 20 "the end of the storm" grep -q "text=calm$" /tmp/follow
# at once, as no pace is given
emu_ctl aev storm events=200 type=vendor
emu_ctl aev event code=0x7ff text=over
wait_for 20 "the last of them" grep -q "text=over$" /tmp/follow
sed -n '/text=calm$/,/text=over$/p' /tmp/follow > /tmp/between
is "$(grep -c "text=one of a storm$" /tmp/between)" 200 "entries told"
not grep -q "came faster than they were read" /tmp/between || die "told as lost"

say "a log that makes no sense costs a line"
expect_log "event log makes no sense"
emu_ctl aev fault-add kind=corrupt what=log:c4 offset=6 bytes=2 value=7
emu_ctl aev event code=0x7ff text=broken
wait_for 10 "the line" log_has "event log makes no sense"
emu_ctl aev fault-clear all=true
emu_ctl aev event code=0x7ff text=healed
wait_for 10 "both" grep -q "text=healed$" /tmp/follow
grep -q "text=broken$" /tmp/follow || die "an entry was forgotten"

say "the driver lets go"
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
wait_for 10 "the follower's end" grep -q "hung up" /tmp/follow
wait "$follower"
echo x >&8
wait_for 10 "hang-up of the other" eval '[ "$(tail -n 1 /tmp/ready)" = "ready hung up" ]'
exec 8>&-
wait "$ready"
emu_unplug aev rp0
