# SPDX-License-Identifier: GPL-2.0-or-later
# a controller that refuses the list of active namespaces is asked for each: one that vanishes and comes back is seen
# driver: gmx
echo '{"namespaces": [{"size": "16M"}, {"size": "16M"}, {"size": "16M"}]}' > $VM/three.json
emu_plug scan rp0 g2 --config three.json
for n in 1 2 3; do wait_for 10 "namespace $n" test -b "/dev/${NAME}n$n"; done
# the next Identify: a scan asks for the list before it asks for any namespace
expect_log 'Identify \(0x6\) failed: Invalid Field'
refuse_list() { emu ctl scan fault-add kind=status status=0x4002 set=admin opcode=identify nth=1; }
refused() { emu ctl scan fault-list | tr -d ' \n' | grep -o '"fired":1' | wc -l; }
refuse_list
emu ctl scan ns-detach nsid=2
wait_for 10 "${NAME}n2 to vanish" not test -e "/dev/${NAME}n2"
is "$(refused)" 1 "lists refused"
for n in 1 3; do read_ok "/dev/${NAME}n$n"; done
refuse_list
emu ctl scan ns-attach nsid=2
wait_for 10 "${NAME}n2 to come back" test -b "/dev/${NAME}n2"
is "$(refused)" 2 "lists refused"
read_ok "/dev/${NAME}n2"
emu_unplug scan rp0
